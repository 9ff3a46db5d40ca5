# Reads a remote-write request from standard input, prints its samples as JSON lines.
# Written from the format descriptions of Snappy and protocol buffers alone; shares nothing with the product.
import json
import struct
import sys


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def unsnap(data):
    length, at = varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:  # literal
            size = (tag >> 2) + 1
            if size > 60:
                width = size - 60
                size = int.from_bytes(data[at:at + width], "little") + 1
                at += width
            out += data[at:at + size]
            at += size
            continue
        if tag & 3 == 1:
            size, offset, at = ((tag >> 2) & 7) + 4, (tag >> 5) << 8 | data[at], at + 1
        else:
            width = 2 if tag & 3 == 2 else 4
            size, offset, at = (tag >> 2) + 1, int.from_bytes(data[at:at + width], "little"), at + width
        assert 0 < offset <= len(out), "copy from before the start"
        for _ in range(size):
            out.append(out[-offset])
    assert len(out) == length, f"promised {length} bytes, got {len(out)}"
    return bytes(out)


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = data[at:at + 8], at + 8
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            raise ValueError(f"wire type {kind}")
        yield key >> 3, value


def read(data):
    for number, series in fields(unsnap(data)):
        assert number == 1, "only time series in a write request"
        labels, samples = [], []
        for number, part in fields(series):
            inner = dict(fields(part))
            if number == 1:
                labels.append([inner.get(1, b"").decode(), inner.get(2, b"").decode()])
            else:
                stamp = inner.get(2, 0)
                bits = inner.get(1, bytes(8))
                samples.append([stamp - (1 << 64) if stamp >> 63 else stamp, struct.unpack("<Q", bits)[0]])
        yield {"labels": labels, "samples": samples}


if __name__ == "__main__":
    for entry in read(bytes.fromhex(sys.stdin.read().strip())):
        print(json.dumps(entry, sort_keys=True))
