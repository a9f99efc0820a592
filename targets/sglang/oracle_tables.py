"""What the tables of a version hold, read out of the SGLang that is loaded."""

from __future__ import annotations

import ast
import importlib
import os

from servec.targets.sglang.staged import renamed, unstaged
from servec.targets.shared.oracle.rows import argparse_rows
from servec.targets.shared.oracle.sources import python_files, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

# Options whose text is read as a JSON object only after parsing: arg_groups/serving_hook.py,
# configs/model_config.py, configs/load_config.py, model_executor/cuda_graph_config.py.
_OBJECTS = (
    "cuda-graph-config",
    "json-model-override-args",
    "limit-mm-data-per-request",
    "model-loader-extra-config",
    "preferred-sampling-params",
)
# The sets that are choices of one option.
_CHOICES = {
    "tool_parsers": "tool-call-parser",
    "reasoning_parsers": "reasoning-parser",
    "quantizations": "quantization",
    "attention_backends": "attention-backend",
    "kv_dtypes": "kv-cache-dtype",
    "load_formats": "load-format",
    "transfer_engines": "disaggregation-transfer-backend",
    "moe_backends": "moe-runner-backend",
    "all2all_backends": "moe-a2a-backend",
}


def module(name: str) -> Any:
    """A module of SGLang."""
    return importlib.import_module(name)


def tables(parser: argparse.ArgumentParser, version: str) -> dict[str, Any]:
    """The options of the launch command and its registries."""
    rows, positional = argparse_rows(parser)
    sets = {
        name: sorted(map(str, rows[option]["choices"]))
        for name, option in _CHOICES.items()
        if rows.get(option, {}).get("choices")
    }
    sets |= {
        "architectures": _architectures(),
        "unstaged": _unstaged(),
        "env": _variables(),
        "env_prefixes": _renamed(),
        "speculative_methods": _speculative_methods(),
    }
    rows["speculative-algorithm"] |= {"values": "speculative_methods", "fold": True}
    for option in _OBJECTS:
        if option in rows:
            rows[option]["type"] = "object"
    for option in ("attention-backend", "decode-attention-backend", "prefill-attention-backend"):
        if "choices" not in rows.get(option, {"choices": ()}):
            rows[option]["values"] = "attention_backends"
    return {
        "runtime": "sglang",
        "version": version,
        "syntax": ["equals"],
        "prefixes": ["SGLANG_", "SGL_"],
        "positional": positional,
        "options": rows,
        "sets": sets,
        "fields": _fields(),
    }


def _fields() -> dict[str, Any]:
    """The phases of `--cuda-graph-config` and the keys of each; versions before it have none."""
    try:
        graphs = module("sglang.srt.model_executor.cuda_graph_config")
    except ModuleNotFoundError:
        return {}
    phases = {
        str(phase): {
            "type": "object",
            "fields": {str(key): {"type": "json"} for key in sorted(keys)},
        }
        for phase, keys in graphs.ALLOWED_KEYS_PER_PHASE.items()
    }
    return {"cuda-graph-config": phases}


def _architectures() -> list[str]:
    """What the model files register as `EntryClass`, and what configs make of it, from source."""
    folder = os.path.join(_folder(), "models")
    found = {n for text in python_files(folder) for n in _entries(ast.parse(text))}
    configs = python_files(os.path.join(_folder(), "configs"))
    return sorted(found | {name for text in configs for name in renamed(ast.parse(text))})


def _unstaged() -> list[str]:
    """The classes that take no pipeline stages."""
    trees = [ast.parse(text) for text in python_files(os.path.join(_folder(), "models"))]
    return unstaged(trees, _architectures())


def _folder() -> str:
    return str(module("sglang.srt").__path__[0])


def _entries(tree: ast.Module) -> set[str]:
    for node in tree.body:
        names = [t.id for t in getattr(node, "targets", ()) if isinstance(t, ast.Name)]
        if isinstance(node, ast.Assign) and names == ["EntryClass"]:
            items = (
                node.value.elts if isinstance(node.value, (ast.List, ast.Tuple)) else [node.value]
            )
            return {item.id for item in items if isinstance(item, ast.Name)}
    return set()


def _speculative_methods() -> list[str]:
    """The built-in algorithms and their other names; compared without case."""
    known = module("sglang.srt.speculative.spec_info").SpeculativeAlgorithm
    registry = module("sglang.srt.speculative.spec_registry")
    aliases = getattr(registry, "_RESERVED_ALIASES", None) or registry._RESERVED_NAMES
    return sorted(({m.name for m in known} | set(aliases)) - {"NONE"})


def _variables() -> list[str]:
    """The environment variables that the runtime declares or names in its source."""
    environ = module("sglang.srt.environ")
    declared = {n for n, v in vars(environ.Envs).items() if isinstance(v, environ.EnvField)}
    return sorted(declared | variables(_folder(), "SGLANG_") | variables(_folder(), "SGL_"))


def _renamed() -> list[str]:
    """The prefix of variables that is written anew before they are read."""
    environ = module("sglang.srt.environ")
    names = ("_convert_SGL_to_SGLANG", "_handle_deprecated_envs")
    return ["SGL_=SGLANG_"] if any(hasattr(environ, name) for name in names) else []
