"""The Python API: over files in memory, no state, no printing."""

from __future__ import annotations

import dataclasses
import gc
import subprocess
import sys

import pytest

import servec
from servec.api import MANY
from servec.collector import Rarely

GOOD = """\
servec 1

deployment "chat" {
  model = qwen3-32b
  hardware = h100 x 2
}
"""


def test_importing_servec_imports_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import servec;"
        "print(sorted(set(sys.modules) - before - {'__future__'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['servec']\n"


def test_every_public_name_is_there_and_no_other() -> None:
    assert set(dir(servec)) == {"__version__", *servec.__all__}
    for name in dir(servec):
        assert getattr(servec, name) is not None
    with pytest.raises(AttributeError):
        servec.nope  # noqa: B018


def test_check(capsys: pytest.CaptureFixture[str]) -> None:
    found = servec.check({"a.srv": GOOD})
    assert found.diagnostics == () and not found.failed
    assert [d.spec.name for d in found.result.deployments] == ["chat"]
    found = servec.check({"a.srv": GOOD.replace("model", "modle").encode()})
    assert found.failed and [d.code for d in found.diagnostics] == ["SRV102"]
    assert capsys.readouterr() == ("", "")


def test_imports_are_looked_up_in_the_mapping() -> None:
    lib = 'servec 1\n\nprofile "p" {\n  hardware = h100 x 2\n}\n'
    text = GOOD.replace("deployment", 'import "lib.srv" as lib\n\ndeployment').replace(
        "hardware = h100 x 2", "extends = [lib.p]"
    )
    files = {"specs/a.srv": text, "specs/lib.srv": lib}
    found = servec.check(files, ["specs/a.srv"])
    assert found.diagnostics == ()
    assert len(found.documents) == 1
    assert len(servec.check(files).documents) == 2


def test_compile_gives_files_and_launches() -> None:
    made = servec.compile({"a.srv": GOOD}, target="all")
    assert {"sglang", "vllm", "llamacpp"} <= {each.target for each in made.emissions}
    for each in made.emissions:
        assert each.folder == f"chat/{each.target}"
        assert each.launch.processes[0].argv
        assert "launch.sh" in [artifact.path for artifact in each.artifacts]
    only = servec.compile({"a.srv": GOOD}, target="vllm", forms=["shell"])
    assert {a.kind for a in only.emissions[0].artifacts} <= {
        "shell",
        "probe",
        "bench",
        "readme",
        "lock",
    }


def test_equal_calls_give_equal_results() -> None:
    one, two = (servec.compile({"a.srv": GOOD}, target="all") for _ in range(2))
    assert one.emissions == two.emissions
    assert one.diagnostics == two.diagnostics


def test_an_error_emits_nothing() -> None:
    made = servec.compile({"a.srv": GOOD, "b.srv": GOOD.replace("model", "modle")})
    assert made.failed and made.emissions == ()
    clash = servec.compile({"a.srv": GOOD, "b.srv": GOOD})
    assert [d.code for d in clash.diagnostics] == ["SRV104"] and clash.emissions == ()


def test_results_are_frozen_dataclasses() -> None:
    made = servec.compile({"a.srv": GOOD})
    names = {field.name for field in dataclasses.fields(made)}
    assert names == {"diagnostics", "result", "emissions", "sources"}
    with pytest.raises(AttributeError):
        made.emissions = ()  # type: ignore[misc]


def test_wrong_calls_are_value_errors() -> None:
    with pytest.raises(servec.BadTarget, match="nope"):
        servec.check({"a.srv": GOOD}, target="nope")
    with pytest.raises(ValueError, match=r"none\.srv"):
        servec.check({"a.srv": GOOD}, ["none.srv"])


def test_format() -> None:
    assert servec.format(GOOD.replace(" = ", "=")) == GOOD
    assert servec.format(GOOD) == GOOD


def test_the_collector_is_left_as_it_was() -> None:
    seen: list[int] = []
    before = gc.get_threshold()
    with Rarely():
        seen += gc.get_threshold()
    servec.check({f"{at}.srv": GOOD for at in range(MANY)}, target="vllm")
    assert seen[0] > before[0] and gc.get_threshold() == before
