"""What a release of TensorRT-LLM says of trtllm-build and trtllm-bench; see shared/past/tools."""

from __future__ import annotations

import ast
import glob
import os

from servec.targets.shared.past import source
from servec.targets.trtllm.source import clicked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SOURCE = (
    "tensorrt_llm 0.7.1 to 0.17.0.dev2024121700 and 1.3.0rc3: commands/build.py, plugin/plugin.py, "
    "commands/bench.py, bench/; --ep: NVIDIA/TensorRT-LLM#3583"
)
SYNTAX = {"trtllm-build": "argparse", "trtllm-bench": "click"}
TOLD = {"trtllm-bench throughput": {"--ep": "0.19.0.."}}
"""What was told of a release between those that could be read."""
BOTH = ["enable", "disable"]


def tools(folder: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of the flags of each program, those of the commands of `trtllm-bench` apart."""
    root = os.path.join(folder, "tensorrt_llm")
    tree = source.parse(os.path.join(root, "commands/build.py"))
    built = [*source.flags(tree, {}, source.lists(tree)), *_plugins(root)]
    found = {"trtllm-build": built}
    group = source.parse(os.path.join(root, "commands/bench.py"))
    files = sorted(glob.glob(os.path.join(root, "bench/**/*.py"), recursive=True))
    for part in (group, *map(source.parse, files)):
        for name, rows in _commands(part):
            found[f"trtllm-bench {name}".removesuffix(" trtllm-bench")] = rows
    return found


def _plugins(root: str) -> Iterator[dict[str, Any]]:
    """The flags that `add_plugin_argument` makes of the fields that a list names."""
    tree = source.parse(os.path.join(root, "plugin/plugin.py"))
    fields = source.class_fields(tree, "PluginConfig")
    for name in source.lists(tree).get("cli_plugin_args", ()):
        kind = fields.get(name, fields.get(f"_{name}", ""))
        row = {"flags": [f"--{name}"], "type": "str"}
        yield {**row, "choices": BOTH} if kind in ("bool", "Optional[bool]") else row


def _commands(tree: ast.AST) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each command or group of click with the rows of its options."""
    for node in ast.walk(tree):
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        calls = [each for each in decorators if isinstance(each, ast.Call)]
        for call in calls:
            if ast.unparse(call.func) not in ("click.command", "click.group"):
                continue
            named = [word.value for word in call.keywords if word.arg == "name"]
            for word in (*call.args, *named)[:1]:
                if isinstance(word, ast.Constant):
                    yield str(word.value), list(clicked(calls))
