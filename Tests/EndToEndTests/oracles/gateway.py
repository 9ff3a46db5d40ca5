#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""A Modbus/TCP gateway with the units of its arguments behind it, every register holding 0x4248.

The first unit missing between 1 and 247 is met with silence and a hung-up connection, the next with exception 11 after
a while, all others with exception 11 at once. Prints its port on 127.0.0.1; serves until standard input ends.
"""

import asyncio
import sys

UNITS = {int(text) for text in sys.argv[1:]}
MISSING = [unit for unit in range(1, 248) if unit not in UNITS]


async def serve(reader, writer):
    try:
        while True:
            request = await reader.readexactly(12)
            unit, function, count = request[6], request[7], int.from_bytes(request[10:12], "big")
            if unit == MISSING[0]:
                break
            if unit == MISSING[1]:
                await asyncio.sleep(0.2)
            if unit in UNITS:
                body = bytes([unit, function, 2 * count]) + bytes([0x42, 0x48]) * count
            else:
                body = bytes([unit, function | 0x80, 11])
            writer.write(request[0:4] + len(body).to_bytes(2, "big") + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
