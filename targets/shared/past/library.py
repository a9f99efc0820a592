"""Whether the Transformers beside a release reads the config of a model.

A runtime may have a model's class and no reader of its config: that is the part of Transformers,
which is installed beside it. `targets/<name>/transformers.json` has what each release came with,
`facts/types.json` from which Transformers on a model type is read. An image is refused by it, and a
line whose wheel pins the one (`exact`); code of a repository is allowed unasked where the document
says so (`trusts`, its source); before `own_from` the runtime asks Transformers first, and its own
readers (`own`) second; elsewhere it is warned, since a newer one may be there:
vLLM's own recipes put Transformers 5 beside wheels that ask for less.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache

from servec.compiler.options.versions import order
from servec.targets.shared.past.spans import holds
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from servec.compiler.model import Model
    from servec.targets.shared.past.release import Release

OTHERWISE = ("config-format", "load-format", "hf-config-path", "hf-overrides")
"""Flags by which a config is read in another form, from another place or as another type."""


def library_troubles(
    release: Release, model: Model | None, find: Callable[[str], Any]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Code, title, reason, path and severity where the config of a model is not read."""
    from servec.compiler.catalogue.classed import classed
    from servec.compiler.catalogue.store import fact

    known = model or classed(str(find("model") or ""))
    beside = _beside(release.runtime)
    held = _held(release, beside)
    if known is None or not held:
        return
    kind, types = known.model_type, fact("types")
    span, own = types["types"].get(kind), beside["own"].get(kind)
    asked = order(release.version) >= order(beside.get("own_from", "0"))
    if span is None or (asked and own is not None and holds(own, release.version)):
        return
    if not _its_own(known.architecture, kind) or any(find(f"flag.{name}") for name in OTHERWISE):
        return
    if model is not None and model.quant.method == "gguf":
        return
    if release.knows("architectures", known) is False:
        return
    if any(holds(span, version) for version in held):
        return
    coded = kind in types["coded"] or (model is not None and model.remote_code)
    if coded and (find("flag.trust-remote-code") or beside.get("trusts")):
        return
    sure = coded or beside["exact"] or find("line.image")
    severity = "error" if sure else "warning"
    does = "reads the config of this model with --trust-remote-code alone"
    title = does if coded else "cannot read the config of this model"
    why = _why(release, kind, held[-1], span, beside)
    yield "SRV306", f"{release.runtime} {release.version} {title}", why, "model", severity


def _held(release: Release, beside: Mapping[str, Any]) -> tuple[str, ...]:
    """What a release came with; of one between two that were read (`0.5.0rc1`), what both did."""
    read, here = beside.get("releases", {}), order(release.version)
    if release.version in read:
        return (read[release.version],)
    below = [version for version in read if order(version) < here]
    above = [version for version in read if order(version) > here]
    return (read[below[-1]], read[above[0]]) if below and above else ()


def _its_own(architecture: str, kind: str) -> bool:
    """Whether a type is that of the class, not of a text model within another."""
    return architecture.lower()[:3] == kind.lower()[:3]


def _why(release: Release, kind: str, held: str, span: str, beside: Mapping[str, Any]) -> str:
    """What is there, what is needed, and both ways to it."""
    first, _, last = span.partition("..")
    if not first or order(first) <= order(held):
        return f"it comes with transformers {held}, and {kind} was last in {last}"
    here = order(release.version)
    later = next(
        (v for v, it in beside["releases"].items() if order(v) > here and holds(span, it)), ""
    )
    way = f"{release.runtime} {later}, or " if later else ""
    told = f"it comes with transformers {held}, and {kind} came with {first}"
    return f"{told}: {way}`pip install 'transformers>={first}'`"


@lru_cache
def _beside(runtime: str) -> Mapping[str, Any]:
    """The document of a runtime, empty where it has none."""
    path = os.path.join(FOLDER, runtime, "transformers.json")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found
