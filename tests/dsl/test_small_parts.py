"""The near names, the schema as data, the digest, removal of statements, names in words."""

from __future__ import annotations

import json
import re

import pytest

from servec.dsl.limits import MAX_GUESS
from servec.dsl.nearest import nearest
from servec.dsl.parse import parse
from servec.dsl.removal import removal
from servec.dsl.schema.language import blocks, field, fields
from servec.dsl.slip import slip
from servec.dsl.units import UNITS
from servec.dsl.wording import clipped, codes, listed
from tests.dsl.helpers import deployed, good
from tests.golden import ROOT

SCOPES = ("deployment", "on", "adapter", "fleet", "pool", "place", "predicted")


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("wieghts", ["weights", "kv", "activations"], ("weights",)),
        ("fp9", ["fp8", "bf16", "fp16"], ("fp8",)),
        ("max-batch", ["max_batch"], ("max_batch",)),
        ("GIB", ["GB", "GiB"], ("GiB", "GB")),
        ("x", ["y"], ("y",)),
        ("xy", ["ab"], ()),
        ("tensor", ["pipeline", "data"], ()),
        ("tenosr", ["tensor"], ("tensor",)),
        ("", ["a"], ()),
        ("a" * (MAX_GUESS + 1), ["a" * MAX_GUESS], ()),
    ],
)
def test_nearest(name: str, names: list[str], expected: tuple[str, ...]) -> None:
    assert nearest(name, names) == expected


def test_nearest_gives_the_nearest_first_and_few() -> None:
    names = ["contexta", "context", "contextab", "contextabc", "contexts"]
    assert nearest("context", names) == ("context", "contexta", "contexts")


@pytest.mark.parametrize("scope", SCOPES)
def test_every_field_of_the_schema_is_well_formed(scope: str) -> None:
    kinds = {"word", "string", "whole", "decimal", "boolean", "count", *UNITS}
    found = list(fields(scope))  # type: ignore[arg-type]
    assert found
    for each in found:
        assert set(each.kinds) <= kinds and each.kinds
        assert set(each.ops) <= {"=", "<=", ">="} and each.ops
        assert each.doc and len(each.doc) <= 110 and not each.doc.endswith(".")
        assert not (each.choices and "word" not in each.kinds)
        assert not each.pattern or re.compile(each.pattern)
        assert field(scope, each.path) == each
        low = each.low if each.low is not None else each.above
        assert low is None or each.high is None or low < each.high


def test_every_path_lies_in_a_block_of_the_schema() -> None:
    known = blocks("deployment")
    for each in fields("deployment"):
        parts = each.path.split(".")
        for depth in range(1, len(parts)):
            path = ".".join(parts[:depth])
            assert path in known, each.path
            assert known[path].get("role", False) >= each.role
    assert all(row["doc"] for scope in ("top", *SCOPES) for row in blocks(scope).values())  # type: ignore[arg-type]


def test_the_names_of_runtimes_lead_to_fields() -> None:
    table = json.loads((ROOT / "dsl/schema/native_names.json").read_text())
    assert table["source"]
    words = [word for names in table["names"].values() for word in names.split()]
    assert len(words) == len(set(words))
    assert all(field("deployment", path) for path in table["names"])
    assert set(table["blocks"]) <= set(blocks("deployment"))
    called = [word for names in table["blocks"].values() for word in names.split()]
    assert len(called) == len(set(called))


def test_the_words_of_runtimes_lead_to_values() -> None:
    table = json.loads((ROOT / "dsl/schema/native_words.json").read_text())
    assert table["source"]
    for path, words in table["words"].items():
        known = field("deployment", path)
        assert known is not None
        taken = {*known.choices, *known.hint.split()}
        assert all({*meant} <= taken and word not in taken for word, meant in words.items())


@pytest.mark.parametrize(
    "body",
    [
        "limits { memory <= 90% } # c",
        "limits { memory <= 90.0% }",
        "limits.memory <= 90%",
        "limits {\n memory <= 90 %\n }",
    ],
)
def test_the_digest_does_not_see_how_a_thing_is_said(body: str) -> None:
    assert good(deployed(body)).digest == good(deployed("limits { memory <= 90% }")).digest


def test_the_digest_does_not_see_where_a_thing_is_said() -> None:
    above = 'let m = 90%\nprofile "p" { limits { memory <= $m } }'
    assert (
        good(deployed("extends = [p]", above)).digest
        == good(deployed("limits { memory <= 90% }")).digest
    )
    units = deployed("slo { ttft.p95 <= 1s }; limits { context = 4k tokens }")
    others = deployed("slo { ttft.p95 <= 1000ms }; limits { context = 4000 tokens }")
    assert good(units).digest == good(others).digest


DIFFERENT = [
    "",
    "limits { memory <= 90% }",
    "limits { memory = 90% }",
    "limits { memory <= 91% }",
    'on vllm { a = "1" }',
    "on vllm { a = 1 }",
    'on vllm { a = "true" }',
    "on vllm { a = true }",
    "on vllm { a = 1 GiB }",
    "on vllm { a = 1073741824 }",
    "on vllm { a { } }",
    "on vllm { a { b = 1 } }",
    "on vllm { b { a = 1 } }",
    'on vllm { env { A = "1" } }',
    'on vllm { version = "1" }',
    'on vllm { image = "1" }',
    'on vllm { raw_args = ["1"] }',
    "on sglang { a = 1 }",
    'env { A = "1" }',
    'env { A = "2" }',
    'env { B = "1" }',
    'assert nodes = 1 else "a"',
    'assert nodes = 1 else "b"',
    'assert nodes <= 1 else "a"',
    "api { template_args { a = 1 } }",
    'lora { adapter "a" { path = "p"; rank = 8 } }',
    'lora { adapter "a" { path = "p"; rank = 16 } }',
    "role prefill { nodes = 1 }; role decode { nodes = 1 }",
    "role prefill { nodes = 1 }; role decode { nodes = 2 }",
    "graphs { sizes = [1, 2] }",
    "graphs { sizes = [2, 1] }",
]


def test_the_digest_sees_what_is_said() -> None:
    digests = [good(deployed(body)).digest for body in DIFFERENT]
    assert len(set(digests)) == len(DIFFERENT)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("x {\n  a = 1\n  b = 2\n}\n", "x {\n  b = 2\n}\n"),
        ("x {\n  a = 1 # c\n}\n", "x {\n}\n"),
        ("x { a = 1; b = 2 }\n", "x { b = 2 }\n"),
        ("x { b = 2; a = 1 }\n", "x { b = 2 }\n"),
        ("x { a = 1 }\n", "x { }\n"),
        ("a = 1", ""),
        ("a = 1; b = 2\n", "b = 2\n"),
    ],
)
def test_removal_leaves_the_lines_around_tidy(text: str, left: str) -> None:
    spec = f"servec 1\n{text}"
    file = parse("a.srv", spec.encode())
    start = spec.index("a = 1")
    edit = removal(file, start, start + len("a = 1"))
    made = spec[: edit.span.start] + edit.insert + spec[edit.span.end :]
    assert made == f"servec 1\n{left}"


def test_words() -> None:
    assert listed([]) == "" and listed(["a"]) == "a" and listed(["a", "b", "c"]) == "a, b or c"
    assert codes(["a", "b"], "and") == "`a` and `b`"
    assert clipped("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
    long = clipped("x" * 500 + "end", 40)
    assert len(long) == 40 and long.endswith("end") and "..." in long


def test_of_equally_near_names_the_longer_common_beginning_comes_first() -> None:
    assert nearest("h10", ("a10", "h20", "h100")) == ("h100", "h20", "a10")


@pytest.mark.parametrize(
    ("name", "near", "sure"),
    [
        ("lama-3.3-70b", ("llama-3.3-70b", "llama-3.1-70b"), True),
        ("qwen2.5-vl-72b", ("qwen2.5-vl-7b", "qwen2.5-72b"), False),
        ("h10", ("h100", "h20", "a10"), False),
        ("qwn3-32b", ("qwen3-32b", "qwq3-32b"), False),
        ("x", (), False),
    ],
)
def test_only_a_name_with_the_same_numbers_is_corrected_unasked(
    name: str, near: tuple[str, ...], sure: bool
) -> None:
    assert slip(name, near) is sure
