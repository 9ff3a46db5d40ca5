// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The pages that the number keys show.
package enum ScreenView: Int, CaseIterable, Sendable {
    case overview
    case racks
    case loops
    case devices
    case alarms

    /// The word of the tab.
    var title: String {
        switch self {
        case .overview: "overview"
        case .racks: "racks"
        case .loops: "loops"
        case .devices: "devices"
        case .alarms: "alarms"
        }
    }

    /// What one line of the list is.
    var noun: String { self == .overview ? "line" : String(title.dropLast()) }

    /// The number key.
    var digit: Character { Character(String(rawValue + 1)) }

    /// Whether the page is a list with a selected line.
    var isList: Bool { self != .overview }

    /// The names of the orders that `s` goes through; the first is the one at start.
    var orders: [String] {
        switch self {
        case .overview: []
        case .racks: RackTable.Order.allCases.map(\.rawValue)
        case .loops: LoopTable.Order.allCases.map(\.rawValue)
        case .devices: DeviceTable.Order.allCases.map(\.rawValue)
        case .alarms: AlarmTable.Order.allCases.map(\.rawValue)
        }
    }

    /// The view so many tabs further on, round the end.
    func moved(by step: Int) -> ScreenView {
        let count = Self.allCases.count
        return ScreenView(rawValue: ((rawValue + step) % count + count) % count) ?? .overview
    }
}

/// What lies over a view.
package enum ScreenOverlay: Sendable {
    /// The keys and signs of the view.
    case help
    /// All the report says of the selected line.
    case details
    /// Why the selected loop is in its state.
    case why
}

/// A key, whatever bytes the terminal sent for it.
package enum ScreenKey: Hashable, Sendable {
    case character(Character)
    case up
    case down
    case left
    case right
    case pageUp
    case pageDown
    case home
    case end
    case enter
    case escape
    case tab
    case backTab
    case backspace
}

/// The columns and rows of a terminal.
package struct ScreenSize: Hashable, Sendable {
    /// The number of columns.
    package let width: Int
    /// The number of rows.
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}
