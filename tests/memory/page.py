"""The page of memory, `compiler/memory/README.md`: formulas, constants and how well they do.

All that is a figure comes from the tables and from the code.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import servec.compiler.memory
from servec.compiler.memory.accuracy import accuracy
from servec.compiler.memory.constants import version_key
from servec.compiler.memory.figures import Constants
from servec.compiler.memory.kv import kv_bytes_per_token
from servec.compiler.memory.weights import weights_per_device
from servec.compiler.plan import Degrees
from tests.memory.make import catalogued

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(servec.compiler.memory.__file__).parent
PAGE = FOLDER / "README.md"
TABLE: dict[str, Any] = json.loads((FOLDER / "constants.json").read_text(encoding="utf-8"))
LOGS = Path(__file__).with_name("reports.yaml")
GIB = 1 << 30
TEXT = Path(__file__).with_name("page.md").read_text(encoding="utf-8")


def page() -> str:
    """The whole page."""
    parts = {
        "TOKENS": "\n".join(_tokens()),
        "WEIGHTS": "\n".join(_weights()),
        "MEANINGS": _meanings(),
        "CONSTANTS": "\n".join(_constants()),
        "UNSEEN": "\n".join(_unseen()),
        "SCORES": "\n".join(_scores()),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], TEXT)


def _tokens() -> Iterator[str]:
    yield "| model | cache | layout | bytes a token |"
    yield "| --- | --- | --- | ---: |"
    for name, kv, cut in (
        ("qwen3-8b", "bf16", Degrees()),
        ("llama-3.3-70b", "bf16", Degrees(tensor=4)),
        ("qwen3-235b-a22b", "bf16", Degrees(tensor=8)),
        ("deepseek-v3", "bf16", Degrees(tensor=8)),
        ("kimi-k2.5", "fp8", Degrees(tensor=8)),
    ):
        each = kv_bytes_per_token(catalogued(name), kv, cut)
        yield f"| {name} | {kv} | {cut} | {each} |"


def _weights() -> Iterator[str]:
    yield "| model | runtime | layout | GiB a device |"
    yield "| --- | --- | --- | ---: |"
    for name, runtime, cut in (
        ("qwen3-8b", "vllm", Degrees()),
        ("llama-3.3-70b", "vllm", Degrees(tensor=4)),
        ("qwen3-235b-a22b-fp8", "vllm", Degrees(tensor=8, expert=8)),
        ("deepseek-v3", "sglang", Degrees(tensor=1, data=8, expert=8)),
    ):
        size = weights_per_device(catalogued(name), cut, runtime) / GIB
        yield f"| {name} | {runtime} | {cut} | {size:.2f} |"


def _meanings() -> str:
    """What the fields of the table mean, as the record that reads it has them."""
    text = (Constants.__doc__ or "").partition("\n\n")[2]
    return re.sub(r"\n +", "\n", text).strip()


def _constants() -> Iterator[str]:
    for runtime, entry in TABLE["runtimes"].items():
        like = f", otherwise as {entry['like']}" if "like" in entry else ""
        yield f"### {runtime}{like}\n"
        rows = list(_rows(entry))
        if not rows:
            yield "Nothing of its own.\n"
            continue
        yield "| figure | since | value | from |"
        yield "| --- | --- | --- | --- |"
        yield from rows
        yield ""


def _rows(entry: dict[str, Any]) -> Iterator[str]:
    for name, figure in entry.get("base", {}).items():
        yield _row(name, "", figure)
    for since in sorted(entry.get("versions", {}), key=version_key):
        for name, figure in entry["versions"][since].items():
            yield _row(name, since, figure)


def _row(name: str, since: str, figure: dict[str, Any]) -> str:
    value = figure["value"]
    shown = json.dumps(value) if isinstance(value, (list, dict, bool)) else str(value)
    unit = f" {figure['unit']}" if "unit" in figure else ""
    source = figure["source"].replace("|", "\\|")
    return f"| `{name}` | {since} | {shown}{unit} | {source} |"


def _unseen() -> Iterator[str]:
    found = TABLE["devices"]["unseen"]
    yield "| device | GiB |"
    yield "| --- | ---: |"
    for name, size in found["value"].items():
        yield f"| {name or 'any other'} | {size} |"
    yield f"\nFrom {found['source']}."


def _scores() -> Iterator[str]:
    rows = yaml.safe_load(LOGS.read_text(encoding="utf-8"))
    unseen = [row for row in rows if not row.get("fitted")]
    document: Any = accuracy(unseen).document()
    yield "| quantity | logs | median error | 95th percentile | within 5 % |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, found in document["quantities"].items():
        if found["n"] >= 3:
            figures = (found["median_error"], found["p95_error"], found["within_5_percent"])
            median, high, near = (f"{100 * value:.1f} %" for value in figures)
            yield f"| {name} | {found['n']} | {median} | {high} | {near} |"
    fit = document["fit"]
    yield (
        f"\nStarts or not: {fit['starts_right']} right, {fit['starts_wrong']} wrong, "
        f"{fit['unsure']} inside the error, {fit['unjudged']} with too little named."
    )
