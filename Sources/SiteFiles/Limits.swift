// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// How large a site may be: far above any real one, so that a slip of the pen is refused before it eats the machine.
enum Limits {
    /// Bytes of one file.
    static let fileBytes = 4 << 20
    /// Bytes of a weather file or load trace: a year of minutes at 250 bytes a row.
    static let inputBytes = 128 << 20
    /// Scalars, lists and mappings of one file with every alias followed.
    static let nodesPerFile = 200_000
    /// Lists and mappings inside each other.
    static let nesting = 32
    /// Entries that all `repeat` of one list may make.
    static let repeatedEntries = 10_000
    /// Files one site may include, and how deep.
    static let includedFiles = 64
    static let endpoints = 4_096
    static let devices = 10_000
    static let pointsPerMap = 2_000
    static let pointsPerSite = 200_000
    static let racks = 10_000
    static let meters = 10_000
    /// Pieces of equipment of one kind, racks apart.
    static let equipment = 1_000
    static let simulationEvents = 1_000
    static let loops = 200
    /// Columns of a recording that are given a meaning.
    static let recordingColumns = 20_000
    /// Receivers of time series, each with a queue of its own.
    static let receivers = 8
    static let externalLabels = 30
    /// Problems reported of one load.
    static let problems = 200
}
