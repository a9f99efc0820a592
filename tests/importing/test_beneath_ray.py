"""Applications of Ray Serve LLM whose release has no table: the engine's part is judged."""

from __future__ import annotations

import json

import pytest

from servec.cli.main import main
from servec.targets.shared.called import called
from servec.targets.shared.importing.manifests.beneath_ray import application_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
applications:
- args:
    llm_configs:
    - model_loading_config: {model_id: qwen, model_source: Qwen/Qwen2.5-7B-Instruct}
      runtime_env: {env_vars: {A: b}}
      engine_kwargs: {tensor_parallel_size: 3, num_scheduler_steps: 8, enforce_eager: true}
  import_path: ray.serve.llm:build_openai_app
"""
SERVICE = """
kind: RayService
spec:
  rayClusterConfig: {rayVersion: 2.46.0}
  serveConfigV2: |
""" + CONFIG.replace("\n", "\n    ")


def test_the_call_that_is_made_of_a_config() -> None:
    (found,) = application_commands(SERVICE, {})
    assert (found.runtime, found.version) == ("vllm", "0.8.5")
    assert found.env["A"] == "b"
    assert found.words[0] == "Qwen/Qwen2.5-7B-Instruct"
    assert "--enforce-eager" in found.words and "--num-scheduler-steps" in found.words


def test_what_the_server_takes_beside_the_engine_is_for_the_front() -> None:
    text = SERVICE.replace("enforce_eager: true", "enable_auto_tool_choice: true, no_such: 1")
    (found,) = application_commands(text, {})
    assert "enable" not in str(found.written and found.written.strange)
    assert "no_such" in str(found.written and found.written.text)


@pytest.mark.parametrize(
    ("launch", "text", "told"),
    [
        ("vllm@0.8.5", CONFIG, {"SRV401"}),
        ("rayserve@2.46.0", CONFIG, {"SRV401"}),
        ("ray@2.46", CONFIG, {"SRV401"}),
        ("rayserve", SERVICE, {"SRV401"}),
        ("vllm", SERVICE, {"SRV401"}),
        ("vllm@0.12.0", CONFIG, {"SRV401", "SRV201"}),
    ],
)
def test_it_is_judged(
    launch: str,
    text: str,
    told: set[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "serve.yaml"
    path.write_text(text)
    kind = ("--hardware", "h100 x 4")
    assert (
        main(["import", launch, "--check", *kind, "--format", "json", "--script", str(path)]) == 1
    )
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    codes = {item["code"] for item in found if item["severity"] == "error"}
    assert told <= codes or codes - {"SRV401"} == {"SRV203"}


def test_a_release_with_a_table_stays_one_of_ray() -> None:
    assert called("rayserve@2.60.0") == "rayserve@2.60.0"
    assert called("rayserve@2.46.0") == "vllm@0.8.5"
    assert called("rayserve@2.9.0") == "rayserve@2.9.0"
