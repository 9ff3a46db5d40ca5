#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Serves literal register words over Modbus/TCP with pymodbus, for tests of the poller.

Reads lines from standard input up to an empty one, each

    UNIT coil|discrete_input|input_register|holding_register ADDRESS WORD...

with the address counted from 0 and the words in hexadecimal (0 or 1 for bits). Addresses that are not named are
refused with exception 2. Then prints the port it listens on, taken from the kernel on 127.0.0.1, and serves until
standard input ends.
"""

import asyncio
import logging
import sys

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

TABLES = ("coil", "discrete_input", "holding_register", "input_register")  # in SimDevice's order


def read_devices(lines):
    units = {}
    for line in lines:
        fields = line.split()
        if not fields:
            break
        unit, table, address, words = int(fields[0]), TABLES.index(fields[1]), int(fields[2]), fields[3:]
        is_bit = table < 2
        values = [int(word, 16) for word in words]
        block = SimData(
            address,
            values=[bool(value) for value in values] if is_bit else values,
            datatype=DataType.BITS if is_bit else DataType.REGISTERS,
        )
        units.setdefault(unit, ([], [], [], []))[table].append(block)
    for blocks in units.values():
        for table, block in enumerate(blocks):
            if not block:  # pymodbus wants something in every table: the last address, which no test reads
                is_bit = table < 2
                block.append(
                    SimData(
                        65535,
                        values=[False] if is_bit else [0],
                        datatype=DataType.BITS if is_bit else DataType.REGISTERS,
                    )
                )
    return [SimDevice(unit, simdata=blocks) for unit, blocks in sorted(units.items())]


async def main():
    devices = read_devices(iter(sys.stdin.readline, ""))
    server = ModbusTcpServer(devices, address=("127.0.0.1", 0))
    await server.listen()
    print(server.transport.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.shutdown()


logging.disable(logging.CRITICAL)
asyncio.run(main())
