"""Constraints: rows are well formed, and what they name is refused before the launch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from servec.compiler.options.constraints import holds, needed
from servec.compiler.options.named import UNKNOWN
from servec.targets.shared.aside import load_constraints
from servec.targets.shared.table import FOLDER, runtimes, versions
from tests.options.on_block import HEAD, findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.options.constraints import Constraint

RELATIONS = {
    *("in", "not in", "is", "is not", "set", "below", "above"),
    *("upto", "differs", "uneven", "has", "begins", "unlike", "past", "strays", "of"),
}


@pytest.mark.parametrize("runtime", runtimes())
def test_rows_are_well_formed_and_each_holds_for_a_version(runtime: str) -> None:
    found: list[Constraint] = []
    for version in versions(runtime):
        found += [rule for rule in load_constraints(runtime, version) if rule not in found]
    for rule in found:
        assert rule.why and rule.source and rule.path and rule.when
        assert len(rule.why) <= 100 and not rule.why.endswith(".")
        for name, relation, _ in rule.when:
            assert relation in RELATIONS and name
    path = f"{FOLDER}/{runtime}/constraints.json"
    stored = json.loads(Path(path).read_text(encoding="utf-8")) if found else {"rows": []}
    under = [(name, row) for name, rows in stored.get("said", {}).items() for row in rows]
    assert len(found) == len(stored["rows"]) + len(under), "a row holds for no version"
    for name, row in under:
        assert needed(row["when"]) == name, f"{name} need not be said for {row['when']}"
    for row in stored["rows"]:
        name = needed(row["when"])
        assert not name, f"`said` is the place for {row['when']}, under {name}"


def finder(**known: Any) -> Callable[[str], Any]:
    return known.get


@pytest.mark.parametrize(
    ("condition", "known", "expected"),
    [
        (("a", "in", [1, 2]), {"a": 2}, True),
        (("a", "in", [1, 2]), {}, False),
        (("a", "not in", [1, 2]), {}, True),
        (("a", "not in", [1, 2]), {"a": 1}, False),
        (("a", "is", False), {"a": False}, True),
        (("a", "is", False), {}, False),
        (("a", "set", False), {}, True),
        (("a", "set", True), {"a": 0}, False),
        (("a", "past", "n"), {"a": "CUDA0,CUDA2", "n": 2}, True),
        (("a", "past", "n"), {"a": "CUDA0,CUDA1", "n": 2}, False),
        (("a", "past", "n"), {"a": "CUDA7"}, False),
        (("a", "uneven", 64), {"a": 192}, False),
        (("a", "even", 64), {"a": 192}, True),
        (("a", "even", 128), {"a": 192}, False),
        (("a", "strays", ["b"]), {"a": {"b": 1, "c": 2}}, True),
        (("a", "strays", ["b"]), {"a": {"b": 1}}, False),
        (("a", "below", "b"), {"a": 1, "b": 2}, True),
        (("a", "below", "b"), {"a": 1}, False),
        (("a", "above", 1), {"a": 2}, True),
        (("a", "differs", "b"), {"a": 1, "b": 2}, True),
        (("a", "differs", "b"), {"a": 1, "b": 1}, False),
        (("a", "uneven", "b"), {"a": 1000, "b": 64}, True),
        (("a", "uneven", 8), {"a": 64}, False),
        (("a", "uneven", "b"), {"a": 64, "b": 0}, False),
        (("a", "is not", 1), {}, True),
        (("a", "is not", 1), {"a": 1}, False),
        (("a", "has", "x"), {"a": ["x", "y"]}, True),
        (("a", "has", "x"), {"a": "y,x"}, True),
        (("a", "has", "x"), {"a": "xy"}, False),
        (("a", "begins", ["fp8"]), {"a": "fp8_e5m2"}, True),
        (("a", "begins", ["fp8"]), {}, False),
        (("a", "upto", 8), {"a": 8}, True),
        (("a", "upto", 8), {"a": 9}, False),
        (("a", "upto", "b"), {"a": 9, "b": "$N"}, False),
        (("a", "has", "x"), {"a": 9}, False),
        (("a", "unlike", "[0-9]+|all"), {"a": "max"}, True),
        (("a", "unlike", "[0-9]+|all"), {"a": 8}, False),
        (("a", "unlike", "json"), {"a": "{bad"}, True),
        (("a", "unlike", "json"), {"a": '{"a": 1}'}, False),
        (("any", "of", [["a", "is", 1], ["b", "is", 1]]), {"b": 1}, True),
        (("any", "of", [["a", "is", 1], ["b", "is", 1]]), {"b": 2}, False),
        (("all", "of", [["a", "is", 1], ["b", "is", 1]]), {"a": 1, "b": 1}, True),
        (("all", "of", [["a", "is", 1], ["b", "is", 1]]), {"b": 1}, False),
        (("a", "not in", [1]), {"a": UNKNOWN}, False),
        (("a", "set", False), {"a": UNKNOWN}, False),
    ],
)
def test_relations(condition: tuple[Any, ...], known: dict[str, Any], expected: bool) -> None:
    assert holds(condition, finder(**known)) is expected


@pytest.mark.parametrize(
    ("target", "body", "said"),
    [
        ("vllm", "precision { kv = fp16 }", "kv = fp16"),
        (
            "vllm",
            "features { chunked_prefill = false }\n"
            "limits { context = 32Ki tokens; batched_tokens = 8Ki tokens }",
            "chunked_prefill = false",
        ),
        ("sglang", "cache { block = 64 tokens }\nlimits { batched_tokens = 1000 tokens }", "block"),
        ("sglang", "kernels { attention = trtllm_mla }", "attention = trtllm_mla"),
        ("sglang", "kernels { moe = flashinfer_cutedsl }", "moe = flashinfer_cutedsl"),
    ],
)
def test_refused_before_start_with_the_lines(target: str, body: str, said: str) -> None:
    (found,) = (item for item in findings(body, target) if item.severity == "error")
    assert found.code == "SRV310"
    assert "does not start" in found.title
    text = f"{HEAD}  target = {target}\n{body}\n}}\n".encode()
    assert said in text[found.primary.span.start : found.primary.span.end].decode()
    assert any(figure.name == "source" for figure in found.figures)
