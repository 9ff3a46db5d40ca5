#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Measures acquisition beside a C floor and the peers, in alternation, and prints a figure a line.

usage: run.py ACQUISITION-BENCH [--cache FOLDER] [--quick] [--only ROW,ROW]

A shared machine is never quiet, so nothing here is an absolute time where it can be a ratio: what is compared runs in
the same minutes, turn by turn, and the median over the turns counts.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile

import clients
from load import LoadServer, black_hole_numbers, gaps, latenesses, percentile

BLOCKS, REGISTERS = 4, 125
SECOND = 1_000_000_000


class Bench:
    def __init__(self, options, folder):
        self.folder = folder
        self.cache = options.cache
        self.quick = options.quick
        self.server = os.path.join(options.cache, "load-server")
        clients.build("load_server.c", self.server)
        clients.build("floor.c", os.path.join(options.cache, "floor"), "-lmodbus")
        self.floor = clients.Client("floor", [os.path.join(options.cache, "floor")])
        self.ours = clients.Client("ours", [options.program])

    def seconds(self, wanted):
        return max(3, wanted // 3) if self.quick else wanted

    def rounds(self, wanted):
        return 1 if self.quick else wanted

    def turn(self, client, endpoints, settle, seconds, black_holes=0, delay=0, **options):
        """One run of one client against a fresh server; returns what it said and the arrivals it caused."""
        with LoadServer(self.server, self.folder, endpoints, black_holes, delay) as server:
            said = client.poll(server, settle, self.seconds(seconds), **options)
        arrivals = server.within(said)
        said["seconds"] = float(said["user_seconds"]) + float(said["system_seconds"])
        said["requests"] = len(arrivals)
        if client is self.ours:
            self.audit(said, endpoints, black_holes)
        return said, arrivals

    @staticmethod
    def audit(said, endpoints, black_holes):
        """A run whose readings are not what was served measures nothing."""
        points, good, right = (int(said[key]) for key in ("points", "good", "right"))
        due = points * (endpoints - black_holes) // endpoints
        if good < due * 0.99 or right < good:
            print(f"warning: of {due} points that were served {good} were good and {right} right", file=sys.stderr)

    def alternate(self, names, rounds, measure):
        """Runs the named in turn, the first one last in every other round; gives a list of results a name."""
        results = {name: [] for name in names}
        for number in range(self.rounds(rounds)):
            for name in names if number % 2 == 0 else reversed(names):
                results[name].append(measure(name))
        return results


def show_runs(name, values, unit):
    print(
        f"runs {name}: {len(values)}, median {statistics.median(values):.3f}, min {min(values):.3f}, "
        f"max {max(values):.3f} {unit}",
        flush=True,
    )


def figure(name, value, unit, *limits):
    """One line a limit: `gate` or `goal`, `<=` or `>=` and so forth, the number."""
    for kind, operator, limit in limits:
        is_met = {"<=": value <= limit, "<": value < limit, ">=": value >= limit, ">": value > limit}[operator]
        verdict = "met" if is_met else "missed"
        print(f"figure {name} {value:.3f} {unit} {kind} {operator} {limit:g} {verdict}", flush=True)


def processor_seconds_per_transaction(bench):
    for endpoints in (100, 900):
        def measure(name):
            client = bench.floor if name == "floor" else bench.ours
            said, _ = bench.turn(client, endpoints, 2, 6, blocks=BLOCKS, registers=REGISTERS)
            return said

        results = bench.alternate(["floor", "ours"], 3, measure)
        cost = {name: [run["seconds"] / run["requests"] * 1e6 for run in runs] for name, runs in results.items()}
        for name, runs in results.items():
            show_runs(f"{name}_{endpoints}_connections", cost[name], "us/transaction")
        freeze = statistics.median(float(r["freeze_seconds"]) / r["seconds"] for r in results["ours"])
        print(f"runs ours_{endpoints}_connections: {freeze:.0%} of it for taking all readings once a second")
        ratio = statistics.median(ours / floor for ours, floor in zip(cost["ours"], cost["floor"]))
        figure(f"cpu_per_transaction_{endpoints}", ratio, "x_floor", ("gate", "<=", 2), ("goal", "<=", 1.25))


def peers(bench):
    candidates = [bench.ours, clients.find_pymodbus(), clients.find_collectd(bench.cache, bench.folder)]
    found = {client.name: client for client in candidates if client is not None}
    for name in ("pymodbus", "collectd"):
        if name not in found:
            print(f"runs {name}: not on this machine and not to be had")
    print("runs modbus_exporter: not measured (needs a Go tool chain)")

    def measure(name):
        said, arrivals = bench.turn(found[name], 200, 4, 8, blocks=BLOCKS, registers=REGISTERS)
        # collectd asks for one value a request, everyone else for a whole block.
        points = len(arrivals) * (1 if name == "collectd" else REGISTERS)
        return said["seconds"] / points * 1e6 if points else float("nan")

    cost = bench.alternate(list(found), 2, measure)
    for name, values in cost.items():
        show_runs(f"{name}_200_devices", values, "us/point")
    best = min((statistics.median(values) for name, values in cost.items() if name != "ours"), default=float("nan"))
    advantage = best / statistics.median(cost["ours"])
    figure("site_200_cpu_per_point", advantage, "x_less_than_best_peer", ("gate", ">", 1), ("goal", ">=", 5))


def thousand_endpoints(bench):
    def measure(name):
        client = bench.floor if name == "floor" else bench.ours
        said, arrivals = bench.turn(client, 1_000, 3, 9, blocks=1, registers=100)
        said["lateness"] = percentile(latenesses(arrivals, 1, SECOND), 0.99) / 1e6
        return said

    results = bench.alternate(["floor", "ours"], 5, measure)
    late = {name: [run["lateness"] for run in runs] for name, runs in results.items()}
    for name, values in late.items():
        show_runs(f"{name}_1000_endpoints_lateness_p99", values, "ms")
    memory = [int(run["peak_kib"]) * 1024 / 1e6 for run in results["ours"]]
    show_runs("ours_1000_endpoints_peak_memory", memory, "MB")
    share = [run["seconds"] / ((int(run["window_end"]) - int(run["window_start"])) / SECOND) for run in results["ours"]]
    show_runs("ours_1000_endpoints_of_one_core", share, "cores")
    ratio = statistics.median(ours / floor for ours, floor in zip(late["ours"], late["floor"]))
    figure("lateness_p99_1000", ratio, "x_floor", ("gate", "<=", 3), ("goal", "<=", 1.5))
    figure("memory_1000", statistics.median(memory), "MB", ("gate", "<", 300), ("goal", "<", 150))


def black_holes(bench):
    endpoints, holes = 500, 50

    def measure(name):
        count = holes if name == "with" else 0
        _, arrivals = bench.turn(bench.ours, endpoints, 6, 10, count, blocks=BLOCKS, registers=REGISTERS)
        healthy = set(range(endpoints)) - black_hole_numbers(endpoints, holes)
        return percentile(gaps(arrivals, BLOCKS, healthy), 0.99) / 1e6

    results = bench.alternate(["without", "with"], 2, measure)
    for name, values in results.items():
        show_runs(f"healthy_gap_p99_{name}_black_holes", values, "ms")
    ratio = statistics.median(results["with"]) / statistics.median(results["without"])
    figure("healthy_gap_p99_with_10_percent_black_holes", ratio, "x_without", ("gate", "<=", 1.1), ("goal", "<=", 1.01))


def writes(bench):
    trip = 20
    # Four reads of one round trip each in 100 ms: the endpoints are busy four fifths of the time.
    said, arrivals = bench.turn(
        bench.ours, 50, 3, 12, delay=trip * 1_000, blocks=BLOCKS, registers=REGISTERS, interval=100, writes=400
    )
    times = [int(time) / 1e6 for time in said.get("write_nanoseconds", [])]
    show_runs("write_confirmed", times or [float("nan")], f"ms ({said['write_failures']} not confirmed)")
    print(f"runs write_confirmed: {len(arrivals)} requests served meanwhile")
    late = percentile(times, 0.99) if int(said["write_failures"]) == 0 else float("inf")
    figure("write_confirmed_p99", late, "ms", ("gate", "<=", 4 * trip + 50), ("goal", "<=", 4 * trip + 20))


ROWS = {
    "cpu": processor_seconds_per_transaction, "peers": peers, "thousand": thousand_endpoints,
    "black-holes": black_holes, "writes": writes,
}


def processor_name():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main():
    parser = argparse.ArgumentParser(description="Measures acquisition beside a C floor and the peers.")
    parser.add_argument("program", help="the release build of acquisition-bench")
    parser.add_argument("--cache", default=".build/bench-acquisition", help="where helpers are built and kept")
    parser.add_argument("--quick", action="store_true", help="one short round of everything")
    parser.add_argument("--only", default=",".join(ROWS), help="rows to measure: " + ", ".join(ROWS))
    options = parser.parse_args()
    options.cache = os.path.abspath(options.cache)
    os.makedirs(options.cache, exist_ok=True)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"machine {processor_name()}, {os.cpu_count()} processors, Linux {platform.release()}, load {load}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        for row in options.only.split(","):
            ROWS[row](bench)


if __name__ == "__main__":
    main()
