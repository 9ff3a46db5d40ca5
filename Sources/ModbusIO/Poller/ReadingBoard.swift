// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import Synchronization

/// The newest readings and device states of one worker's devices, shared with whoever takes a process image.
///
/// The worker holds the lock while it decodes one reply, a reader while it copies what it wants; nobody holds it
/// while waiting for anything.
final class ReadingBoard: Sendable {
    /// What is known of one point.
    struct Cell: Sendable {
        var value = Double.nan
        /// Plant time of the reply in milliseconds since 1970; 0 before the first.
        var time: Int64 = 0
        var quality = Quality.bad
        var cause = QualityCause.notYetRead
        /// Why the newest attempt to read the point failed; ``QualityCause/none`` where it did not.
        var failure = QualityCause.none
    }

    struct Contents: Sendable {
        var cells: [Cell]
        var devices: [DeviceState]
        /// What each device said when asked what it is; empty where that is what its map describes.
        var found: [String]
        /// How often any point of each device has moved, for maps that watch for flat lines.
        var moves: [Int]
        /// The memories of points that are watched.
        var watches: [PointWatch]
        var endpoints: [EndpointCell]
    }

    /// What is known of one endpoint.
    struct EndpointCell: Sendable {
        var counters = EndpointCounters()
        var link = DeviceStatus.Link.connecting
        var cause = QualityCause.none
        var doubts = DoubtCounts()
    }

    let contents: Mutex<Contents>

    init(_ shard: ShardPlan) {
        contents = Mutex(
            Contents(
                cells: Array(repeating: Cell(), count: shard.points),
                devices: Array(repeating: DeviceState(), count: shard.devices.count),
                found: Array(repeating: "", count: shard.devices.count),
                moves: Array(repeating: 0, count: shard.devices.count),
                watches: Array(repeating: PointWatch(), count: shard.watches),
                endpoints: Array(repeating: EndpointCell(), count: shard.endpoints.count)
            )
        )
    }
}

extension ReadingBoard.Cell {
    /// The point as it must be seen at `now`.
    ///
    /// A value stands, with its own quality, for `limit` milliseconds after its reply, whatever has failed since;
    /// then it is stale, with the cause of the failure, or too old where nothing failed. A point that never had a
    /// value is bad with the cause of the failure, or not yet read. `deviceFailure` is why the point's device does
    /// not answer now.
    func reading(at now: Timestamp, limit: Int64, deviceFailure: QualityCause) -> Reading {
        // Nearly all of a site's points, every cycle: what follows is for the others.
        if time != 0, now.milliseconds - time <= limit {
            return Reading(
                value: value,
                quality: quality,
                cause: cause,
                sourceTime: Timestamp(milliseconds: time)
            )
        }
        return agedReading(failure == .none ? deviceFailure : failure)
    }

    @inline(never)
    private func agedReading(_ newest: QualityCause) -> Reading {
        let sourceTime = Timestamp(milliseconds: time)
        guard time != 0 else {
            return .bad(newest == .none ? .notYetRead : newest, at: sourceTime)
        }
        guard quality <= .uncertain else {
            return .bad(newest == .none ? cause : newest, at: sourceTime)
        }
        return Reading(
            value: value,
            quality: .stale,
            cause: newest == .none ? .tooOld : newest,
            sourceTime: sourceTime
        )
    }
}

extension ReadingBoard.Contents {
    /// Writes a device's points, as they must be seen at `now`, into the places of `readings` that `limits` has.
    ///
    /// - Parameters:
    ///   - firstCell: Where the device's first point stands on the board.
    ///   - slot: Where the device stands on the board.
    ///   - limits: Milliseconds that each of its points may be old.
    ///   - now: Plant time.
    ///   - readings: All readings of the site.
    func copy(
        from firstCell: Int,
        ofDevice slot: Int,
        limits: ArraySlice<Int64>,
        at now: Timestamp,
        into readings: inout [Reading]
    ) {
        let failure = devices[slot].failure
        if let identity = devices[slot].identity, identity == .mismatch || identity == .unconfirmed {
            copyDoubted(as: identity, from: firstCell, limits: limits, at: now, into: &readings, failure)
            return
        }
        let cells = cells.span.extracting(firstCell..<firstCell + limits.count)
        let ages = limits.span
        var taken = readings.mutableSpan
        for point in 0..<limits.count {
            taken[limits.startIndex + point] = cells[point].reading(
                at: now,
                limit: ages[point],
                deviceFailure: failure
            )
        }
    }

    /// As ``copy(from:ofDevice:limits:at:into:)``, for a device that is not known to be the one its map describes.
    @inline(never)
    private func copyDoubted(
        as identity: DeviceIdentity.State,
        from firstCell: Int,
        limits: ArraySlice<Int64>,
        at now: Timestamp,
        into readings: inout [Reading],
        _ failure: QualityCause
    ) {
        for point in limits.indices {
            let cell = cells[firstCell + point - limits.startIndex]
            let reading = cell.reading(at: now, limit: limits[point], deviceFailure: failure)
            readings[point] =
                if identity == .mismatch {
                    .bad(.identityMismatch, at: reading.sourceTime)
                } else if reading.isGood {
                    Reading(
                        value: reading.value,
                        quality: .uncertain,
                        cause: .identityUnconfirmed,
                        sourceTime: reading.sourceTime
                    )
                } else {
                    reading
                }
        }
    }
}
