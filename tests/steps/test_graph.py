"""The graph of steps: what waits for what, and how it is drawn."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from servec.cli.main import main
from servec.cli.render.graph import DRAWINGS, Drawn, render_graphs
from servec.compiler.steps.graph import columns, steps_of, until
from servec.compiler.target import Launch, Process, Step
from tests.artifacts.subjects import HOSTILE
from tests.golden import ROOT

FETCH = Step("fetch", "download", ("hf", "download", "a/b"), makes=("models/b",))
CONVERT = Step("convert", "convert", ("to", "b"), makes=("b-16",), needs=("models/b/config.json",))
QUANTISE = Step("quantise", "quantize", ("q",), makes=("b-4",), needs=("b-16",))
DRAFT = Step("draft", "download", ("hf", "download", "c/d"), makes=("models/d",))


def process(name: str, role: str, rank: int = 0, port: int = 8000) -> Process:
    return Process(name, role, rank, ("serve", "b-4"), port=port)  # type: ignore[arg-type]


def launch(*processes: Process, steps: tuple[Step, ...] = ()) -> Launch:
    return Launch("vllm", "1", processes or (process("server", "serve"),), steps=steps)


def waits(made: Launch) -> dict[str, tuple[str, ...]]:
    return {node.name: node.after for node in steps_of(made)}


def test_a_product_is_made_before_it_is_read() -> None:
    made = launch(steps=(QUANTISE, FETCH, DRAFT, CONVERT))
    found = waits(made)
    assert found["convert"] == ("fetch",)
    assert found["quantise"] == ("convert",)
    assert found["server"] == ("quantise", "draft")
    order = list(found)
    assert order.index("fetch") < order.index("convert") < order.index("quantise")
    server = next(node for node in steps_of(made) if node.name == "server")
    assert server.needs == ("b-4",)


def test_roles_come_up_before_their_router_and_the_probe_asks_that() -> None:
    made = launch(
        process("p", "prefill", port=1), process("d-0", "decode", 0, 2),
        process("d-1", "decode", 1, 0), process("router", "router", port=9),
    )  # fmt: skip
    found = waits(made)
    assert found["p"] == found["d-0"] == found["d-1"] == ()
    assert found["router"] == ("p", "d-0", "d-1")
    assert found["probe"] == ("router",)
    assert found["bench"] == ("probe",)
    probe = next(node for node in steps_of(made) if node.kind == "probe")
    assert probe.needs == ("http://127.0.0.1:9",)


def test_names_are_unique() -> None:
    twin = Step("server", "build", ("b",), makes=("x",))
    made = steps_of(launch(steps=(twin, twin)))
    assert [node.name for node in made] == ["server-2", "server-3", "server", "probe", "bench"]
    assert made[2].after == ("server-2", "server-3")


def test_up_to_a_step_is_what_it_waits_for_and_no_more() -> None:
    made = steps_of(launch(steps=(FETCH, DRAFT, CONVERT, QUANTISE)))
    assert [node.name for node in until(made, ["quantise"])] == ["fetch", "convert", "quantise"]


def test_columns_go_from_what_is_first_to_what_is_last() -> None:
    made = steps_of(launch(steps=(FETCH, DRAFT, CONVERT, QUANTISE)))
    found = [[node.name for node in column] for column in columns(made)]
    assert found == [
        ["fetch"], ["convert"], ["draft", "quantise"], ["server"], ["probe"], ["bench"]
    ]  # fmt: skip


def hostile() -> Drawn:
    steps = tuple(Step(text, "build", (text,), makes=(text,)) for text in HOSTILE if text.strip())
    return Drawn(HOSTILE[1] + "<&", steps_of(launch(steps=steps)))


def test_a_tree_names_each_step_once() -> None:
    text = render_graphs("tree", [hostile()])
    assert len(text.splitlines()) == 1 + len(hostile().nodes)
    twice = launch(
        process("a", "serve", 0, 1), process("b", "serve", 0, 2), process("r", "router"),
        steps=(FETCH, CONVERT),
    )  # fmt: skip
    tree = render_graphs("tree", [Drawn("t", steps_of(twice))])
    assert tree.count("fetch") == 1
    assert "convert  (convert: b-16) as above" in tree


def test_dot_is_one_digraph_with_an_edge_for_each_wait() -> None:
    text = render_graphs("dot", [hostile(), hostile()])
    wanted = 2 * sum(len(node.after) for node in hostile().nodes)
    assert len(re.findall(r"^    n\d+_\d+ -> n\d+_\d+;$", text, re.M)) == wanted
    labels = re.findall(r'^    n\d+_\d+ \[label="(?:[^"\\]|\\.)*"(?:, style=\w+)?\];$', text, re.M)
    assert len(labels) == 2 * len(hostile().nodes)
    assert text.count("subgraph cluster_") == 2


def test_mermaid_holds_every_step_as_text() -> None:
    text = render_graphs("mermaid", [hostile()])
    boxes = re.findall(r'^    n0_\d+[(\[{]+"[^"<>]*<br/>[^"<>]*"[)\]}]+$', text, re.M)
    assert len(boxes) == len(hostile().nodes)
    assert "`" not in text  # which begins a string of Markdown, and that has to end
    assert text.count(" --> ") == sum(len(node.after) for node in hostile().nodes)


def test_svg_is_a_picture_with_a_box_for_each_step() -> None:
    root = ElementTree.fromstring(render_graphs("svg", [hostile(), hostile()]))
    space = "{http://www.w3.org/2000/svg}"
    boxes = root.findall(f"{space}g/{space}rect")
    assert len(boxes) == 2 * len(hostile().nodes)
    places = {(box.get("x"), box.get("y")) for box in boxes}
    assert len(places) == len(boxes)
    assert all(float(box.get("y") or 0) + 44 <= float(root.get("height") or 0) for box in boxes)


@pytest.mark.parametrize("kind", DRAWINGS)
def test_plan_draws_every_runtime_that_is_emitted(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    words = ["plan", "specs/deepseek-pd.srv", "--target", "all", "--graph", kind]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "deepseek-pd on vllm" in shown
    assert "deepseek-pd on sglang" in shown
    assert main([*words, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    graph = document["graphs"][0]
    assert graph["steps"][-1]["name"] == "bench"
    router = next(step for step in graph["steps"] if step["kind"] == "router")
    assert set(router["after"]) <= {step["name"] for step in graph["steps"]}
