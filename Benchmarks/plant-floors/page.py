#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of docs/plant/floors.md from runs of plant-floors, beside figures calculated by the hour.

page.py PAGE RUNS CALCULATED: every table stands between <!-- NAME --> and <!-- end of NAME -->. RUNS is what
plant-floors prints, several of its outputs one after the other too; of two runs of the same the longer counts, and
causes are compared with runs of their own length.
"""

import csv
import re
import sys

PART_NAMES = {
    "return": "return temperature, with its pumps and the economizer's flow",
    "towers": "tower model",
    "economizer": "economizer by its approach or by its plates",
    "electrical": "electrical losses",
    "air_handlers": "air handlers' fans",
    "chillers": "five chillers, or six with a spare",
}
CONTROLLERS = {"baseline": "B0", "good-practice": "B1"}
BOUNDS, HALL = "bounds", "hall-10mw"
WHOLE_MONTHS = 31


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row.get("site") != "site"]


class Runs:
    def __init__(self, rows):
        self.rows = sorted(rows, key=lambda row: int(row["days"]))

    def find(self, site, weather, controller, days=None):
        found = None
        for row in self.rows:
            if (row["site"], row["weather"], row["controller"]) == (site, weather, controller):
                if days is None or row["days"] == days:
                    found = row
        return found


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def hours(row):
    return "/".join(row[name] for name in ("free_hours", "partial_hours", "mechanical_hours"))


def mark(run):
    """A star where the months are not whole."""
    return "" if int(run["days"]) >= WHOLE_MONTHS else "\\*"


def figures(runs, calculated):
    def cell(run, reference):
        return f"{float(run['pue']):.3f}{mark(run)} ({float(run['pue']) - reference:+.3f})" if run else "-"

    rows = []
    for place in calculated:
        row = [place["name"]]
        for controller, column in (("baseline", "baseline"), ("good-practice", "good_practice")):
            row.append(place[column])
            for site in (BOUNDS, HALL):
                row.append(cell(runs.find(site, place["weather"], controller), float(place[column])))
        simulated = runs.find(BOUNDS, place["weather"], "good-practice")
        rows.append(row + [hours(place), hours(simulated) if simulated else "-"])
    head = ["site"]
    for name in CONTROLLERS.values():
        head += [f"{name} calculated", f"{name} bounds", f"{name} hall"]
    return table(head + ["hours calculated", "hours bounds"], rows)


def parts(runs, calculated):
    names = ["chillers", "towers", "facility_pumps", "coolant_units", "air_handlers", "electrical", "kelvin_minutes"]
    head = ["B1", "chillers", "towers, condenser pumps", "facility pumps", "CDUs", "air handlers", "electrical"]
    rows = []
    for place in calculated:
        for site, words in ((BOUNDS, "bounds"), (HALL, "hall")):
            run = runs.find(site, place["weather"], "good-practice")
            if run:
                rows.append([f"{place['name']}, {words}{mark(run)}"] + [run[name] for name in names])
    return table(head + ["K·min beyond limits"], rows)


def causes(runs, calculated):
    """Every cause alone, put into the hall and taken out of bounds, and the sums beside the difference."""
    blocks = []
    for place in calculated:
        for controller, name in CONTROLLERS.items():
            changes, ends = [], None
            for part, words in PART_NAMES.items():
                changed = runs.find(f"{HALL}+{part}", place["weather"], controller)
                if not changed:
                    continue
                sites = (HALL, BOUNDS, f"{HALL}+{part}", f"{BOUNDS}+{part}")
                found = [runs.find(site, place["weather"], controller, changed["days"]) for site in sites]
                if None in found:
                    continue
                hall, bounds, hall_with, bounds_without = (float(run["pue"]) for run in found)
                ends = (hall, bounds, mark(changed))
                changes.append((words, hall_with - hall, bounds - bounds_without))
            if ends is None:
                continue
            whole = ends[1] - ends[0]
            rows = [
                [words, f"{into:+.4f}", f"{out:+.4f}", f"{(into + out) / 2:+.4f}"] for words, into, out in changes
            ]
            sums = [sum(change[1] for change in changes), sum(change[2] for change in changes)]
            sums.append((sums[0] + sums[1]) / 2)
            rows.append(["added up"] + [f"{value:+.4f}, {value / whole:.0%}" for value in sums])
            title = f"{name}, {place['name']}{ends[2]}: hall {ends[0]:.4f}, bounds {ends[1]:.4f}, {whole:+.4f}"
            blocks.append(table([title, "put into the hall", "taken out of bounds", "mean"], rows))
    return "\n\n".join(blocks) if blocks else "No difference above 0.02."


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: page.py PAGE RUNS CALCULATED")
    page, runs, calculated = sys.argv[1], Runs(read(sys.argv[2])), read(sys.argv[3])
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for name, draw in (("figures", figures), ("parts", parts), ("causes", causes)):
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        if start not in text or end not in text:
            sys.exit(f"{page}: no {start.strip()} ... {end} to write between")
        drawn = start + "\n" + draw(runs, calculated) + "\n\n" + end
        text = re.sub(re.escape(start) + ".*?" + re.escape(end), lambda _: drawn, text, flags=re.DOTALL)
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)


main()
