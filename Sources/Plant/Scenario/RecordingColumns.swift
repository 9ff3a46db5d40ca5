// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What the columns of a recording mean, as its owner wrote it down beside it.
package struct RecordingColumns: Hashable, Sendable {
    /// One column with the point it goes to.
    package struct Column: Hashable, Sendable {
        /// The name in the recording's first line; in a recording of one sample a line, the name of the point there.
        package let name: String
        package let point: PointID
        /// The unit of its values; nil for the point's base unit.
        package let unit: SourceUnit?
        /// Where that is written, as `file:line:column`.
        package let origin: String

        package init(name: String, point: PointID, unit: SourceUnit? = nil, origin: String = "") {
            self.name = name
            self.point = point
            self.unit = unit
            self.origin = origin
        }
    }

    /// The name of the column of times; nil for `time` or `timestamp`.
    package let time: String?
    /// In the order of the file.
    package let columns: [Column]

    package init(time: String? = nil, columns: [Column] = []) {
        self.time = time
        self.columns = columns
    }
}
