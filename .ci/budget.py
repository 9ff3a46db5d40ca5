"""Reads the output of test runs and prints the time spent by kind of suite beside its budget in minutes.

Usage: budget.py LOG [LOG...]; run from the top of the repository. A line is marked where its budget is exceeded.
"""

import pathlib
import re
import sys

BUDGET_MINUTES = {"builds": 15, "unit": 5, "closed loops, seeds": 10, "end to end": 10}
KIND_OF_TARGET = {
    "ClosedLoopTests": "closed loops, seeds",
    "EndToEndTests": "end to end",
    "SimulationTests": "closed loops, seeds",
}

SUITE_LINE = re.compile(r'Suite (?:"(?P<title>.*)"|(?P<type>\S+)) (?:passed|failed) after (?P<seconds>[\d.]+) seconds')
BUILD_LINE = re.compile(r"Build complete! \((?P<seconds>[\d.]+)s\)")
TITLED_SUITE = re.compile(r'@Suite\(\s*"(?P<title>[^"]*)"')
TYPE = re.compile(r"(?:struct|final class|actor|enum) (?P<type>\w+)")


def kinds_of_suites():
    """The kind of each suite by its title and by its type's name; a name used twice is taken where it is slowest."""
    kinds = {}
    for target in sorted(pathlib.Path("Tests").iterdir()):
        kind = KIND_OF_TARGET.get(target.name, "unit")
        for source in sorted(target.rglob("*.swift")):
            text = source.read_text(encoding="utf-8")
            for match in list(TITLED_SUITE.finditer(text)) or list(TYPE.finditer(text)):
                name = match.group(1)
                if kinds.get(name, "unit") == "unit":
                    kinds[name] = kind
    return kinds


def main(paths):
    kinds = kinds_of_suites()
    seconds = dict.fromkeys(BUDGET_MINUTES, 0.0)
    for path in paths:
        for line in pathlib.Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
            if match := BUILD_LINE.search(line):
                seconds["builds"] += float(match["seconds"])
            elif match := SUITE_LINE.search(line):
                seconds[kinds.get(match["title"] or match["type"], "unit")] += float(match["seconds"])
    for kind, spent in seconds.items():
        budget = BUDGET_MINUTES[kind] * 60
        mark = "  over budget" if spent > budget else ""
        print(f"{kind:<22} {spent:5.0f} s   budget {budget:4d} s{mark}")


if __name__ == "__main__":
    main(sys.argv[1:])
