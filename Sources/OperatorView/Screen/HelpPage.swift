// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// The help page of a view: its keys, and the signs it uses.
struct HelpPage {
    static func lines(_ model: ScreenModel, columns: Int) -> [StyledLine] {
        let glyphs = model.glyphs
        var lines = [StyledLine("KEYS in \(model.view.title)", .heading, glyphs)]
        for binding in model.bindingsBelow {
            var lead = StyledLine(glyphs)
            lead.add(binding.keys, columns: 11, .left, .strong)
            lines += StyledLine.wrapped(binding.help, lead: lead, columns: columns)
        }
        lines.append(StyledLine(glyphs))
        lines.append(StyledLine("SIGNS", .heading, glyphs))
        for sign in signs(model) {
            var lead = StyledLine(glyphs)
            lead.add(sign.sign, columns: 11, .left, sign.role)
            lines += StyledLine.wrapped(sign.meaning, lead: lead, columns: columns)
        }
        lines.append(StyledLine(glyphs))
        lines += StyledLine.wrapped(
            "This view only reads. Commands are given with 'thermocline command'.",
            lead: StyledLine(glyphs),
            columns: columns,
            .faint
        )
        return lines
    }

    private struct Sign {
        let sign: String
        let meaning: String
        let role: ScreenRole

        init(_ sign: String, _ meaning: String, _ role: ScreenRole = .normal) {
            self.sign = sign
            self.meaning = meaning
            self.role = role
        }
    }

    private static func signs(_ model: ScreenModel) -> [Sign] {
        let missing = Sign("--", "No value.")
        switch model.view {
        case .overview:
            return [
                missing,
                Sign("*", "An indicative figure: the notes on key figures say why."),
                Sign("!  ~", "Something is wrong; something is doubtful.", .warning),
                Sign("curve", "The last reports seen by this view, each scaled to its own range; the newest at right."),
            ]
        case .racks:
            return [
                missing,
                Sign("!", "No current value: stale or bad, with the cause and its age.", .alarm),
                Sign("~", "An uncertain value.", .warning),
                Sign("^", "More power than the rack is built for.", .warning),
            ]
        case .loops:
            return [
                Sign("automatic", "Decides and writes.", .good),
                Sign("advisory", "Decides and records, never writes.", .notice),
                Sign("hand", "Held by an operator.", .warning),
                Sign("off", "Does nothing.", .faint),
            ]
        case .devices:
            return [
                Sign("!", "Down, or degraded: some requests fail.", .alarm),
                Sign("~", "Connecting.", .notice),
                Sign("REPLIED", "Plant time since the last good reply."),
                Sign("TRIP", "Mean wall time from request to reply."),
            ]
        case .alarms:
            return [
                Sign("!", "Active: present, nobody has acknowledged it.", .alarm),
                Sign("~", "Returned: gone, nobody has acknowledged it.", .notice),
                Sign("FOR", "Plant time in the present state."),
            ]
        }
    }
}
