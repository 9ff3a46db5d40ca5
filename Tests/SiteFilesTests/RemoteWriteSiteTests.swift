// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant
import SiteFiles
import TestKit
import Testing

/// Who else gets a site's time series, as the site file says it.
struct RemoteWriteSiteTests {
    static func site(_ receivers: String) -> String { BrokenSitesTests.head + "remote_write:\n" + receivers }

    @Test func everyKeyOfAReceiver() throws {
        let bench = try Workbench([
            "mimir.password": "secret",
            "site.yaml": Self.site(
                """
                  - {id: near, url: "http://127.0.0.1:9090/api/v1/write"}
                  - id: central
                    url: https://mimir.example/api/v1/push
                    basic_auth: {user: lulea-1, password_file: mimir.password}
                    queue: 64 MiB
                    sample_interval: 30 s
                    batch_samples: 2000
                    labels: {region: north, instance: hall-1}
                    connect_timeout: 2 s
                    request_timeout: 5 s
                    first_retry: 100 ms
                    longest_retry: 1 min
                """
            ),
        ])
        let loaded = bench.loadSite()
        #expect(bench.lines(loaded.problems, in: "site.yaml") == [])
        let file = bench.directory.path("mimir.password")
        #expect(
            loaded.value?.remoteWrite == [
                RemoteWriteSettings(id: "near", url: "http://127.0.0.1:9090/api/v1/write"),
                RemoteWriteSettings(
                    id: "central",
                    url: "https://mimir.example/api/v1/push",
                    credentials: .basic(user: "lulea-1", passwordFile: file),
                    queueByteBudget: 64 << 20,
                    sampleInterval: .seconds(30),
                    batchSamples: 2_000,
                    externalLabels: [MetricLabel("region", "north"), MetricLabel("instance", "hall-1")],
                    connectTimeLimit: .seconds(2),
                    requestTimeLimit: .seconds(5),
                    firstRetryDelay: .milliseconds(100),
                    longestRetryDelay: .seconds(60)
                ),
            ]
        )
    }

    @Test func aSecretStandsBesideTheFileThatNamesIt() throws {
        let bench = try Workbench([
            "maps/token": "secret",
            "maps/upstream.yaml": """
            remote_write:
              - {id: central, url: "https://a.example/write", bearer_token_file: token}
            """,
            "site.yaml": "include: [maps/upstream.yaml]\n" + BrokenSitesTests.head,
        ])
        let loaded = bench.loadSite()
        #expect(bench.lines(loaded.problems, in: "site.yaml") == [])
        let token = bench.directory.path("maps/token")
        #expect(loaded.value?.remoteWrite.map(\.credentials) == [.bearer(tokenFile: token)])
    }

    static let cases = [
        BrokenFile(
            name: "what a receiver needs",
            text: site("  - {url: \"http://127.0.0.1/w\"}\n  - {id: b}\n"),
            problems: ["10:5: a receiver needs 'id'; add it", "11:5: a receiver needs 'url'; add it"]
        ),
        BrokenFile(
            name: "addresses that are none, and a password that is not repeated",
            text: site(
                """
                  - {id: a, url: mimir.example/api/v1/push}
                  - {id: b, url: "ftp://mimir.example/w"}
                  - {id: c, url: "https://user:pa55word@mimir.example/w"}
                """
            ),
            problems: [
                "10:18: 'url' is not the address of a receiver; write it as http://HOST:PORT/api/v1/write",
                "11:18: 'url' is not the address of a receiver; write it as http://HOST:PORT/api/v1/write",
                "12:18: 'url' has a user in it; name the user and the file of the password in 'basic_auth'",
            ]
        ),
        BrokenFile(
            name: "the same receiver twice, and a name that cannot be a directory",
            text: site(
                """
                  - {id: a, url: "http://127.0.0.1/w"}
                  - {id: a, url: "http://127.0.0.1/v"}
                  - {id: ../a, url: "http://127.0.0.1/u"}
                """
            ),
            problems: [
                "11:10: the receiver 'a' was given before, at line 10",
                "12:10: 'id' is '../a'; write lower-case letters",
            ]
        ),
        BrokenFile(
            name: "two ways to say who it is, and a user that is none",
            text: site(
                """
                  - id: a
                    url: "https://a.example/w"
                    bearer_token_file: /dev/null
                    basic_auth: {user: a, password_file: /dev/null}
                  - {id: b, url: "https://a.example/w", basic_auth: {user: "a:b", password_file: /dev/null}}
                  - {id: c, url: "https://a.example/w", basic_auth: {user: c, password: secret}}
                """
            ),
            problems: [
                "13:17: 'basic_auth' stands beside 'bearer_token_file', but a request carries one of them; keep one",
                "14:60: 'user' has a colon",
                "15:53: 'basic_auth' needs 'password_file'; add it",
                "15:63: 'basic_auth' has no key 'password'; its keys are: user, password_file",
            ]
        ),
        BrokenFile(
            name: "limits that are out of range, and an unknown key",
            text: site(
                """
                  - id: a
                    url: "http://127.0.0.1/w"
                    queue: 1 kB
                    sample_interval: 10 ms
                    batch_samples: 0
                    request_timeout: 2 h
                    first_retry: 10 s
                    longest_retry: 5 s
                    retries: 7
                """
            ),
            problems: [
                "12:12: 'queue' is 1 kB, outside 65536...1000000000000 bytes",
                "13:22: 'sample_interval' is 10 ms, outside 0.1...86400 s",
                "14:20: 'batch_samples' is 0, outside 1...100000 (samples in one request)",
                "15:22: 'request_timeout' is 2 h, outside 0.001...3600 s",
                "16:18: 'first_retry' is longer than 'longest_retry' (5 s); swap them",
                "18:5: a receiver has no key 'retries'",
            ]
        ),
        BrokenFile(
            name: "labels that Prometheus would refuse",
            text: site(
                """
                  - {id: a, url: "http://127.0.0.1/w", labels: {data-hall: a, __name__: b, ok_1: c}}
                  - {id: b, url: "http://127.0.0.1/w", labels: {empty: ""}}
                """
            ),
            problems: [
                "10:49: 'data-hall' cannot be the name of a label; use letters, digits and underscores",
                "10:63: '__name__' cannot be the name of a label",
                "11:56: 'empty'",
            ]
        ),
        BrokenFile(
            name: "no list",
            text: site("  id: a\n  url: http://127.0.0.1/w\n"),
            problems: ["10:3: 'remote_write' must be a list"]
        ),
        BrokenFile(
            name: "warnings alone: a secret that is not here, and one that everybody could read",
            text: site(
                """
                  - {id: a, url: "https://a.example/w", bearer_token_file: /nowhere/token}
                  - {id: b, url: "http://a.example/w", bearer_token_file: /dev/null}
                  - {id: c, url: "http://127.0.0.1/w", bearer_token_file: /dev/null}
                """
            ),
            problems: [
                "10:60: warning: there is no readable file '/nowhere/token'; samples wait",
                "11:18: warning: the secret would cross the network to a.example unencrypted; use https",
            ]
        ),
    ]

    @Test(arguments: cases)
    func isExplained(file: BrokenFile) throws {
        let bench = try Workbench(["site.yaml": file.text])
        let loaded = bench.loadSite()
        let found = bench.lines(loaded.problems, in: "site.yaml")
        file.expect(found)
        #expect(!found.contains { $0.contains("pa55word") })
        #expect((loaded.value == nil) == loaded.problems.contains { $0.severity == .error })
    }

    @Test func theFilesOfASiteAreKnown() throws {
        let bench = try Workbench([
            "maps/more.yaml": "kpis: {category: 1}",
            "site.yaml": "include: [maps/more.yaml]\n" + BrokenSitesTests.head,
        ])
        let files = bench.loadSite().files.map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
        #expect(files.count == 5)
        #expect(files[0].hasSuffix("/site.yaml"))
        #expect(
            files.dropFirst() == [
                "maps/more.yaml", "devicemaps/janitza_umg604.yaml", "devicemaps/schneider_iem3000.yaml",
                "devicemaps/vaisala_wxt530.yaml",
            ]
        )
    }
}
