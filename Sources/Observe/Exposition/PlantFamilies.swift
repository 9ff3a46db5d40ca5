// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

extension AgentFamily {
    /// Racks, loops, alarms, writes, and how many points are good.
    static func plant(of site: SiteDescription) -> [AgentFamily] {
        [rackPower(of: site)] + loops() + [alarms(), writes(), pointsByQuality()]
    }

    private static func rackPower(of site: SiteDescription) -> AgentFamily {
        let lines = site.plant.racks.map { rack in
            (
                labels: ExpositionBuffer.labels([("equipment", rack.id), ("hall", rack.hall)]),
                watts: rack.nominalPower.watts
            )
        }
        return AgentFamily(
            family: MetricFamily(
                "thermocline_rack_nominal_power_watts",
                .gauge,
                unit: "watts",
                help: "Electrical power of the rack at full load, as the site file gives it."
            ),
            isMeasured: false
        ) { _, buffer in
            for line in lines { buffer.sample(line.labels, line.watts) }
        }
    }

    private static func loops() -> [AgentFamily] {
        let mode = MetricFamily("thermocline_loop_mode", .stateSet, help: "Whether the loop acts.")
        return [
            .measured(mode) { record, buffer in
                for loop in record.loops {
                    for candidate in LoopMode.allCases {
                        let labels = loop.labels(with: (name: mode.name, value: candidate.rawValue))
                        buffer.sample(labels, loop.mode == candidate ? 1 : 0)
                    }
                }
            },
            .measured(
                MetricFamily("thermocline_loop_state", .gauge, help: "1 for the state the loop's sequence is in.")
            ) { record, buffer in
                for loop in record.loops { buffer.sample(loop.labels(with: (name: "state", value: loop.state)), 1) }
            },
            .measured(
                MetricFamily(
                    "thermocline_loop_state_since_timestamp_seconds",
                    .gauge,
                    unit: "seconds",
                    help: "Plant time at which the loop entered its state."
                )
            ) { record, buffer in
                for loop in record.loops { buffer.sample(loop.labels(with: nil), loop.since.secondsSinceEpoch) }
            },
        ]
    }

    private static func alarms() -> AgentFamily {
        .measured(MetricFamily("thermocline_alarms", .gauge, help: "Alarms by priority and state.")) { record, buffer in
            for priority in AlarmPriority.allCases {
                for state in AlarmState.allCases where state != .normal {
                    let count = record.alarms.count { $0.priority == priority && $0.state == state }
                    buffer.sample(
                        ExpositionBuffer.labels([("priority", priority.rawValue), ("state", state.rawValue)]),
                        Double(count)
                    )
                }
            }
        }
    }

    private static func writes() -> AgentFamily {
        AgentFamily(
            family: MetricFamily("thermocline_writes", .counter, help: "Writes to devices by how they ended."),
            isMeasured: false
        ) { state, buffer in
            for (result, count) in zip(CommandHistory.results, state.history.outcomeCounts) {
                buffer.sample(ExpositionBuffer.labels([("result", result.rawValue)]), Double(count))
            }
        }
    }

    private static func pointsByQuality() -> AgentFamily {
        .measured(MetricFamily("thermocline_points", .gauge, help: "Points by the quality of their reading.")) {
            record,
            buffer in
            var counts = [Int](repeating: 0, count: Quality.allCases.count)
            for reading in record.image.readings { counts[Int(reading.quality.rawValue)] += 1 }
            for quality in Quality.allCases {
                let labels = ExpositionBuffer.labels([("quality", quality.word)])
                buffer.sample(labels, Double(counts[Int(quality.rawValue)]))
            }
        }
    }
}

extension LoopStatus {
    fileprivate func labels(with extra: (name: String, value: String)?) -> [UInt8] {
        var pairs = [(name: "loop", value: id), (name: "kind", value: kind.rawValue)]
        if let extra { pairs.append(extra) }
        return ExpositionBuffer.labels(pairs)
    }
}
