"""Ray Serve: the engine's command becomes an application, on a cluster with room for its copies."""

from __future__ import annotations

import kubernetes_validate
import pytest
import yaml

import servec
from servec.targets.rayserve.application import accelerator
from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import load_sets, versions
from tests.artifacts.test_manifests import KUBERNETES
from tests.plan.compiling import codes, compiled
from tests.targets.make import TARGET, device
from tests.targets.ray_launch import CHAT, HEAD, VERSION, application, launched, model


def test_one_copy_is_one_process_that_starts_ray_itself() -> None:
    launch = launched(CHAT + 'features { tools = hermes }\napi { prefix = "/llm"; port = 9000 }\n')
    (process,) = launch.processes
    assert process.argv == ("serve", "run", "${SERVEC_CONFIG}")
    assert (process.health, launch.prefix, launch.port) == ("/llm/v1/models", "/llm", 9000)
    found = application(launch)
    assert found["http_options"] == {"host": "0.0.0.0", "port": 9000}
    assert found["applications"][0]["route_prefix"] == "/llm"
    (each,) = found["applications"][0]["args"]["llm_configs"]
    assert each["model_loading_config"] == {"model_id": "d", "model_source": "Qwen/Qwen3-8B"}
    assert each["accelerator_type"] == "H100"
    assert each["deployment_config"] == {"num_replicas": 1}
    assert each["engine_kwargs"]["tool_call_parser"] == "hermes"
    assert not {"host", "port", "model", "served_model_name"} & set(each["engine_kwargs"])


def test_bounds_of_the_copies_are_those_of_the_autoscaler() -> None:
    text = CHAT + "replicas >= 2\nreplicas <= 5\nlimits.batch = 48\n"
    assert model(text)["deployment_config"]["autoscaling_config"] == {
        "min_replicas": 2,
        "max_replicas": 5,
        "target_ongoing_requests": 48,
    }
    launch = launched(text)
    nodes = [process for process in launch.processes if process.role == "ray"]
    assert [process.node_rank for process in nodes] == [0, 1, 2, 3, 4]
    assert "--head" in nodes[0].argv and "--head" not in nodes[1].argv
    assert launch.processes[-1].env["RAY_ADDRESS"] == "auto"


def test_what_the_on_block_says_of_the_deployment_wins() -> None:
    text = CHAT + "replicas = 2\non rayserve { deployment_config { max_ongoing_requests = 9 } }\n"
    assert model(text)["deployment_config"] == {"num_replicas": 2, "max_ongoing_requests": 9}
    text = CHAT + 'on rayserve { placement_group_config { strategy = "PACK" } }\n'
    assert model(text)["placement_group_config"] == {"strategy": "PACK"}


def test_data_ranks_of_experts_are_a_gang_and_of_a_dense_model_copies() -> None:
    text = HEAD + "model = deepseek-v3\nhardware = h200 x 8\nparallel { data = 8; expert = 8 }\n"
    (app,) = application(launched(text))["applications"]
    assert app["import_path"] == "ray.serve.llm:build_dp_openai_app"
    assert app["args"]["llm_config"]["engine_kwargs"]["data_parallel_size"] == 8
    dense = HEAD + "model = qwen3-8b\nhardware = h100 x 4\nparallel { data = 4; tensor = 1 }\n"
    found = model(dense + "replicas = 2\n")
    assert found["deployment_config"] == {"num_replicas": 8}
    assert "data_parallel_size" not in found["engine_kwargs"]


def test_workers_stay_on_a_node_where_they_fit() -> None:
    dense = HEAD + "model = llama-3.3-70b\nhardware = h100 x 4\n"
    one = model(dense + "parallel { tensor = 4 }\n")
    assert one["placement_group_config"]["strategy"] == "STRICT_PACK"
    two = model(dense + "nodes = 2\nparallel { tensor = 4; pipeline = 2 }\n")
    assert "placement_group_config" not in two
    assert not {"nnodes", "master_addr", "node_rank"} & set(two["engine_kwargs"])


ROLES = (
    HEAD
    + """model = deepseek-v3
hardware = h200 x 8
role prefill { parallel { data = 8; expert = 8; tensor = 1 } }
role decode { replicas = 2; parallel { data = 8; expert = 8; tensor = 1 } }
"""
)


def test_roles_are_one_application_with_the_transfer_that_ray_sets_up() -> None:
    launch = launched(ROLES)
    (app,) = application(launch)["applications"]
    assert app["import_path"] == "ray.serve.llm:build_pd_openai_app"
    prefill, decode = app["args"]["prefill_config"], app["args"]["decode_config"]
    wanted = {"kv_connector": "NixlConnector", "kv_role": "kv_both"}
    assert prefill["engine_kwargs"]["kv_transfer_config"] == wanted
    assert decode["engine_kwargs"]["kv_transfer_config"] == wanted
    assert decode["deployment_config"] == {"num_replicas": 2}
    assert "runtime_env" not in prefill  # the side channel's address is Ray's to set
    assert sum(process.role == "ray" for process in launch.processes) == 3


def test_variables_reach_the_workers() -> None:
    text = (
        CHAT
        + 'env { NCCL_DEBUG = "INFO" }\non rayserve { env { RAY_SERVE_LOG_TO_STDERR = "0" } }\n'
    )
    launch = launched(text)
    (each,) = application(launch)["applications"][0]["args"]["llm_configs"]
    assert each["runtime_env"] == {"env_vars": {"NCCL_DEBUG": "INFO"}}
    assert launch.processes[-1].env["RAY_SERVE_LOG_TO_STDERR"] == "0"


def test_adapters_lie_in_one_folder_of_a_store() -> None:
    one = 'adapter "sql" { path = "s3://house/all/sql"; rank = 8 }'
    two = 'adapter "law" { path = "s3://house/all/law"; rank = 16 }'
    found = model(CHAT + f"lora {{ {one}\n{two} }}\n")
    assert found["lora_config"] == {
        "dynamic_lora_loading_path": "s3://house/all",
        "max_num_adapters_per_replica": 2,
    }
    assert found["engine_kwargs"]["max_lora_rank"] == 16
    assert "lora_modules" not in found["engine_kwargs"]
    local = 'adapter "law" { path = "adapters/law"; rank = 16 }'
    assert "SRV310" in codes(compiled(CHAT + f"lora {{ {local} }}\n}}\n"))


@pytest.mark.parametrize(
    "line",
    [
        'on vllm { served-model-name = ["a", "b"] }',
        "on vllm { distributed-executor-backend = mp }",
        'on vllm { raw_args = ["--seed", "1"] }',
    ],
)
def test_what_ray_says_itself_cannot_be_said_to_the_engine(line: str) -> None:
    found = compiled(CHAT + line + "\n}\n")
    assert "SRV310" in codes(found)
    assert found.deployments[0].chosen is None


def test_an_option_is_judged_at_the_version_that_ray_brings() -> None:
    line = "on vllm { log-level = DEBUG }\n"  # an option since 0.31.0
    assert "SRV202" in codes(compiled(CHAT + line + "}\n"))
    stated = 'on vllm { version = "0.33.0"; log-level = DEBUG }\n'
    assert launched(CHAT + stated).runtime == "rayserve"
    auto = CHAT.replace("target = rayserve\n", "")
    assert "SRV202" not in codes(compiled(auto + line + "}\n"))


def test_it_comes_after_the_engine_it_runs() -> None:
    (found,) = compiled(CHAT.replace("target = rayserve\n", "") + "}\n").deployments
    order = [c.target for c in found.candidates if not c.rejected]
    assert order.index("vllm") < order.index("rayserve")


def test_every_field_of_the_engine_has_a_row() -> None:
    engine, own = load_portable("vllm", "0.29.0"), load_portable("rayserve", VERSION)
    assert set(own.rows) == set(engine.rows)
    assert all(row["source"] for row in own.rows.values())


def test_each_release_has_its_engine() -> None:
    brought = {v: TARGET["rayserve"].capabilities(v) for v in versions("rayserve")}
    assert set(brought) == {"2.57.1", "2.58.1", "2.59.0", "2.60.0"}
    assert all(tables.transfer == {"nixl"} for tables in brought.values())
    assert brought[VERSION].image == "rayproject/ray-llm:2.60.0-py312-cu130"
    assert "rerank" not in brought[VERSION].features
    assert "tools" in brought[VERSION].features


@pytest.mark.parametrize(
    ("name", "word"),
    [("h100", "H100"), ("h200-nvl", "H200"), ("a100-80g", "A100"), ("l4", "L4"), ("l40s", "L40S"),
     ("b200", "B200"), ("gb200", "GB200"), ("mi300x", "AMD-Instinct-MI300X-OAM"),
     ("rtx-4090", None)],
)  # fmt: skip
def test_devices_have_the_words_of_ray(name: str, word: str | None) -> None:
    known = load_sets("rayserve", VERSION)["accelerators"]
    assert accelerator(device(name), known) == word


def test_kubernetes_gets_a_service_of_the_operator() -> None:
    text = CHAT + "replicas >= 2\nreplicas <= 5\n}\n"
    (emission,) = servec.compile({"a.srv": text}, target="rayserve").emissions
    files = {file.path: file.text for file in emission.artifacts}
    assert {p for p in files if p.startswith("k8s/")} == {"k8s/rayservice.yaml", "k8s/storage.yaml"}
    service = yaml.safe_load(files["k8s/rayservice.yaml"])
    assert service["kind"] == "RayService"
    assert service["spec"]["serveConfigV2"] == files["ray/serve.yaml"]
    cluster = service["spec"]["rayClusterConfig"]
    assert cluster["enableInTreeAutoscaling"] is True
    (group,) = cluster["workerGroupSpecs"]
    assert (group["minReplicas"], group["maxReplicas"]) == (2, 5)
    for part in (cluster["headGroupSpec"], group):
        pod = {"apiVersion": "v1", "kind": "PodTemplate", "template": part["template"]}
        kubernetes_validate.validate(pod, KUBERNETES, strict=True)
    (container,) = group["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"nvidia.com/gpu": 1}
    assert 'launch.sh" ray 0' in files["slurm.sbatch"]
