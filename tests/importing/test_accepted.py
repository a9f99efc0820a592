"""A line that nothing is found against is told what it was judged as."""

from __future__ import annotations

import pytest

from servec.cli.main import main

LLAMA = "vllm serve meta-llama/Llama-3.1-8B-Instruct -tp 2"


@pytest.mark.parametrize(
    ("runtime", "hardware", "line", "told"),
    [
        (
            "vllm@0.33.0",
            "h100 x 2",
            LLAMA,
            ("vllm 0.33.0, meta-llama/Llama", "tensor 2 on h100 x 2,", " GiB each, room for "),
        ),
        ("vllm", "", LLAMA, ("(the newest, as none is stated)", "tensor 2, memory not judged")),
        # older than the tables: the release itself, not the table that stands in for it
        ("vllm@0.8.3", "", LLAMA, ("nothing found against it: vllm 0.8.3, ",)),
        # no plan: the table that stands in runs nothing on that chip
        (
            "vllm@0.6.0",
            "v100-32g x 2",
            f"{LLAMA} --dtype half --max-model-len 16384",
            ("Llama-3.1-8B-Instruct, memory not judged",),
        ),
        ("vllm@>=0.24", "", LLAMA, ("nothing found against it: vllm >=0.24, ",)),
        ("llamacpp", "", "llama-server -m any.gguf", ("./any.gguf, tensor 1, memory not judged",)),
    ],
)
def test_told(
    runtime: str,
    hardware: str,
    line: str,
    told: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["import", runtime, "--check", *(("--hardware", hardware) if hardware else ())]
    assert main([*words, "--", *line.split()]) == 0
    err = capsys.readouterr().err.splitlines()
    judged = next(each for each in err if each.startswith("nothing found against it: "))
    assert [part for part in told if part not in judged] == []


def test_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of it with `-q`, in JSON, or where something is found."""
    assert main(["import", "vllm", "--check", "-q", "--", *LLAMA.split()]) == 0
    assert main(["import", "vllm", "--check", "--format", "json", "--", *LLAMA.split()]) == 0
    assert main(["import", "vllm", "--check", "--", *LLAMA.split(), "--no-such-option"]) == 1
    assert "nothing found against it" not in capsys.readouterr().err
