// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

/// A bare number that crosses modules tells its unit.
enum UnitRule {
    /// Words that name a unit, alone or at the end of a property's name; compared without case.
    static let unitWords = [
        "ampere", "amperes", "bar", "celsius", "cubicmeter", "cubicmeters", "day", "days", "degree", "degrees", "euro",
        "euros", "fraction", "gram", "grams", "hertz", "hour", "hours", "joule", "joules", "kelvin", "kelvins",
        "kilogram", "kilograms", "kilojoule", "kilojoules", "kilopascal", "kilopascals", "kilowatt", "kilowatts",
        "kilowatthour", "kilowatthours", "liter", "liters", "litre", "litres", "megawatt", "megawatts", "meter",
        "meters", "metre", "metres", "microsecond", "microseconds", "millisecond", "milliseconds", "minute", "minutes",
        "pascal", "pascals", "percent", "ratio", "revolutionsperminute", "rpm", "second", "seconds", "share", "volt",
        "voltamperes", "voltamperesreactive", "volts", "watt", "watts",
    ]

    /// Other ways in which documentation tells what a number is in.
    static let phrases = [
        "0...1", "0..<1", "0 to", "1...", "base unit", "dimensionless", "factor", "how many", "in units of",
        "number of", "per cent", "point's unit", "power of ten", "same unit", "source unit", "the unit", "this unit",
        "`unit`", "unit of", "unit the", "unit``",
    ]

    static func check(_ file: ScannedFile) -> [Finding] {
        file.lines.indices.compactMap { index in
            guard let name = bareNumber(file.lines[index].code), !endsInUnit(name),
                !namesUnit(file.documentation(above: index)), !typeNamesUnit(file, index)
            else { return nil }
            return file.finding(index, "\(name) is a bare number; name its unit in its /// comment or in its name")
        }
    }

    /// The name of the stored `package` property of type `Double` or `Float` that a line declares, or nil.
    static func bareNumber(_ code: String) -> String? {
        guard code.contains("package"), code.contains("let ") || code.contains("var ") else { return nil }
        let declaration =
            #/
            ^ \s* (?: @\w+ (?: \([^)]*\) )? \s+ )*
            package \s+ (?: (?: private\(set\) | fileprivate\(set\) | static | nonisolated | final ) \s+ )*
            (?: let | var ) \s+ (\w+) \s*
            (?: : \s* (Double|Float) \?? \s* ( \{.* | =.* )? | = \s* -? [\d_]+ \. \d .* ) $
            /#
        guard let match = code.firstMatch(of: declaration) else { return nil }
        if let tail = match.3, tail.hasPrefix("{"), !tail.contains("didSet"), !tail.contains("willSet") { return nil }
        return String(match.1)
    }

    /// Whether the documentation of the type around a line puts all its numbers in one unit: "in watts".
    private static func typeNamesUnit(_ file: ScannedFile, _ index: Int) -> Bool {
        func indentation(_ index: Int) -> Int { file.lines[index].code.prefix { $0 == " " }.count }
        let type = file.lines[..<index].indices.last {
            indentation($0) < indentation(index) && file.lines[$0].code.contains(/\b(?:struct|class|enum|actor)\s/)
        }
        guard let type else { return false }
        let documentation = file.documentation(above: type).lowercased()
        return documentation.contains(/\bin (?:their |the )?(?:base unit|point's unit)/)
            || documentation.matches(of: /\bin (\w+)/).contains { unitWords.contains(String($0.1)) }
    }

    static func endsInUnit(_ name: String) -> Bool {
        let folded = name.lowercased()
        return unitWords.contains { folded.hasSuffix($0) }
    }

    static func namesUnit(_ documentation: String) -> Bool {
        let folded = documentation.lowercased()
        if phrases.contains(where: { folded.contains($0) }) { return true }
        let words = Set(folded.split { !$0.isLetter }.map(String.init))
        return unitWords.contains { words.contains($0) } || documentation.contains(/\bper\b/)
    }
}

/// A type that other targets see says what it is.
enum DocumentationRule {
    static func check(_ file: ScannedFile) -> [Finding] {
        let declaration =
            #/
            ^ \s* (?: @\w+ (?: \([^)]*\) )? \s+ )*
            package \s+ (?: (?: final | indirect | nonisolated ) \s+ )*
            (struct|class|enum|actor|protocol|typealias) \s+ (?! (?: func | var | let ) \b ) (\w+)
            /#
        return file.lines.indices.compactMap { index in
            guard file.lines[index].code.contains("package"),
                let match = file.lines[index].code.firstMatch(of: declaration),
                ScannedLine.trimmed(file.documentation(above: index)[...]).isEmpty
            else { return nil }
            return file.finding(index, "\(match.1) \(match.2) has no /// comment")
        }
    }
}
