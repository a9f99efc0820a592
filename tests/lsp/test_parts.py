"""Cursors, offers and positions, without a protocol."""

from __future__ import annotations

import pytest

from servec.cli.lsp.cursor import Cursor, cursor
from servec.cli.lsp.hover import hover
from servec.cli.lsp.known import offers
from servec.cli.lsp.positions import Positions
from servec.cli.lsp.target import meant
from servec.dsl.sources import MemorySources


def at(text: str) -> tuple[Cursor, bytes]:
    """The cursor at the `|` of a text, and the text without it."""
    before, _, after = text.partition("|")
    data = (before + after).encode()
    return cursor(data, len(before.encode())), data


def texts(text: str) -> list[str]:
    where, data = at(text)
    return [offer.text for offer in offers(where, data)]


@pytest.mark.parametrize(
    ("line", "offered", "not_offered"),
    [
        ("|", {"model", "hardware", "precision", "on"}, {"weights", "pool"}),
        ("precision { | }", {"weights", "kv"}, {"model"}),
        ("slo { tt| }", {"ttft.p95", "tpot.p95"}, {"model"}),
        ("precision { weights = | }", {"fp8", "awq"}, {"model"}),
        ("on |", {"vllm", "sglang", "llamacpp"}, {"model"}),
        ("on vllm { | }", {"version", "enforce-eager"}, {"chunked-prefill-size"}),
        ("on sglang { | }", {"chunked-prefill-size"}, {"enforce-eager"}),
        ("on vllm { version = | }", {'"0.33.0"', '"0.22.1"'}, {"true"}),
        ("on vllm { enforce-eager = | }", {"true", "false"}, {"fp8"}),
        ("target = |", {"vllm", "mlx"}, {"true"}),
        ("model = qwen3|", {"qwen3-8b", '"Qwen/Qwen3-8B"'}, {"h100"}),
        ("hardware = |", {"h100", "b200"}, {"qwen3-8b"}),
        ("features { structured_output = | }", {"true", "false"}, {"h100"}),
        ("role decode { parallel { | } }", {"tensor", "expert"}, {"model"}),
    ],
)
def test_what_may_stand_here(line: str, offered: set[str], not_offered: set[str]) -> None:
    found = set(texts(f'servec 1\n\ndeployment "a" {{\n  {line}\n}}\n'))
    assert offered <= found
    assert not not_offered & found


def test_every_block_is_left_again() -> None:
    where, _ = at('deployment "a" {\n  on vllm { version = "0.33.0" }\n  li|\n}\n')
    assert (where.place, where.block, where.runtime, where.word) == ("deployment", "", "", "li")


def test_a_version_is_read_from_the_spec() -> None:
    old = 'deployment "a" { on vllm {\n version = "0.22.1"\n  |\n} }'
    new = old.replace("0.22.1", "0.33.0")
    assert set(texts(old)) != set(texts(new))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("precision { weig|hts = fp8 }", "`precision.weights`"),
        ("slo { ttft.p9|5 <= 1s }", "time to first token"),
        ("li|mits { context = 1k tokens }", "what one replica may take"),
        ("model = qwen3-2|35b-a22b", "22.2 B active"),
        ("hardware = h2|00 x 8", "140.4 GiB at 4800 GB/s"),
        ("on vllm { max-num-batched-to|kens = 8 }", "`--max-num-batched-tokens` of vllm"),
    ],
)
def test_what_is_said_of_a_word(line: str, said: str) -> None:
    assert said in hover(*at(f'deployment "a" {{\n  {line}\n}}\n'))


def test_positions_count_in_units_of_utf_16() -> None:
    data = '# é😀x\r\nname "ü" \n'.encode()
    lines = Positions(data)
    for offset in (0, 2, 4, 8, len(data)):
        assert lines.offset(*lines.position(offset)) == offset
    assert lines.position(data.index(b"x")) == (0, 5)
    assert lines.offset(0, 99) == data.index(b"\r")
    assert lines.offset(99, 0) == len(data)


def test_a_name_is_followed_to_its_line() -> None:
    text = 'let gpus = 8\nprofile "fast" { }\ndeployment "a" {\n extends = [fa|st]\n}\n'
    where, data = at(text)
    found = meant(where, "a.srv", MemorySources({"a.srv": data}))
    assert found is not None and data[found.start : found.end] == b'"fast"'
    where, data = at(text.replace("fa|st", "fast").replace(" extends", " nodes = $gp|us\n extends"))
    found = meant(where, "a.srv", MemorySources({"a.srv": data}))
    assert found is not None and data[found.start : found.end] == b"gpus"


def test_a_name_of_an_imported_file_leads_there() -> None:
    where, data = at('import "base.srv" as base\ndeployment "a" {\n extends = [base.fa|st]\n}\n')
    files = MemorySources({"x/a.srv": data, "x/base.srv": 'servec 1\nprofile "fast" { }\n'})
    found = meant(where, "x/a.srv", files)
    assert found is not None and found.path == "x/base.srv"
