"""What stands before the blocks of an imported deployment: its name, model and hardware."""

from __future__ import annotations

import re

from servec.dsl.limits import MAX_DEVICES
from servec.targets.shared.importing.literal import WORD, quoted

TYPE = re.compile(r":[A-Za-z0-9_]+$")
"""The type behind a GGUF repository, which is a field of its own."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.targets.shared.importing.read import Wish
    from servec.targets.shared.importing.sheet import Sheet


def head_of(wish: Wish, sheet: Sheet, model: str) -> dict[str, str]:
    """What stands before the blocks, as it is written.

    A line takes the devices that it names, though a machine may have more; where it has fewer, the
    rules say so.
    """
    kind, _, there = (wish.hardware or "any").partition(" x ")
    taken = min(MAX_DEVICES, max(1, sheet.devices // max(1, sheet.nodes)))
    hardware = f"{kind} x {min(taken, int(there)) if there else taken}"
    return {
        "name": quoted(deployment_name(model)) or '"imported"',
        "model": model_literal(bare(model, sheet)),
        "runtime": wish.runtime,
        "hardware": hardware,
        "nodes": str(sheet.nodes),
    }


def bare(model: str, sheet: Sheet) -> str:
    """The model without the type behind it, where a field says that."""
    return TYPE.sub("", model) if "precision.weights" in sheet.fields else model


def model_literal(model: str) -> str:
    """The model as a string: a path begins with `./`, `../` or `/`."""
    parts = model.split("/")
    hub = len(parts) == 2 and all(parts) and not model.lower().endswith((".gguf", ".json"))
    hub = hub or "://" in model
    if model and not hub and not model.startswith(("/", "./", "../")):
        known = WORD.fullmatch(model) and known_model(model) is not None
        model = model if known else "./" + model
    return quoted(model or "./model") or '"./model"'


def deployment_name(model: str) -> str:
    """A name for the deployment: the last part of the model's, in small letters."""
    last = (
        TYPE.sub("", model)
        .replace("\\", "/")
        .rstrip("/")
        .rpartition("/")[2]
        .lower()
        .removesuffix(".gguf")
    )
    plain = re.sub(r"[^a-z0-9_.-]+", "-", last)[:63].strip("-._")
    return plain or "imported"


def known_model(name: str) -> Model | None:
    """What the catalogue knows of a model, by name or repository."""
    from servec.compiler.catalogue.models import find_model

    return find_model(name) if name else None


def judged_model(name: str) -> Model | None:
    """The model that the compiler takes a name for: the catalogue's, or one by its looks."""
    found = known_model(name)
    if found is None and name and "$" not in name:
        from servec.compiler.catalogue.assumed import assumed

        found = assumed(name)
    return found
