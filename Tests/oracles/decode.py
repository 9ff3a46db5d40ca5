#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Decodes Modbus registers from the description in devicemaps/README.md, with nothing but Python's own library.

Reads a JSON list of golden vectors on standard input and compares each with its value. Shares no code with the
product on purpose: bytes are laid out in memory and handed to struct, where the product shifts and masks.
"""
import json
import math
import struct
import sys


def image(words, order, byte_order):
    """The value's bytes, most significant first."""
    ordered = list(reversed(words)) if order == "low_first" else list(words)
    return b"".join(struct.pack("<H" if byte_order == "low_first" else ">H", word) for word in ordered)


def raw_value(kind, words, order, byte_order):
    """The raw number, its bits for comparison with sentinels, or the text."""
    name, _, argument = kind.partition(":")
    data = image(words, order, byte_order)
    bits = int.from_bytes(data, "big")
    if name == "string":
        straight = image(words, "high_first", byte_order)
        return straight.decode("ascii").strip("\0 "), None
    if name == "bool":
        return words[0], words[0]
    if name == "bit":
        value = bits >> int(argument) & 1
        return value, value
    if name in ("uint8", "int8"):
        half = data[0:1] if argument == "high" else data[1:2]
        return struct.unpack("B" if name == "uint8" else "b", half)[0], half[0]
    if name.startswith("uint"):
        return bits & ((1 << int(name[4:])) - 1), bits
    if name.startswith("int"):
        width = int(name[3:])
        value = bits & ((1 << width) - 1)
        return value - (1 << width) if value >> (width - 1) else value, value
    if name.startswith("float"):
        return struct.unpack({"16": ">e", "32": ">f", "64": ">d"}[name[5:]], data)[0], bits
    if name == "bcd":
        return int(data.hex()), bits
    if name == "mod10k":
        ordered = list(reversed(words)) if order == "low_first" else list(words)
        value = 0
        for word in ordered:
            value = value * 10000 + word
        return value, bits
    raise ValueError("unknown type " + kind)


def decode(case):
    """The value in the point's unit, the text, or None where the words mean no value."""
    value, bits = raw_value(case["type"], case["words"], case["order"], case["byte_order"])
    if isinstance(value, str):
        return value
    if str(bits) in case["sentinels"] or not math.isfinite(value):
        return None
    if "scale_factor_word" in case:
        exponent = struct.unpack(">h", struct.pack(">H", case["scale_factor_word"]))[0]
        if not -10 <= exponent <= 10:
            return None
        value = value * 10.0 ** exponent
    value = value * case["scale"] + case["offset"]
    if "valid" in case:
        low, high = case["valid"]
        slack = 1e-9 * max(1.0, abs(low), abs(high))
        if not low - slack <= value <= high + slack:
            return None
    return value


def agrees(found, case):
    if "text" in case:
        return found == case["text"]
    wanted = case.get("value")
    if wanted is None or found is None:
        return wanted is None and found is None
    return abs(found - wanted) <= max(1e-6 * abs(wanted), 1e-9)


def main():
    cases = json.load(sys.stdin)
    wrong = [(case, decode(case)) for case in cases if not agrees(decode(case), case)]
    for case, found in wrong:
        wanted = case.get("text", case.get("value"))
        print(f"{case['map']} {case['point']} {case['words']}: decoded {found!r}, the vector says {wanted!r}")
    if not wrong:
        print(f"{len(cases)} vectors agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
