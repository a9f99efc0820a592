"""The conditions of old releases name nothing that nobody reads, and nothing is read unnamed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from servec.compiler.catalogue.devices import find_device
from servec.compiler.catalogue.models import find_model
from servec.compiler.options.named import modelled
from servec.dsl.schema.language import field
from servec.targets.shared.past import ways
from servec.targets.shared.past.heads import HEADS, PARTS
from servec.targets.shared.table import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILES = sorted(Path(FOLDER).glob("*/past_rows.json"))
DOCUMENTS = {path.parent.name: json.loads(path.read_text()) for path in FILES}
OTHER = ("below", "above", "upto", "differs", "uneven", "past")
"""Relations to another name, which a text beside them is."""


def names(conditions: Sequence[Sequence[Any]]) -> Iterator[str]:
    for name, relation, operand in conditions:
        if relation == "of":
            yield from names(operand)
            continue
        yield name
        if relation in OTHER and isinstance(operand, str):
            yield operand


NAMED = {
    (runtime, name)
    for runtime, document in DOCUMENTS.items()
    for row in document["rows"]
    for name in names(row["when"])
}


@pytest.mark.parametrize("runtime", DOCUMENTS)
def test_what_conditions_name_is_known(runtime: str) -> None:
    for name in sorted(name for of, name in NAMED if of == runtime):
        known(runtime, name)


def known(runtime: str, name: str) -> None:
    head, _, rest = name.partition(".")
    model, device = find_model("qwen3-8b"), find_device("h100")
    assert model is not None and device is not None
    if head not in HEADS or name == head:
        assert field("deployment", name) or name == "model", name
    elif head in ("model", "draft"):
        modelled(model, rest)
    elif head == "device":
        assert hasattr(device, rest), name
    elif head == "rank":
        assert rest in (*PARTS, "spare_heads")
    elif head == "line":
        assert rest in ("image", "vendor")
    elif head == "set":
        path = Path(FOLDER) / runtime / "past.json"
        assert rest in json.loads(path.read_text())["sets"]


def test_every_head_is_named_and_explained() -> None:
    assert {name.partition(".")[0] for _, name in NAMED if "." in name} >= set(HEADS)
    for head, read in HEADS.items():
        assert f"`{head}." in (read.__doc__ or ""), head


@pytest.mark.parametrize("runtime", DOCUMENTS)
def test_every_way_is_explained_and_has_its_source(runtime: str) -> None:
    for name, way in DOCUMENTS[runtime].get("ways", {}).items():
        assert f"`{name}`" in (ways.__doc__ or ""), name
        assert name == "dated" or way["source"], name
