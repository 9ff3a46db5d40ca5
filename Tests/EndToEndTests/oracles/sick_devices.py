#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Modbus/TCP devices that each do one thing wrong, on free ports of 127.0.0.1; standard library only.

Prints "NAME PORT" for each, then "ready", and serves until standard input ends. The replies would be good ones, every
register holding 17000, if it were not for the fault that the name tells.
"""

import asyncio
import random
import sys

noise = random.Random(7)


def reply(request, transaction=0, protocol=0, length=0, unit=0, byte_count=0):
    """The reply to a read; the arguments are added to what the field should hold."""
    count = int.from_bytes(request[10:12], "big")
    body = bytes([request[7], (2 * count + byte_count) & 0xFF]) + (17000).to_bytes(2, "big") * count
    header = ((int.from_bytes(request[0:2], "big") + transaction) & 0xFFFF).to_bytes(2, "big")
    header += protocol.to_bytes(2, "big") + (len(body) + 1 + length).to_bytes(2, "big")
    return header + bytes([(request[6] + unit) & 0xFF]) + body


FAULTS = {
    "garbage": lambda request: noise.randbytes(64),
    "stalls": lambda request: b"",
    "stalls-halfway": lambda request: reply(request)[:11],
    "length-too-long": lambda request: reply(request, length=40),
    "length-too-short": lambda request: reply(request, length=-2),
    "byte-count-too-long": lambda request: reply(request, byte_count=20),
    "foreign-transaction": lambda request: reply(request, transaction=0x4000),
    "foreign-unit": lambda request: reply(request, unit=1),
    "foreign-protocol": lambda request: reply(request, protocol=1),
}


def server(fault):
    async def serve(reader, writer):
        try:
            while True:
                request = await reader.readexactly(12)
                writer.write(fault(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    return serve


async def close_at_once(reader, writer):
    writer.close()


async def main():
    handlers = {"closes-at-once": close_at_once} | {name: server(fault) for name, fault in FAULTS.items()}
    servers = []
    for name, handler in handlers.items():
        servers.append(await asyncio.start_server(handler, "127.0.0.1", 0))
        print(name, servers[-1].sockets[0].getsockname()[1], flush=True)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
