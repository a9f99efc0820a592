"""Every field of the language is written, decided before a target is asked, or refused."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from servec.compiler.options.versions import order
from servec.dsl.record import replace
from servec.dsl.schema.language import fields
from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import FOLDER, load_table, versions
from tests.targets.make import ALL, VERSIONS, case
from tests.targets.sweep_parts import MOE_ONLY, QWEN_8B, QWEN_30B, SAMPLES, one

if TYPE_CHECKING:
    from servec.compiler.options.table import OptionTable

# What the compiler settles before it asks a target: which model on which devices, how many copies,
# what arrives and what is promised.
SETTLED = (
    "extends",
    "model",
    "size",
    "target",
    "defaults",
    "forms",
    "candidates",
    "portability",
    "hardware",
    "fabric",
    "replicas",
    "limits.power",
    "limits.cost",
)
SETTLED_BLOCKS = ("workload.", "slo.", "lifecycle.", "measured.")


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_every_field_has_a_row(runtime: str, version: str) -> None:
    rows = load_portable(runtime, version).rows
    missing = [
        field.path
        for field in fields("deployment")
        if field.path not in rows
        and field.path not in SETTLED
        and not field.path.startswith(SETTLED_BLOCKS)
    ]
    assert not missing
    assert {"lora.adapter", "api.template_args"} <= set(rows)


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_every_row_says_one_thing(runtime: str, version: str) -> None:
    for path, row in load_portable(runtime, version).rows.items():
        assert sum(key in row for key in ("by", "lacks")) <= 1, path
        assert any(key in row for key in ("set", "words", "by", "lacks")), path
        assert row["source"], path


@pytest.mark.parametrize("runtime", sorted({runtime for runtime, _ in ALL}))
def test_no_option_holds_what_its_version_lacks(runtime: str) -> None:
    """A line that says the option would be refused for a field that it does not name."""
    for version in versions(runtime):
        rows = load_portable(runtime, version).rows
        held = [
            (option, each)
            for row in rows.values()
            for option, several in row.get("product", {}).items()
            for each in several
        ]
        assert [pair for pair in held if "lacks" in rows.get(pair[1], {})] == [], version


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_no_word_is_dropped_in_silence(runtime: str, version: str) -> None:
    """What the table says for each word stands in the command."""
    portable = load_portable(runtime, version)
    for path, row in portable.rows.items():
        if "by" in row or "lacks" in row:
            continue
        words = portable.words(path)
        values = [_value(word) for word in words] or [SAMPLES[path]] if _known(path, words) else []
        for value in values:
            settings = portable.settings(path, value)
            assert settings is not None, path
            table = load_table(runtime, version)
            assert _names(settings, table) <= _said(table, path, value), path


def _known(path: str, words: object) -> bool:
    return bool(words) or path in SAMPLES


def _names(settings: Any, table: OptionTable) -> set[str]:
    found = set()
    for name, value in settings.items():
        option = table.option(name)
        off = value is False and not (option and option.file)
        if not name.startswith("env:"):
            found.add(f"--no-{name}" if off else f"--{name}")
    return found


def _said(table: OptionTable, path: str, value: Any) -> set[str]:
    """The options of a command, and of its file, that say `path = value`."""
    runtime, moe = table.runtime, path in MOE_ONLY
    plan = replace(one(runtime), checkpoint=QWEN_30B.id if moe else QWEN_8B.id)
    if path == "precision.kv":
        plan = replace(plan, kv=str(value))
    model = QWEN_30B if moe else QWEN_8B
    made = case(runtime, table.version, {path: value}, model=model, plan=plan)
    launch = made.target.launch((made,))
    (process,) = launch.processes
    words = [word.partition("=")[0] for word in process.argv if word.startswith("--")]
    filed = [name for file in launch.configs for name in yaml.safe_load(file.text)]
    return {*words, *("--" + name.lstrip("-").replace("_", "-") for name in (*words, *filed))}


def _value(word: str) -> Any:
    return {"true": True, "false": False}.get(word, word)


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_rows_name_options_of_their_version(runtime: str, version: str) -> None:
    table = load_table(runtime, version)
    for name in load_portable(runtime, version).options():
        if not name.startswith("env:"):
            found = table.find(name)
            assert found and found[0].name == name, name


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_variables_are_known_to_the_runtime(runtime: str, version: str) -> None:
    known = set(load_table(runtime, version).values("env"))
    named = [n[4:] for n in load_portable(runtime, version).options() if n.startswith("env:")]
    assert not set(named) - known


@pytest.mark.parametrize("runtime", VERSIONS)
def test_every_row_and_claim_has_a_source_and_known_limits(runtime: str) -> None:
    known = [order(version) for version in versions(runtime)]
    for name, key in (("portable", "rows"), ("capabilities", "claims")):
        path = os.path.join(FOLDER, runtime, f"{name}.json")
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        for row in content[key]:
            assert row["source"]
            for limit in ("since", "until"):
                assert limit not in row or order(row[limit]) in known, row


def test_lacking_fields_are_told_with_a_reason() -> None:
    lacks = load_portable("vllm", "0.33.0").lacks()
    assert "schedule.conservativeness" in lacks
    assert all(len(reason) > 20 for reason in lacks.values())
    assert "schedule.conservativeness" not in load_portable("sglang", "0.5.23").lacks()


def test_parsers_go_by_one_name_on_both() -> None:
    vllm = load_portable("vllm", "0.33.0")
    sglang = load_portable("sglang", "0.5.23")
    assert sglang.words("features.tools")["llama3_json"] == {"tool-call-parser": "llama3"}
    assert sglang.words("features.reasoning")["openai_gptoss"] == {"reasoning-parser": "gpt-oss"}
    assert vllm.words("features.tools")["granite_20b_fc"]["tool-call-parser"] == "granite-20b-fc"
    assert "deepseekv31" not in sglang.words("features.tools")
    assert "deepseek_v41" in sglang.words("features.tools")
    assert "deepseek_v41" not in load_portable("sglang", "0.5.12.post1").words("features.tools")
    assert sglang.settings("features.tools", "no_such") is None
