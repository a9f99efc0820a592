"""What the source of an old release holds of what a line names: its model's class and storage,
adapters, connectors and back ends of attention."""

from __future__ import annotations

import re

from servec.compiler.options.named import UNKNOWN
from servec.targets.shared.past.standing import class_set, file_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from servec.compiler.model import Model
    from servec.targets.shared.past.line import Past
    from servec.targets.shared.past.release import Release

NAMED = (
    ("json.kv-transfer-config.kv_connector", "connectors", "kv-transfer-config", ()),
    ("env.VLLM_ATTENTION_BACKEND", "backends", "VLLM_ATTENTION_BACKEND", ("0.7.0", "0.10.0")),
    ("flag.attention-backend", "backends", "attention-backend", ()),
    ("flag.chat-template", "templates", "chat-template", ("b7376", "b99999")),
    ("flag.quantization", "quantizations", "quantization", ()),
)
"""Where a name of a set of the source stands, what to call that place, and the releases, first and
last, that take an unknown one for none, or for a text: vllm 0.7.0 to 0.10.0
vllm/attention/selector.py; llama.cpp b7376 common/common.h use_jinja."""
PLAIN = "vllm.entrypoints.api_server"
"""The server without the OpenAI API and its flags."""
TAGGED = "0.8.3"
"""vllm 0.8.3 vllm/entrypoints/cli/serve.py: model_tag may be left out; 0.8.2 demands it."""
WARNED = "0.11.1"
"""vllm 0.11.1 vllm/utils/argparse_utils.py warns of `--model` here; 0.8.3 to 0.11.0 raise on it."""
SHUT = ("0.9.0", "0.9.0.1")
"""vllm 0.9.0 vllm/engine/arg_utils.py: `--model` is no flag of a line that says `serve`, so that of
a file is an abbreviation of two; 0.9.1 has it again."""
BUILT = ("gpu", "cpu")
OPEN = (*BUILT, UNKNOWN)
BROUGHT = ("ascend", "inc")
"""Kinds of devices whose methods are vLLM's own, and methods that a platform's plug-in or fork
adds: vllm-ascend, HabanaAI/vllm-fork."""
PLUGGED = ("connectors", "backends")
"""Sets that the plug-in of a platform adds its own to: vllm-ascend v0.18.0
vllm_ascend/distributed/kv_transfer/__init__.py register_connector."""
HALF = ("awq", "gptq")
"""Methods whose published checkpoints state float16, whatever the model they are made of states."""
ELSEWHERE = {
    "connectors": "json.kv-transfer-config.kv_connector_module_path",
    "templates": "flag.jinja",
}
"""What makes another name of a set right: a connector of another package, a template's text."""
SHORT = {"bf16": "bfloat16", "fp16": "float16", "half": "float16", "float": "float32"}


def held_troubles(
    past: Past, model: Model | None, find: Callable[[str], Any]
) -> Iterator[tuple[str, str, str, str]]:
    """Code, title, reason and path of each thing that the release does not have."""
    yield from _program(past)
    yield from _names(past.release, find)
    kind = class_set(past)
    if not past.release.members(kind):
        return
    if model is None:
        yield from _by_class(past.release, find, kind)
        return
    yield from _class(past.release, model, find, kind)
    yield from _storage(past.release, model, find)


def _program(past: Past) -> Iterator[tuple[str, str, str, str]]:
    """A line whose program does not take its words so."""
    from servec.compiler.options.versions import order

    release, command = past.release, past.command
    words = command.given or command.words
    where = f"{release.runtime} {release.version}"
    known = release.document["sets"].get("programs", {})
    for name in command.program:
        if name in known and release.member("programs", name) is False:
            why = f"it is seen in {known[name].partition('..')[0]}"
            yield "SRV202", f"{where} does not have `{name}` yet", why, "target"
    tagged, age = command.program[-2:] == ("vllm", "serve"), order(release.version)
    named = order(TAGGED) <= age < order(WARNED) and "--model" in words
    if tagged and (named or (age < order(TAGGED) and words[:1] == ("--model",))):
        why = "the first word behind `vllm serve` is the model"
        yield "SRV201", f"{where} does not take the model as `--model`", why, "model"
    elif tagged and age < order(TAGGED) and words[:1] == ("--config",) and not words[2:]:
        why = "the first word behind `vllm serve` is the model: the file is not asked for it"
        yield "SRV201", f"{where} does not take its model from `--config`", why, "model"
    elif tagged and release.version in SHUT and _in_file(past):
        why = "its parser takes `model` in the file for `--model-impl` or another flag"
        yield "SRV201", f"{where} does not take its model from `--config`", why, "model"
    if PLAIN in command.program:
        for use in past.uses:
            front = release.member("front", use.flag)
            if front or (front is None and release.flag(use.flag) is None):
                title = f"{where} has no option `{use.flag}` in {PLAIN}"
                yield "SRV201", title, "vllm.entrypoints.openai.api_server has it", "target"
        return
    from servec.targets.shared.importing.programs.dynamo_judge import worker_troubles
    from servec.targets.shared.table import load_table

    table = load_table(release.runtime, release.table)
    for word, why in worker_troubles(past.command, table, release.version):
        yield "SRV201", f"{where} does not take `{word}`", why, "target"


def _in_file(past: Past) -> bool:
    """Whether the options file of a line says the model."""
    paths = [value for use in past.uses if use.flag == "--config" for value in use.values]
    texts = [file_text(past.command, path) or "" for path in paths]
    return any(re.search(r"^model\s*:", text, re.M) for text in texts)


def _names(release: Release, find: Callable[[str], Any]) -> Iterator[tuple[str, str, str, str]]:
    from servec.compiler.options.versions import order

    for place, kind, called, lenient in NAMED:
        word = find(place)
        if not isinstance(word, str) or "{" in word or find(ELSEWHERE.get(kind, "flag.")):
            continue
        if kind in PLUGGED and find("device.kind") not in OPEN:
            continue
        if kind == "quantizations":
            word = word.lower()
            if word == "none" or find("device.kind") not in (BUILT if word in BROUGHT else OPEN):
                continue
        if lenient and order(lenient[0]) <= order(release.version) <= order(lenient[1]):
            continue
        word = word.upper() if kind == "backends" else word
        if release.member(kind, word) is False and release.members(kind):
            title = f"{release.runtime} {release.version} does not take `{called} = {word}`"
            yield "SRV205", title, f"one of {', '.join(release.members(kind))}", "target"


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
        why = f"the checkpoint is one of {method}; it reads {', '.join(_read(release))}"
        yield "SRV305", title, why, "model"
        return
    named = find("flag.quantization") or method
    ported = find("device.vendor") != "amd" or named == "none" or not release.members("rocm")
    if not ported and release.member("rocm", str(named)) is False:
        title = f"{where} does not run {named} on ROCm"
        yield "SRV304", title, f"it runs {', '.join(release.members('rocm'))}", "model"
        return
    used = find("flag.quantization") or _faster(release, method)
    stated = find("flag.dtype")
    dtype = SHORT.get(str(stated or "auto"), str(stated or "auto"))
    if dtype == "auto" and not model.assumed and method not in HALF:
        dtype = SHORT.get(model.bits16, "auto")
    taken = release.dtypes(str(used))
    if dtype != "auto" and taken and dtype not in taken:
        title = f"{where} does not run {used} with `dtype = {dtype}`"
        yield "SRV304", title, f"its kernels compute in {', '.join(taken)}", "precision.compute"


def _read(release: Release) -> tuple[str, ...]:
    return release.members("quantizations")


def _faster(release: Release, method: str) -> str:
    """The method that a release takes instead of one of the checkpoint, where it has it."""
    marlin = f"{method}_marlin"
    return marlin if release.member("quantizations", marlin) is not False else method
