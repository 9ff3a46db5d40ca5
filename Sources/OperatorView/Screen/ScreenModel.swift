// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

package import Plant

/// What can happen to the screen.
package enum ScreenEvent: Sendable {
    case key(ScreenKey)
    /// The agent answered.
    case report(StatusReport)
    /// The agent did not answer; the text says why.
    case fault(String)
    case resized(ScreenSize)
    /// Time went by.
    case tick
}

/// All that the terminal view knows: which view, what is selected, the newest report and how old it is.
///
/// A value that keys and reports change and ``ScreenLayout`` draws; it reads no clock and no terminal. It asks
/// nothing of the agent but reports, so nothing an operator presses here reaches the plant.
package struct ScreenModel: Sendable {
    /// The agent that is asked, as the header names it.
    package let source: String
    package let glyphs: Glyphs
    package private(set) var view = ScreenView.overview
    package internal(set) var overlay: ScreenOverlay?
    package private(set) var size: ScreenSize
    /// Whether the keys pressed go into the filter.
    package internal(set) var isEditingFilter = false
    /// Whether the operator asked for the end.
    package internal(set) var isFinished = false

    /// Since the view was started.
    private(set) var now = Duration.zero
    private(set) var latest: ReportSnapshot?
    private(set) var frozen: ReportSnapshot?
    /// Why the newest question got no answer; nil where it did.
    private(set) var fault: String?
    private var cycle = CycleWatch()

    /// The choice and the place of each list, by ``ScreenView/rawValue``.
    var lists = ScreenView.allCases.map { _ in ListState() }
    /// The first line shown of a page of text.
    var pageTop = 0

    package init(source: String, glyphs: Glyphs, size: ScreenSize) {
        self.source = source
        self.glyphs = glyphs
        self.size = size
    }

    /// Takes one event in.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When, since the view was started.
    package mutating func handle(_ event: ScreenEvent, at now: Duration) {
        self.now = now
        switch event {
        case .key(let key): press(key)
        case .report(let report): take(report)
        case .fault(let text): fault = text
        case .resized(let size): self.size = size
        case .tick: return
        }
        settle()
    }

    private mutating func take(_ report: StatusReport) {
        fault = nil
        cycle.saw(report.site.sequence, at: now)
        var trends = latest?.trends ?? ReportTrends()
        trends.add(report)
        latest = ReportSnapshot(report: report, received: now, trends: trends)
    }

    // MARK: - What is shown

    /// The report on the screen: the newest, or the one that was frozen.
    var shown: ReportSnapshot? { frozen ?? latest }

    /// How the report on the screen stands to the plant.
    var currency: ReportCurrency {
        guard let shown else { return .waiting(fault: fault) }
        let age = max(.zero, now - shown.received)
        if frozen != nil { return .frozen(age: age, fault: fault) }
        if let fault { return .silent(fault, age: age) }
        if let standing = cycle.standing(at: now) { return .standing(standing) }
        return age > Self.lateAge ? .late(age: age) : .live(age: age)
    }

    /// Age from which a report is no longer taken for live.
    static let lateAge = Duration.seconds(5)

    // MARK: - What actions do

    mutating func show(_ view: ScreenView) {
        self.view = view
        overlay = nil
        pageTop = 0
    }

    mutating func toggleFreeze() { frozen = frozen == nil ? latest : nil }

    mutating func open(_ overlay: ScreenOverlay?) {
        self.overlay = overlay
        pageTop = 0
    }
}

/// Where the operator is in one list.
struct ListState: Hashable, Sendable {
    var choice = ListChoice()
    /// The selected row; nil while the selection stays at the first.
    var selected: String?
    /// The place of the selected row, from 0.
    var position = 0
    /// The place of the first row shown, from 0.
    var top = 0
}

/// How far the report on the screen may be taken as the plant's present state.
enum ReportCurrency: Equatable {
    /// No report yet.
    case waiting(fault: String?)
    case live(age: Duration)
    /// The newest answer is taking too long.
    case late(age: Duration)
    /// The agent does not answer.
    case silent(String, age: Duration)
    /// The agent answers with the same cycle again and again.
    case standing(Duration)
    /// The operator holds the screen.
    case frozen(age: Duration, fault: String?)

    var isLive: Bool {
        if case .live = self { true } else { false }
    }
}

/// Notices that an agent answers while its cycle has stopped.
struct CycleWatch: Hashable, Sendable {
    private var sequence: Int?
    private var advanced = Duration.zero
    /// The time between the last two advances; nil before the second report that differs.
    private var gap: Duration?

    /// A cycle may last this many times the last one before it counts as standing.
    private static let patience = 5
    /// The least time before a cycle counts as standing, and the time while none was measured.
    private static let least = Duration.seconds(15)
    private static let unmeasured = Duration.seconds(60)

    mutating func saw(_ sequence: Int, at now: Duration) {
        guard sequence != self.sequence else { return }
        if self.sequence != nil { gap = now - advanced }
        self.sequence = sequence
        advanced = now
    }

    /// How long the cycle has stood still; nil while it may well be running.
    func standing(at now: Duration) -> Duration? {
        guard sequence != nil else { return nil }
        let limit = gap.map { max(Self.least, $0 * Self.patience) } ?? Self.unmeasured
        return now - advanced > limit ? now - advanced : nil
    }
}
