// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import OperatorView
import Plant
import Testing

/// What each key does to the screen.
@Suite struct ScreenKeysTests {
    @Test func numbersTabAndArrowsChangeTheView() {
        var driver = ScreenDriver()
        for (key, view) in [("2", ScreenView.racks), ("3", .loops), ("4", .devices), ("5", .alarms), ("1", .overview)] {
            driver.type(key)
            #expect(driver.model.view == view)
            #expect(driver.rows[2].contains("[\(key) \(view)"))
        }
        driver.press(.tab, .tab)
        #expect(driver.model.view == .loops)
        driver.press(.backTab, .backTab, .backTab)
        #expect(driver.model.view == .alarms)
        driver.press(.right)
        #expect(driver.model.view == .overview)
        driver.press(.left)
        #expect(driver.model.view == .alarms)
    }

    @Test func selectionMovesAndStaysInSight() {
        var driver = ScreenDriver(Reports.manyRacks(76))
        driver.type("2")
        #expect(driver.selected.contains("rack-76 "))
        driver.press(.down, .character("j"))
        #expect(driver.selected.contains("rack-74 "))
        driver.press(.character("k"))
        #expect(driver.selected.contains("rack-75 "))
        driver.press(.end)
        #expect(driver.selected.contains("rack-1 "))
        #expect(driver.names.last == "rack-1")
        driver.press(.pageUp)
        #expect(driver.selected.contains("rack-20 "))
        driver.press(.home, .up)
        #expect(driver.selected.contains("rack-76 "))
        driver.press(.pageDown)
        #expect(driver.selected.contains("rack-57 "))
        driver.resize(width: 80, height: 10)
        #expect(driver.selected.contains("rack-57 "))
    }

    @Test func selectionFollowsItsRowThroughAReport() {
        var driver = ScreenDriver(Reports.manyRacks(30))
        driver.type("2")
        driver.press(.down, .down)
        #expect(driver.selected.contains("rack-28 "))
        var report = Reports.manyRacks(30)
        report.racks[27] = Reports.rack("rack-28", watts: 10)
        driver.receive(report)
        #expect(driver.selected.contains("rack-28 "))
        #expect(driver.names.last != "rack-30")
        report.racks.remove(at: 27)
        driver.receive(report)
        #expect(driver.selected.contains("rack-1 "))
    }

    @Test func untouchedSelectionStaysAtTheTop() {
        var driver = ScreenDriver(Reports.manyRacks(30))
        driver.type("2")
        var report = Reports.manyRacks(30)
        report.racks[3] = Reports.rack("rack-4", watts: 130_000)
        driver.receive(report)
        #expect(driver.selected.contains("rack-4 "))
    }

    @Test func repeatedNamesDoNotHoldTheSelection() {
        var report = Reports.manyRacks(0)
        report.racks = (0..<5).map { Reports.rack("same", watts: Double(9 - $0) * 1_000) }
        var driver = ScreenDriver(report)
        driver.type("2")
        driver.press(.down, .down, .down, .down)
        #expect(driver.selected.contains(" 5.0 "))
    }

    @Test func filterKeepsLinesThatContainIt() {
        var driver = ScreenDriver(Reports.manyRacks(76))
        driver.type("2/RACK-7")
        #expect(driver.model.isEditingFilter)
        #expect(driver.bar.hasPrefix("/RACK-7_"))
        #expect(
            driver.names == ["rack-76", "rack-75", "rack-74", "rack-73", "rack-72", "rack-71", "rack-70", "rack-7"]
        )
        driver.press(.character("6"), .backspace, .character("5"), .enter)
        #expect(!driver.model.isEditingFilter)
        #expect(driver.names == ["rack-75"])
        #expect(driver.rows[2].contains("/RACK-75"))
        #expect(driver.bar.contains("Esc all"))
        driver.press(.escape)
        #expect(driver.names.count == 19)
        #expect(!driver.bar.contains("Esc all"))
    }

    @Test func keysInAFilterAreText() {
        var driver = ScreenDriver(Reports.manyRacks(3))
        driver.type("2/q?p 1")
        #expect(driver.model.isEditingFilter && !driver.model.isFinished)
        #expect(driver.bar.hasPrefix("/q?p 1_"))
        #expect(driver.text.contains("none of 3 contains 'q?p 1'"))
        driver.press(.escape)
        #expect(driver.names.count == 3)
        driver.press(.character("/"))
        for _ in 0..<200 { driver.type("x") }
        #expect(driver.rows.allSatisfy { PlainText.width($0) <= 80 })
        #expect(driver.bar.contains("Esc clear"))
    }

    @Test func filterOfOneListLeavesTheOthersAlone() {
        var driver = ScreenDriver()
        driver.type("4/weather")
        driver.press(.enter)
        #expect(driver.names == ["weather"])
        driver.type("2")
        #expect(driver.names.count == 6)
        driver.type("4")
        #expect(driver.names == ["weather"])
    }

    @Test func sortingGoesRoundAndIsMarked() {
        var report = Reports.manyRacks(12)
        report.racks[4] = Reports.rack("rack-5", watts: .nan, .bad, .timeout)
        var driver = ScreenDriver(report)
        driver.type("2")
        #expect(driver.rows[3].contains("kW▾") && driver.rows[2].hasSuffix("by power"))
        #expect(driver.names.first == "rack-12" && driver.names.last == "rack-5")
        driver.type("sss")
        #expect(driver.rows[3].contains("STATE▾") && driver.rows[2].hasSuffix("by doubt"))
        #expect(driver.names.first == "rack-5")
        driver.type("s")
        #expect(driver.names == (1...12).map { "rack-\($0)" })
        driver.type("s")
        #expect(driver.rows[2].hasSuffix("by power"))
    }

    @Test(arguments: [
        ("3", ["newest", "name", "site"]), ("4", ["name", "trip", "timeouts", "worst"]),
        ("5", ["newest", "name", "urgency"]),
    ])
    func everyListHasItsOrders(view: String, orders: [String]) {
        var driver = ScreenDriver(Reports.explained, width: 120, height: 30)
        driver.type(view)
        if view == "3" { driver.type("s") }
        for order in orders {
            driver.type("s")
            #expect(driver.rows[2].hasSuffix("by \(order)"))
        }
    }

    @Test func detailsOpenMoveOnAndClose() {
        var driver = ScreenDriver()
        driver.type("5")
        driver.press(.enter)
        #expect(driver.text.contains("ALARM weather/no_reply"))
        #expect(driver.text.contains("Look at the trend before you acknowledge."))
        driver.press(.down)
        #expect(driver.text.contains("ALARM chiller-1/surge"))
        driver.press(.escape)
        #expect(driver.selected.contains("chiller-1/surge"))
        driver.press(.enter, .character("q"))
        #expect(driver.model.overlay == nil && !driver.model.isFinished)
    }

    @Test func detailsStayWithTheirRowAndSayWhereItIsGone() {
        var driver = ScreenDriver()
        driver.type("5")
        driver.press(.enter)
        var report = Reports.troubled
        report.alarms.removeAll { $0.id == "weather/no_reply" }
        driver.receive(report)
        #expect(driver.text.contains("weather/no_reply is no longer in the list."))
        driver.press(.down)
        #expect(driver.text.contains("ALARM site/low_power_meter_gap"))
    }

    @Test func whyShowsTheReasonAndItsNumbers() {
        var driver = ScreenDriver(Reports.explained)
        driver.type("3w")
        #expect(driver.text.contains("WHY economizer is in free cooling"))
        #expect(driver.text.contains("Predicted exchanger leaving 9.1 °C is 8.8 K below"))
        #expect(driver.text.contains("predicted_leaving_temperature  9.1 °C"))
        driver.press(.enter)
        #expect(driver.text.contains("LOOP economizer") && driver.text.contains("economizer_predicted_benefit"))
        driver.type("w")
        #expect(driver.text.contains("WHY economizer"))
    }

    @Test func wideScreensShowDetailsBesideTheList() {
        var driver = ScreenDriver(width: 120, height: 40)
        driver.type("4")
        driver.press(.enter)
        #expect(driver.selected.contains("weather") && driver.text.contains("DEVICE weather"))
    }

    @Test func helpNamesEveryKeyOfTheView() {
        var driver = ScreenDriver(Reports.explained, height: 40)
        driver.type("3?")
        for key in ["1-5", "↑↓", "PgUp/PgDn", "Home/End", "Enter", "w", "/", "s", "p", "?", "q"] {
            #expect(driver.rows.contains { $0.hasPrefix(key + " ") }, "\(key)")
        }
        driver.type("?")
        #expect(driver.model.overlay == nil)
    }

    @Test(arguments: 1...5, [80, 100, 120])
    func barNamesTheKeysThatWorkNow(view: Int, width: Int) {
        var driver = ScreenDriver(Reports.explained, width: width)
        driver.type("\(view)")
        var wanted = ["1-5 view", "p freeze", "? help", "q quit"]
        wanted += view == 1 ? ["↑↓ scroll", "PgUp/PgDn page"] : ["↑↓ move", "/ filter", "s sort"]
        if (2...4).contains(view) { wanted.append("Enter open") }
        if view == 3 { wanted.append("w why") }
        #expect(wanted.filter { !driver.bar.contains($0) } == [])
        #expect(driver.bar.contains("w why") == (view == 3))
        guard view > 1 else { return }
        // With a filter that leaves something, all keys must still fit.
        driver.type("/a")
        driver.press(.enter)
        if view < 5 { #expect((wanted + ["Esc all"]).filter { !driver.bar.contains($0) } == [], "\(driver.bar)") }
    }

    @Test func keysThatAreNotNamedDoNothing() {
        var driver = ScreenDriver(nil)
        let before = driver.screen
        driver.type("pw/sz")
        driver.press(.enter, .escape, .backspace)
        #expect(driver.screen == before && driver.model.view == .overview)
        driver.type("q")
        #expect(driver.model.isFinished)
    }

    @Test func longPagesScrollWithinTheirLines() {
        var driver = ScreenDriver(Reports.troubled, height: 14)
        #expect(driver.text.contains("▼"))
        driver.press(.end)
        let end = driver.screen
        #expect(!driver.text.contains("▼") && driver.text.contains("▲"))
        #expect(driver.text.contains("WUE 24h indicative (*)"))
        driver.press(.down, .pageDown)
        #expect(driver.screen == end)
        driver.press(.home)
        #expect(driver.rows[3].hasPrefix("ALARMS"))
    }
}
