"""Servers that variables tell what vLLM serves beneath: Runpod's worker and LMI."""

from __future__ import annotations

import pytest

from servec.cli.scripted import script_commands
from servec.targets.shared.importing.manifests.container import script_launches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

WORKER = "docker run -e MODEL_NAME=some/model {env} runpod/worker-v1-vllm:{tag}"
LMI = "docker run -e OPTION_MODEL_ID=some/model {env} x.amazonaws.com/djl-inference:{tag}"


def env(text: str) -> str:
    """Variables as `docker run` takes them."""
    return " ".join(f"-e {pair}" for pair in text.split())


@pytest.mark.parametrize(
    ("given", "tag", "version", "words"),
    [
        ("MAX_MODEL_LEN=8192 DTYPE=half", "v2.7.0stable-cuda12.1.0", "0.9.0.1", "8192 half"),
        ("MAX_MODEL_LEN=0 SWAP_SPACE=4 PORT=1 HF_TOKEN=x", "v2.7.0", "0.9.0.1", "--swap-space"),
        ("ENFORCE_EAGER=true USE_V2_BLOCK_MANAGER=true", "v1.3.1", "0.5.5", "--use-v2"),
        ("ENABLE_CHUNKED_PREFILL=false", "v2.7.0", "0.9.0.1", "--no-enable-chunked-prefill"),
        ("NO_SUCH_OPTION=1 NUM_SCHEDULER_STEPS=8", "latest", "", ""),
    ],
)
def test_a_worker_of_runpod(given: str, tag: str, version: str, words: str) -> None:
    (found,) = script_launches(WORKER.format(env=env(given), tag=tag), {})
    assert (found.runtime, found.version, found.words[0]) == ("vllm", version, "some/model")
    text = " ".join(found.words)
    assert all(word in text for word in words.split())
    assert len(found.words) > 1 or not words
    assert "MODEL_NAME" not in found.env and "token" not in text and "port" not in text


def test_a_worker_without_a_model_is_no_launch() -> None:
    assert not tuple(script_launches("docker run -e DTYPE=half runpod/worker-v1-vllm:v2.7.0", {}))


@pytest.mark.parametrize(
    ("given", "tag", "version"),
    [
        ("OPTION_TENSOR_PARALLEL_DEGREE=2", "0.33.0-lmi15.0.0-cu128", "0.8.4"),
        ("OPTION_TENSOR_PARALLEL_DEGREE=2", "0.36.0-lmi20.0.0-cu128-v1.0", "0.15.1"),
        ("OPTION_TENSOR_PARALLEL_DEGREE=2 OPTION_ROLLING_BATCH=vllm", "0.29.0", ""),
    ],
)
def test_lmi(given: str, tag: str, version: str) -> None:
    (found,) = script_launches(LMI.format(env=env(given), tag=tag), {})
    assert found.words == ("some/model", "--tensor-parallel-size", "2")
    assert found.version == version


@pytest.mark.parametrize("given", ["OPTION_ROLLING_BATCH=trtllm", "OPTION_DTYPE=fp16"])
def test_lmi_of_another_engine_is_no_launch(given: str) -> None:
    tag = "0.30.0-tensorrtllm0.12.0-cu125"
    assert not tuple(script_launches(LMI.format(env=env(given), tag=tag), {}))


def test_properties(tmp_path: Path) -> None:
    path = tmp_path / "serving.properties"
    path.write_text(
        "engine=Python\n# option.seed=3\noption.model_id=some/model\noption.rolling_batch=vllm\n"
        "option.dtype=fp16\noption.max_rolling_batch_size=8\n"
    )
    (found,) = script_commands(str(path), {})
    assert found.words == ("some/model", "--dtype", "float16", "--max-num-seqs", "8")
    path.write_text("option.model_id=some/model\noption.rolling_batch=trtllm\n")
    assert not script_commands(str(path), {})
