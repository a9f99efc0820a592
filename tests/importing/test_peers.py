"""Lines of other projects' programs: which launch of a runtime they make, and how it is told."""

from __future__ import annotations

import json
import random
import shlex
from pathlib import Path
from typing import Any

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.programs.peers import peer_command, peers
from servec.targets.shared.importing.python.known import calls, keywords_of

ROWS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "peers.json").read_text())


def made(row: dict[str, Any]) -> Any:
    """The launch of a row."""
    words = shlex.split(row["line"])
    return peer_command(words, {}, row.get("files", {}), row.get("devices", 0), row["version"])


@pytest.mark.parametrize("row", ROWS, ids=[row["line"][:60] for row in ROWS])
def test_a_line_makes_this_launch(row: dict[str, Any]) -> None:
    found = made(row)
    if row["words"] is None:
        assert found is None
        return
    assert list(found.words) == row["words"]
    assert sorted(found.aside) == sorted(row["aside"])


@pytest.mark.parametrize("row", ROWS, ids=[row["line"][:60] for row in ROWS])
def test_what_a_line_says_is_found_on_its_page(row: dict[str, Any]) -> None:
    found = made(row)
    for each in found.written.arguments.values() if found else ():
        if each.value_start == each.end:  # a switch, or a key of a dict
            continue
        text = found.written.text.encode()
        assert text[each.start : each.value_start].decode() == each.typed
        assert text[each.value_start : each.end].decode() == each.value


def test_each_keyword_is_one_of_the_class_that_the_call_takes() -> None:
    known = {path: item for item in calls() for path in item.row.get("paths", ())}
    seen = 0
    for row in peers().values():
        assert row["source"] and row["engines"]
        for engine in row["engines"].values():
            item = known.get(engine.get("call", ""))
            takes = keywords_of(item, "") if item is not None else None
            for each in engine["names"].values() if takes is not None else ():
                seen += 1
                assert takes is not None and (not each or each in takes.spans), each
    assert seen > 100


def test_a_finding_is_told_in_the_words_of_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = "swift deploy --model Qwen/Qwen2.5-7B-Instruct --infer_backend vllm"
    words = [*line.split(), "--vllm_tensor_parallel_size", "8"]
    assert main(["import", "vllm@0.8.5", "--check", "--hardware", "h100 x 8", "--", *words]) == 1
    told = capsys.readouterr().err
    assert "`--vllm_tensor_parallel_size 8` does not split 28 query heads" in told
    assert "swift deploy:4:3" in told


def test_what_is_said_unasked_is_told_beneath_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = "llamafactory-cli api --model_name_or_path Qwen/Qwen2.5-7B-Instruct --infer_backend vllm"
    stated = ["vllm@0.8.5", "--check", "--hardware", "h100 x 8"]
    assert main(["import", *stated, "--", *line.split()]) == 1
    told = capsys.readouterr().err
    assert "# what it says to vllm unasked: max_model_len=4096 tensor_parallel_size=8" in told


def test_a_keyword_that_the_engine_has_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    args = "pretrained=Qwen/Qwen2.5-7B-Instruct,no_such_keyword=3"
    line = ["lm_eval", "--model", "vllm", "--model_args", args, "--tasks", "gsm8k"]
    assert main(["import", "vllm@0.33.0", "--check", "--hardware", "h100", "--", *line]) == 1
    assert "`no_such_keyword`" in capsys.readouterr().err


def test_an_option_that_another_back_end_has_is_warned_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = "ilab model serve --model-path Qwen/Qwen2.5-7B-Instruct --backend vllm"
    words = [*line.split(), "--max-ctx-size", "2048"]
    assert main(["import", "vllm@0.8.5", "--check", "--hardware", "h100", "--", *words]) == 0
    told = capsys.readouterr().err
    assert "warning[SRV201]" in told and "`--max-ctx-size`" in told


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("llamafactory-cli train --infer_backend vllm --do_predict true", "--infer_backend"),
        (
            "llamafactory-cli api --infer_backend vllm --model_name_or_path a/b --stage rm",
            "--stage",
        ),
        ("lmf chat --infer_backend vllm --adapter_name_or_path a b", "--adapter_name_or_path"),
    ],
)
def test_what_the_program_itself_refuses_is_told(
    line: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "vllm@0.8.5", "--check", "--", *line.split()]) == 1
    told = capsys.readouterr().err
    assert word in told and "LLaMA-Factory: " in told
    fine = line.replace("vllm", "hf").split()
    assert main(["import", "vllm@0.8.5", "--check", "--", *fine]) == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("swift deploy --model a/b --infer_backend pt", "`infer_backend` is one of: vllm"),
        ("llamafactory-cli api no-such.yaml", "no-such.yaml is not here to be read"),
        ("koboldcpp.exe --usevulkan", "starts llamacpp where the line says its `model`"),
    ],
)
def test_a_line_that_starts_no_runtime_is_told_so(
    line: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "vllm", "--check", "--", *line.split()]) == 2
    assert told in capsys.readouterr().err


def test_a_script_is_read_for_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "run.sh"
    script.write_text(
        "export MODEL=Qwen/Qwen2.5-7B-Instruct\n"
        "CUDA_VISIBLE_DEVICES=0,1,2 swift deploy --model $MODEL --infer_backend vllm \\\n"
        "    --vllm_tensor_parallel_size 3\n"
    )
    call = ["import", "--script", str(script), "--check", "--hardware", "h100 x 8"]
    assert main(call) == 1
    assert "`--vllm_tensor_parallel_size 3`" in capsys.readouterr().err


def test_words_in_disorder_are_read_or_left() -> None:
    draw = random.Random(7)
    pool = ["--", "=", "--=", "a=b,,c", "{", "[1", "-n", "--model", "vllm", "$X", "${X}", "\n", ""]
    pool += [word for row in ROWS for word in shlex.split(row["line"])]
    for name in peers():
        for _ in range(6):
            words = [*name.split(), *draw.choices(pool, k=draw.randint(0, 9))]
            peer_command(words, {"CUDA_VISIBLE_DEVICES": "0"}, {"a.yaml": "- 1\n"}, 2, "0.8.5")


@pytest.mark.parametrize(
    ("line", "version", "refused"),
    [
        ("verl.trainer.main data.max_response_length=16384", "0.8.5", "max_num_batched_tokens"),
        ("verl.trainer.main data.max_response_length=4096", "0.8.5", ""),
        (
            "verl.trainer.main data.max_response_length=16384 "
            "worker.rollout.max_num_batched_tokens=32768",
            "0.8.5",
            "",
        ),
        (
            "verl.trainer.main_ppo data.max_response_length=16384 "
            "actor_rollout_ref.rollout.max_num_batched_tokens=4096",
            "0.8.2",
            "actor_rollout_ref.rollout.max_num_batched_tokens",
        ),
        ("verl.trainer.main_ppo data.max_response_length=16384", "0.8.5", ""),
        (
            "verl.trainer.main_ppo data.max_response_length=16384 "
            "actor_rollout_ref.rollout.enable_chunked_prefill=False",
            "0.8.2",
            "",
        ),
        ("verl.trainer.main_ppo data.max_response_length=$LEN", "0.8.2", ""),
    ],
)
def test_what_a_peer_does_not_take_below_another(line: str, version: str, refused: str) -> None:
    path = "worker.actor.model.model_path" if "main " in line else "actor_rollout_ref.model.path"
    words = ["python3", "-m", *line.split(), f"{path}=Qwen/Qwen2.5-7B-Instruct"]
    found = peer_command(words, {}, {}, 0, version)
    assert found is not None and found.written is not None
    assert [word for word, _ in found.written.strange] == [refused] * bool(refused)


def test_what_another_engine_alone_hears_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    words = "swift deploy --model Qwen/Qwen2.5-7B-Instruct --infer_backend vllm --max_memory 3GB"
    line = ["import", "vllm@0.7.3", "--check", "--hardware", "h100 x 1", "--format", "json"]
    assert main([*line, "--", *words.split()]) == 0
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    told = [item["message"] for item in found if item["severity"] == "warning"]
    assert told == ["vllm 0.7.3 does not take `--max_memory`"]
