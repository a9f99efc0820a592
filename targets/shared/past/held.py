"""What the source of an old release holds of the model of a line: its class, with stages, adapters
and drafts, and its storage."""

from __future__ import annotations

from servec.targets.shared.past.chip import HALVED
from servec.targets.shared.past.standing import class_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from servec.compiler.model import Model
    from servec.targets.shared.past.line import Past
    from servec.targets.shared.past.release import Release

SHORT = {"bf16": "bfloat16", "fp16": "float16", "half": "float16", "float": "float32"}


def held_troubles(
    past: Past, model: Model | None, find: Callable[[str], Any]
) -> Iterator[tuple[str, str, str, str]]:
    """Code, title, reason and path of each thing that the release does not have."""
    kind = class_set(past)
    if not past.release.reads(kind):
        return
    if model is None:
        yield from _by_class(past.release, find, kind)
        return
    yield from _class(past.release, model, find, kind)
    yield from _storage(past.release, model, find)


def _class(
    release: Release, model: Model, find: Callable[[str], Any], kind: str
) -> Iterator[tuple[str, str, str, str]]:
    """A class that the release does not have, cannot split into stages, or gives no adapters."""
    from servec.compiler.options.versions import order

    where = f"{release.runtime} {release.version}"
    known = model.architecture
    if release.knows(kind, model) is False:
        held = release.document["sets"][kind]
        span = next((held[name] for name in (known, model.model_type) if name in held), "")
        first, gone = span.partition("..")[0], span.split("..")[-1]
        why = f"its class {known} is first seen in {first or 'later releases'}"
        if gone and order(gone) < order(release.version):
            why = f"its class {known} was last seen in {gone}"
        yield "SRV306", f"{where} does not know {known}", why, "model"
        return
    stages = find("parallel.pipeline")
    if isinstance(stages, int) and stages > 1 and release.knows("pipeline", model) is False:
        title = f"{where} cannot split {known} into {stages} stages"
        yield "SRV310", title, "its class does not say that it can be", "model"
    if find("flag.enable-lora") is True and release.knows("lora", model) is False:
        title = f"{where} does not start with `enable-lora`"
        yield "SRV310", title, f"its class {known} takes no adapters", "model"
    drafts = find("json.speculative-config.method")
    if drafts == "eagle3" and release.knows("eagle3", model) is False:
        why = f"its class {known} hands no hidden states to such a draft"
        title = f"{where} does not speculate by eagle3 for {known}"
        yield "SRV310", title, why, "features.speculative"


def _by_class(
    release: Release, find: Callable[[str], Any], kind: str
) -> Iterator[tuple[str, str, str, str]]:
    """A model of which no more than its class is known, and that the release does not have."""
    from servec.compiler.catalogue.classed import classed

    found = classed(str(find("model") or ""))
    if (
        found is None
        or not found.judged(release.runtime)
        or release.knows(kind, found) is not False
    ):
        return
    why = (
        f"it makes {found.makes}, and is no language model" if found.makes else "its class is none"
    )
    yield "SRV306", f"{release.runtime} {release.version} does not know {found.name}", why, "model"


def _storage(
    release: Release, model: Model, find: Callable[[str], Any]
) -> Iterator[tuple[str, str, str, str]]:
    """A quantisation that the release does not read, or reads with another dtype alone."""
    where = f"{release.runtime} {release.version}"
    method = model.quant.method
    if method != "none" and release.member("quantizations", method) is False:
        title = f"{where} does not read weights of {method}"
        read = ", ".join(release.members("quantizations"))
        why = f"the checkpoint is one of {method}; it reads {read}"
        yield "SRV305", title, why, "model"
        return
    named = find("flag.quantization") or method
    ported = find("device.vendor") != "amd" or named == "none" or not release.reads("rocm")
    if not ported and release.member("rocm", str(named)) is False:
        title = f"{where} does not run {named} on ROCm"
        yield "SRV304", title, f"it runs {', '.join(release.members('rocm'))}", "model"
        return
    used = find("flag.quantization") or _faster(release, method)
    stated = find("flag.dtype")
    dtype = SHORT.get(str(stated or "auto"), str(stated or "auto"))
    if dtype == "auto" and not model.assumed and method not in HALVED:
        dtype = SHORT.get(model.bits16, "auto")
    taken = release.dtypes(str(used))
    if dtype != "auto" and taken and dtype not in taken:
        title = f"{where} does not run {used} with `dtype = {dtype}`"
        yield "SRV304", title, f"its kernels compute in {', '.join(taken)}", "precision.compute"


def _faster(release: Release, method: str) -> str:
    """The method that a release takes instead of one of the checkpoint, where it has it."""
    marlin = f"{method}_marlin"
    return marlin if release.member("quantizations", marlin) is not False else method
