"""Reads one float32, high word first, from a holding register with pymodbus and prints it.

Usage: read_float.py PORT UNIT ADDRESS
"""

import struct
import sys

from pymodbus.client import ModbusTcpClient

port, unit, address = map(int, sys.argv[1:])
client = ModbusTcpClient("127.0.0.1", port=port)
assert client.connect()
reply = client.read_holding_registers(address, count=2, device_id=unit)
assert not reply.isError(), reply
print(struct.unpack(">f", struct.pack(">HH", *reply.registers))[0])
client.close()
