"""The parts of a load test: prompts, the client, how requests are sent, what samples say."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest

from servec.bench.client import Client, Sample
from servec.bench.judge import beside, kept, tightest
from servec.bench.measure import measured, percentile
from servec.bench.prompts import Prompts
from servec.bench.runs import unusable, with_runs
from servec.bench.send import closed, opened
from servec.bench.shape import Shape, said
from servec.compiler.plan import Degrees, Performance, Plan, Range, Verdict
from servec.compiler.predict.accuracy import is_points_file, is_serving_file
from servec.compiler.predict.calibration.point import read_point
from servec.compiler.predict.calibration.sample import samples
from servec.compiler.predict.trial import Trial, trial
from servec.dsl.record import replace
from tests.artifacts.subjects import case, setting, spec
from tests.load.server import Server, tokens

LOAD = Trial(inputs=100, outputs=20, shared=0, requests=6, concurrency=1, rate=0.0)
CHAT = Shape("chat", "m")


@pytest.mark.parametrize("inputs", [40, 100, 4000])
def test_prompts_have_the_length_by_the_servers_count(inputs: int) -> None:
    prompts = Prompts(inputs, inputs // 2)
    prompts.fit(tokens)
    made = [prompts.make() for _ in range(4)]
    assert len(set(made)) == 4
    for text in made:
        assert abs(tokens(text) - inputs) <= max(2, 0.02 * inputs)
    common = next(
        at for at, words in enumerate(zip(*(m.split() for m in made), strict=False))
        if len(set(words)) > 1
    )  # fmt: skip
    assert abs(2 * common - inputs // 2) <= max(9, 0.1 * inputs)
    again = Prompts(inputs, inputs // 2)
    again.fit(tokens)
    assert [again.make() for _ in range(4)] == made


def test_prompts_of_a_server_that_does_not_count_are_words() -> None:
    prompts = Prompts(50, 0)
    prompts.fit(lambda _: 0)
    assert len(prompts.make().split()) == 50


def test_one_request_is_timed() -> None:
    with Server(wait=0.03, step=0.002).up() as server:
        sample = Client(server.url, CHAT).ask("a b c", 10)
    assert sample.error == ""
    assert (sample.inputs, sample.outputs, sample.pieces) == (tokens("a b c"), 10, 10)
    assert 0.03 <= sample.first < sample.last
    assert sample.tpot >= 0.002
    body = server.bodies[0]
    assert (body["max_tokens"], body["ignore_eos"], body["stream"]) == (10, True, True)
    assert server.paths == ["/v1/chat/completions"]


def test_a_piece_is_a_token_where_the_server_does_not_count() -> None:
    with Server(counts=False).up() as server:
        sample = Client(server.url, CHAT).ask("a", 5)
    assert (sample.inputs, sample.outputs, sample.tokens) == (0, 0, 5)


def test_an_answer_in_one_piece_has_an_end() -> None:
    with Server().up() as server:
        sample = Client(f"{server.url}/api", Shape("embedding", "m")).ask("a b", 0)
    assert sample.inputs == tokens("a b")
    assert sample.last >= 0.02
    assert server.paths == ["/api/v1/embeddings"]


@pytest.mark.parametrize(
    ("server", "why"),
    [(Server(status=503), "HTTP 503: refused"), (Server(key="k"), "HTTP 401: refused")],
)
def test_a_refusal_is_an_error(server: Server, why: str) -> None:
    with server.up():
        assert Client(server.url, CHAT).ask("a", 2).error == why


def test_a_server_that_is_gone_is_an_error() -> None:
    with Server().up() as server:
        url = server.url
    assert "ConnectionRefusedError" in Client(url, CHAT).ask("a", 2).error
    with pytest.raises(ValueError, match="is no address"):
        Client("localhost:8000", CHAT)


@pytest.mark.parametrize(
    ("event", "holds"),
    [
        ({"choices": [{"delta": {"role": "assistant", "content": ""}}]}, False),
        ({"choices": [{"delta": {"content": "a"}}]}, True),
        ({"choices": [{"delta": {"content": None, "reasoning": "a"}}]}, True),
        ({"choices": [{"delta": {"tool_calls": [{"index": 0}]}}]}, True),
        ({"choices": [{"text": "a"}]}, True),
        ({"choices": [], "usage": {"prompt_tokens": 1}}, False),
        ({"text_output": "a"}, True),
    ],
)
def test_what_counts_as_a_piece(event: dict[str, object], holds: bool) -> None:
    assert said(event) is holds


@pytest.mark.parametrize("api", ["image", "completion", "generate", "rerank", "classify"])
def test_every_api_has_its_request(api: str) -> None:
    shape = Shape(api, "m", images=2 if api == "image" else 0)
    text = json.dumps(shape.body("the prompt", 5))
    assert "the prompt" in text
    assert text.count("image_url") == (4 if api == "image" else 0)
    assert shape.path.startswith("/")


def test_so_many_are_in_flight_and_no_more() -> None:
    with Server(wait=0.05).up() as server:
        clients = [Client(server.url, CHAT)]
        seen: list[Sample] = []
        found = closed(clients, ["a"] * 12, 2, 3, seen.append)
    assert server.most == 3
    assert len(found) == len(seen) == 12
    assert [s.start for s in found] == sorted(s.start for s in found)


def test_what_opens_a_test_is_staggered_and_not_counted() -> None:
    with Server().up() as server:
        clients = [Client(server.url, CHAT)]
        found = closed(clients, ["a"] * 6, 9, 3, lambda _: None, ["b"] * 3)
    assert len(found) == 6
    asked = [(body["messages"][0]["content"], body["max_tokens"]) for body in server.bodies]
    assert sorted(most for said, most in asked if said == "b") == [3, 6, 9]
    assert [most for said, most in asked if said == "a"] == [9] * 6


def test_an_open_load_does_not_wait_for_answers() -> None:
    with Server(wait=0.2).up() as server:
        found = opened([Client(server.url, CHAT)], ["a"] * 8, 2, 200.0, lambda _: None)
    assert len(found) == 8
    assert server.most > 3
    starts = [sample.start for sample in found]
    assert 0 < starts[-1] - starts[0] < 0.5


def test_servers_take_turns() -> None:
    with Server().up() as one, Server().up() as two:
        closed([Client(one.url, CHAT), Client(two.url, CHAT)], ["a"] * 6, 2, 2, lambda _: None)
    assert len(one.bodies) == len(two.bodies) == 3


def test_percentiles_lie_between_neighbours() -> None:
    assert percentile([1.0], 95) == 1.0
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert percentile([0.0, 10.0], 95) == 9.5


SAMPLES = [
    Sample(start=0.0, first=0.1, last=1.1, pieces=11, inputs=100, outputs=11),
    Sample(start=0.5, first=0.3, last=1.5, pieces=11, inputs=104, outputs=13),
    Sample(start=0.6, error="HTTP 500: no"),
]


def test_samples_make_means_and_rates() -> None:
    found = measured(SAMPLES, True, {"ttft": 0.2}, 90)
    assert (found.sent, found.failed, found.seconds) == (3, 1, 2.0)
    assert (found.inputs, found.outputs, found.counted) == (102, 12, True)
    assert found.ttft is not None and found.ttft.mean == pytest.approx(0.2)
    assert found.tpot is not None and found.tpot.most == pytest.approx(0.1)
    assert found.throughput == 12.0
    assert (found.requests, found.goodput) == (1.0, 0.5)
    assert found.errors == {"HTTP 500: no": 1}


def test_nothing_answered_is_no_figure() -> None:
    found = measured(SAMPLES[2:], True, {}, 90)
    assert (found.ttft, found.e2e, found.throughput, found.inputs) == (None, None, 0.0, 90)


def test_promises_and_bands_are_judged() -> None:
    le = replace(setting("x").first, op="<=", value=Fraction(1, 4))
    ge = replace(setting("x").first, op=">=", value=Fraction(50))
    the_spec = replace(
        spec(),
        settings={
            "slo.ttft.p50": replace(setting("x"), eq=None, le=le),
            "slo.throughput": replace(setting("x"), eq=None, ge=ge),
        },
    )
    assert tightest(the_spec) == {"ttft": 0.25}
    found = measured(SAMPLES, True, tightest(the_spec), 90)
    predicted = Performance(
        ttft=Range(0.1, 0.15, 0.19), throughput=Range(1, 4, 20),
        slo=(Verdict("ttft.p50", "<=", 250, "ms", "met"),),
    )  # fmt: skip
    rows = {b.quantity: b for b in beside(found, predicted, 2)}
    assert rows["ttft"].inside is False
    assert rows["throughput"].inside is True
    assert rows["throughput"].measured == 6.0
    assert rows["tpot"].inside is None
    judged = {k.metric: k for k in kept(the_spec, found, predicted, 2)}
    assert judged["ttft.p50"].kept is True
    assert (judged["ttft.p50"].bound, judged["ttft.p50"].predicted) == (250, "met")
    assert judged["throughput"].kept is False


def test_the_load_of_a_kind_replaces_the_specs() -> None:
    the_spec = spec()
    plan = Plan(Degrees(), 1, 1, 1, "bf16", "bf16", "bf16", "a/b", max_model_len=8192)
    assert trial(the_spec, plan, "rag").inputs == 6144
    short = trial(the_spec, replace(plan, max_model_len=1000), "rag")
    assert (short.inputs, short.outputs) == (500 - 32, 500)


def test_a_run_is_a_row_that_the_predictor_reads() -> None:
    the_case = case()
    plan = replace(the_case.plan, checkpoint="Qwen/Qwen3-32B", weights_word="fp8")
    assert plan is not None
    found = measured(SAMPLES[:2], True, {}, 90)
    assert unusable(the_case, plan, LOAD, found) == ""
    once = with_runs("", the_case, plan, LOAD, found, "0.33.0")
    twice = with_runs(once, the_case, plan, replace(LOAD, shared=50), found, "0.33.0")
    rows = list(csv.DictReader(io.StringIO(twice)))
    assert is_serving_file(rows[0])
    assert [row["usable"] for row in rows] == ["1", "0"]
    (sample,) = samples(rows)
    assert sample.missing == ""
    assert (sample.backend, sample.concurrency, sample.inputs) == ("vllm", 1, 102)
    assert sample.ttft == pytest.approx(0.2, rel=1e-3)
    with pytest.raises(ValueError, match="lacks columns"):
        with_runs("a,b\n1,2\n", the_case, plan, LOAD, found, "0.33.0")


def test_a_run_of_an_edge_runtime_is_two_points() -> None:
    class Edge:
        name = "llamacpp"

    the_case = replace(case(), target=Edge())
    plan = replace(the_case.plan, checkpoint="Qwen/Qwen3-4B", weights_word="q4_k_m")
    assert plan is not None
    found = measured(SAMPLES[:2], True, {}, 90)
    points = json.loads(with_runs("", the_case, plan, LOAD, found, "b11549"))
    assert is_points_file(points)
    read = [read_point(point) for point in points]
    assert [(p.metric, p.missing) for p in read] == [("decode_tps", ""), ("prefill_tps", "")]
    assert read[1].value == pytest.approx(102 / 0.2, rel=1e-3)
    many = replace(LOAD, concurrency=4)
    assert "single requests" in unusable(the_case, plan, many, found)
    assert with_runs("", the_case, plan, many, found, "b11549") == ""
