# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""The same site polled with pymodbus's asynchronous client: one task a device, one event loop."""

import argparse
import asyncio
import logging
import resource
import time

from pymodbus.client import AsyncModbusTcpClient


class Device:
    def __init__(self, port):
        self.client = AsyncModbusTcpClient("127.0.0.1", port=port)
        self.values = []
        self.read_at = 0.0

    async def poll(self, options, phase):
        await self.client.connect()
        due = time.monotonic() + phase
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            values = []
            for block in range(options.blocks):
                reply = await self.client.read_holding_registers(
                    block * 1000, count=options.registers, device_id=1
                )
                if not reply.isError():
                    values += [register * 0.1 for register in reply.registers]
            self.values, self.read_at = values, time.time()
            due = max(due + options.interval / 1000, time.monotonic() - options.interval / 1000)


async def main(options):
    with open(options.ports, encoding="ascii") as file:
        ports = [int(line) for line in file]
    devices = [Device(port) for port in ports]
    tasks = [
        asyncio.create_task(device.poll(options, position / len(devices) * options.interval / 1000))
        for position, device in enumerate(devices)
    ]
    await asyncio.sleep(options.settle)
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.monotonic_ns()
    await asyncio.sleep(options.seconds)
    after, end = resource.getrusage(resource.RUSAGE_SELF), time.monotonic_ns()
    print("user_seconds", after.ru_utime - before.ru_utime)
    print("system_seconds", after.ru_stime - before.ru_stime)
    print("window_start", start)
    print("window_end", end)
    print("peak_kib", after.ru_maxrss)
    print("points", sum(len(device.values) for device in devices))
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--ports", required=True)
    for name, value in {"blocks": 4, "registers": 125, "interval": 1000, "settle": 3, "seconds": 10}.items():
        parser.add_argument("--" + name, type=int, default=value)
    logging.disable(logging.CRITICAL)  # what it says of replies that come at the end
    asyncio.run(main(parser.parse_args()))
