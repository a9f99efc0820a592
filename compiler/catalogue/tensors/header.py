"""The header of a safetensors file: names, shapes and bytes of its tensors, bounds checked.

Source: the format's README (huggingface/safetensors): 8 bytes with the length of the header, little
endian, then that much JSON; a header has at most 100 MB.
"""

from __future__ import annotations

import json

from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.dsl.record import record

MOST = 100_000_000
MOST_TENSORS = 2_000_000
LENGTH = 8
OWN = "__metadata__"


@record
class Stored:
    """One tensor: its elements and the bytes it takes in the file."""

    name: str
    elements: int
    bytes: int


def header_size(begin: bytes) -> int:
    """Bytes of the file up to the end of its header; `BadConfig` where it is no such file."""
    if len(begin) < LENGTH:
        raise BadConfig("the safetensors header is cut short")
    length = int.from_bytes(begin[:LENGTH], "little")
    if not 2 <= length <= MOST:
        raise BadConfig("the file is no safetensors file")
    return LENGTH + length


def read_tensors(data: bytes) -> tuple[Stored, ...]:
    """The tensors of a file that begins with `data`; `BadConfig` where it is none or damaged."""
    end = header_size(data)
    if len(data) < end:
        raise BadConfig("the safetensors header is cut short")
    try:
        found = json.loads(data[LENGTH:end])
    except (ValueError, RecursionError):
        raise BadConfig("the safetensors header is not JSON") from None
    if not isinstance(found, dict) or len(found) > MOST_TENSORS:
        raise BadConfig("the safetensors header is damaged")
    return tuple(_tensor(name, row) for name, row in found.items() if name != OWN)


def _tensor(name: str, row: object) -> Stored:
    shape = row.get("shape") if isinstance(row, dict) else None
    span = row.get("data_offsets") if isinstance(row, dict) else None
    if not isinstance(shape, list) or not isinstance(span, list) or len(span) != 2:
        raise BadConfig(f"tensor `{name[:60]}` has no shape or place")
    if not all(type(item) is int and 0 <= item < 1 << 60 for item in (*shape, *span)):
        raise BadConfig(f"tensor `{name[:60]}` has a shape or place that is out of range")
    elements = 1
    for size in shape:
        elements *= size
    if span[1] < span[0] or elements >= 1 << 60:
        raise BadConfig(f"tensor `{name[:60]}` has a shape or place that is out of range")
    return Stored(name, elements, span[1] - span[0])
