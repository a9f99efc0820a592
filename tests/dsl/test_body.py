"""What one body may say, and how its mistakes are counted."""

from __future__ import annotations

import pytest

from tests.dsl.helpers import at, codes, deployed, good, loaded


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("nodes = 2; nodes = 2", ["SRV104"]),
        ("nodes = 2; nodes = 3", ["SRV104"]),
        ("nodes <= 2; nodes <= 3", ["SRV104"]),
        ("nodes >= 1; nodes <= 3", []),
        ("nodes = 2; nodes <= 3", []),
        ("nodes = 4; nodes <= 3", ["SRV108"]),
        ("nodes = 1; nodes >= 2", ["SRV108"]),
        ("limits { batch = 1 }; limits { batch = 1 }", ["SRV104"]),
        ("limits.batch = 1; limits { batch = 1 }", ["SRV104"]),
        ('env { A = "1"; A = "2" }', ["SRV104"]),
        ("on vllm { a = 1 }; on vllm { b = 1 }", ["SRV104"]),
        ("on vllm { a-b = 1; a_b = 1 }", ["SRV104"]),
        ("on vllm { a { b = 1 }; a { c = 1 } }", []),
        ("on vllm { a { b = 1 }; a.c = 1 }", []),
        ("on vllm { a { b = 1 }; a = 1 }", ["SRV104"]),
        ("on vllm { a = 1; a { b = 1 } }", ["SRV104"]),
        ("on vllm { a { b = 1 }; a.b = 1 }", ["SRV104"]),
        ('on vllm { version = "1"; version = "2" }', ["SRV104"]),
        (
            "role prefill { nodes = 1 }; role decode { nodes = 1 }; role decode { nodes = 1 }",
            ["SRV104"],
        ),
        ("workload { rate = 1 req/s; concurrency = 1 }", ["SRV104"]),
        ("workload { kind = chat }", ["SRV117"]),
        ("workload { kind = ragg }", ["SRV114"]),
    ],
)
def test_what_one_body_may_say(body: str, expected: list[str]) -> None:
    assert codes(deployed(body)) == expected


def test_a_value_keeps_its_place_through_profiles_and_references() -> None:
    text = deployed("extends = [p]", 'let most = 64\nprofile "p" { limits { batch <= $most } }')
    bound = good(text).upper("limits.batch")
    assert bound is not None
    assert at(text, bound.span) == "batch <= $most"
    assert at(text, bound.name_span) == "batch"
    assert at(text, bound.value_span) == "$most"
    assert bound.origin is not None and at(text, bound.origin) == "64"
    assert (bound.text, bound.value) == ("64", 64)


def test_one_bad_line_of_a_profile_is_one_finding() -> None:
    above = 'profile "p" { nodes = 0 }\ndeployment "e" { extends = [p]; model = m; hardware = any }'
    document, found = loaded(deployed("extends = [p]", above))
    assert [item.code for item in found] == ["SRV114"]
    assert document is not None
    assert [spec.broken for spec in document.deployments] == [True, True]


def test_a_misspelt_field_is_not_also_missing() -> None:
    text = 'servec 1\ndeployment "d" { modle = m; hardware = any }\n'
    assert codes(text) == ["SRV102"]
    assert codes('servec 1\ndeployment "d" { model = 3; hardware = any }\n') == ["SRV110"]
    assert codes('servec 1\ndeployment "d" { model = ; hardware = any }\n') == ["SRV009"]
    assert codes('servec 1\ndeployment "d" { }\n') == ["SRV117", "SRV117"]


def test_errors_of_several_kinds_are_found_in_one_run() -> None:
    body = "precison { kv = fp8 }; limits { batch = 2.5; memory <= 0.9 }"
    body += "; nodes = $n; slo { ttft.p95 = 1s }"
    assert codes(deployed(body)) == ["SRV101", "SRV110", "SRV112", "SRV103", "SRV109"]


def test_a_syntax_error_leaves_the_other_lines_to_be_checked() -> None:
    assert codes(deployed("nodes = ; limits { bach = 2 }")) == ["SRV009", "SRV102"]
