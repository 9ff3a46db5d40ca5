#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Decodes and encodes Modbus registers from the description in devicemaps/README.md, with nothing but Python's own
library.

Reads a JSON list of golden vectors on standard input, as `read_maps.py` prints them, and compares each with its value;
then encodes each value and compares the registers: what they read as may differ by half a step of the scale. Shares
no code with the product on purpose: bytes are laid out in memory and handed to struct, where the product shifts and
masks.
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
    if name == "characters":
        count, _, half = argument.partition(":")
        straight = image(words, "high_first", byte_order)
        return straight[0 if half == "high" else 1 :: 2].decode("ascii").strip("\0 "), None
    if name == "version":
        digits = bin(bits | 1 << 8 * len(data))[3:]
        fields = []
        for size in argument.split("."):
            fields.append(str(int(digits[: int(size)], 2)))
            digits = digits[int(size) :]
        return ".".join(fields), None
    if name == "string":
        straight = image(words, "high_first", byte_order)
        return straight.decode("ascii").strip("\0 "), None
    if name == "bool":
        return words[0], words[0]
    if name == "bit":
        value = bits >> int(argument) & 1
        return value, value
    if name == "bits":
        low, high = (int(position) for position in argument.split(".."))
        value = sum((bits >> position & 1) << (position - low) for position in range(low, high + 1))
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


def parted(case):
    """The words of each part of a sum, with its type and factor."""
    for offset, kind, factor in case["parts"]:
        count = 2 if kind.endswith("32") else 1
        yield case["words"][offset : offset + count], kind, factor


def total(case):
    """The sum of the parts; None where one of them holds a sentinel."""
    result = 0
    for words, kind, factor in parted(case):
        value, bits = raw_value(kind, words, case["order"], case["byte_order"])
        if str(bits & (1 << 16 * len(words)) - 1) in case["sentinels"]:
            return None
        result += value * factor
    return result


def unfolded(value, coding):
    """The power factor that a number of four quadrants, or one with the sign of leading, tells."""
    if coding == "lead_lag_sign":
        return abs(value)
    if abs(value) > 2:
        return None
    return math.copysign(2 - abs(value), value) if abs(value) > 1 else value


# From a unit to the one that other units of the quantity are compared in: what to multiply with, what to add.
UNITS = {
    "degC": (1, 0), "degF": (5 / 9, -160 / 9), "kelvin": (1, -273.15), "K": (1, 0),
    "Pa": (1, 0), "hPa": (100, 0), "kPa": (1e3, 0), "MPa": (1e6, 0), "bar": (1e5, 0), "mbar": (100, 0),
    "psi": (0.45359237 * 9.80665 / 0.0254**2, 0),
    "W": (1, 0), "kW": (1e3, 0), "MW": (1e6, 0),
    "J": (1, 0), "MJ": (1e6, 0), "GJ": (1e9, 0), "Wh": (3.6e3, 0), "kWh": (3.6e6, 0), "MWh": (3.6e9, 0),
    "m3": (1, 0), "L": (1e-3, 0), "m3/h": (1 / 3600, 0), "L/s": (1e-3, 0), "L/min": (1e-3 / 60, 0),
    "L/h": (1e-3 / 3600, 0), "gpm": (231 * 0.0254**3 / 60, 0),
}


def coded(case):
    """The case as the word of its unit register has it; None where that holds a code the map does not know."""
    code, _ = raw_value(case["code_type"], [case["coded_by_word"]], "high_first", "high_first")
    return case["codes"].get(str(code))


def converted(value, source, target):
    """A value of one unit in another."""
    if source == target:
        return value
    factor, shift = UNITS[source]
    own, back = UNITS[target]
    return (value * factor + shift - back) / own


def decode(case):
    """The value in the point's unit, the text, or None where the words mean no value."""
    if "parts" in case:
        value = total(case)
        if value is None:
            return None
    else:
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
    scaling = case
    if "codes" in case:
        scaling = coded(case)
        if scaling is None:
            return None
    value = value * scaling["scale"] + scaling["offset"]
    if "codes" in case:
        value = converted(value, scaling["unit"], case["unit"])
    if "power_factor" in case:
        value = unfolded(value, case["power_factor"])
        if value is None:
            return None
    if "valid" in case:
        low, high = case["valid"]
        slack = 1e-9 * max(1.0, abs(low), abs(high))
        if not low - slack <= value <= high + slack:
            return None
    return value


def raw_bytes(kind, number):
    """The registers' bytes that hold a raw number, most significant first; None where it does not fit."""
    name, _, argument = kind.partition(":")
    try:
        if name.startswith("float"):
            return struct.pack({"16": ">e", "32": ">f", "64": ">d"}[name[5:]], number)
        whole = round(number)
        if name == "bcd":
            return bytes.fromhex(str(whole).zfill(4 * int(argument))) if whole >= 0 else None
        if name == "mod10k":
            groups = [whole // 10000**place % 10000 for place in reversed(range(int(argument)))]
            return b"".join(struct.pack(">H", group) for group in groups) if whole >= 0 else None
        width = int(name.lstrip("uint"))
        return whole.to_bytes((width + 15) // 16 * 2, "big", signed=not name.startswith("u"))
    except (OverflowError, ValueError, struct.error):
        return None


def spread(case, number):
    """The registers of a sum, as much as possible in the parts of the larger factors; the others stay."""
    words = list(case["words"])
    rest = round(number)
    for offset, kind, factor in sorted(case["parts"], key=lambda part: (-part[2], part[0])):
        width = int(kind.lstrip("uint"))
        low, high = (0, 2**width - 1) if kind.startswith("u") else (-(2 ** (width - 1)), 2 ** (width - 1) - 1)
        share = min(max(rest // factor, low), high)
        rest -= share * factor
        data = raw_bytes(kind, share)
        form = "<H" if case["byte_order"] == "low_first" else ">H"
        part = [struct.unpack(form, data[at : at + 2])[0] for at in range(0, len(data), 2)]
        words[offset : offset + len(part)] = part[::-1] if case["order"] == "low_first" else part
    return words if abs(rest) * 2 < min(part[2] for part in case["parts"]) + 1 else None


def encode(case, value):
    """The registers for a value; the other bits of a register that is shared stay as the vector has them."""
    if "parts" in case:
        number = (value - case["offset"]) / case["scale"]
        return spread(case, number)
    kind, order, byte_order = case["type"], case["order"], case["byte_order"]
    name, _, argument = kind.partition(":")
    scaling = case
    if "codes" in case:
        scaling = coded(case)
        value = converted(value, case["unit"], scaling["unit"])
    number = (value - scaling["offset"]) / scaling["scale"]
    if "scale_factor_word" in case:
        number /= 10.0 ** struct.unpack(">h", struct.pack(">H", case["scale_factor_word"]))[0]
    if name == "bool":
        return [round(number)]
    if name in ("bit", "bits", "uint8", "int8"):
        places = {"high": (8, 15), "low": (0, 7)}.get(argument) or [int(place) for place in argument.split("..")]
        low, high = places[0], places[-1]
        now = int.from_bytes(image(case["words"], order, byte_order), "big")
        for position in range(low, high + 1):
            now = now & ~(1 << position) | (round(number) >> (position - low) & 1) << position
        data = struct.pack(">H", now)
    else:
        data = raw_bytes(kind, number)
    if data is None:
        return None
    form = "<H" if byte_order == "low_first" else ">H"
    words = [struct.unpack(form, data[at : at + 2])[0] for at in range(0, len(data), 2)]
    return words[::-1] if order == "low_first" else words


def encodes(case):
    """Whether the vector's value becomes registers that read as it, within half a step of the scale."""
    if "text" in case or case.get("value") is None:
        return True
    words = encode(case, case["value"])
    if words is None:
        return False
    found = decode({**case, "words": words})
    step = abs((coded(case) if "codes" in case else case)["scale"])
    if "scale_factor_word" in case:
        step *= 10.0 ** struct.unpack(">h", struct.pack(">H", case["scale_factor_word"]))[0]
    if found is None or abs(found - case["value"]) > max(step / 2, 1e-6 * abs(case["value"])):
        return False
    # A value that is exactly on a step has one coding; 24 and 48 bits may be filled up with the sign.
    is_exact = not case["type"].startswith("float") and abs(decode(case) - case["value"]) < 1e-9 * max(1, step)
    if "power_factor" in case:  # a power factor has a second coding that lies the other way
        return True
    return words == case["words"] or not is_exact


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
    unlike = [case for case in cases if not encodes(case)]
    for case in unlike:
        found = encode(case, case["value"])
        print(f"{case['map']} {case['point']} {case['value']}: encoded {found}, the vector has {case['words']}")
    if wrong or unlike:
        return 1
    print(f"{len(cases)} vectors agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
