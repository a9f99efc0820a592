"""What Triton's TensorRT-LLM back end refuses of a folder of models with built engines.

A folder whose `config.pbtxt` names the back end `tensorrtllm` points at an engine, whose
`config.json` says what it was built with. Sources: TensorRT-LLM 0.7.0 to 0.17.0
batch_manager/trtGptModelInflightBatching.cpp and triton-inference-server/tensorrtllm_backend#251;
an engine is bound to the release that built it: docs/source/architecture/core-concepts.md.
"""

from __future__ import annotations

import os
import re

from servec.dsl.whole import whole
from servec.targets.shared.importing.programs.program import head_of
from servec.targets.shared.importing.programs.repositories import SERVERS, folders, text_of
from servec.targets.shared.importing.texts import json_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    Trouble = tuple[str, str, str]

BACKEND = re.compile(r'^\s*backend\s*:\s*"tensorrtllm"', re.M)
PARAMETER = re.compile(r'key\s*:\s*"(\w+)"\s*value\s*:\s*\{\s*string_value\s*:\s*"([^"]*)"')
PAGED = ("enable_kv_cache_reuse", "enable_chunked_context")
"""What works on blocks of a cache that the attention over a prompt reads as well."""


def engine_troubles(words: Sequence[str], version: str) -> tuple[Trouble, ...] | None:
    """Code, word and reason of what is refused; None where the line starts no built engine."""
    name, rest = head_of(words)
    if name not in SERVERS:
        return None
    found = [each for folder in folders(rest) for each in _engines(folder)]
    return tuple(item for said, built in found for item in _judged(said, built, version)) or (
        () if found else None
    )


def _engines(folder: str) -> Iterator[tuple[dict[str, str], Mapping[str, Any]]]:
    """The parameters of each model with an engine, and the engine's own config."""
    for model in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        text = text_of(os.path.join(folder, model, "config.pbtxt"))
        if not BACKEND.search(text):
            continue
        said = dict(PARAMETER.findall(text))
        path = said.get("gpt_model_path") or said.get("engine_dir") or ""
        built = json_of(text_of(os.path.join(path, "config.json")))
        if isinstance(built, dict):
            yield said, built


def _judged(
    said: Mapping[str, str], built: Mapping[str, Any], version: str
) -> Iterator[tuple[str, str, str]]:
    """Code, word and reason of each clash of what is said with what was built."""
    from servec.compiler.options.versions import is_exact, order

    own = str(built.get("version", ""))
    exact = is_exact(own) and is_exact(version)
    if exact and order(own)[0][:2] != order(version)[0][:2]:  # a release has a TensorRT of its own
        yield "SRV310", f"an engine of {own}", f"TensorRT-LLM {version} loads its own engines alone"
    config = built.get("build_config", built)
    plugins = config.get("plugin_config", {}) if isinstance(config, dict) else {}
    paged = plugins.get("use_paged_context_fmha") if isinstance(plugins, dict) else None
    for name in PAGED if paged is False else ():
        if said.get(name, "").lower() in ("true", "1"):
            yield "SRV310", f"{name}: true", "the engine is built without --use_paged_context_fmha"
    beams = config.get("max_beam_width") if isinstance(config, dict) else None
    asked = whole(said.get("max_beam_width", ""))
    if asked is not None and isinstance(beams, int) and asked > beams:
        yield "SRV310", f"max_beam_width: {asked}", f"the engine is built for {beams}"
