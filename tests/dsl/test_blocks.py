"""Roles, `on` blocks and the other blocks with open names."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.dsl.helpers import codes, deployed, good, loaded

ROLES = "role prefill { nodes = 1 }\n  role decode { nodes = 2 }"


def test_a_role_is_a_copy_of_the_whole_with_its_own_body() -> None:
    body = """precision { weights = fp8; kv = fp8 }
  limits { batch <= 8 }
  env { A = "1" }
  on sglang { a = 1; b = 1 }
  role prefill { limits { batch <= 4 }; env { B = "2" }; on sglang { b = 2 } }
  role decode { nodes = 2; unset limits.batch; assert parallel.tensor = 8 else "wide" }
  assert role.decode.replicas >= 1 else "one" """
    spec = good(deployed(body))
    prefill, decode = spec.roles["prefill"], spec.roles["decode"]
    assert (prefill.role, decode.role, spec.role) == ("prefill", "decode", "")
    assert prefill.word("model") == decode.word("model") == "qwen3-32b"
    assert [s.upper("limits.batch") is not None for s in (spec, prefill, decode)] == [
        True,
        True,
        False,
    ]
    assert prefill.upper("limits.batch").value == 4  # type: ignore[union-attr]
    assert spec.upper("limits.batch").value == 8  # type: ignore[union-attr]
    assert (list(prefill.env), list(decode.env)) == (["A", "B"], ["A"])
    assert [o.value for o in prefill.on["sglang"].options] == [1, 2]
    assert [o.value for o in spec.on["sglang"].options] == [1, 1]
    assert decode.whole("nodes") == 2 and spec.whole("nodes") is None
    assert [check.why for check in spec.asserts] == ["one"]
    assert [(check.why, check.role) for check in decode.asserts] == [("wide", "decode")]


def test_roles_of_profiles_apply_before_those_of_the_deployment() -> None:
    above = 'profile "p" { role decode { nodes = 1; replicas = 3 } }'
    body = "extends = [p]; limits { batch = 2 }; " + ROLES.replace("\n ", ";")
    decode = good(deployed(body, above)).roles["decode"]
    assert (decode.whole("nodes"), decode.whole("replicas")) == (2, 3)
    assert decode.whole("limits.batch") == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("role decode { nodes = 1 }", ["SRV117"]),
        ("role prefill { nodes = 1 }", ["SRV117"]),
        ("role encode { nodes = 1 }", ["SRV114"]),
        ("role { nodes = 1 }", ["SRV114"]),
        (ROLES + "; role.decode.nodes = 3", ["SRV102"]),
        ("role prefill { model = x }; role decode { nodes = 1 }", ["SRV102"]),
        ("role prefill { workload { kind = chat } }; role decode { nodes = 1 }", ["SRV101"]),
        ("role prefill { lora { max_rank = 8 } }; role decode { nodes = 1 }", ["SRV101"]),
        ("role prefill { role decode { } }; role decode { nodes = 1 }", ["SRV101"]),
        ("role prefill { extends = [p] }; role decode { nodes = 1 }", ["SRV102"]),
        ("role prefill { schedule { policy = lpm } }; role decode { comm { all2all = x } }", []),
    ],
)
def test_what_a_role_may_say(body: str, expected: list[str]) -> None:
    assert codes(deployed(body)) == expected


def test_hardware_may_stand_in_both_roles() -> None:
    text = """servec 1
deployment "d" {
  model = m
  role prefill { hardware = h100 x 8 }
  role decode { hardware = h200 x 8 }
}
"""
    assert codes(text) == []
    assert codes(text.replace("hardware = h200 x 8", "nodes = 1")) == ["SRV117"]


def test_on_blocks_hold_native_options_as_they_stand() -> None:
    spec = good(
        deployed(
            """on vllm {
    version = ">=0.22.1,<0.34"
    image = "vllm/vllm-openai@sha256:abc"
    max-num-seqs = 64
    swap_space = 4 GiB
    enforce-eager = true
    seed = "true"
    load-format = safetensors
    rope = 0.5
    sizes = [1, 2]
    compilation-config { mode = 3; pass_config { fuse = true } }
    speculative-config.method = ngram
    raw_args = ["--a", "b c"]
    env { VLLM_LOGGING_LEVEL = "WARNING" }
    env.OTHER = "x"
  }"""
        )
    )
    on = spec.on["vllm"]
    assert on.version is not None and on.version.value == ">=0.22.1,<0.34"
    assert on.image is not None and on.raw_args is not None
    assert on.raw_args.value == ("--a", "b c")
    assert {name: bound.value for name, bound in on.env.items()} == {
        "VLLM_LOGGING_LEVEL": "WARNING",
        "OTHER": "x",
    }
    options = {option.name: option for option in on.options}
    assert options["max-num-seqs"].value == 64
    assert (options["swap_space"].value, options["swap_space"].unit) == (4 * 2**30, "GiB")
    assert options["swap_space"].text == "4 GiB"
    assert options["enforce-eager"].value is True
    assert (options["seed"].value, options["seed"].is_string) == ("true", True)
    assert options["load-format"].value == "safetensors"
    assert options["rope"].value == Fraction(1, 2)
    assert options["sizes"].value == (1, 2)
    nested = options["compilation-config"]
    assert nested.is_block and [child.name for child in nested.children] == ["mode", "pass_config"]
    assert nested.children[1].children[0].value is True
    assert options["speculative-config"].children[0].value == "ngram"


def test_on_blocks_merge_by_option() -> None:
    above = """profile "p" {
  on vllm {
    version = "0.22.1"; a = 1; b { c = 1; d = 1 }; e = 1; raw_args = ["x"]; env { A = "1" }
  }
}"""
    body = (
        'extends = [p]; on vllm { version = "0.33.0"; b { d = 2 }; e { f = 1 }; env { B = "2" } }'
    )
    on = good(deployed(body, above)).on["vllm"]
    assert on.version is not None and on.version.value == "0.33.0"
    shown = {
        o.name: o.value if not o.is_block else {c.name: c.value for c in o.children}
        for o in on.options
    }
    assert shown == {"a": 1, "b": {"c": 1, "d": 2}, "e": {"f": 1}}
    assert list(on.env) == ["A", "B"]
    assert on.raw_args is not None


def test_merging_leaves_the_profile_as_it_is() -> None:
    text = """servec 1
profile "p" { on vllm { b { c = 1 } }; env { A = "1" }; limits { batch = 1 } }
deployment "d" { extends = [p]; model = m; hardware = any; on vllm { b { c = 2; d = 2 } } }
deployment "e" { extends = [p]; model = m; hardware = any }
"""
    document, found = loaded(text)
    assert found == () and document is not None
    second = document.deployments[1].on["vllm"].options[0]
    assert [(child.name, child.value) for child in second.children] == [("c", 1)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("on vlm { a = 1 }", ["SRV114"]),
        ("on auto { a = 1 }", ["SRV114"]),
        ("on { a = 1 }", ["SRV114"]),
        ('on "vllm" { a = 1 }', []),
        ("on vllm { a <= 1 }", ["SRV109"]),
        ("on vllm { a = [1, x] }", ["SRV110"]),
        ("on vllm { a = [[1], [2]] }", []),
        ("on vllm { a = 5 apples }", ["SRV113"]),
        ("on vllm { a = $b }", ["SRV103"]),
        ("on vllm { a = h100 x 2 }", []),
        ("on vllm { version = main }", ["SRV110"]),
        ('on vllm { version <= "1" }', ["SRV109"]),
        ("on vllm { raw_args = [a] }", ["SRV110"]),
        ("on vllm { env { A = 1 } }", ["SRV110"]),
        ("on vllm { env { A { } } }", ["SRV010"]),
        ("on vllm { let a = 1 }", ["SRV010"]),
        ('on vllm { a "b" { c = 1 } }', ["SRV010"]),
        ('env { A = "1"; B { } }', ["SRV101"]),
        ("env { A = b }", ["SRV110"]),
        ('env { A <= "1" }', ["SRV109"]),
        ('env { A-B = "1" }', ["SRV114"]),
        ('env.A = "1"', []),
        ("api { template_args { a <= 1 } }", ["SRV109"]),
        ('api { template_args { a = true; b = [x]; c = "s"; d = 1.5 } }', []),
        ("measured { vllm = 900 tok/s; trtllm = 1k tok/s }", []),
        ("measured { vlm = 900 tok/s }", ["SRV102"]),
        ('lora { adapter "x" { path = "p" } }', ["SRV117"]),
        ('lora { adapter "x" { path = "p"; rank = 8; size = 3 } }', ["SRV102"]),
        ('adapter "x" { path = "p"; rank = 8 }', ["SRV101"]),
    ],
)
def test_what_open_blocks_may_say(body: str, expected: list[str]) -> None:
    assert codes(deployed(body)) == expected


def test_a_second_block_of_a_name_is_read_too() -> None:
    twice = 'lora { adapter "a" { path = "./a"; rank = 8 }; adapter "a" { pth = "./a"; rank = 8 } }'
    assert codes(deployed(twice)) == ["SRV104", "SRV102"]
    assert codes(deployed("on vllm { a = 1 }; on vllm { b = 1 bad }")) == ["SRV104", "SRV113"]


def test_a_let_is_used_where_its_name_is_misspelt() -> None:
    assert codes(deployed("limits { context = $contxt }", "let context = 4k tokens")) == ["SRV103"]


def test_what_stands_behind_a_brace_too_many_is_read() -> None:
    lora = 'lora {\n    adapter "a" { path = "./a"; rank = 8 } }\n    max_rnk = 8\n  }'
    body = lora + "\n  api { prot = 1 }"
    assert codes(deployed(body)) == ["SRV102", "SRV102", "SRV006"]


def test_what_stands_behind_a_brace_that_is_missing_is_read() -> None:
    body = "limits {\n    batch = 8\n  api { prot = 1 }"
    assert codes(deployed(body)) == ["SRV102", "SRV006"]
