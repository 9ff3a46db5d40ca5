# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""The load server as a context, and what its log of arrivals tells about a client."""

import os
import signal
import struct
import subprocess

RECORD = struct.Struct("=qIHH")
STRIDE = 1000  # addresses between the first registers of two blocks


class LoadServer:
    """Serves endpoints while the context is open; `arrivals` is there once it is closed."""

    def __init__(self, program, folder, endpoints, black_holes=0, delay_microseconds=0):
        self.ports_path = os.path.join(folder, "ports")
        self.log_path = os.path.join(folder, "arrivals")
        self.arrivals = []
        self.command = [
            program, "--endpoints", str(endpoints), "--ports", self.ports_path, "--log", self.log_path,
            "--black-holes", str(black_holes), "--delay", str(delay_microseconds),
        ]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("the load server did not start")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(20) != 0:
            raise RuntimeError("the load server failed")
        self.process.stdout.close()
        with open(self.log_path, "rb") as log:
            self.arrivals = list(RECORD.iter_unpack(log.read()))

    def within(self, run):
        """The arrivals of the time that a client measured."""
        start, end = int(run["window_start"]), int(run["window_end"])
        return [arrival for arrival in self.arrivals if start <= arrival[0] < end]


def percentile(values, share):
    """The smallest value that so many of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def latenesses(arrivals, blocks, interval):
    """For every scan, nanoseconds from when it was due until its last request arrived.

    Nobody tells the server when a scan is due, so it is taken from the scans themselves: they stand on a grid of one
    interval, and the earliest one of an endpoint shows where that grid lies.
    """
    scans = {}
    for time, endpoint, address, _ in arrivals:
        known = scans.setdefault(endpoint, [])
        if address == 0:
            known.append([time, None])
        if address == (blocks - 1) * STRIDE and known and known[-1][1] is None:
            known[-1][1] = time
    late = []
    for known in scans.values():
        if len(known) < 3:
            continue
        first = known[0][0]
        places = [round((begin - first) / interval) for begin, _ in known]
        grid = min(begin - place * interval for (begin, _), place in zip(known, places))
        for (_, end), place in zip(known, places):
            if end is not None:
                late.append(end - place * interval - grid)
    return late


def gaps(arrivals, blocks, healthy):
    """For every healthy endpoint, nanoseconds between the ends of its successive scans."""
    last, found = {}, []
    for time, endpoint, address, _ in arrivals:
        if address != (blocks - 1) * STRIDE or endpoint not in healthy:
            continue
        if endpoint in last:
            found.append(time - last[endpoint])
        last[endpoint] = time
    return found


def black_hole_numbers(endpoints, black_holes):
    """Which endpoints the load server makes black holes, spread evenly."""
    holes = set()
    for number in range(endpoints):
        if black_holes > 0 and (number + 1) * black_holes // endpoints > len(holes):
            holes.add(number)
    return holes
