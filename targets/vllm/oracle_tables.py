"""What the tables of a version hold, read out of the vLLM that is loaded."""

from __future__ import annotations

import dataclasses
import importlib
import re

from servec.targets.shared.oracle.fields import bounds, type_row
from servec.targets.shared.oracle.rows import argparse_rows
from servec.targets.shared.oracle.sources import variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The option that loads further parsers, by the option that names one.
_PLUGINS = {
    "tool-call-parser": "tool-parser-plugin",
    "reasoning-parser": "reasoning-parser-plugin",
}
# Options whose values are looked up only when the engine starts, and the set they are looked up in.
_VALUES = {
    "tool-call-parser": "tool_parsers",
    "reasoning-parser": "reasoning_parsers",
    "quantization": "quantizations",
    "attention-backend": "attention_backends",
    "kv-cache-dtype": "kv_dtypes",
    "load-format": "load_formats",
}


def module(name: str) -> Any:
    """A module of vLLM."""
    return importlib.import_module(name)


def first(name: str, *modules: str) -> Any:
    """`name` from the first of these modules that has it: they move between versions."""
    for place in modules:
        try:
            return getattr(module(place), name)
        except (ImportError, AttributeError):
            continue
    raise ImportError(f"{name} in {modules}")


def tables(parser: Any, version: str) -> dict[str, Any]:
    """The options of `vllm serve`, its registries, and the fields of its JSON options."""
    rows, positional = argparse_rows(parser)
    found = configs()
    for name, row in rows.items():
        row |= _limits(name.replace("-", "_"), found, row)
        if name in _VALUES and "choices" not in row:
            row["values"] = _VALUES[name]
        if _PLUGINS.get(name) in rows:
            row["plugin"] = _PLUGINS[name]
    # AttentionBackendEnum is looked up by the name in capitals.
    rows["attention-backend"]["fold"] = True
    _deprecations(rows)
    return {
        "runtime": "vllm",
        "version": version,
        "syntax": ["dots", "equals", "levels", "underscores"],
        "prefixes": ["VLLM_"],
        "positional": positional,
        "options": rows,
        "sets": _sets(found),
        "fields": _fields(found, rows),
    }


def configs() -> dict[str, Any]:
    """The configuration classes by name."""
    config = module("vllm.config")
    found = {n: getattr(config, n) for n in dir(config) if n.endswith("Config")}
    return {n: c for n, c in found.items() if dataclasses.is_dataclass(c)}


def _limits(dest: str, configs: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """The bounds that the config class sets on the field an option fills."""
    if row.get("type") not in ("int", "size", "float"):
        return {}
    for cls in configs.values():
        field = getattr(cls, "__pydantic_fields__", {}).get(dest)
        if field is not None:
            found = bounds(field.metadata)
            if found:
                return found
    return {}


def _deprecations(rows: dict[str, Any]) -> None:
    """Mark what the messages of arg_utils call deprecated, and what they name instead."""
    for name, text in vars(module("vllm.engine.arg_utils")).items():
        if "DEPRECAT" not in name or not isinstance(text, str):
            continue
        found = re.search(r"--([a-z0-9-]+)\)? is deprecated", text)
        if found and found[1] in rows:
            rows[found[1]]["deprecated"] = True
            use = re.search(r"[Uu]se --([a-z0-9-]+(?:\.[a-z_]+)?)", text)
            if use:
                rows[found[1]]["use"] = [use[1]]


def _sets(configs: dict[str, Any]) -> dict[str, list[str]]:
    """What the options take without the parser listing it."""
    registry = module("vllm.model_executor.models.registry").ModelRegistry
    backends = module("vllm.v1.attention.backends.registry").AttentionBackendEnum
    loaders = module("vllm.model_executor.model_loader")
    connectors = module("vllm.distributed.kv_transfer.kv_connector.factory").KVConnectorFactory
    method = configs["SpeculativeConfig"].__pydantic_fields__["method"].annotation
    dtypes = first("CacheDType", "vllm.config.cache")
    moe = getattr(module("vllm.config.kernel"), "MoEBackend", None)
    found = {
        "tool_parsers": module("vllm.tool_parsers").ToolParserManager.list_registered(),
        "reasoning_parsers": module("vllm.reasoning").ReasoningParserManager.list_registered(),
        "quantizations": module("vllm.model_executor.layers.quantization").QUANTIZATION_METHODS,
        "attention_backends": backends.__members__,
        "architectures": registry.models,
        "env": set(module("vllm.envs").environment_variables)
        | variables(module("vllm").__path__[0], "VLLM_"),
        "kv_dtypes": type_row(dtypes)["choices"],
        "speculative_methods": type_row(method)["choices"],
        "transfer_engines": connectors._registry,
        "load_formats": loaders._LOAD_FORMAT_TO_MODEL_LOADER,
        "moe_backends": type_row(moe)["choices"] if moe else [],
    }
    return {name: sorted(set(members)) for name, members in found.items() if members}


def _fields(configs: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    """The fields of every option that takes a JSON object of a configuration class."""
    found = {}
    for cls in configs.values():
        for name, field in getattr(cls, "__pydantic_fields__", {}).items():
            option = name.replace("_", "-")
            if rows.get(option, {}).get("type") not in ("object", "json"):
                continue
            row = type_row(field.annotation)
            if row.get("fields"):
                found[option] = row["fields"]
    return found
