"""Bytes of a file that are not all plain ASCII: what must not be in a spec is found here."""

from __future__ import annotations

import re
from itertools import islice

from servec.dsl.checks.srv009_unexpected import bad_bytes, utf_16

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic

MOST = 5  # findings of this kind in one file
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]")
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_LONE = re.compile(rb"\r(?!\n)")
_SPACED = bytes(
    32 if (byte < 32 and byte not in (9, 10, 13)) or byte == 127 else byte for byte in range(256)
)
_NAMES = {0: "a NUL byte", 13: "a carriage return without a line feed"}


def cleaned(path: str, data: bytes, found: list[Diagnostic]) -> str | None:
    """The text, one character a byte; bytes that must not be there become spaces, reported.

    A carriage return without a line feed becomes a line end. None for UTF-16.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        found.append(utf_16(path))
        return None
    bad: dict[int, str] = {}
    at = 0
    while len(bad) < MOST:
        try:
            data[at:].decode("utf-8")
            break
        except UnicodeDecodeError as error:
            start = at + error.start
            bad[start] = f"the byte 0x{data[start]:02x} is no UTF-8"
            data = data[:start] + b" " * (error.end - error.start) + data[at + error.end :]
            at = start + 1
    else:
        data = data.decode("utf-8", "replace").encode("ascii", "replace").ljust(len(data))
    controls = list(islice(_CONTROL.finditer(data), MOST))
    for match in controls[: MOST - len(bad)]:
        character = match[0].decode("utf-8")
        name = _NAMES.get(ord(character), f"the control character U+{ord(character):04X}")
        bad[match.start()] = f"{name} is in the file"
    if controls:
        data = _C1.sub(b"  ", _LONE.sub(b"\n", data)).translate(_SPACED)
    found.extend(bad_bytes(path, start, bad[start]) for start in sorted(bad))
    return data.decode("latin-1")
