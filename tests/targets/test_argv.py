"""Every command that can be emitted is one that the option table of its version takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from servec.compiler.options.argv import read
from servec.compiler.options.fields import field_troubles
from servec.compiler.options.values import trouble
from servec.targets.shared.table import load_table
from tests.targets.make import ALL
from tests.targets.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.options.table import OptionTable
    from servec.compiler.options.values import Trouble

PROGRAM = {"vllm": "serve", "sglang": "sglang.launch_server", "llamacpp": "llama-server"}
PROGRAM |= {"mlx": "mlx_lm.server", "trtllm": "trtllm-serve", "lmdeploy": "api_server"}
PROGRAM |= {"tgi": "text-generation-launcher"}
"""The last word of the program; options follow."""


def complaints(table: OptionTable, words: Sequence[str]) -> list[str]:
    """What the table finds wrong with the words after the program."""
    found = []
    line = read(table, words)
    for argument in line.arguments:
        option = argument.option
        if option is None or argument.missing or not argument.flag.startswith("--"):
            found.append(f"{argument.flag} is no option, or lacks its value")
        elif option.deprecated:
            found.append(f"{argument.flag} is deprecated")
        elif not option.boolean:
            many = option.arity in ("+", "*")
            value = argument.values if many else argument.values[0]
            wrong = trouble(option, value, table.values)
            found += [f"{argument.flag} {value}: {wrong.text}"] if wrong else []
            fields = table.fields(option.name)
            if fields and isinstance(value, str):
                content = json.loads(value)
                found += [
                    f"{argument.flag}: {t.path} {t.text}" for t in field_troubles(fields, content)
                ]
    names = [a.option.name for a in line.arguments if a.option]
    found += [f"{name} is said twice" for name in set(names) if names.count(name) > 1]
    if len(line.positional) > len(table.positional):
        found.append(f"stray words {line.positional}")
    return found


def file_troubles(table: OptionTable, text: str) -> list[Trouble]:
    """What the table finds wrong with an options file."""
    rows = {
        name.replace("-", "_"): {k: v for k, v in row.items() if k not in ("file", "flags", "off")}
        | {"fields": table.fields(name)}
        for name, row in table.rows.items()
    }
    return list(field_troubles(rows, yaml.safe_load(text)))


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_option_table_takes_every_command(runtime: str, version: str) -> None:
    table = load_table(runtime, version)
    wrong = {}
    count = 0
    for name, case in sweep(runtime, version):
        launch = case.target.launch((case,))
        for file in launch.configs:
            found = [f"{t.path} {t.text}" for t in file_troubles(table, file.text)]
            if found:
                wrong[f"{name} ({file.path})"] = found
        for process in launch.processes:
            count += 1
            if "proxy" in process.argv:
                assert runtime == "lmdeploy", name  # the front of its data ranks
                continue
            if PROGRAM[runtime] not in process.argv:
                assert runtime == "trtllm" and process.node_rank
                continue
            start = process.argv.index(PROGRAM[runtime]) + 1 + (runtime == "trtllm")
            found = complaints(table, process.argv[start:])
            if found:
                wrong[f"{name} ({process.name})"] = found
    assert not wrong
    assert count > 100
