// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Plant

/// The section that says who else gets the site's time series.
extension SiteDecoder {
    var remoteWrite: Rule<RemoteWriteSettings> {
        .mapping("a receiver") { [receiverNames] fields in
            let standard = RemoteWriteSettings(id: "", url: "")
            let id = fields.required("id", receiverNames.definition)
            let url = fields.required("url", Self.receiverURL)
            let credentials = Self.credentials(fields, url: url)
            let limits = Duration.milliseconds(1)...(.seconds(3_600))
            let settings = RemoteWriteSettings(
                id: id ?? "",
                url: url ?? "",
                credentials: credentials,
                queueByteBudget: fields.optional(
                    "queue",
                    .bytes(65_536...1_000_000_000_000),
                    default: standard.queueByteBudget
                ),
                sampleInterval: fields.optional(
                    "sample_interval",
                    .duration(.milliseconds(100)...(.seconds(86_400)), example: "15 s"),
                    default: standard.sampleInterval
                ),
                batchSamples: fields.optional(
                    "batch_samples",
                    .integer(1...100_000, "samples in one request"),
                    default: standard.batchSamples
                ),
                externalLabels: fields.optional(
                    "labels",
                    .entries(atMost: Limits.externalLabels, Self.externalLabel),
                    default: []
                ),
                connectTimeLimit: fields.optional(
                    "connect_timeout",
                    .duration(limits, example: "10 s"),
                    default: standard.connectTimeLimit
                ),
                requestTimeLimit: fields.optional(
                    "request_timeout",
                    .duration(limits, example: "30 s"),
                    default: standard.requestTimeLimit
                ),
                firstRetryDelay: fields.optional(
                    "first_retry",
                    .duration(limits, example: "250 ms"),
                    default: standard.firstRetryDelay
                ),
                longestRetryDelay: fields.optional(
                    "longest_retry",
                    .duration(limits, example: "30 s"),
                    default: standard.longestRetryDelay
                )
            )
            if settings.firstRetryDelay > settings.longestRetryDelay {
                let longest = NumberText.short(settings.longestRetryDelay.inSeconds)
                fields.problems.error(
                    fields.place(of: "first_retry"),
                    "'first_retry' is longer than 'longest_retry' (\(longest) s); swap them"
                )
            }
            return id != nil && url != nil ? settings : nil
        }
    }

    private static var receiverURL: Rule<String> {
        Rule<String>.text(upTo: 500).check { text in
            // What stands before the host may be a password, so the text is not repeated.
            guard let parts = URLComponents(string: text), parts.scheme == "http" || parts.scheme == "https",
                let host = parts.host, !host.isEmpty, parts.fragment == nil
            else {
                return "is not the address of a receiver; write it as http://HOST:PORT/api/v1/write"
            }
            guard parts.user == nil, parts.password == nil else {
                return "has a user in it; name the user and the file of the password in 'basic_auth'"
            }
            return nil
        }
    }

    private static func credentials(_ fields: Fields, url: String?) -> RemoteWriteCredentials? {
        let token = fields.optional("bearer_token_file", .secretFile)
        let basic = fields.optional("basic_auth", basicCredentials)
        if fields.has("bearer_token_file"), fields.has("basic_auth") {
            fields.problems.error(
                fields.place(of: "basic_auth"),
                "'basic_auth' stands beside 'bearer_token_file', but a request carries one of them; keep one"
            )
        }
        let credentials = token.map { RemoteWriteCredentials.bearer(tokenFile: $0) } ?? basic
        if credentials != nil, let parts = url.flatMap({ URLComponents(string: $0) }), parts.scheme == "http",
            let host = parts.host, !isLoopback(host)
        {
            fields.problems.warning(
                fields.place(of: "url"),
                "the secret would cross the network to \(host) unencrypted; use https"
            )
        }
        return credentials
    }

    private static var basicCredentials: Rule<RemoteWriteCredentials> {
        Rule<RemoteWriteCredentials>.mapping("'basic_auth'") { fields in
            let user = fields.required(
                "user",
                .text(upTo: 200).check { $0.contains(":") ? "has a colon, which ends a user's name in a request" : nil }
            )
            let file = fields.required("password_file", .secretFile)
            guard let user, let file else { return nil }
            return .basic(user: user, passwordFile: file)
        }
    }

    private static func externalLabel(_ name: String, _ place: Place) -> Rule<MetricLabel> {
        Rule { node, key, problems in
            let value = Rule<String>.text(upTo: 200).read(node, key, problems)
            guard name.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]{0,63}/) != nil, !name.hasPrefix("__") else {
                problems.error(
                    place,
                    "'\(name.shortened)' cannot be the name of a label; use letters, digits and underscores, "
                        + "not two underscores at the start"
                )
                return nil
            }
            return value.map { MetricLabel(name, $0) }
        }
    }
}

extension Rule where Value == String {
    /// The path of a file with a secret, relative to the file that names it; the secret itself is not read.
    ///
    /// A site may be checked on a machine that has none of its secrets, so one that is missing is no error.
    fileprivate static var secretFile: Rule {
        Rule { node, key, problems in
            guard let name = text(upTo: 500).read(node, key, problems) else { return nil }
            let base = URL(fileURLWithPath: node.place.file).deletingLastPathComponent()
            let path = name.hasPrefix("/") ? name : base.appendingPathComponent(name).path
            if !FileManager.default.isReadableFile(atPath: path) {
                problems.warning(
                    node.place,
                    "there is no readable file '\(path)'; samples wait in the queue until it is there"
                )
            }
            return path
        }
    }
}
