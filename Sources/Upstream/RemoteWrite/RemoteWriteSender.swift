// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Plant

/// Posts batches to a receiver and says what became of them (Prometheus Remote-Write 1.0).
struct RemoteWriteSender: Sendable {
    /// What became of one attempt.
    enum Outcome: Hashable, Sendable {
        case accepted
        /// The receiver will never take it.
        case rejected(String)
        /// It may be taken later; after this pause at the earliest, where the receiver asks for one.
        case failed(String, retryAfter: Duration?)
    }

    private let http: HTTPClient
    private let settings: RemoteWriteSettings
    private let userAgent: String

    /// The most of an error's text that is read and shown, in bytes.
    private static let shownErrorBytes = 400

    init(settings: RemoteWriteSettings, version: String) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(settings.connectTimeLimit)
        // The back-off here is the only one: two of them would multiply.
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        self.settings = settings
        userAgent = "thermocline/\(version)"
    }

    /// Ends the client; the sender must not be used afterwards.
    func shutdown() async { try? await http.shutdown() }

    /// Posts one batch; `authorization` is the value of that header, nil for none.
    func send(_ payload: [UInt8], authorization: String?) async -> Outcome {
        var request = HTTPClientRequest(url: settings.url)
        request.method = .POST
        request.headers.add(name: "Content-Encoding", value: "snappy")
        request.headers.add(name: "Content-Type", value: "application/x-protobuf")
        request.headers.add(name: "X-Prometheus-Remote-Write-Version", value: "0.1.0")
        request.headers.add(name: "User-Agent", value: userAgent)
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(bytes: payload))
        do {
            let limit = TimeAmount(settings.requestTimeLimit)
            let response = try await http.execute(request, timeout: limit)
            let status = Int(response.status.code)
            // Read on success too, so that the connection can serve the next request.
            let text = "HTTP \(status): \(await Self.shownText(response.body))"
            if (200..<300).contains(status) { return .accepted }
            if (400..<500).contains(status), status != 429 { return .rejected(text) }
            return .failed(text, retryAfter: Self.pause(response.headers.first(name: "Retry-After")))
        } catch {
            return .failed("no answer: \(error)", retryAfter: nil)
        }
    }

    /// The first line of an error's text, as far as it comes within a second.
    private static func shownText(_ body: HTTPClientResponse.Body) async -> String {
        await withTaskGroup(of: String?.self) { group in
            group.addTask {
                var bytes: [UInt8] = []
                do {
                    for try await part in body {
                        bytes += part.readableBytesView.prefix(shownErrorBytes - bytes.count)
                        if bytes.count >= shownErrorBytes { break }
                    }
                } catch { return nil }
                return String(decoding: bytes, as: UTF8.self)
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(1))
                return nil
            }
            let text = await group.next() ?? nil
            group.cancelAll()
            return String((text ?? "").split(whereSeparator: \.isNewline).first ?? "no text")
        }
    }

    /// The pause that `Retry-After` asks for in seconds; a date is not understood and leaves the back-off as it is.
    static func pause(_ header: String?) -> Duration? {
        header.flatMap { Int($0) }.flatMap { $0 >= 0 && $0 <= 86_400 ? .seconds($0) : nil }
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        self =
            .milliseconds(Int64((Double(duration.components.seconds) * 1_000).rounded()))
            + .nanoseconds(duration.components.attoseconds / 1_000_000_000)
    }
}
