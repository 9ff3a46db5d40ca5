// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Thermo

/// A site written out line by line, everything in it, for comparison with a golden file.
func dump(_ site: SiteDescription) -> String {
    var lines = ["site \(site.id) '\(site.name)' jurisdiction '\(site.jurisdiction)' cycle \(site.cycleInterval)"]
    if let simulation = site.simulation {
        lines.append("simulation \(simulation.start.iso8601) scale \(simulation.timeScale)")
    }
    lines += site.endpoints.map { "endpoint \($0.id) \($0.host):\($0.port)" }
    for device in site.devices {
        let intervals = PollClass.allCases.map { "\($0.rawValue) \(device.interval($0))" }.joined(separator: ", ")
        lines.append(
            "device \(device.id) equipment \(device.equipment) endpoint \(site.endpoints[device.endpoint].id) "
                + "unit \(device.unit) map \(site.maps[device.map].name) intervals \(intervals)"
        )
    }
    for rack in site.plant.racks {
        lines.append(
            "rack \(rack.id) hall \(rack.hall) power \(rack.nominalPower.watts) W liquid \(rack.liquidShare.fraction) "
                + "cdu \(rack.coolantDistributionUnit ?? "-")"
        )
    }
    for meter in site.meters {
        lines.append(
            "meter \(meter.device) \(meter.place.rawValue) \(meter.carrier.rawValue) rated \(meter.ratedRate) "
                + "sign \(meter.sign)"
        )
    }
    for loop in site.loops {
        let parameters = loop.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        lines.append("loop \(loop.id) \(loop.kind.rawValue) \(parameters)")
    }
    lines.append(
        "kpis category \(site.kpis.category) boundary '\(site.kpis.boundary)' carbon "
            + "\(site.kpis.carbonIntensityGramsPerKilowattHour.map { "\($0)" } ?? "-") renewable "
            + "\(site.kpis.renewableShare.map { "\($0)" } ?? "-")"
    )
    lines.append(
        "store \(site.store.byteBudget) B raw \(site.store.rawDays) d minute \(site.store.minuteDays) d "
            + "quarter hour \(site.store.quarterHourDays) d"
    )
    for receiver in site.remoteWrite {
        let labels = receiver.externalLabels.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        lines.append(
            "receiver \(receiver.id) \(receiver.url) queue \(receiver.queueByteBudget) B every "
                + "\(receiver.sampleInterval) batch \(receiver.batchSamples) labels \(labels)"
        )
    }
    return lines.joined(separator: "\n") + "\n"
}

/// One map written out, everything in it.
func dump(_ map: DeviceMap) -> String {
    var lines = [
        "map \(map.name) '\(map.title)' \(map.vendor) / \(map.model) \(map.category.rawValue) "
            + "\(map.confirmation.rawValue)",
        "unit \(map.defaultUnit.map { "\($0)" } ?? "-") functions \(map.functions)",
        "limits \(map.limits)", "identity \(map.identity.map { "\($0)" } ?? "-")",
    ]
    lines += map.sources.map { "source \($0)" }
    for point in map.points {
        lines.append(
            "point \(point.name) \(point.table.rawValue) \(point.address) \(point.type) \(point.wordOrder.rawValue) "
                + "\(point.byteOrder.rawValue) \(point.unit.spelling) x\(point.scale) +\(point.offset) "
                + "\(point.pollClass.rawValue) readable \(point.isReadable)"
        )
        if !point.summary.isEmpty { lines.append("  summary \(point.summary)") }
        if !point.source.isEmpty { lines.append("  source \(point.source)") }
        if let address = point.scaleFactorAddress { lines.append("  scale factor at \(address)") }
        if let codes = point.scaleCodes {
            lines.append("  coded by bits \(codes.shift)...\(codes.shift + codes.width - 1)")
            lines += codes.cases.map { "  code \($0.code) \($0.unit.spelling) x\($0.scale) +\($0.offset)" }
        }
        if let condition = point.validWhile { lines.append("  while \(condition.point) in \(condition.range)") }
        for sentinel in point.sentinels { lines.append("  sentinel \(sentinel.bits) \(sentinel.cause.words)") }
        for label in point.labels { lines.append("  label \(label.code) \(label.name)") }
        if let range = point.validRange { lines.append("  valid \(range)") }
        if let limit = point.rateLimit { lines.append("  at most \(limit) a second") }
        if let span = point.flatLineAfter { lines.append("  flat line after \(span)") }
        if let counter = point.counter {
            let rollover = counter.rollover.map { "\($0)" } ?? "never"
            lines.append("  counter rollover \(rollover) resolution \(counter.resolution.map { "\($0)" } ?? "-")")
        }
        if let write = point.write {
            lines.append(
                "  write \(write.range) by \(write.function.rawValue) at "
                    + "\(write.address.map { "\($0)" } ?? "-") feedback \(write.feedback ?? "-") "
                    + "settle \(write.settle) lease \(write.lease.map { "\($0)" } ?? "-") "
                    + "home \(write.home.map { "\($0)" } ?? "-") "
                    + "restart \(write.restartValue.map { "\($0)" } ?? "-") stored \(write.isStored)"
            )
            if let condition = write.precondition {
                lines.append("  only where \(condition.point) in \(condition.range)")
            }
        }
    }
    lines += map.goldenVectors.map {
        "golden \($0.point) \($0.words) = \($0.value.map { "\($0)" } ?? $0.text ?? "none") "
            + "\($0.scaleFactorWord.map { "factor \($0)" } ?? "")"
    }
    return lines.joined(separator: "\n") + "\n"
}
