#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Serves the golden words of device maps over Modbus/TCP with pymodbus, literally as they stand in the files.

    serve_golden_words.py DIRECTORY [NAME...]

Every map gets a port of its own, taken from the kernel on 127.0.0.1. Two vectors that want different words in the same
register are served by different unit ids, counted from 1. All other registers of the map hold zero. Prints one line of
JSON for each map that tells what is served where, then `ready`, and serves until standard input ends.
"""
import asyncio
import json
import logging
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "oracles"))

import read_maps
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

TABLES = ("coil", "discrete_input", "holding_register", "input_register")  # in SimDevice's order
GAP = 125  # zeros in smaller gaps, as reads may bridge them


def wanted_words(vector):
    """The registers a vector fills."""
    place = {(vector["table"], vector["address"] + offset): word for offset, word in enumerate(vector["words"])}
    for key in ("scale_factor_word", "coded_by_word"):
        if key in vector:
            place[vector["table"], vector["scale_factor_address"]] = vector[key]
    return place


def rounds_of(vectors):
    """The vectors in as few groups as a first fit finds, none of which wants two words in one register."""
    rounds = []
    for vector in vectors:
        words = wanted_words(vector)
        for taken, members in rounds:
            if vector["point"] not in {member["point"] for member in members} and all(
                taken.get(place, word) == word for place, word in words.items()
            ):
                taken.update(words)
                members.append(vector)
                break
        else:
            rounds.append((words, [vector]))
    return rounds


def addresses_of(found):
    """Every register of the map by table, with small gaps filled, and without what must never be read."""
    by_table = {table: set() for table in TABLES}
    for body in found["points"].values():
        for part in body.get("parts") or [body]:
            start = read_maps.number(part["address"])
            kind = part.get("type", body.get("type", "uint16"))
            by_table[body["table"]].update(range(start, start + read_maps.register_count(kind)))
        if "scale_factor_address" in body:
            by_table[body["table"]].add(read_maps.number(body["scale_factor_address"]))
        if "coded_by" in body:
            by_table[body["table"]].add(read_maps.number(body["coded_by"]["address"]))
    for table, addresses in by_table.items():
        ordered = sorted(addresses)
        for low, high in zip(ordered, ordered[1:]):
            if high - low <= GAP:
                addresses.update(range(low, high))
    for area in found["limits"].get("prohibited") or []:
        first, last = read_maps.number(area["from"]), read_maps.number(area["to"])
        by_table[area["table"]].difference_update(range(first, last + 1))
    by_table["holding_register"].update(found.get("extra") or {})
    return by_table


def blocks_of(table, addresses, words):
    """The registers of a table as pymodbus wants them: runs of values, and something in every table."""
    is_bit = table in ("coil", "discrete_input")
    runs = []
    for address in sorted(addresses):
        if runs and runs[-1][0] + len(runs[-1][1]) == address:
            runs[-1][1].append(words.get((table, address), 0))
        else:
            runs.append((address, [words.get((table, address), 0)]))
    return [
        SimData(
            start,
            values=[bool(value) for value in values] if is_bit else values,
            datatype=DataType.BITS if is_bit else DataType.REGISTERS,
        )
        for start, values in runs or [(65535, [0])]
    ]


async def main():
    directory = sys.argv[1]
    servers = []
    for name in sys.argv[2:] or read_maps.names(directory):
        found = read_maps.read(directory, name)
        readable = {point for point, body in found["points"].items() if body.get("readable", "true") == "true"}
        vectors = [case for case in read_maps.cases(directory, name) if case["point"] in readable]
        rounds = rounds_of(vectors)
        addresses = addresses_of(found)
        if not rounds:
            continue
        extra = {("holding_register", address): word for address, word in (found.get("extra") or {}).items()}
        devices = [
            SimDevice(unit, simdata=tuple(blocks_of(table, addresses[table], extra | words) for table in TABLES))
            for unit, (words, _) in enumerate(rounds, 1)
        ]
        server = ModbusTcpServer(devices, address=("127.0.0.1", 0))
        await server.listen()
        servers.append(server)
        port = server.transport.sockets[0].getsockname()[1]
        shown = ("point", "words", "value", "text")
        served = [[{key: case[key] for key in shown if key in case} for case in members] for _, members in rounds]
        print(json.dumps({"map": name, "port": port, "rounds": served}), flush=True)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for server in servers:
        await server.shutdown()


logging.disable(logging.CRITICAL)
asyncio.run(main())
