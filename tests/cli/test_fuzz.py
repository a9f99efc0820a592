"""No input makes servec fail: mutated samples and hostile files, checked and rendered."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec import api
from servec.cli.documents.plain import plain
from servec.cli.main import main
from servec.cli.render.github import render_github
from servec.cli.render.json import json_diagnostics
from servec.cli.render.text import render_text
from servec.dsl.parse import parse
from tests.golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = {
    path.relative_to(ROOT).as_posix(): path.read_bytes() for path in ROOT.glob("specs/*.srv")
}
PIECES = [
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"#",
        b"$",
        b";",
        b"\n",
        b"\r\n",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
    ),
    *(b"= ", b"<= ", b"< ", b"x", b"-", b".", b"99999999999999999999", b"-1", b"0", b"1e9", b"%"),
    *(b"unset ", b"assert ", b"import ", b"let ", b"servec ", b"deployment ", b"role ", b"on "),
    *(b"h100 x 8", b"any", b"$(id)", b"`", "é数".encode(), b"\xf0\x9f", b"\x1b[0m", b"predicted."),
]


def judge(data: bytes) -> None:
    """Check `data` among the samples, render what is found, and format it if it parses."""
    found = api.check({**SAMPLES, "specs/x.srv": data}, ["specs/x.srv"], target="all")
    read = found.sources.read
    text = render_text(found.diagnostics, read, ["specs/x.srv"])
    assert "\x1b" not in text and "\0" not in text
    json.dumps(plain(json_diagnostics(found.diagnostics, read)))
    lines = render_github(found.diagnostics, read).splitlines()
    assert len(lines) == len(found.diagnostics)
    for item in found.diagnostics:
        for label in (item.primary, *item.secondary):
            whole = read(label.span.file) or b""
            assert 0 <= label.span.start <= label.span.end <= len(whole), (item.code, label)
    if not any(d.severity == "error" for d in parse("x.srv", data).diagnostics):
        once = api.format(data.decode("utf-8-sig"))
        assert api.format(once) == once


@pytest.mark.parametrize("seed", range(150))
def test_mutated_samples(seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(SAMPLES[rng.choice(sorted(SAMPLES))])
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data))
        kind = rng.random()
        if kind < 0.3:
            del data[at : at + rng.randint(1, 30)]
        elif kind < 0.5:
            data[at:at] = data[at : at + rng.randint(1, 60)]
        elif kind < 0.6:
            data[at] = rng.randrange(256)
        else:
            data[at:at] = rng.choice(PIECES)
    judge(bytes(data))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_piles_of_pieces(pieces: list[bytes]) -> None:
    judge(b"servec 1\n" + b" ".join(pieces))


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    judge(data)


BODY = b'servec 1\n\ndeployment "x" {\n  model = qwen3-32b\n  hardware = h100 x 2\n  %s\n}\n'
HOSTILE = {
    "deep blocks": BODY % (b"a { " * 5000 + b"} " * 5000),
    "deep lists": BODY % (b"forms = " + b"[" * 5000 + b"]" * 5000),
    "open brackets": b"servec 1\n" + b"{" * 20000,
    "huge number": BODY % (b"limits { batch = " + b"9" * 20000 + b" }"),
    "huge fraction": BODY % (b"limits { context = 0." + b"1" * 20000 + b" tokens }"),
    "huge degree": BODY % b"parallel { tensor <= 1000000000000 }",
    "huge replicas": BODY % b"replicas = 1000000000000",
    "huge hardware": BODY.replace(b"x 2", b"x 1000000000") % b"",
    "huge nodes": BODY % b"nodes = 1000000000",
    "long string": BODY % (b'api { name = "' + b"a" * 200_000 + b'" }'),
    "long word": BODY % (b"w" * 200_000 + b" = 1"),
    "many errors": b"servec 1\n" + b"x = = 1\n" * 3000,
    "many fields": BODY % b"\n".join(b"f%d = 1" % n for n in range(3000)),
    "many deployments": b"servec 1\n" + b"".join(b'deployment "d%d" { }\n' % n for n in range(500)),
    "nul": BODY % b'env { A = "\0" }',
    "bad utf-8": BODY % b'env { A = "\xff\xfe" }',
    "cr only": (BODY % b"").replace(b"\n", b"\r"),
    "bom only": b"\xef\xbb\xbf",
    "empty": b"",
    "no newline": b"servec 1",
}


@pytest.mark.parametrize("name", [*HOSTILE])
def test_hostile_files(name: str) -> None:
    judge(HOSTILE[name])


def test_an_import_bomb_and_a_large_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "servec.toml").touch()
    for n in range(40):
        lines = "".join(f'import "{n + 1}.srv" as a{k}\n' for k in range(2))
        (tmp_path / f"{n}.srv").write_text(f"servec 1\n{lines}")
    (tmp_path / "40.srv").write_text("servec 1\n")
    assert main(["check", str(tmp_path / "0.srv")]) in (0, 1)
    big = tmp_path / "big.srv"
    big.write_bytes(b"servec 1\n" + b"# a comment that goes on\n" * 400_000)
    assert main(["check", str(big)]) in (0, 1)
    big.write_bytes(b"servec 1\n" + b"x = = 1\n" * 1_250_000)
    assert main(["check", str(big)]) == 1
    assert len(capsys.readouterr().err) < 50_000
