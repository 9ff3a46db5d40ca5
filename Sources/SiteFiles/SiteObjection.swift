// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Something that whoever runs the site says against it, such as a loop without a point it needs.
///
/// The one who judges knows the site as values; the loader knows where in the files they came from.
package struct SiteObjection: Hashable, Sendable {
    /// The part of the site that it concerns.
    package enum Subject: Hashable, Sendable {
        /// The loop of this id.
        case loop(String)
        /// A parameter that the loop of this id sets.
        case parameter(loop: String, name: String)
        /// The meter of this device at this place.
        case meter(device: String, place: MeterPlace)
        /// The settings of the key figures.
        case keyFigures
        /// The climate of the surroundings, which only a simulated site lives in.
        case climate
        case site
    }

    package let subject: Subject
    /// What is wrong, and what to do about it.
    package let message: String

    package init(_ subject: Subject, _ message: String) {
        self.subject = subject
        self.message = message
    }
}
