"""A slip of the pen in a good spec is one mistake: every error that it gives is on its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from servec import api
from servec.cli.sources import DiskSources
from tests.golden import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.dsl.diagnostic import Diagnostic

SPECS = [path.name for path in sorted((ROOT / "specs").glob("*.srv"))]
RELATION = re.compile(r"(?<!let )\b([a-z][\w.-]{3,}) (?:<=|>=|=) ([^;{}#\n]+?)(?= *(?:[;}#\n]|$))")
BLOCK = re.compile(r"^ *([a-z]\w{3,})(?: [^{=\n]*)? \{", re.MULTILINE)


def shortened(name: str) -> str:
    return name[:2] + name[3:]


def slips(text: str) -> Iterator[tuple[int, int, str]]:
    """Places in a spec, and what is written there by mistake."""
    for found in RELATION.finditer(text):
        yield *found.span(1), shortened(found[1])
        yield *found.span(1), f"zz-{found[1]}-zz"
        yield *found.span(2), "17 parsecs"
        yield *found.span(2), ""
        yield *found.span(2), "= " + found[2]
        if "[" not in found[2]:
            yield *found.span(2), "no-such-word"
    for found in BLOCK.finditer(text):
        yield *found.span(1), shortened(found[1])
        yield *found.span(1), f"zz-{found[1]}-zz"


def errors_in(name: str, text: str) -> list[Diagnostic]:
    sources = DiskSources()
    sources.put(f"specs/{name}", text.encode())
    checked = api.check(sources, [f"specs/{name}"])
    return [item for item in checked.diagnostics if item.severity == "error"]


def is_at(item: Diagnostic, name: str, start: int, end: int) -> bool:
    spans = [label.span for label in (item.primary, *item.secondary)]
    return any(s.file == f"specs/{name}" and start <= s.start <= end for s in spans)


@pytest.mark.parametrize("name", SPECS)
def test_no_error_goes_with_another(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "specs" / name).read_text(encoding="utf-8")
    before = {(item.code, item.title) for item in errors_in(name, text)}
    for start, end, slip in list(slips(text))[SPECS.index(name) % 5 :: 5]:
        wrong = text[:start] + slip + text[end:]
        found = errors_in(name, wrong)
        if not any(item.code < "SRV2" for item in found):
            continue  # a word that only the runtimes know, or a name in an `on` block
        first = len(wrong[: wrong.rfind("\n", 0, start) + 1].encode())
        last = len(wrong[: wrong.find("\n", start)].encode()) + 1
        for item in found:
            at = is_at(item, name, first, last)
            assert at or (item.code, item.title) in before, (wrong[first:last], item.title)
