// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Testing

/// Whether the screen says how far its values may be taken for the plant's present state.
@Suite struct ScreenCurrencyTests {
    @Test func liveReportShowsItsAge() {
        var driver = ScreenDriver(Reports.calm)
        #expect(driver.currency.hasPrefix("live  report 0s old, cycle 12345"))
        driver.wait(.seconds(4))
        #expect(driver.currency.hasPrefix("live  report 4s old"))
    }

    @Test func lateReportIsNotLive() {
        var driver = ScreenDriver(Reports.calm)
        driver.wait(.seconds(6))
        #expect(driver.currency == "REPORT LATE, showing 06:00:00, 6s old")
        expectNothingReadsAsGood(driver)
    }

    @Test(arguments: [40, 60, 80, 200])
    func silentAgentIsNamedWithItsFaultAndTheTimeShown(width: Int) {
        var driver = ScreenDriver(Reports.calm, width: width)
        driver.wait(.seconds(95))
        driver.fail("http://10.0.0.9:9750: cannot connect: connection refused; start the agent")
        #expect(driver.currency.hasPrefix("AGENT NOT"))
        #expect(driver.currency.hasSuffix(width < 60 ? ", showing 06:00:00" : ", showing 06:00:00, 1m35s old"))
        expectNothingReadsAsGood(driver)
        driver.receive(Reports.at(Reports.now + .seconds(96), sequence: 12_441, Reports.calm))
        #expect(driver.currency.hasPrefix("live"))
    }

    @Test func agentThatNeverAnsweredIsNamedWithItsFault() {
        var driver = ScreenDriver(nil)
        #expect(driver.text.contains("Waiting for the first report of http://127.0.0.1:9750"))
        driver.fail("http://127.0.0.1:9750: cannot connect: refused; start the agent with 'thermocline run'")
        #expect(driver.currency == "AGENT NOT ANSWERING")
        #expect(driver.text.contains("The agent does not answer: http://127.0.0.1:9750: cannot connect: refused"))
        #expect(driver.text.contains("'thermocline run'"))
    }

    @Test func cycleThatStandsStillIsNotLive() {
        var driver = ScreenDriver(Reports.at(Reports.now, sequence: 1, Reports.calm))
        driver.wait(.seconds(1))
        for _ in 0..<15 {
            driver.receive(Reports.at(Reports.now + .seconds(1), sequence: 2, Reports.calm))
            #expect(driver.currency.hasPrefix("live"))
            driver.wait(.seconds(1))
        }
        driver.wait(.seconds(1))
        driver.receive(Reports.at(Reports.now + .seconds(1), sequence: 2, Reports.calm))
        #expect(driver.currency == "AGENT'S CYCLE STANDS STILL for 16s, showing 06:00:01")
        expectNothingReadsAsGood(driver)
    }

    @Test func slowCycleIsNotTakenForOneThatStands() {
        var driver = ScreenDriver(Reports.at(Reports.now, sequence: 1, Reports.calm))
        driver.wait(.seconds(30))
        let second = Reports.at(Reports.now + .seconds(30), sequence: 2, Reports.calm)
        driver.receive(second)
        driver.wait(.seconds(100))
        driver.receive(second)
        #expect(driver.currency.hasPrefix("live"))
    }

    @Test func frozenScreenHoldsItsReportAndSaysSo() {
        var driver = ScreenDriver(Reports.calm)
        driver.type("p")
        driver.wait(.seconds(10))
        driver.receive(Reports.at(Reports.now + .seconds(10), sequence: 12_355, Reports.troubled))
        #expect(driver.currency == "FROZEN at 06:00:00, 10s old")
        #expect(driver.rows[0].contains("Nordholm AI Campus") && driver.bar.contains("p go on"))
        expectNothingReadsAsGood(driver)
        driver.fail("timeout")
        #expect(driver.currency.hasSuffix("AGENT NOT ANSWERING: timeout"))
        driver.press(.character(" "))
        #expect(driver.currency.hasPrefix("AGENT NOT ANSWERING: timeout, showing 06:00:10"))
    }

    @Test(arguments: [20, 40, 80, 200], ScreenView.allCases)
    func simulatedSiteSaysSoAtEveryWidthInEveryView(width: Int, view: ScreenView) {
        var driver = ScreenDriver(Reports.troubled, width: width)
        driver.type("\(view.rawValue + 1)")
        #expect(driver.rows[0].hasPrefix(" SIMULATED 60x "))
        driver.type("?")
        #expect(driver.rows[0].hasPrefix(" SIMULATED 60x "))
        driver.fail("gone")
        #expect(driver.rows[0].hasPrefix(" SIMULATED 60x "))
    }

    @Test func realSiteIsNotCalledSimulated() { #expect(!ScreenDriver(Reports.calm).text.contains("SIMULATED")) }

    @Test func trendsStartAnewWhenTheAgentDoes() {
        var driver = ScreenDriver(nil, width: 120, height: 40)
        for second in 0..<20 {
            let time = Reports.now + .seconds(second)
            driver.receive(Reports.at(time, sequence: second, Reports.calm, supply: Double(15 + second % 5)))
        }
        #expect(driver.text.contains("▁▃▅▆█▁▃▅▆█"))
        driver.receive(Reports.at(Reports.now - .seconds(60), sequence: 1, Reports.calm))
        #expect(!driver.text.contains("▁▃▅▆█"))
    }

    private func expectNothingReadsAsGood(
        _ driver: ScreenDriver,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let screen = driver.screen
        for row in 2..<(screen.height - 1) {
            for column in 0..<screen.width {
                let role = screen[row, column].role
                let isBlank = screen[row, column].text == " "
                let isLive = role == .good || role == .normal || role == .strong
                #expect(isBlank || !isLive, "row \(row), column \(column)", sourceLocation: sourceLocation)
            }
        }
    }
}
