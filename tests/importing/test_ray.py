"""Configs of Ray Serve LLM are read as specs, and come back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.dsl.format import format_text
from tests.golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OWN = ROOT / "generated/ray-autoscaled/rayserve"
# ray-project/kuberay 0ca87180 ray-operator/config/samples/ray-service.llm-serve.yaml, but for the
# option `device`, which vLLM no longer has
KUBERAY = """apiVersion: ray.io/v1
kind: RayService
metadata:
  name: ray-serve-llm
spec:
  serveConfigV2: |
    applications:
    - name: llms
      import_path: ray.serve.llm:build_openai_app
      route_prefix: "/"
      args:
        llm_configs:
        - model_loading_config:
            model_id: qwen2.5-7b-instruct
            model_source: Qwen/Qwen2.5-7B-Instruct
          engine_kwargs:
            dtype: bfloat16
            max_model_len: 1024
            gpu_memory_utilization: 0.75
          deployment_config:
            autoscaling_config:
              min_replicas: 1
              max_replicas: 4
              target_ongoing_requests: 64
            max_ongoing_requests: 128
  rayClusterConfig:
    rayVersion: "2.58.1"
"""
# ray-project/ray doc/source/serve/llm/quick-start.md, two models behind one address
TWO = """applications:
- args:
    llm_configs:
    - model_loading_config: {model_id: qwen-0.5b, model_source: Qwen/Qwen2.5-0.5B-Instruct}
      accelerator_type: A10G
      deployment_config: {autoscaling_config: {min_replicas: 1, max_replicas: 2}}
    - model_loading_config: {model_id: qwen-1.5b, model_source: Qwen/Qwen2.5-1.5B-Instruct}
      accelerator_type: A10G
      log_engine_metrics: false
      runtime_env: {env_vars: {HF_HUB_ENABLE_HF_TRANSFER: "1"}}
      deployment_config: {num_replicas: 3}
  import_path: ray.serve.llm:build_openai_app
  name: llm_app
  route_prefix: "/llm"
http_options: {port: 9000, keep_alive_timeout_s: 7}
"""


# ray-project/ray doc/source/serve/llm/pd-dissagregation.md in shape
ROLES = """applications:
- args:
    prefill_config:
      model_loading_config: {model_id: meta-llama/Llama-3.1-8B-Instruct}
      accelerator_type: A10G
      deployment_config: {autoscaling_config: {min_replicas: 2, max_replicas: 2}}
      engine_kwargs:
        kv_transfer_config:
          kv_connector: NixlConnector
          kv_role: kv_both
    decode_config:
      model_loading_config: {model_id: meta-llama/Llama-3.1-8B-Instruct}
      accelerator_type: A10G
      deployment_config:
        max_ongoing_requests: 512
        autoscaling_config: {min_replicas: 1, max_replicas: 6}
      engine_kwargs:
        tensor_parallel_size: 2
        kv_transfer_config:
          kv_connector: NixlConnector
          kv_role: kv_both
  import_path: ray.serve.llm:build_pd_openai_app
  name: pd
  route_prefix: "/"
"""
# ray-project/ray 22a5b89e doc/source/llm/doc_code/serve/sglang in shape, two nodes of four devices
SGLANG = """applications:
- args:
    llm_configs:
    - model_loading_config:
        model_id: Llama-3.1-70B-Instruct
        model_source: meta-llama/Llama-3.1-70B-Instruct
      server_cls: ray.llm._internal.serve.engines.sglang:SGLangServer
      placement_group_config:
        placement_group_bundles: [{CPU: 1, GPU: 4}, {CPU: 1, GPU: 4}]
        placement_group_strategy: STRICT_SPREAD
      deployment_config: {autoscaling_config: {min_replicas: 1, max_replicas: 2}}
      engine_kwargs:
        trust_remote_code: true
        model_path: meta-llama/Llama-3.1-70B-Instruct
        tp_size: 4
        pp_size: 2
        nnodes: 2
        mem_fraction_static: 0.8
  import_path: ray.serve.llm:build_openai_app
"""


def imported(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["import", "--verify", "--script", str(path)])
    out, err = capsys.readouterr()
    return code, out, err


def written(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "serve.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["ray/serve.yaml", "k8s/rayservice.yaml"])
def test_what_servec_writes_it_reads_back(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = imported(OWN / name, capsys)
    assert code == 0 and ": equivalent" in err, err
    assert "target = rayserve" in out and "replicas >= 2" in out and "replicas <= 6" in out
    assert "tools = hermes" in out and "graceful_shutdown_timeout_s = 120" in out
    assert format_text(out) == out


def test_a_service_of_the_operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = imported(written(KUBERAY, tmp_path), capsys)
    assert code == 0 and ": equivalent" in err, err
    assert 'version = "2.58.1"' in out and "replicas <= 4" in out and "memory = 75%" in out
    assert "max_ongoing_requests = 128" in out and "target_ongoing_requests = 64" in out


def test_each_model_is_a_deployment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = imported(written(TWO, tmp_path), capsys)
    assert code == 0, err
    one, two = out.split('deployment "')[1:]
    assert "hardware = a10g x 1" in one and "replicas <= 2" in one
    assert "replicas = 3" in two and "port = 9000" in two and 'prefix = "/llm"' in two
    assert "keep_alive_timeout_s = 7" in two and "HF_HUB_ENABLE_HF_TRANSFER" in two
    assert err.count(": equivalent") == 2


def test_roles_are_one_deployment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = imported(written(ROLES, tmp_path), capsys)
    assert code == 0 and "llama-3.1-8b-instruct: equivalent" in err, err
    assert out.count("deployment ") == 1 and "transfer = nixl" in out
    prefill, decode = out.split("role prefill")[1].split("role decode")
    assert "replicas = 2" in prefill and "tensor" not in prefill
    assert "replicas <= 6" in decode and "tensor = 2" in decode
    assert "max_ongoing_requests = 512" in decode
    assert format_text(out) == out


def test_roles_without_a_transfer_are_refused_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(line for line in ROLES.split("\n") if "kv_" not in line)
    code, out, err = imported(written(text, tmp_path), capsys)
    assert code == 2 and "prefill and decode of the application" in err and not out


def test_sglang_beneath(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = imported(written(SGLANG, tmp_path), capsys)
    assert code == 0 and ": equivalent" in err, err
    assert "SGLangServer" in out and "static_memory = 80%" in out and "nodes = 2" in out
    assert "trust_remote_code = true" in out and "placement" not in out


def test_copies_that_are_fixed_keep_what_else_is_said_of_scaling(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = KUBERAY.replace("max_replicas: 4", "max_replicas: 1")
    code, out, err = imported(written(text, tmp_path), capsys)
    assert code == 0 and ": equivalent" in err, err
    assert "replicas = 1" in out and "target_ongoing_requests = 64" in out


@pytest.mark.parametrize(
    "text",
    [
        "ray.serve.llm:build_openai_app",
        "applications: [1, {import_path: ray.serve.llm:build_openai_app}]",
        "applications: {import_path: ray.serve.llm:build_openai_app}",
        "spec: {serveConfigV2: 'ray.serve.llm: [', rayClusterConfig: 3}",
        "applications: [{import_path: 'ray.serve.llm:build_openai_app', args: {llm_configs: x}}]",
        "applications: [{import_path: 'ray.serve.llm:build_openai_app', args: {1: 2}}]",
    ],
)  # fmt: skip
def test_no_file_is_a_bug(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = imported(written(text, tmp_path), capsys)
    assert code == 2 and not out and "SRV901" not in err
