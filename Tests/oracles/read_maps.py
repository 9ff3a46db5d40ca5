#!/usr/bin/env python3
# Thermocline: facility telemetry and thermal management for AI data centres.
# SPDX-License-Identifier: Apache-2.0
"""Reads device maps by devicemaps/README.md alone: defaults, repetition, families, golden vectors.

    read_maps.py DIRECTORY [NAME...]

prints every golden vector with all that decode.py must know of its point, as a JSON list. Shares no code with the
product on purpose; only the YAML itself is parsed by a library, and that without its ideas of types: every scalar
stays text until a key of the format says what it is.
"""
import json
import os
import re
import sys

import yaml

OWN_KEYS = {"model", "title", "confirmation", "sources", "identity", "extends", "omit"}
NUMBER_KEYS = {
    "unit", "scale", "offset", "scale_factor_address", "coded_by", "sentinels", "power_factor", "valid_range",
    "flat_line_after", "rate_limit", "valid_while",
}
# Keys of a point that may change in a family without making the golden vectors of the other map wrong.
BESIDE_CODING = {
    "summary", "source", "poll", "address", "vendor_notation", "counter", "flat_line_after", "rate_limit", "write",
    "readable", "valid_while",
}


def number(text):
    """A number of the format: decimal or 0x."""
    text = str(text)
    if re.fullmatch(r"0[xX][0-9A-Fa-f]+", text):
        return int(text[2:], 16)
    return int(text) if re.fullmatch(r"[-+]?[0-9]+", text) else float(text)


def filled(text, n):
    """The text with its templates filled in: {n}, {n+100}, {33+39*n}, {n:02}."""

    def value(match):
        terms, _, width = match.group(1).replace(" ", "").partition(":")
        if not re.fullmatch(r"[0-9n*+-]+", terms):
            raise ValueError(f"the template {match.group(0)} cannot be filled in")
        total = 0
        for sign, product in re.findall(r"([+-]?)([0-9n*]+)", terms):
            result = 1
            for factor in product.split("*"):
                result *= n if factor == "n" else int(factor)
            total += -result if sign == "-" else result
        return str(total).zfill(int(width or 0))

    return re.sub(r"\{([^{}]*)\}", value, text)


def instance(node, n):
    """A node as it counts at one number of a repetition."""
    if isinstance(node, dict):
        return {key: instance(value, n) for key, value in node.items()}
    if isinstance(node, list):
        return [instance(value, n) for value in node]
    return filled(node, n)


def expanded(pairs):
    """Names with bodies, every `repeat` followed."""
    result = []
    for name, body in pairs:
        if not isinstance(body, dict) or "repeat" not in body:
            result.append((name, body))
            continue
        clause = body["repeat"]
        bounds = (clause["from"], clause["to"]) if isinstance(clause, dict) else clause.split("..")
        rest = {key: value for key, value in body.items() if key != "repeat"}
        for n in range(int(bounds[0]), int(bounds[1]) + 1):
            result.append((filled(name, n), instance(rest, n)))
    return result


def with_defaults(body, defaults):
    """A point with the defaults it takes; what is said of numbers means nothing to bits, codes and text."""
    kind = body.get("type", "")
    is_coded = (
        kind == "bool"
        or kind.startswith(("bit:", "string:", "characters:", "version:"))
        or body.get("table") in ("coil", "discrete_input")
        or "labels" in body
    )
    taken = {key: value for key, value in defaults.items() if not (is_coded and key in NUMBER_KEYS)}
    return {**taken, **body}


MARKER, BASE, END = [0x5375, 0x6E53], 40000, 0xFFFF


def on_models(document, instead):
    """The points of a map of models, on a device that has those it needs, or the model `instead` of such as it."""
    layouts = []
    for model in document["models"]:
        defaults = {**(document.get("defaults") or {}), **(model.get("defaults") or {})}
        points = {point: with_defaults(body, defaults) for point, body in expanded(model["points"].items())}
        golden = [vector for _, vector in expanded((None, vector) for vector in model.get("golden") or [])]
        ids = [number(text) for text in model["ids"]]
        layouts.append({"ids": ids, "length": number(model["length"]), "points": points, "golden": golden})
    seen = set()
    chain = []
    for layout in layouts:
        if set(layout["points"]) - seen:
            chain.append(layout)
        seen |= set(layout["points"])
    if instead:
        (chosen,) = [layout for layout in layouts if layout["ids"][0] == int(instead)]
        chain = [layout for layout in chain if not set(layout["points"]) & set(chosen["points"])] + [chosen]
    extra = dict(enumerate(MARKER, BASE))
    start = BASE + len(MARKER)
    points, golden = {}, []
    for layout in chain:
        extra.update({start: layout["ids"][0], start + 1: layout["length"]})
        layout["start"] = start
        start += 2 + layout["length"]
    extra.update({start: END, start + 1: 0})
    for layout in sorted(chain, key=layouts.index):
        taken = set(layout["points"]) - set(points)
        golden += [vector for vector in layout["golden"] if vector["point"] in taken]
        for point in layout["points"]:
            if point in taken:
                body = dict(layout["points"][point])
                for key in ("address", "scale_factor_address"):
                    if key in body:
                        body[key] = str(layout["start"] + number(body[key]))
                if "coded_by" in body:
                    place = layout["start"] + number(body["coded_by"]["address"])
                    body["coded_by"] = {**body["coded_by"], "address": str(place)}
                points[point] = body
    limits = document.get("limits") or {}
    return {"points": points, "golden": golden, "defaults": {}, "limits": limits, "extra": extra}


def read(directory, name):
    """A map: its points by name, in order, and its golden vectors; `name:id` with that model for those of its kind."""
    name, _, instead = name.partition(":")
    with open(os.path.join(directory, name + ".yaml"), encoding="utf-8") as file:
        document = yaml.load(file, yaml.BaseLoader)
    if "models" in document:
        return on_models(document, instead)
    defaults = document.get("defaults") or {}
    own = expanded((document.get("points") or {}).items())
    golden = [vector for _, vector in expanded((None, vector) for vector in document.get("golden") or [])]
    if "extends" not in document:
        points = {point: with_defaults(body, defaults) for point, body in own}
        return {"points": points, "golden": golden, "defaults": defaults, "limits": document.get("limits") or {}}
    base = read(directory, document["extends"])
    omitted = set(document.get("omit") or [])
    changes = dict(own)
    points = {}
    changed = set(omitted)
    for point, body in base["points"].items():
        if point in omitted:
            continue
        change = changes.pop(point, {})
        if not set(change) <= BESIDE_CODING:
            changed.add(point)
        points[point] = {**body, **change}
    defaults = {**base["defaults"], **defaults}
    for point, body in changes.items():
        points[point] = with_defaults(body, defaults)
    golden = [vector for vector in base["golden"] if vector["point"] not in changed] + golden
    limits = {**base["limits"], **(document.get("limits") or {})}
    return {"points": points, "golden": golden, "defaults": defaults, "limits": limits}


def width(kind):
    """How many bits a raw number of a type has."""
    name, _, argument = kind.partition(":")
    if name in ("bool", "bit"):
        return 1
    if name == "bits":
        low, high = argument.split("..")
        return int(high) - int(low) + 1
    if name in ("uint8", "int8"):
        return 8
    if name in ("bcd", "mod10k"):
        return 16 * int(argument)
    return int(re.sub(r"[a-z]+", "", name))


def register_count(kind):
    name, _, argument = kind.partition(":")
    if name in ("bool", "bit", "bits", "uint8", "int8"):
        return 1
    if name in ("bcd", "mod10k", "string", "characters"):
        return int(argument.split(":")[0])
    if name == "version":
        return (sum(int(bits) for bits in argument.split(".")) + 15) // 16
    return (width(kind) + 15) // 16


def case(name, point, body, vector):
    """One golden vector as decode.py takes it."""
    parts = [
        (number(part["address"]), part.get("type", body.get("type", "uint16")), number(part.get("factor", 1)))
        for part in body.get("parts", [])
    ]
    first = min((part[0] for part in parts), default=None)
    kind = body["type"] if first is None else min((part[1] for part in parts), key=width)
    is_text = kind.startswith(("string:", "characters:", "version:"))
    patterns = [] if is_text else [number(pattern) for pattern in body.get("sentinels") or []]
    sentinels = [pattern & ((1 << width(kind)) - 1) for pattern in patterns]
    entry = {
        "map": name,
        "point": point,
        "words": [number(word) for word in vector["words"]],
        "type": kind,
        "order": "high_first" if is_text else body.get("order", "high_first"),
        "byte_order": body.get("byte_order", "high_first"),
        "scale": number(body.get("scale", 1)),
        "offset": number(body.get("offset", 0)),
        "sentinels": [str(bits) for bits in sentinels],
        "table": body["table"],
        "address": number(body["address"]) if first is None else first,
    }
    if parts:
        entry["parts"] = [(address - first, kind, factor) for address, kind, factor in parts]
    if "power_factor" in body:
        entry["power_factor"] = body["power_factor"]
    if "scale_factor_address" in body:
        entry["scale_factor_address"] = number(body["scale_factor_address"])
    if "coded_by" in body:
        entry["scale_factor_address"] = number(body["coded_by"]["address"])
        entry["code_type"] = body["coded_by"]["type"]
        entry["unit"] = body["unit"]
        entry["codes"] = {
            str(number(code)): {
                "unit": each.get("unit", body["unit"]),
                "scale": number(each.get("scale", entry["scale"])),
                "offset": number(each.get("offset", entry["offset"])),
            }
            for code, each in body["coded_by"]["cases"].items()
        }
    if "text" in vector:
        entry["text"] = vector["text"]
    elif vector["value"] != "none":
        entry["value"] = number(vector["value"])
    if "valid_range" in body:
        entry["valid"] = [number(bound) for bound in body["valid_range"]]
    if "coded_by_word" in vector:
        entry["coded_by_word"] = number(vector["coded_by_word"])
    if "scale_factor_word" in vector:
        entry["scale_factor_word"] = number(vector["scale_factor_word"])
    return entry


def names(directory):
    """Every map, and behind one of models it again with each model that it can do without."""
    found = []
    for name in sorted(file[:-5] for file in os.listdir(directory) if file.endswith(".yaml")):
        found.append(name)
        with open(os.path.join(directory, name + ".yaml"), encoding="utf-8") as file:
            models = yaml.load(file, yaml.BaseLoader).get("models") or []
        seen = set()
        for model in models:
            points = {point for point, _ in expanded(model["points"].items())}
            if not points - seen:
                found.append(f"{name}:{number(model['ids'][0])}")
            seen |= points
    return found


def cases(directory, name):
    found = read(directory, name)
    return [case(name, vector["point"], found["points"][vector["point"]], vector) for vector in found["golden"]]


if __name__ == "__main__":
    chosen = sys.argv[2:] or names(sys.argv[1])
    json.dump([entry for name in chosen for entry in cases(sys.argv[1], name)], sys.stdout)
