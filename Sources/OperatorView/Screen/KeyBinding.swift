// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// What a key does.
enum ScreenAction: Hashable, Sendable {
    case show(ScreenView)
    case turn(Int)
    case move(Int)
    case page(Int)
    case first
    case last
    case editFilter
    case endFilter
    case clearFilter
    case shortenFilter
    case sort
    case freeze
    case help
    case details
    case why
    case back
    case quit
}

/// Some keys that belong together, as the bar and the help page name them.
///
/// The same table decides what a key does and what the bar says, so the bar cannot promise a key that does nothing.
struct KeyBinding: Sendable {
    /// What each key does.
    let actions: [ScreenKey: ScreenAction]
    /// The keys as the bar writes them.
    let keys: String
    /// What they do, in a word or two.
    let label: String
    /// What they do, in a sentence for the help page.
    let help: String
    /// Whether the bar names them; the help page always does.
    let isInBar: Bool

    init(
        _ keys: String,
        _ label: String,
        _ help: String,
        isInBar: Bool = true,
        _ actions: [ScreenKey: ScreenAction]
    ) {
        self.keys = keys
        self.label = label
        self.help = help
        self.isInBar = isInBar
        self.actions = actions
    }
}

extension ScreenModel {
    /// The keys that work now, in the order of the bar.
    var bindings: [KeyBinding] {
        if isEditingFilter { return editingBindings }
        switch overlay {
        case .help: return [scrollBinding, endsBinding, pagingBinding, freezeBinding, backBinding]
        case .details, .why: return detailsBindings
        case nil: return viewBindings
        }
    }

    private var editingBindings: [KeyBinding] {
        [
            KeyBinding("Enter", "keep", "Keep the filter and go back to the list.", [.enter: .endFilter]),
            KeyBinding("Esc", "clear", "Drop the filter.", [.escape: .clearFilter]),
            KeyBinding(
                glyphs.upDown == "jk" ? "Arrows" : glyphs.upDown,
                "move",
                "Move through what the filter leaves.",
                [.up: .move(-1), .down: .move(1), .pageUp: .page(-1), .pageDown: .page(1)]
            ),
            KeyBinding("Backspace", "shorten", "Take the last character away.", [.backspace: .shortenFilter]),
        ]
    }

    private var detailsBindings: [KeyBinding] {
        var bindings = [
            KeyBinding(
                glyphs.upDown,
                "other \(view.noun)",
                "Go to the \(view.noun) before or behind.",
                [.up: .move(-1), .character("k"): .move(-1), .down: .move(1), .character("j"): .move(1)]
            ),
            pagingBinding, endsBinding,
        ]
        if view == .loops {
            bindings.append(
                overlay == .why
                    ? KeyBinding("Enter", "open", "Show all the report says.", [.enter: .details])
                    : KeyBinding("w", "why", "Show why the loop is in its state.", [.character("w"): .why])
            )
        }
        return bindings + [freezeBinding, helpBinding, backBinding]
    }

    private var viewBindings: [KeyBinding] {
        var bindings = [tabsBinding, view.isList ? moveBinding : scrollBinding, pagingBinding, endsBinding]
        if view.isList {
            if !shownIdentifiers.isEmpty {
                bindings.append(
                    KeyBinding("Enter", "open", "Show all the report says of this \(view.noun).", [.enter: .details])
                )
                if view == .loops {
                    let help = "Show why the loop is in its state, and the numbers that rests on."
                    bindings.append(KeyBinding("w", "why", help, [.character("w"): .why]))
                }
            }
            let help = "Show only lines that contain a text; Esc shows all again."
            bindings.append(KeyBinding("/", "filter", help, [.character("/"): .editFilter]))
            if !list.choice.filter.isEmpty {
                bindings.append(KeyBinding("Esc", "all", "Drop the filter.", [.escape: .clearFilter]))
            }
            let orders = "Sort by the next of: \(view.orders.joined(separator: ", "))."
            bindings.append(KeyBinding("s", "sort", orders, [.character("s"): .sort]))
        }
        return bindings + [freezeBinding, helpBinding, quitBinding]
    }

    private var tabsBinding: KeyBinding {
        var actions: [ScreenKey: ScreenAction] = [
            .tab: .turn(1), .right: .turn(1), .backTab: .turn(-1), .left: .turn(-1),
        ]
        for view in ScreenView.allCases { actions[.character(view.digit)] = .show(view) }
        return KeyBinding("1-5", "view", "Change the view; Tab and the side arrows go round.", actions)
    }

    private var moveBinding: KeyBinding {
        KeyBinding(
            glyphs.upDown,
            "move",
            "Move the selection, as do j and k.",
            [.up: .move(-1), .character("k"): .move(-1), .down: .move(1), .character("j"): .move(1)]
        )
    }

    private var scrollBinding: KeyBinding {
        KeyBinding(
            glyphs.upDown,
            "scroll",
            "Scroll by a line, as do j and k.",
            [.up: .move(-1), .character("k"): .move(-1), .down: .move(1), .character("j"): .move(1)]
        )
    }

    private var pagingBinding: KeyBinding {
        KeyBinding(
            "PgUp/PgDn",
            "page",
            "Move by a screenful.",
            isInBar: isPage,
            [.pageUp: .page(-1), .pageDown: .page(1)]
        )
    }

    private var endsBinding: KeyBinding {
        KeyBinding(
            "Home/End",
            "ends",
            "Go to the first or the last line.",
            isInBar: false,
            [.home: .first, .end: .last]
        )
    }

    private var freezeBinding: KeyBinding {
        let isFrozen = frozen != nil
        return KeyBinding(
            "p",
            isFrozen ? "go on" : "freeze",
            isFrozen
                ? "Show the newest report again, as does the space bar." : "Hold the screen, as does the space bar.",
            isInBar: latest != nil,
            latest == nil ? [:] : [.character("p"): .freeze, .character(" "): .freeze]
        )
    }

    private var helpBinding: KeyBinding {
        KeyBinding(
            "?",
            "help",
            "Show the keys and signs of this view.",
            [.character("?"): .help, .character("h"): .help]
        )
    }

    private var backBinding: KeyBinding {
        KeyBinding(
            "Esc",
            "back",
            "Go back to the list.",
            overlay == .help
                ? [.escape: .back, .character("q"): .back, .enter: .back, .character("?"): .back]
                : [.escape: .back, .character("q"): .back, .backspace: .back]
        )
    }

    private var quitBinding: KeyBinding {
        KeyBinding("q", "quit", "End this view; the agent goes on.", [.character("q"): .quit])
    }

    /// The bindings of the view below the overlay, for the help page.
    var bindingsBelow: [KeyBinding] {
        var below = self
        below.overlay = nil
        below.isEditingFilter = false
        return below.bindings
    }
}
