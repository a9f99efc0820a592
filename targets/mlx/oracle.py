"""mlx-lm's own argument parser; runs in its environment (the CPU build of MLX will do)."""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import pkgutil
import sys

from servec.targets.shared.oracle.judge import Refused
from servec.targets.shared.oracle.rows import argparse_rows
from servec.targets.shared.oracle.sources import variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOADED: dict[str, Any] = {}


class _Built(Exception):
    """Carries the parser that `main` built up to the point where it would parse."""


def load() -> None:
    """Import the server module and keep its parser."""
    module = importlib.import_module("mlx_lm.server")
    _LOADED["parser"] = _parser_of(module.main)


def _parser_of(program: Any) -> argparse.ArgumentParser:
    """Run a program's `main` until it parses, and take the parser it built."""
    kept = argparse.ArgumentParser.parse_args
    words = sys.argv

    def stop(self: argparse.ArgumentParser, *_: Any, **__: Any) -> Any:
        raise _Built(self)

    argparse.ArgumentParser.parse_args = stop  # type: ignore[method-assign]
    sys.argv = ["mlx_lm.server"]
    try:
        program()
    except _Built as built:
        parser: argparse.ArgumentParser = built.args[0]
        return parser
    finally:
        argparse.ArgumentParser.parse_args = kept  # type: ignore[method-assign]
        sys.argv = words
    raise AssertionError("mlx_lm.server parsed nothing")


def version() -> str:
    """The release of mlx-lm."""
    return importlib.metadata.version("mlx-lm")


def describe() -> dict[str, Any]:
    """The options of the server; which model types it has, and which can be split over Macs."""
    rows, positional = argparse_rows(_LOADED["parser"])
    modules = _modules()
    split = _split_models(modules)
    return {
        "runtime": "mlx",
        "version": version(),
        "syntax": ["equals"],
        "prefixes": ["MLX_"],
        "positional": positional,
        "options": rows,
        "sets": {
            "architectures": _model_types(modules),
            "tensor": split["shard"],
            "pipeline": split["pipeline"],
            **_variables(),
        },
        "fields": {},
    }


def _variables() -> dict[str, list[str]]:
    """The variables that the sources read, where there is one."""
    found = sorted(variables(_folder(), "MLX_"))
    return {"env": found} if found else {}


def _folder() -> str:
    return str(importlib.import_module("mlx_lm").__path__[0])


def _modules() -> dict[str, Any]:
    """The modules of models by name; None for one that needs a package that is not there."""
    models = importlib.import_module("mlx_lm.models")
    found: dict[str, Any] = {}
    for info in pkgutil.iter_modules(models.__path__):
        try:
            found[info.name] = importlib.import_module(f"mlx_lm.models.{info.name}")
        except (Exception, SystemExit):
            found[info.name] = None
    return found


def _model_types(modules: dict[str, Any]) -> list[str]:
    """The `model_type`s of config.json that have a model, renamed ones included."""
    names = {name for name, module in modules.items() if module is None or _has_model(module)}
    remapped = importlib.import_module("mlx_lm.utils").MODEL_REMAPPING
    return sorted(names | {old for old, new in remapped.items() if new in names})


def _has_model(module: Any) -> bool:
    return hasattr(module, "Model") and hasattr(module, "ModelArgs")


def _split_models(modules: dict[str, Any]) -> dict[str, list[str]]:
    """Model types that can be cut into shards (tensor), and into stages (pipeline).

    `mlx_lm.utils.sharded_load` asks `Model.shard` for the one and `pipeline` of the inner model for
    the other; both may be inherited.
    """
    shard, pipeline = set(), set()
    for name, module in modules.items():
        if module is None or not hasattr(module, "Model"):
            continue
        if hasattr(module.Model, "shard"):
            shard.add(name)
        classes = [c for c in vars(module).values() if isinstance(c, type)]
        own = [c for c in classes if c.__module__ == module.__name__]
        if any(callable(getattr(c, "pipeline", None)) for c in own):
            pipeline.add(name)
    remapped = importlib.import_module("mlx_lm.utils").MODEL_REMAPPING
    for old, new in remapped.items():
        for names in (shard, pipeline):
            if new in names:
                names.add(old)
    return {"shard": sorted(shard), "pipeline": sorted(pipeline)}


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """Parse the words behind the program; of `mlx.launch`, its own and those of what it starts."""
    argv = list(job["argv"])
    if argv[:1] and argv[0].rsplit("/", 1)[-1].startswith("python"):
        argv = argv[2:]
    if argv[0] == "mlx.launch":
        argv = _launched(argv)
    if argv[0] != "mlx_lm.server":
        raise Refused(f"no parser for {argv[0]}")
    parser = _LOADED["parser"]
    parser.allow_abbrev = False
    parser.parse_args(argv[1:])


def _launched(argv: list[str]) -> list[str]:
    """The command that `mlx.launch` would start: its own `main`, with nothing started."""
    module = importlib.import_module("mlx._distributed_utils.launch")
    started: list[list[str]] = []
    for name in [name for name in vars(module) if name.startswith("launch_")]:
        setattr(module, name, lambda _parser, _hosts, _args, command: started.append(command))
    sys.argv = argv
    module.main()
    if not started:
        raise Refused("mlx.launch starts nothing")
    return started[0]
