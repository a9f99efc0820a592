"""Files and objects that a launch names are read in bounds: no device, nothing too long or deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.texts import LENGTH, json_of, text_at

if TYPE_CHECKING:
    from pathlib import Path

DEEP = '{"a":' * 50_000 + "1" + "}" * 50_000


def test_only_a_file_of_bounded_size_is_read(tmp_path: Path) -> None:
    short, long = tmp_path / "short.yaml", tmp_path / "long.yaml"
    short.write_text("a: 1\n", encoding="utf-8")
    long.write_text("a" * (LENGTH + 1), encoding="utf-8")
    assert text_at(str(short)) == "a: 1\n"
    assert text_at(str(long)) is None
    assert text_at("/dev/zero") is None
    assert text_at(str(tmp_path)) is None


def test_deep_json_is_none() -> None:
    assert json_of('{"a": 1}') == {"a": 1}
    assert json_of("{") is None
    assert json_of(DEEP) is None


@pytest.mark.parametrize(
    "words",
    [
        ["--config", "/dev/zero"],
        ["--speculative-config", DEEP],
        ["--compilation-config" + ".a" * 5_000, "1"],
    ],
    ids=["device", "deep object", "deep flag"],
)
@pytest.mark.parametrize("version", ["0.10.0", "0.33.0"])
def test_a_line_that_names_such(
    version: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-8B", *words]
    assert main(["import", f"vllm@{version}", "--check", "--", *line]) in (0, 1, 2)
    assert "SRV901" not in capsys.readouterr().err
