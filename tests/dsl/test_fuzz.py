"""Damaged specs: no exception, findings of the right shape, formatting that keeps its promises."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec.dsl.format import format_source
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from tests.golden import ROOT

if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic

SAMPLES = {
    path.relative_to(ROOT).as_posix(): path.read_bytes()
    for folder in ("specs", "tests/errors")
    for path in sorted((ROOT / folder).rglob("*.srv"))
}
PIECES = [
    *(b"{", b"}", b"[", b"]", b"=", b"<=", b"<", b"==", b";", b"\n", b'"', b"'", b"#", b"$", b","),
    *(b"%", b"/", b"+", b"-", b".", b"\\", b"\x00", b"\xff", b"\r", b"\xc3\xa9", b"\xe2\x80\x9c"),
    *(b" x ", b" 5", b"5k", b" tokens", b"tok/s", b"$a", b"servec 1", b"let a = 1\n", b"unset x\n"),
    *(b'import "a" as b\n', b'assert a <= 3 else "b"\n', b"on vllm {", b"role decode {", b"99e9"),
    *(b"extends = [a, b.c]\n", b"9" * 40, b"a." * 40, b"{ " * 40, b'"' + b"x" * 200),
]


def damaged(seed: int) -> tuple[str, bytes]:
    """A sample with some bytes deleted, inserted, changed, repeated or lines swapped."""
    chance = random.Random(seed)
    name = chance.choice(sorted(SAMPLES))
    data = bytearray(SAMPLES[name])
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        place, kind = chance.randrange(len(data) + 1), chance.randrange(5)
        if kind == 0:
            del data[place : place + chance.choice([1, 1, 3, 20])]
        elif kind == 1:
            data[place:place] = chance.choice(PIECES)
        elif kind == 2 and place < len(data):
            data[place] = chance.randrange(256)
        elif kind == 3:
            other = chance.randrange(len(data) + 1)
            data[place:place] = data[other : other + chance.randrange(40)]
        else:
            lines = bytes(data).split(b"\n")
            one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            data = bytearray(b"\n".join(lines))
    return name, bytes(data)


def check_shape(item: Diagnostic, sources: MemorySources) -> None:
    assert 0 < len(item.title) <= 100 and item.title.isprintable()
    assert not item.title.endswith(".")
    assert len(item.secondary) <= 3
    for label in (item.primary, *item.secondary):
        assert len(label.text) <= 60 and label.text.isprintable() and not label.text.endswith(".")
        size = len(sources.read(label.span.file) or b"")
        assert 0 <= label.span.start <= label.span.end <= size
    for fix in item.fixes:
        assert fix.title and (not fix.safe or fix.edits)
        spans = sorted((edit.span.start, edit.span.end) for edit in fix.edits)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


def survives(name: str, data: bytes) -> None:
    """Load and format damaged bytes; everything promised of the result is asserted."""
    sources = MemorySources({**SAMPLES, name: data})
    document, found = load(sources, name)
    assert document is not None or found
    assert list(found) == sorted(found, key=lambda item: item.order)
    for item in found:
        check_shape(item, sources)
    once, errors = format_source(name, data)
    assert (once is None) == bool(errors)
    if once is None:
        return
    assert format_source(name, once.encode()) == (once, ())
    again, _ = load(MemorySources({**SAMPLES, name: once}), name)
    if document is not None and not any(item.severity == "error" for item in found):
        assert again is not None
        assert [a.digest for a in again.deployments] == [b.digest for b in document.deployments]


@pytest.mark.parametrize("batch", range(12))
def test_damaged_samples(batch: int) -> None:
    for seed in range(batch * 60, batch * 60 + 60):
        survives(*damaged(seed))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    survives("a.srv", data)
    survives("a.srv", b"servec 1\n" + data)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_sequence_of_pieces(pieces: list[bytes]) -> None:
    survives("a.srv", b"servec 1\n" + b"".join(pieces))
    body = b'servec 1\ndeployment "d" {\n' + b" ".join(pieces)
    survives("a.srv", body)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_in_a_string_is_data(text: str) -> None:
    written = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    spec = f'servec 1\ndeployment "d" {{ model = m; hardware = any; env {{ A = "{written}" }} }}\n'
    try:
        data = spec.encode()
    except UnicodeEncodeError:  # half of a surrogate pair is no text
        return
    document, found = load(MemorySources({"a.srv": data}), "a.srv")
    if any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in text):
        assert "SRV009" in [item.code for item in found]
    else:
        assert found == () and document is not None
        assert document.deployments[0].env["A"].value == text
