"""The stored tables: complete rows, differences resolved, names found however they are written."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from servec.compiler.options.table import Option
from servec.targets.shared.aside import load_exclusions, load_successors
from servec.targets.shared.store import difference, stored, texts
from servec.targets.shared.table import load_fields, load_sets, load_table, versions

if TYPE_CHECKING:
    from servec.compiler.options.table import OptionTable

RUNTIMES = ("llamacpp", "mlx", "sglang", "vllm")
ALL = [(name, version) for name in RUNTIMES for version in versions(name)]
TYPES = ("flag", "switch", "bool", "int", "size", "float", "str", "json", "object", "mixed")
KEYS = {field.name for field in fields(Option)} - {"name"}


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_every_row_is_an_option_and_no_flag_is_two(runtime: str, version: str) -> None:
    table = load_table(runtime, version)
    spelled: set[str] = set()
    for name in table.names():
        assert set(table.rows[name]) <= KEYS, name
        option = table.option(name)
        assert option is not None and option.name == name
        assert "_" not in name and not name.startswith("-")
        for flag in (*option.flags, *option.off):
            assert flag not in spelled, flag
            spelled.add(flag)
            assert table.flag(flag) == (option, flag in option.flags)
        assert option.type in TYPES, option
        if option.values:
            assert table.values(option.values), option
        if option.plugin:
            assert table.option(option.plugin), option
    assert table.flags() == tuple(sorted(spelled))


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_sets_are_sorted_and_never_empty(runtime: str, version: str) -> None:
    sets = load_sets(runtime, version)
    assert "architectures" in sets
    if runtime in ("sglang", "vllm"):
        assert {"env", "kv_dtypes", "quantizations", "tool_parsers"} <= set(sets)
    for name, members in sets.items():
        assert members, name
        assert list(members) == sorted(set(members)), name


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_files_are_what_the_writer_makes(runtime: str, version: str) -> None:
    """What is stored is the smaller of a full table and a difference, one option a line."""
    files = stored(runtime, version)
    table = load_table(runtime, version)
    head = json.loads(files[f"{runtime}/options/{version}.json"])
    found = {
        **{key: head[key] for key in ("syntax", "prefixes", "positional") if key in head},
        "runtime": runtime,
        "version": version,
        "options": dict(table.rows),
        "removed": {flag: list(use) for flag, use in table.removed.items()},
        "sets": {name: list(members) for name, members in load_sets(runtime, version).items()},
        "fields": load_fields(runtime, version),
    }
    made = texts(found, head.get("base", ""))
    assert {path: made[path] for path in files} == files
    assert f"{runtime}/options/{version}.json" in files, "sets and fields may be those of before"


def test_names_are_found_however_they_are_written() -> None:
    table = load_table("vllm", "0.33.0")
    for name in ("max-model-len", "max_model_len", "--max-model-len", "--max_model_len"):
        option = table.option(name)
        assert option is not None and option.long == "--max-model-len"
    assert table.option("device-memory-utilization") == table.option("gpu-memory-utilization")
    assert table.option("tp") is None
    short = table.flag("-tp")
    assert short is not None and short[0].name == "tensor-parallel-size"


def test_the_flag_that_unsets_is_no_option_of_its_own() -> None:
    table = load_table("vllm", "0.33.0")
    found = table.find("no-enable-prefix-caching")
    assert found is not None
    assert (found[0].name, found[1]) == ("enable-prefix-caching", False)
    assert table.option("no-enable-prefix-caching") is None
    assert table.find("no-max-model-len") is None


def test_a_difference_adds_changes_and_removes() -> None:
    old = {"a": {"type": "int"}, "b": {}, "c": {"default": 1}}
    new = {"a": {"type": "int"}, "c": {"default": 2}, "d": {}}
    assert difference(old, new) == {"b": None, "c": {"default": 2}, "d": {}}


def _known(table: OptionTable, name: str) -> bool:
    return table.find(name) is not None


def test_versions_differ_where_the_releases_did() -> None:
    """Facts of the two releases, from their own parsers (see the README of each target)."""
    old, new = load_table("vllm", "0.22.1"), load_table("vllm", "0.33.0")
    assert _known(old, "max-num-partial-prefills") and not _known(new, "max-num-partial-prefills")
    assert not _known(old, "disable-log-requests") and _known(new, "disable-log-requests")
    assert "kimi_k3" in new.values("tool_parsers") and "kimi_k3" not in old.values("tool_parsers")
    older, newer = load_table("sglang", "0.5.12.post1"), load_table("sglang", "0.5.23")
    assert _known(older, "cuda-graph-max-bs") and not _known(newer, "cuda-graph-max-bs")
    assert not _known(older, "attn-dp-size") and _known(newer, "attn-dp-size")


def test_an_unknown_version_is_no_table() -> None:
    with pytest.raises(FileNotFoundError):
        load_table("vllm", "0.0.0")
    assert versions("nothing") == ()


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_successors_are_options_of_the_newest_table_and_have_a_source(runtime: str) -> None:
    newest = load_table(runtime, versions(runtime)[-1])
    for name, found in load_successors(runtime).items():
        assert newest.find(name) is None or found.gone, name  # or away for a while
        assert not found.use or newest.find(found.use), name
        assert found.source and (found.use or found.note or found.gone), name
        for settings in (found.set or {}, *(found.words or {}).values()):
            assert all(newest.option(option) is not None for option in settings), name


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_exclusions_name_options_of_their_versions(runtime: str, version: str) -> None:
    table = load_table(runtime, version)
    for rule in load_exclusions(runtime, version):
        assert table.find(rule.one) and table.find(rule.other) and rule.source and rule.why
