// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// One receiver of the site's time series: where it is, how much waits while nobody takes them, how hard it is tried.
///
/// Built by SiteFiles from YAML and already checked. Times are wall time unless they say plant time.
package struct RemoteWriteSettings: Hashable, Sendable {
    /// The receiver's name, unique in the site: part of its queue's path and a label of its metrics.
    package var id: String
    /// The receiver's address: `http://127.0.0.1:9090/api/v1/write`.
    package var url: String
    /// What the receiver knows the site by; nil where it asks for nothing.
    package var credentials: RemoteWriteCredentials?
    /// What all waiting batches together may take on disk, in bytes.
    package var queueByteBudget: Int64
    /// Plant time between two samples of a series, at least; cycles are taken on a grid of it.
    package var sampleInterval: Duration
    /// The most samples in one request, at least 1.
    package var batchSamples: Int
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
        id: String,
        url: String,
        credentials: RemoteWriteCredentials? = nil,
        queueByteBudget: Int64 = 1 << 30,
        sampleInterval: Duration = .seconds(15),
        batchSamples: Int = 5_000,
        externalLabels: [MetricLabel] = [],
        connectTimeLimit: Duration = .seconds(10),
        requestTimeLimit: Duration = .seconds(30),
        firstRetryDelay: Duration = .milliseconds(250),
        longestRetryDelay: Duration = .seconds(30)
    ) {
        precondition(batchSamples > 0, "a request of \(batchSamples) samples would send nothing")
        self.id = id
        self.url = url
        self.credentials = credentials
        self.queueByteBudget = queueByteBudget
        self.sampleInterval = sampleInterval
        self.batchSamples = batchSamples
        self.externalLabels = externalLabels
        self.connectTimeLimit = connectTimeLimit
        self.requestTimeLimit = requestTimeLimit
        self.firstRetryDelay = firstRetryDelay
        self.longestRetryDelay = longestRetryDelay
    }

    /// The labels every series of a site carries beside its own.
    package func allExternalLabels(of site: SiteDescription) -> [MetricLabel] {
        let defaults = [MetricLabel("job", "thermocline"), MetricLabel("instance", site.id)]
        return defaults.filter { label in !externalLabels.contains { $0.name == label.name } } + externalLabels
    }
}

/// How a sender proves who it is (RFC 6750, RFC 7617); the secret itself stays in its file.
///
/// The file is read for each request, so a secret that is rotated needs no restart.
package enum RemoteWriteCredentials: Hashable, Sendable {
    /// A token whose file has it in one line.
    case bearer(tokenFile: String)
    /// A user without a colon, and the file that has the password in one line.
    case basic(user: String, passwordFile: String)

    /// The file the secret stands in.
    package var file: String {
        switch self {
        case .bearer(let file), .basic(_, let file): file
        }
    }
}
