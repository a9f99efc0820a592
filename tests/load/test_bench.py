"""`servec bench`: from a spec and a server to figures, promises, a page and a row of a file."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from tests.load.server import Server

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """servec 1

deployment "chat" {{
  model = qwen3-4b
  hardware = h100 x 1

  workload {{
    input = 60 tokens
    output = 8 tokens
    concurrency = 4
    prefix_share = {share}
  }}

  slo {{ {slo} }}
  api {{ name = "talk"{key} }}
}}
"""
FAST = "ttft.p95 <= 20s; throughput >= 1 tok/s"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "servec.toml").touch()
    write(tmp_path)
    return tmp_path


def write(folder: Path, slo: str = FAST, share: str = "0%", key: str = "") -> None:
    (folder / "a.srv").write_text(SPEC.format(slo=slo, share=share, key=key))


def document(
    capsys: pytest.CaptureFixture[str], *words: str, code: int = 0, requests: str = "12"
) -> dict[str, Any]:
    capsys.readouterr()
    given = ["bench", "a.srv", "--format", "json", "--target", "vllm", "--requests", requests]
    assert main([*given, *words]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema_of("servec.bench/1"))
    return found


def test_the_specs_workload_is_sent_and_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with Server().up() as server:
        (found,) = document(capsys, "--url", server.url)["deployments"]
    assert (found["sent"], found["failed"], found["counted"]) == (12, 0, True)
    assert abs(found["inputs"] - 60) <= 2
    assert found["outputs"] == 8
    assert found["load"]["concurrency"] == 4
    assert server.most == 4
    assert found["ttft_ms"]["p50"] >= 20
    assert found["ttft_ms"]["p50"] <= found["ttft_ms"]["p95"] <= found["e2e_ms"]["most"]
    assert found["throughput_tok_s"] == pytest.approx(12 * 8 / found["seconds"])
    compared = {each["quantity"]: each for each in found["prediction"]}
    assert compared["ttft"]["value"] > 0
    assert [each["kept"] for each in found["promises"]] == [True, True]
    assert server.bodies[0]["model"] == "talk"


def test_a_broken_promise_is_an_error_if_strict(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, "ttft.p95 <= 1ms; throughput >= 1 tok/s")
    with Server().up() as server:
        words = ("--url", server.url, "--strict")
        (found,) = document(capsys, *words, code=1)["deployments"]
        assert [each["kept"] for each in found["promises"]] == [False, True]
        assert found["goodput_req_s"] == 0
        document(capsys, "--url", server.url)


def test_text_says_it_in_tables(capsys: pytest.CaptureFixture[str]) -> None:
    with Server().up() as server:
        assert main(["bench", "a.srv", "--url", server.url, "--requests", "4"]) == 0
    shown = capsys.readouterr()
    assert "4 requests, 4 at a time" in shown.out
    assert "time to first token" in shown.out
    assert "kept" in shown.out
    assert "loading chat" in shown.err


def test_strict_servers_are_asked_in_openais_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    with Server(strict=True).up() as server:
        (found,) = document(capsys, "--url", server.url)["deployments"]
    assert found["failed"] == 0
    assert ["ignore_eos" in body for body in server.bodies[:2]] == [True, False]
    assert not any("ignore_eos" in body for body in server.bodies[2:])


def test_several_servers_share_a_load_as_many_times_as_large(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Server().up() as one, Server().up() as two:
        (found,) = document(capsys, "--url", f"{one.url},{two.url}")["deployments"]
    assert found["load"]["concurrency"] == 8
    assert len(one.bodies) > 6 and len(two.bodies) > 6
    rate = next(each for each in found["prediction"] if each["quantity"] == "throughput")
    assert rate["measured"] == pytest.approx(found["throughput_tok_s"] / 2)


def test_a_key_comes_from_the_environment(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, key="; key_env = CHAT_KEY")
    monkeypatch.delenv("CHAT_KEY", raising=False)
    with Server(key="s3cret").up() as server:
        assert "set CHAT_KEY" in document(capsys, "--url", server.url, code=2)["error"]
        monkeypatch.setenv("CHAT_KEY", "s3cret")
        found = document(capsys, "--url", server.url)
    assert found["deployments"][0]["failed"] == 0
    assert "s3cret" not in json.dumps(found)


class Page(HTMLParser):
    """Counts the elements of a page, and sees that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.count: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_a_curve_for_each_latency(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server().up() as server:
        document(capsys, "--url", server.url, "--report", "bench.html")
    page = Page()
    page.feed((folder / "bench.html").read_text())
    assert page.open == []
    assert page.count["svg"] == page.count["polyline"] == 3
    assert page.count["table"] == 2
    assert "writes a page" in document(capsys, "--report", "bench.txt", code=2)["error"]


def test_runs_gather_in_a_file_that_accuracy_reads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server().up() as server:
        for _ in range(2):
            assert document(capsys, "--url", server.url, "--runs", "runs.csv")["deployments"]
        write(folder, share="50%")
        (found,) = document(capsys, "--url", server.url, "--runs", "runs.csv")["deployments"]
        assert "prompts share a part" in found["learnt"]
        assert "go into a .csv file" in document(
            capsys, "--url", server.url, "--runs", "runs.json", code=2
        )["error"]  # fmt: skip
    with open("runs.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["usable"] for row in rows] == ["1", "1", "0"]
    capsys.readouterr()
    assert main(["accuracy", "runs.csv", "--format", "json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert scored["quantities"]["ttft_ms"]["n"] == 2


def test_a_kind_of_workload_is_sent_instead(capsys: pytest.CaptureFixture[str]) -> None:
    with Server(wait=0.0, step=0.0).up() as server:
        (found,) = document(capsys, "--url", server.url, "--shape", "edge", requests="4")[
            "deployments"
        ]
    assert (found["load"]["inputs"], found["load"]["outputs"]) == (512, 256)
    assert found["abstained"]
    assert all(each["value"] is None for each in found["prediction"])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--url", "http://127.0.0.1:9"), "ConnectionRefusedError"),
        (("--url", "localhost:8000"), "is no address"),
        (("--requests", "0"), "is a number of requests"),
        (("--target", "all"), "--target says which runtime"),
        (("--deployment", "other"), "there is no deployment 'other'"),
    ],
)
def test_what_cannot_be_tested_is_said(
    words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert why in document(capsys, *words, code=2)["error"]


def test_failing_requests_are_counted_and_fail_the_test(
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = Server(wait=0.0, step=0.0)
    with server.up():
        seen = server.answer

        def answer(to: Any) -> None:
            server.status = 200 if len(server.bodies) < 20 else 500
            seen(to)

        server.answer = answer  # type: ignore[method-assign]
        (found,) = document(capsys, "--url", server.url, code=1, requests="30")["deployments"]
    assert 0 < found["failed"] < 30
    assert found["errors"] == {"HTTP 500: refused": found["failed"]}
    assert "requests failed" in found["learnt"]
