// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Plant

// Keys, movement, and what keeps the selection where the operator put it.
extension ScreenModel {
    /// Characters a filter may have.
    private static let maximumFilter = 60

    var list: ListState {
        get { lists[view.rawValue] }
        set { lists[view.rawValue] = newValue }
    }

    /// Whether keys move through text rather than through a list.
    var isPage: Bool { overlay != nil || !view.isList }

    mutating func press(_ key: ScreenKey) {
        if isEditingFilter, case .character(let character) = key { return type(character) }
        let binding = bindings.first { $0.actions[key] != nil }
        guard let action = binding?.actions[key] else { return }
        perform(action)
    }

    private mutating func type(_ character: Character) {
        guard list.choice.filter.count < Self.maximumFilter else { return }
        list.choice.filter.append(character)
    }

    private mutating func perform(_ action: ScreenAction) {
        switch action {
        case .show(let view): show(view)
        case .turn(let step): show(view.moved(by: step))
        case .move(let step): move(by: step)
        case .page(let step): isPage ? scroll(by: step * pageRows) : move(by: step * listRows)
        case .first: isPage ? scroll(by: -pageTop) : select(nil)
        case .last: isPage ? scroll(by: pageLineCount) : select(shownIdentifiers.count - 1)
        case .editFilter: isEditingFilter = true
        case .endFilter: isEditingFilter = false
        case .clearFilter:
            list.choice.filter = ""
            isEditingFilter = false
        case .shortenFilter: if !list.choice.filter.isEmpty { list.choice.filter.removeLast() }
        case .sort:
            list.choice.order = (list.choice.order + 1) % max(1, view.orders.count)
            list.selected = nil
        case .freeze: toggleFreeze()
        case .help: open(.help)
        case .details: openSelected(.details)
        case .why: openSelected(.why)
        case .back: open(nil)
        case .quit: isFinished = true
        }
    }

    private mutating func openSelected(_ overlay: ScreenOverlay) {
        // The page stays with what it was opened on, even where a new report brings another to the top.
        let identifiers = shownIdentifiers
        guard identifiers.indices.contains(list.position) else { return }
        list.selected = identifiers[list.position]
        open(overlay)
    }

    private mutating func move(by step: Int) {
        if overlay == .help || !view.isList { return scroll(by: step) }
        if overlay != nil { pageTop = 0 }
        select(list.position + step)
    }

    /// Selects a place, or gives the selection back to whatever comes first.
    private mutating func select(_ place: Int?) {
        let identifiers = shownIdentifiers
        guard let place, !identifiers.isEmpty else {
            list.selected = nil
            return
        }
        list.position = min(max(place, 0), identifiers.count - 1)
        list.selected = identifiers[list.position]
    }

    private mutating func scroll(by step: Int) { pageTop += step }

    // MARK: - After every event

    /// Brings selection, scroll and page back into what there is.
    mutating func settle() {
        pageTop = max(0, min(pageTop, pageLineCount - pageRows))
        guard view.isList else { return }
        let identifiers = shownIdentifiers
        list.position = place(in: identifiers)
        if overlay == nil, list.selected != nil, identifiers.indices.contains(list.position) {
            list.selected = identifiers[list.position]
        }
        let rows = max(1, listRows)
        let latestTop = max(0, identifiers.count - rows)
        list.top = min(min(max(list.top, list.position - rows + 1), list.position), latestTop)
        list.top = max(0, list.top)
    }

    private func place(in identifiers: [String]) -> Int {
        guard let selected = list.selected else { return 0 }
        // Names should be unique; where a report repeats one, the place decides.
        if identifiers.indices.contains(list.position), identifiers[list.position] == selected { return list.position }
        return identifiers.firstIndex(of: selected) ?? min(list.position, max(0, identifiers.count - 1))
    }

    // MARK: - The list

    /// The identifiers of the rows of the present list, in order.
    var shownIdentifiers: [String] {
        guard let report = shown?.report else { return [] }
        let choice = list.choice
        switch view {
        case .overview: return []
        case .racks: return RackTable(report, choice, glyphs).rows.map(RackTable.identifier)
        case .loops: return LoopTable(report, choice, glyphs).rows.map(LoopTable.identifier)
        case .devices: return DeviceTable(report, choice, glyphs).rows.map(DeviceTable.identifier)
        case .alarms: return AlarmTable(report, choice, glyphs).rows.map(AlarmTable.identifier)
        }
    }

    private var listRows: Int { max(1, ScreenLayout.bodyRows(size.height) - 1) }
    private var pageRows: Int { max(1, ScreenLayout.bodyRows(size.height)) }
    private var pageLineCount: Int { ScreenLayout.pageLines(self, size.width, size.height)?.count ?? 0 }
}
