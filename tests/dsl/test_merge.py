"""Resolution order: what holds after profiles, deployment and role, as the reference says."""

from __future__ import annotations

import pytest

from tests.dsl.helpers import at, codes, deployed, fixed, good, loaded, only


def said(spec_text: str, path: str) -> str:
    """What holds of a path, as `= 1` or `>= 2 <= 4`."""
    setting = good(spec_text).setting(path)
    if setting is None:
        return ""
    bounds = (setting.eq, setting.ge, setting.le)
    return " ".join(f"{bound.op} {bound.text}" for bound in bounds if bound)


# what a profile says of `replicas`, what the deployment says, what holds
REPLACED = [
    ("= 2", "= 3", "= 3"),
    ("= 2", "<= 3", "<= 3"),
    ("= 2", ">= 3", ">= 3"),
    ("<= 2", "= 3", "= 3"),
    (">= 2", "= 3", "= 3"),
    ("<= 2", "<= 3", "<= 3"),
    (">= 2", ">= 3", ">= 3"),
    ("<= 5", ">= 3", ">= 3 <= 5"),
    (">= 2", "<= 3", ">= 2 <= 3"),
    ("= 2", "", "= 2"),
    ("", ">= 2", ">= 2"),
]


@pytest.mark.parametrize(("earlier", "later", "holds"), REPLACED)
def test_a_later_relation_replaces_as_the_reference_says(
    earlier: str, later: str, holds: str
) -> None:
    above = f'profile "p" {{ nodes = 1; {f"replicas {earlier}" if earlier else ""} }}'
    body = f"extends = [p]; {f'replicas {later}' if later else ''}"
    assert said(deployed(body, above), "replicas") == holds


def test_both_bounds_of_one_body_hold_and_later_ones_replace_their_own() -> None:
    above = 'profile "p" { replicas >= 2; replicas <= 9 }\nprofile "q" { replicas <= 4 }'
    assert said(deployed("extends = [p, q]", above), "replicas") == ">= 2 <= 4"
    assert said(deployed("extends = [q, p]", above), "replicas") == ">= 2 <= 9"


def test_order_within_a_body_means_nothing() -> None:
    one = deployed("limits { batch >= 2; batch <= 8 }; nodes = 2")
    two = deployed("nodes = 2; limits { batch <= 8; batch >= 2 }")
    assert good(one).digest == good(two).digest


def test_profiles_apply_left_to_right_depth_first() -> None:
    above = """
profile "base" { nodes = 1; replicas = 1; limits { batch = 1; context = 1k tokens } }
profile "left" { extends = [base]; replicas = 2; limits { batch = 2 } }
profile "right" { extends = [base]; limits { batch = 3 } }
"""
    text = deployed("extends = [left, right]", above)
    # base comes again before right, so it writes over what left said
    assert said(text, "replicas") == "= 1"
    assert said(text, "limits.batch") == "= 3"
    assert said(text, "nodes") == "= 1"
    assert said(text, "limits.context") == "= 1k tokens"


def test_blocks_merge_by_field_and_lists_are_replaced_whole() -> None:
    above = """profile "p" {
  features { tools = hermes; modalities = [text, image] }
  graphs { sizes = [1, 2, 4] }
}"""
    spec = good(deployed("extends = [p]; features { modalities = [text] }", above))
    assert spec.word("features.tools") == "hermes"
    assert spec.words("features.modalities") == ("text",)
    assert spec.pin("graphs.sizes").value == (1, 2, 4)  # type: ignore[union-attr]


def test_two_unlabelled_blocks_of_one_name_are_one() -> None:
    one = good(deployed("precision { weights = fp8 }; precision { kv = fp8 }"))
    two = good(deployed("precision { weights = fp8; kv = fp8 }"))
    assert one.digest == two.digest


def test_a_dotted_name_is_a_block() -> None:
    load = "workload { rate = 1 req/s"
    dotted = f"precision.weights = fp8; slo.ttft.p95 <= 1s; {load}; input.p95 = 4k tokens }}"
    nested = f"precision {{ weights = fp8 }}; slo {{ ttft {{ p95 <= 1s }} }}; {load}"
    nested += "; input { p95 = 4k tokens } }"
    assert good(deployed(dotted)).digest == good(deployed(nested)).digest


def test_env_adapters_and_arguments_merge_by_name() -> None:
    above = """profile "p" {
  env { A = "1"; B = "1" }
  lora { adapter "x" { path = "p1"; rank = 8 }; adapter "y" { path = "p1"; rank = 8 } }
  api { template_args { a = 1; b = 1 } }
}"""
    body = """extends = [p]
  env { B = "2"; C = "2" }
  lora { adapter "y" { path = "p2"; rank = 16 } }
  api { template_args { b = 2 } }"""
    spec = good(deployed(body, above))
    assert {name: bound.value for name, bound in spec.env.items()} == {"A": "1", "B": "2", "C": "2"}
    assert {a.name: (a.path.value, a.rank.value) for a in spec.adapters} == {
        "x": ("p1", 8),
        "y": ("p2", 16),
    }
    assert {name: bound.value for name, bound in spec.template_args.items()} == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("unset", "gone", "left"),
    [
        ("limits.batch", ["limits.batch"], ["limits.context", "slo.ttft.p95"]),
        ("limits", ["limits.batch", "limits.context"], ["slo.ttft.p95", "slo.ttft.p50"]),
        ("slo.ttft", ["slo.ttft.p95", "slo.ttft.p50"], ["slo.tpot.p95"]),
        ("slo.ttft.p95", ["slo.ttft.p95"], ["slo.ttft.p50"]),
    ],
)
def test_unset_drops_what_is_inherited_at_or_under_a_path(
    unset: str, gone: list[str], left: list[str]
) -> None:
    above = """profile "p" {
  limits { batch = 1; context = 1k tokens }
  slo { ttft.p50 <= 1s; ttft.p95 <= 1s; tpot.p95 <= 50ms }
}"""
    spec = good(deployed(f"extends = [p]; unset {unset}", above))
    assert [path for path in gone if path in spec.settings] == []
    assert [path for path in left if path not in spec.settings] == []


def test_unset_inside_a_block_names_the_rest_of_the_path() -> None:
    above = 'profile "p" { env { A = "1"; B = "1" }; limits { batch = 1; context = 1k tokens } }'
    spec = good(deployed("extends = [p]; env { unset A }; limits { unset batch }", above))
    assert list(spec.env) == ["B"]
    assert "limits.batch" not in spec.settings and "limits.context" in spec.settings


def test_unset_removes_only_what_was_inherited() -> None:
    above = 'profile "p" { limits { batch = 1 } }'
    spec = good(deployed("extends = [p]; unset limits.batch; limits { batch = 2 }", above))
    assert spec.whole("limits.batch") == 2
    assert codes(deployed("limits { batch = 2 }; unset limits.batch")) == ["SRV107"]


@pytest.mark.parametrize("path", ["on", "on.vllm", "on.vllm.a", "on.vllm.c_d", "on.vllm.c-d.e"])
def test_unset_reaches_native_options(path: str) -> None:
    above = 'profile "p" { on vllm { a = 1; c-d { e = 1; f = 2 } } }'
    spec = good(deployed(f"extends = [p]; unset {path}", above))
    options = (
        {o.name: [c.name for c in o.children] for o in spec.on["vllm"].options} if spec.on else {}
    )
    expected = {
        "on": {},
        "on.vllm": {},
        "on.vllm.a": {"c-d": ["e", "f"]},
        "on.vllm.c_d": {"a": []},
        "on.vllm.c-d.e": {"a": [], "c-d": ["f"]},
    }
    assert options == expected[path]


@pytest.mark.parametrize(
    ("path", "left"),
    [("role", []), ("role.prefill", ["decode"]), ("lora", ["prefill", "decode"])],
)
def test_unset_reaches_roles_and_adapters(path: str, left: list[str]) -> None:
    above = """profile "p" {
  role prefill { nodes = 1 }
  role decode { nodes = 1 }
  lora { max_rank = 8; adapter "x" { path = "p"; rank = 8 } }
}"""
    text = deployed(f"extends = [p]; unset {path}", above)
    document, found = loaded(text)
    assert document is not None
    assert list(document.deployments[0].roles) == left
    assert [item.code for item in found] == (["SRV117"] if path == "role.prefill" else [])
    assert bool(document.deployments[0].adapters) == (path != "lora")


def test_unset_of_nothing_names_the_deployment_for_which_it_holds() -> None:
    above = 'profile "p" { unset limits.batch }\nprofile "q" { limits { batch = 1 } }'
    assert good(deployed("extends = [q, p]", above)).setting("limits.batch") is None
    item = only(deployed("extends = [p]", above))
    assert item.code == "SRV107"
    assert [label.text for label in item.secondary] == ["in this deployment"]


def test_unset_of_nothing_names_what_may_be_meant() -> None:
    above = 'profile "p" { limits { batch = 1; context = 1k tokens } }'
    for body, name in (("unset limits.bach", "limits.batch"), ("limits { unset bach }", "batch")):
        text = deployed(f"extends = [p]; {body}", above)
        item = only(text)
        assert item.fixes[0].edits[0].insert == name and not item.fixes[0].safe
        assert codes(fixed(text, item.fixes[0])) == []
    assert only(deployed("extends = [p]; unset limt", above)).fixes[0].edits[0].insert == "limits"
    assert len(only(deployed("extends = [p]; unset lora", above)).fixes) == 1


def test_asserts_accumulate_and_are_kept_once() -> None:
    above = """profile "p" { assert predicted.memory <= 90% else "p" }
profile "q" { extends = [p]; assert nodes = 1 else "q" }"""
    spec = good(deployed('extends = [p, q]; assert nodes <= 2 else "d"', above))
    assert [check.why for check in spec.asserts] == ["p", "q", "d"]


def test_bounds_that_cross_show_both_lines() -> None:
    above = 'profile "p" { replicas >= 4 }'
    text = deployed("extends = [p]; replicas <= 2", above)
    item = only(text)
    assert item.code == "SRV108"
    assert at(text, item.primary.span) == "replicas <= 2"
    assert at(text, item.secondary[0].span) == "replicas >= 4"
    assert [figure.value for figure in item.figures] == [4, 2]
