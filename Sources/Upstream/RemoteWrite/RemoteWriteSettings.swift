// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// Where time series go, how much waits on disk while nobody takes them, and how hard it is tried.
///
/// Times are wall time unless they say plant time.
package struct RemoteWriteSettings: Hashable, Sendable {
    /// The receiver's address: `http://127.0.0.1:9090/api/v1/write`.
    package var url: String
    /// The directory of the queue, used by nobody else; created where it does not exist.
    package var queueDirectory: String
    /// What all waiting batches together may take on disk, in bytes.
    package var queueByteBudget: Int64
    /// Plant time between two samples of a series, at least; cycles are taken on a grid of it.
    package var sampleInterval: Duration
    /// The most samples in one request.
    package var batchSamples: Int
    /// The value of the `Authorization` header, nil for none; never logged.
    package var authorization: String?
    /// Labels put on every series; a name that is given here replaces the default of that name.
    ///
    /// Scraping adds `job` and `instance`, so by default these are `thermocline` and the site's identifier.
    package var externalLabels: [MetricLabel]
    /// How long connecting may take.
    package var connectTimeLimit: Duration
    /// How long one request may take from connecting to the end of the answer.
    package var requestTimeLimit: Duration
    /// The pause after the first failed attempt; doubled after each further one.
    package var firstRetryDelay: Duration
    /// The longest pause between two attempts, whatever the receiver asks for.
    package var longestRetryDelay: Duration

    package init(
        url: String,
        queueDirectory: String,
        queueByteBudget: Int64 = 1 << 30,
        sampleInterval: Duration = .seconds(15),
        batchSamples: Int = 5_000,
        authorization: String? = nil,
        externalLabels: [MetricLabel] = [],
        connectTimeLimit: Duration = .seconds(10),
        requestTimeLimit: Duration = .seconds(30),
        firstRetryDelay: Duration = .milliseconds(250),
        longestRetryDelay: Duration = .seconds(30)
    ) {
        self.url = url
        self.queueDirectory = queueDirectory
        self.queueByteBudget = queueByteBudget
        self.sampleInterval = sampleInterval
        self.batchSamples = batchSamples
        self.authorization = authorization
        self.externalLabels = externalLabels
        self.connectTimeLimit = connectTimeLimit
        self.requestTimeLimit = requestTimeLimit
        self.firstRetryDelay = firstRetryDelay
        self.longestRetryDelay = longestRetryDelay
    }

    /// The labels every series of a site carries beside its own.
    func allExternalLabels(of site: SiteDescription) -> [MetricLabel] {
        let defaults = [MetricLabel("job", "thermocline"), MetricLabel("instance", site.id)]
        return defaults.filter { label in !externalLabels.contains { $0.name == label.name } } + externalLabels
    }
}

/// Why series cannot be sent or kept: what is wrong, where, and what to do.
package struct RemoteWriteProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let what: String
    /// The setting, URL or path it is about.
    package let place: String
    /// What to do about it.
    package let remedy: String

    package init(_ what: String, at place: String, remedy: String) {
        self.what = what
        self.place = place
        self.remedy = remedy
    }

    package var description: String { "\(place): \(what); \(remedy)" }
}
