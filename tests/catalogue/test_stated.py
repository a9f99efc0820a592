"""Hardware as threads of the runtimes' trackers state it, each read by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servec.cli.given_hardware import hardware_of

SAID: list[tuple[str, str]] = [
    (said, read)
    for said, read in json.loads(Path(__file__).with_name("stated.json").read_text("utf-8"))
]


@pytest.mark.parametrize(("said", "read"), SAID)
def test_is_read_as_what_it_says(said: str, read: str) -> None:
    assert hardware_of(said, judging=True) == read
