"""Edits that rules offer: in place, beside their block, over a profile, in a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.compiler.rules.labels import at, drop, seconds, write
from servec.dsl.load import load
from servec.dsl.sources import MemorySources

if TYPE_CHECKING:
    from servec.dsl.spec import Spec

HEAD = "servec 1\n\n"


def spec(text: str, role: str = "") -> Spec:
    document, found = load(MemorySources({"x.srv": text}), "x.srv")
    assert document is not None and not found, found
    made = document.deployments[0]
    return made.roles[role] if role else made


def written(text: str, values: dict[str, str], role: str = "") -> str:
    data = text.encode()
    for edit in reversed(write(spec(text, role), values)):
        data = data[: edit.span.start] + edit.insert.encode() + data[edit.span.end :]
    return data.decode()


BODY = HEAD + 'deployment "x" {\n  model = qwen3-8b\n  hardware = h100 x 8\n%s\n}\n'


@pytest.mark.parametrize(
    ("said", "values", "made"),
    [
        ("  parallel { tensor = 8 }", {"parallel.tensor": "4"}, "  parallel { tensor = 4 }"),
        ("  parallel.tensor = 8", {"parallel.tensor": "4"}, "  parallel.tensor = 4"),
        (
            "  parallel { tensor = 8 }",
            {"parallel.tensor": "4", "parallel.data": "2"},
            "  parallel { tensor = 4; data = 2 }",
        ),
        ("  parallel { tensor >= 8 }", {"parallel.tensor": "4"}, "  parallel { tensor = 4 }"),
        (
            "  parallel { tensor >= 2; tensor <= 4 }",
            {"parallel.tensor": "8"},
            "  parallel { ; tensor = 8 }",
        ),
        (
            "  parallel { tensor = 8 } # wide",
            {"parallel.expert": "8"},
            "  parallel { tensor = 8; expert = 8 } # wide",
        ),
    ],
)
def test_what_the_body_says_is_changed_in_place(
    said: str, values: dict[str, str], made: str
) -> None:
    text = BODY % said
    result = written(text, values)
    assert result == BODY % made
    found = spec(result)
    for path, value in values.items():
        pin = found.pin(path)
        assert pin is not None and pin.text == value


def test_what_is_not_said_stands_beside_a_field_of_the_body() -> None:
    result = written(BODY % "  api { port = 1 }", {"parallel.tensor": "4"})
    assert "hardware = h100 x 8; parallel.tensor = 4" in result
    assert spec(result).whole("parallel.tensor") == 4


def test_a_profile_is_left_as_it_is() -> None:
    text = HEAD + 'profile "p" {\n  parallel { tensor = 8 }\n}\n\n'
    text += 'deployment "x" {\n  extends = [p]\n  model = qwen3-8b\n  hardware = h100 x 8\n}\n'
    result = written(text, {"parallel.tensor": "4"})
    assert 'profile "p" {\n  parallel { tensor = 8 }\n}' in result
    assert spec(result).whole("parallel.tensor") == 4


def test_all_from_profiles_still_has_a_place_to_write() -> None:
    text = HEAD + 'profile "p" {\n  model = qwen3-8b\n  hardware = h100 x 8\n}\n\n'
    text += 'deployment "x" { extends = [p] }\n'
    assert spec(written(text, {"parallel.tensor": "8"})).whole("parallel.tensor") == 8


def test_a_reference_is_replaced_where_it_stands() -> None:
    text = HEAD + 'let n = 8\n\ndeployment "x" {\n  model = qwen3-8b\n  hardware = h100 x 8\n'
    text += "  parallel { tensor = $n }\n}\n"
    result = written(text, {"parallel.tensor": "4"})
    assert "let n = 8" in result and "tensor = 4" in result


def test_a_role_is_written_in_its_own_body() -> None:
    roles = "  role prefill { parallel { tensor = 8 } }\n  role decode { parallel { tensor = 8 } }"
    result = written(BODY % roles, {"parallel.tensor": "4", "parallel.data": "2"}, "decode")
    assert "role prefill { parallel { tensor = 8 } }" in result
    assert spec(result, "decode").whole("parallel.data") == 2
    assert spec(result, "prefill").whole("parallel.tensor") == 8


def test_a_line_is_dropped_only_from_the_spec_s_own_body() -> None:
    own = spec(
        BODY % "  transfer = nixl\n  role prefill { nodes = 1 }\n  role decode { nodes = 1 }"
    )
    (edit,) = drop(own, "transfer")
    assert edit.insert == ""
    assert drop(own, "fabric") == ()


def test_labels_point_at_the_line_else_at_a_neighbour_else_at_the_name() -> None:
    own = spec(BODY % "  parallel { tensor = 8 }")
    tensor, model = at(own, "parallel.tensor", "a"), at(own, "parallel.data", "b")
    assert tensor.span == own.settings["parallel.tensor"].first.span
    assert model.span == own.settings["model"].first.span
    assert at(own, "parallel.data", "c", "fabric").span == own.name_span
    assert seconds(tensor, tensor, model, model) == (model,)
