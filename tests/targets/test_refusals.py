"""What a release's source may refuse after its arguments are parsed is listed, with conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.targets.shared.oracle.refusals import in_text, main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SOURCE = """
class Method:
    def create_weights(self, layer):
        if layer.width % 128 != 0:
            raise ValueError(f"width {layer.width}")
        if not self.quant_config:
            return
        assert self.tp_size in (1, 2), "ranks"
        try:
            import kernels
        except ImportError as error:
            raise RuntimeError("no kernels") from error
        for part in layer:
            if part.bias:
                pass
            else:
                sys.exit(1)

    def forward(self, hidden_states):
        if self.odd:
            raise ValueError("at a request")

    def load(self, w):
        assert w.shape[0] == self.size
        raise StopIteration
"""


def test_each_is_listed_with_what_leads_to_it() -> None:
    found = list(in_text(SOURCE, "a.py"))
    assert [(item.kind, item.line, tuple(item.when)) for item in found[:4]] == [
        ("ValueError", 5, ("layer.width % 128 != 0",)),
        ("assert", 8, ("self.quant_config", "not (self.tp_size in (1, 2))")),
        ("RuntimeError", 12, ("self.quant_config", "on ImportError")),
        ("exit", 17, ("self.quant_config", "not (part.bias)")),
    ]
    assert {item.where for item in found[:4]} == {"Method.create_weights"}
    assert found[1].message == "'ranks'" and found[0].message == "f'width {layer.width}'"
    assert [item.at_start for item in found] == [True, True, True, True, False, False]


def test_text_of_another_python_has_none() -> None:
    assert list(in_text("print 'old'", "a.py")) == []


def test_only_what_the_older_release_lacks_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("old", SOURCE), ("new", SOURCE.replace("(1, 2)", "(1, 2, 4)"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(f"\n{text}" if name == "new" else text)
    assert main([str(tmp_path / "new"), str(tmp_path / "old")]) == 0
    out = capsys.readouterr().out
    assert out.count("a.py:") == 1 and "when not (self.tp_size in (1, 2, 4))" in out
    assert main([]) == 2
