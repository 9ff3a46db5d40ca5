// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The colours of the eight every terminal with colour has.
package enum ScreenColor: Int16, CaseIterable, Sendable {
    case red = 1
    case green = 2
    case yellow = 3
    case magenta = 5
    case cyan = 6
}

/// How a cell looks: a colour or the terminal's own, and attributes that need no colour.
package struct ScreenStyle: Hashable, Sendable {
    /// The colour of the text; nil for the terminal's own.
    package var color: ScreenColor?
    package var isBold = false
    package var isFaint = false
    package var isUnderlined = false
    package var isReverse = false

    /// The look of a cell; without colour the attributes stay as they are.
    package init(_ role: ScreenRole, isSelected: Bool, isColored: Bool) {
        switch role {
        case .normal: break
        case .strong: isBold = true
        case .faint: isFaint = true
        case .heading: (isBold, isUnderlined) = (true, true)
        case .good: color = .green
        case .notice: color = .cyan
        case .warning: (color, isBold) = (.yellow, true)
        case .alarm: (color, isBold) = (.red, true)
        case .stale: isFaint = true
        case .badge: (color, isBold, isReverse) = (.magenta, true, true)
        case .banner: (color, isBold, isReverse) = (.red, true, true)
        case .tab: (isBold, isReverse) = (true, true)
        case .key: isReverse = true
        }
        if isSelected {
            isReverse.toggle()
            // Faint on reverse cannot be read on many terminals.
            isFaint = false
        }
        if !isColored { color = nil }
    }
}
