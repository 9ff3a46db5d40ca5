// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import PlantSim
import Testing

@Suite("Recordings")
struct RecordingTests {
    private static let site = SmallSite.make(racks: 1)
    private static let power = "ups-a/active_power"

    /// Reads a whole recording, in pieces of so many bytes: `time point=value`, one a sample; times without the date.
    private static func read(
        _ bytes: [UInt8],
        columns: RecordingColumns = RecordingColumns(),
        piece: Int = 1 << 16
    ) throws(InputTextError) -> [String] {
        let points = RecordingPoints(site: site, columns: columns) { name, _ in "nearest to \(name)" }
        var lines = RecordingLines()
        var rows: RecordingRows?
        var seen: [String] = []
        var position = 0
        while true {
            while let line = try lines.next() {
                guard rows != nil else {
                    rows = try RecordingRows(header: line, points: points)
                    continue
                }
                var samples: [RecordedSample] = []
                guard let time = try rows?.read(line, into: &samples) else { continue }
                if samples.isEmpty { seen.append("\(time.iso8601.dropFirst(11)) nothing") }
                for sample in samples {
                    let id = site[sample.point].id
                    seen.append("\(time.iso8601.dropFirst(11)) \(id)=\(sample.value)")
                }
            }
            if lines.isAtEnd { return seen + (rows?.unusedNames.map { "not used: \($0)" } ?? []) }
            let next = min(position + piece, bytes.count)
            lines.append(Array(bytes[position..<next]))
            position = next
        }
    }

    private static func read(
        _ text: String,
        columns: RecordingColumns = RecordingColumns(),
        piece: Int = 1 << 16
    ) throws(InputTextError) -> [String] {
        try read(Array(text.utf8), columns: columns, piece: piece)
    }

    @Test(
        "are read in every form they may have",
        arguments: [
            ("time,ups-a/active_power\n2026-03-01T06:00:00Z,5\n", ["06:00:00Z ups-a/active_power=5.0"]),
            // Zone, blank before the time of day, CRLF, byte order mark, no end of the last line, empty lines.
            (
                "\u{FEFF}Timestamp;ups-a/active_power\r\n\r\n2026-03-01 08:00:00.250+02:00;1e3",
                ["06:00:00.250Z ups-a/active_power=1000.0"]
            ),
            // Unix seconds and milliseconds.
            (
                "ups-a/voltage\ttime\n7\t1772344800\n8\t1772344801500\n",
                ["06:00:00Z ups-a/voltage=7.0", "06:00:01.500Z ups-a/voltage=8.0"]
            ),
            // What is no value says nothing.
            (
                "time,ups-a/active_power,ups-a/voltage\n1772344800,,230\n1772344801,NaN,n/a\n1772344801,true,-\n",
                ["06:00:00Z ups-a/voltage=230.0", "06:00:01Z nothing", "06:00:01Z ups-a/active_power=1.0"]
            ),
            ("time,\"ups-a/active_power\"\n\"1772344800\",\" 4 \"\n", ["06:00:00Z ups-a/active_power=4.0"]),
            // As the agent exports it: a gap where quality is bad, totals of the meter tree go nowhere.
            (
                """
                time,point,value,unit,quality,cause,source_time\r
                2026-03-01T06:00:00.000Z,ups-a/active_power,,watts,bad,not yet read,\r
                2026-03-01T06:00:01.000Z,ups-a/active_power,5.5,watts,good,,2026-03-01T06:00:00.900Z\r
                2026-03-01T06:00:02.000Z,ups-a/active_power,5.5,watts,stale,too old,2026-03-01T06:00:00.900Z\r
                2026-03-01T06:00:03.000Z,ups-a/active_power,6,kW,uncertain,"odd, as causes are",\r
                2026-03-01T06:00:03.000Z,ups-a/energy_total,7200,joules,good,,\r
                2026-03-01T06:00:03.000Z,ups-a/energy_total_ups_output,7200,joules,good,,\r

                """,
                [
                    "06:00:00Z ups-a/active_power=nan", "06:00:01Z ups-a/active_power=5.5", "06:00:02Z nothing",
                    "06:00:03Z ups-a/active_power=6000.0", "06:00:03Z nothing", "06:00:03Z nothing",
                    "not used: ups-a/energy_total", "not used: ups-a/energy_total_ups_output",
                ]
            ),
        ] as [(String, [String])]
    )
    func good(text: String, samples: [String]) throws {
        #expect(try Self.read(text) == samples)
        #expect(try Self.read(text, piece: 1) == samples, "cut into single bytes")
    }

    @Test("take the names and units of somebody else's columns")
    func mapped() throws {
        let columns = RecordingColumns(
            time: "When",
            columns: [
                RecordingColumns.Column(
                    name: "UPS A kW",
                    point: PointID(device: "ups-a", point: "active_power"),
                    unit: SourceUnit.named("kW")
                )
            ]
        )
        let wide = try Self.read("When,UPS A kW,Remark\n1772344800,1.5,on\n", columns: columns)
        #expect(wide == ["06:00:00Z ups-a/active_power=1500.0", "not used: Remark"])
        let long = try Self.read("When,point,value\n1772344800,UPS A kW,2\n1772344800,Other,2\n", columns: columns)
        #expect(long == ["06:00:00Z ups-a/active_power=2000.0", "06:00:00Z nothing", "not used: Other"])
        let error = #expect(throws: InputTextError.self) { try Self.read("When,UPS\n", columns: columns) }
        #expect(error?.description.hasPrefix("line 1: there is no column 'UPS A kW' of") == true)
    }

    @Test(
        "that are broken name the line and what is wrong",
        arguments: [
            ("a,ups-a/active_power\n", "line 1: the first line names no column 'time'"),
            ("time,ups-a/activ_power\n", "line 1: there is no point 'ups-a/activ_power'; nearest to ups-a/activ_power"),
            ("time,UPS power\n", "line 1: there is no point 'UPS power'; nearest to UPS power, or map it"),
            ("time,ups-a/voltage,ups-a/voltage\n", "both drive ups-a/voltage"),
            ("time\n1\n", "line 1: no column is a point of the site"),
            ("time,ups-a/voltage\n1,2\n\n2,\"3\n", "line 4: field 2 has no closing quote"),
            ("time,ups-a/voltage\n1,\"2\"3\n", "line 2: field 2 goes on behind its closing quote"),
            ("time,ups-a/voltage\n1,2,3\n", "line 2: 3 fields, but the first line names 2 columns"),
            ("time,ups-a/voltage\n1\n", "line 2: 1 fields"),
            ("time,ups-a/voltage\n1,12 V\n", "line 2: '12 V' in column 2, 'ups-a/voltage', is not a number"),
            ("time;ups-a/voltage\n1;12,5\n", "is not a number; write a decimal point"),
            ("time,ups-a/voltage\n1,1e999\n", "is not a number"),
            ("time,ups-a/voltage\n2026-03-01T06:00:00,1\n", "line 2: '2026-03-01T06:00:00' is not a time"),
            ("time,ups-a/voltage\n-5,1\n", "'-5' is not a time"),
            ("time,ups-a/voltage\n9e12,1\n", "'9e12' is not a time"),
            ("time,ups-a/voltage\n2,1\n1,1\n", "line 3: 1970-01-01T00:00:01Z is before the line above"),
            ("time,ups-a/voltage\n1,1\u{0}\n", "line 2: a NUL byte"),
            ("time,point,value,quality\n1,ups-a/voltage,1,fine\n", "line 2: there is no quality 'fine'"),
            ("time,point,value,unit\n1,ups-a/voltage,1,kW\n", "line 2: 'kW' is no unit of ups-a/voltage"),
            ("time,point,value\n1,ups-a/volt,1\n", "line 2: there is no point 'ups-a/volt'"),
        ] as [(String, String)]
    )
    func broken(text: String, message: String) {
        let error = #expect(throws: InputTextError.self) { try Self.read(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "no error")")
    }

    @Test("that are hostile are refused before they eat the machine")
    func hostile() {
        func message(_ bytes: [UInt8]) -> String {
            do throws(InputTextError) {
                _ = try Self.read(bytes)
                return "nothing"
            } catch { return error.description }
        }
        #expect(message(Array(repeating: UInt8(ascii: ","), count: 50_000)).contains("more than 20000 columns"))
        let endless = [UInt8](repeating: UInt8(ascii: "7"), count: RecordingLines.longestLine + 2)
        #expect(message(endless).contains("line 1: the line is longer than 1048576 bytes"))
        #expect(message(Array("time,ups-a/voltage\n".utf8) + endless).contains("line 2: the line is longer"))
        #expect(message([0xFF, 0xFE, 0x74, 0x00]).contains("a NUL byte"))
        #expect(message([0xC3, 0x28, 0x0A]).contains("is not UTF-8"))
    }

    @Test("hold a value for three mean intervals, or as long as one says, and not at all after a bad one")
    func holds() throws {
        let point = try #require(Self.site.index(of: PointID(device: "ups-a", point: "active_power")))
        let other = try #require(Self.site.index(of: PointID(device: "ups-a", point: "voltage")))
        let start = SmallSite.start
        var survey = RecordingSurvey(pointCount: Self.site.points.count)
        for minute in 0...10 {
            let samples = [RecordedSample(point: point, value: 1)]
            survey.take(start + .seconds(60 * minute), samples)
        }
        #expect(survey.span == start...start + .seconds(600))
        #expect(survey.moments == 11 && survey.period == .seconds(660))
        #expect(survey.drives(point) && !survey.drives(other))
        #expect(survey.holds(nil)[point.position] == .seconds(180))
        #expect(survey.holds(.seconds(5))[point.position] == .seconds(5))
        var values = RecordedValues(holds: survey.holds(nil))
        #expect(values.value(of: point, at: start) == nil)
        values.take(RecordedSample(point: point, value: 7), at: start)
        #expect(values.value(of: point, at: start + .seconds(180)) == 7)
        #expect(values.value(of: point, at: start + .seconds(181)) == nil)
        values.shift(by: .seconds(100))
        #expect(values.value(of: point, at: start + .seconds(80)) == 7)
        #expect(values.value(of: point, at: start + .seconds(81)) == nil)
        values.take(RecordedSample(point: point, value: .nan), at: start)
        #expect(values.value(of: point, at: start) == nil)
    }
}
