"""Fleets, and what stands at top level."""

from __future__ import annotations

from fractions import Fraction

import pytest

from servec.dsl.spec import Count
from tests.dsl.helpers import codes, deployed, loaded, only

FLEET = """servec 1

import "chat.srv" as chat

deployment "own" {
  model = m
  hardware = h100 x 8
}

fleet "west" {
  pool "big" {
    hardware = h200 x 8; nodes = 3; fabric = infiniband; price = 28 USD/h; power = 10 kW
  }
  pool "small" { hardware = l4 x 4; nodes = 2 }
  place chat.talk { pool = big; replicas >= 2; replicas <= 3; priority = 10 }
  place own { pool = small; share = 25% }
  budget { cost <= 140 USD/h; power <= 60 kW; spare >= 5% }
  assert predicted.cost <= 140 USD/h else "contract"
}
"""
CHAT = {"chat.srv": 'servec 1\ndeployment "talk" { model = m; hardware = h200 x 8 }\n'}


def test_fleets_hold_pools_places_and_their_deployments() -> None:
    document, found = loaded(FLEET, CHAT)
    assert found == () and document is not None
    (fleet,) = document.fleets
    assert [pool.name for pool in fleet.pools] == ["big", "small"]
    big = fleet.pools[0].settings
    assert big["hardware"].first.value == Count("h200", 8)
    assert (big["price"].first.value, big["power"].first.value) == (28, 10000)
    talk, own = fleet.places
    assert talk.target is not None and talk.target.file == "chat.srv"
    assert own.target is document.deployments[0]
    assert own.settings["share"].first.value == Fraction(1, 4)
    assert talk.settings["replicas"].ge.value == 2  # type: ignore[union-attr]
    assert fleet.settings["budget.spare"].ge.value == Fraction(1, 20)  # type: ignore[union-attr]
    assert fleet.asserts[0].value == 140


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("place own {", "place owm {", ["SRV106"]),
        ("place chat.talk {", "place chat.tall {", ["SRV106"]),
        ("place own {", 'place "own" {', []),
        ("place own { pool = small; ", "place own { ", ["SRV117"]),
        ("hardware = l4 x 4; nodes = 2", "nodes = 2", ["SRV117"]),
        ("hardware = l4 x 4; nodes = 2", "hardware = l4; nodes = 2", ["SRV110"]),
        ('pool "small"', 'pool "big"', ["SRV104"]),
        ("place own", "place chat.talk", ["SRV104"]),
        ("share = 25%", "share = 0.25", ["SRV112"]),
        ("{ cost <= 140", "{ cost >= 140", ["SRV109"]),
        ("replicas >= 2", "replicas >= 4", ["SRV108"]),
        ("budget {", "budgt {", ["SRV101"]),
        ("spare >= 5%", "unset cost", ["SRV107"]),
        ("nodes = 2 }", 'nodes = 2; env { A = "1" } }', ["SRV101"]),
        ("priority = 10", 'assert replicas = 2 else "x"', ["SRV010"]),
    ],
)
def test_what_a_fleet_may_say(old: str, new: str, expected: list[str]) -> None:
    assert FLEET.count(old) == 1
    assert codes(FLEET.replace(old, new), CHAT) == expected


def test_errors_of_a_placed_deployment_are_reported_in_its_file() -> None:
    files = {"chat.srv": CHAT["chat.srv"].replace("model = m", "model = 3")}
    document, found = loaded(FLEET, files)
    assert [(item.code, item.primary.span.file) for item in found] == [("SRV110", "chat.srv")]
    assert document is not None
    assert document.fleets[0].places[0].target.broken  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model = m", ["SRV010"]),
        ("unset a", ["SRV010"]),
        ('assert a = b else "c"', ["SRV010"]),
        ("precision { }", ["SRV010"]),
        ("budget { }", ["SRV010"]),
        ("precison { }", ["SRV101"]),
        ("deploymnt x { }", ["SRV101", "SRV117", "SRV117"]),
        ("deployment { }", ["SRV114", "SRV117", "SRV117"]),
        ('profile "" { }', ["SRV114"]),
        ('fleet "" { }', ["SRV114"]),
        ('profile "a b/c" { }', []),
        ('profile "a" { }\nprofile "a" { }', ["SRV104"]),
        ('fleet "a" { }\nfleet "a" { }', ["SRV104"]),
        ('profile "a" { }\nfleet "a" { }', []),
        ('profile "a" { model = 3 }', ["SRV110"]),
        ('profile "a" { extends = [b] }', ["SRV106"]),
        ('profile "a" { deployment "b" { } }', ["SRV010"]),
        ('profile "a" { unset b }', []),
    ],
)
def test_top_level(text: str, expected: list[str]) -> None:
    assert codes(f"servec 1\n{text}\n") == expected


@pytest.mark.parametrize(
    ("name", "good_name"),
    [
        ("a", True),
        ("7b-chat", True),
        ("A_b.c-d", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("", False),
        ("-a", False),
        (".a", False),
        ("_a", False),
        ("a b", False),
        ("a/b", False),
        ("ä", False),
        ("a\\nb", False),
        ("²", False),
    ],
)
def test_names_of_deployments(name: str, good_name: bool) -> None:
    text = deployed("nodes = 1").replace('"d"', f'"{name}"')
    document, found = loaded(text)
    assert [item.code for item in found] == ([] if good_name else ["SRV114"])
    assert document is not None and document.deployments[0].broken is not good_name


def test_a_misplaced_field_names_the_block_that_has_it() -> None:
    item = only(deployed("kv = fp8"))
    assert item.code == "SRV102"
    assert item.fixes[0].edits[0].insert == "precision.kv" and item.fixes[0].safe
    item = only(deployed("limits { kv = fp8 }"))
    assert "precision" in item.primary.text and not item.fixes[0].edits
    item = only(deployed("max-model-len = 4096"))
    assert item.fixes[0].edits[0].insert == "limits.context" and not item.fixes[0].safe


def test_the_deployment_of_a_finding_is_named() -> None:
    text = deployed("nodes = 0") + 'deployment "e" { model = m; hardware = any; nodes = 0 }\n'
    _, found = loaded(text)
    assert [item.deployment for item in found] == ["d", "e"]
