"""Commands run in a folder of their own, and the specs they are run on."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


GOOD = """\
servec 1

deployment "chat" {
  model = qwen3-32b
  hardware = h100 x 2
  limits { context = 16Ki tokens }
}
"""


WRONG_NAME = GOOD.replace("model", "modle")


TWO_WRONG = WRONG_NAME.replace("limits", "limmits")


BROKEN = GOOD.replace("= qwen3-32b", "= = qwen3-32b")


UGLY = GOOD.replace("  model", "      model").replace(" = h100", "=h100")


class Shell:
    """Runs commands and keeps what the last one printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        self._capsys.readouterr()
        code = main(words)
        self.out, self.err = self._capsys.readouterr()
        return code

    def json(self, *words: str, code: int = 0) -> Any:
        assert self(*words, "--format", "json") == code
        return json.loads(self.out)

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return name

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()


def stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
