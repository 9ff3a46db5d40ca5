"""Recomputes PUE from a CSV of meters' energy totals; standard library only.

Usage: recompute_pue.py CSV START_MS END_MS BOUNDARY_DEVICE[,..] IT_DEVICE[,..]
Prints the ratio. Totals are interpolated linearly, by their source time, at the two instants.
"""

import csv
import sys
from datetime import datetime, timezone


def milliseconds(text):
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)


def read_totals(path):
    series = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            device, _, point = row["point"].partition("/")
            if point != "energy_total" or not row["value"] or not row["source_time"]:
                continue
            assert row["unit"] == "joules", row["unit"]
            series.setdefault(device, {})[milliseconds(row["source_time"])] = int(row["value"])
    return {device: sorted(points.items()) for device, points in series.items()}


def total_at(points, instant):
    for (before, low), (after, high) in zip(points, points[1:]):
        if before <= instant <= after:
            return low + (high - low) * (instant - before) / (after - before)
    raise SystemExit(f"no totals around {instant}: {points[0][0]}...{points[-1][0]}")


def difference(series, devices, start, end):
    return sum(total_at(series[device], end) - total_at(series[device], start) for device in devices)


def main(path, start, end, boundary, it):
    series = read_totals(path)
    start, end = int(start), int(end)
    total = difference(series, boundary.split(","), start, end)
    print(repr(total / difference(series, it.split(","), start, end)))


main(*sys.argv[1:])
