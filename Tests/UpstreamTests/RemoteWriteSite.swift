// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant
import Thermo
import Upstream

/// A small site with a value, a running total and a set of states.
enum RemoteWriteSite {
    /// A fixed moment for tests that no receiver sees.
    static let start = Timestamp(milliseconds: 1_772_344_800_000)

    static let map = DeviceMap(
        name: "example_meter",
        category: .powerMeter,
        confirmation: .simulated,
        points: [
            point(PointName.activePower, "W", .watts),
            point(PointName.activeEnergyImport, "J", .joules, counter: CounterBehavior(rollover: nil, resolution: 1)),
            point(
                "operating_state",
                "enumeration",
                .enumeration,
                labels: [EnumerationLabel(code: 0, name: "off"), EnumerationLabel(code: 1, name: "running")]
            ),
        ]
    )

    static func point(
        _ name: String,
        _ sign: String,
        _ unit: PointUnit,
        counter: CounterBehavior? = nil,
        labels: [EnumerationLabel] = []
    ) -> MapPoint {
        MapPoint(
            name: name,
            table: .inputRegister,
            address: 0,
            type: .float(bits: 32),
            unit: SourceUnit(sign, unit),
            labels: labels,
            counter: counter
        )
    }

    static func site(meters: Int = 2) -> SiteDescription {
        SiteDescription(
            id: "lulea-1",
            name: "Luleå",
            jurisdiction: "SE",
            endpoints: [EndpointDescription(id: "e", host: "127.0.0.1", port: 1502)],
            maps: [map],
            devices: (1...meters).map { number in
                DeviceDescription(id: "meter-\(number)", equipment: "rack-\(number)", endpoint: 0, map: 0)
            }
        )
    }

    /// A cycle whose readings are as old as the image; points of the same name read the same on all meters.
    static func record(
        _ site: SiteDescription,
        at time: Timestamp,
        power: Double? = 90_250.5,
        energy: Double = 7.2e12,
        state: Double = 1,
        read: Timestamp? = nil,
        kpis: [KPIResult] = [],
        loops: [LoopStatus] = []
    ) -> CycleRecord {
        let readings = site.points.map { point -> Reading in
            let stamp = read ?? time
            switch point.id.point {
            case PointName.activePower:
                return power.map { Reading(value: $0, sourceTime: stamp) } ?? .bad(.timeout, at: time)
            case PointName.activeEnergyImport: return Reading(value: energy, sourceTime: stamp)
            default: return Reading(value: state, sourceTime: stamp)
            }
        }
        return CycleRecord(
            sequence: 1,
            image: ProcessImage(time: time, readings: readings),
            wallTime: time,
            totals: [
                MeterTotal(device: "meter-1", place: .boundary, total: 4_500, sourceTime: time, isCovered: true),
                MeterTotal(device: "water", place: .waterInput, total: 1_234_567, sourceTime: time, isCovered: false),
            ],
            kpis: kpis,
            loops: loops,
            devices: [
                DeviceStatus(device: "meter-1", link: .degraded, lastReply: time),
                DeviceStatus(device: "meter-2", link: .down),
            ]
        )
    }

    static func pue(_ value: Double?, at time: Timestamp) -> KPIResult {
        KPIResult(
            name: .pue,
            window: .oneHour,
            category: 1,
            boundary: "whole site",
            value: value,
            reason: value == nil ? "not covered" : "",
            completeness: value == nil ? 0.5 : 1,
            start: time - .seconds(3_600),
            end: time,
            numerator: 3.3e8,
            denominator: 3e8,
            meters: ["meter-1"],
            uncertainty: 0.001
        )
    }

    static func loop(_ state: String, at time: Timestamp) -> LoopStatus {
        LoopStatus(
            id: "economizer",
            kind: .waterEconomizer,
            mode: .automatic,
            state: state,
            reason: Reason(code: "cold", text: "It is cold outside."),
            since: time
        )
    }
}

extension SeriesSample {
    /// `name{label="value",...}`, labels in the order they are kept.
    var text: String {
        series.name + "{" + series.labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",") + "}"
    }

    var isStaleMarker: Bool { value.bitPattern == SeriesSample.staleMarker.bitPattern }
}

extension [SeriesSample] {
    func named(_ text: String) -> [SeriesSample] { filter { $0.text.hasPrefix(text) } }
}
