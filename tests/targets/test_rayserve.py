"""Ray Serve: the engine's command becomes an application, on a cluster with room for its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from servec.compiler.target import Launch

VERSION = "2.60.0"
HEAD = "servec 1\ndeployment d {\ntarget = rayserve\n"
CHAT = HEAD + "model = qwen3-8b\nhardware = h100 x 1\n"


def launched(text: str) -> Launch:
    (found,) = compiled(text + "}\n").deployments
    assert found.chosen is not None, codes(compiled(text + "}\n"))
    return found.chosen.launch()


def application(launch: Launch) -> dict[str, Any]:
    (file,) = launch.configs
    assert file.path == "ray/serve.yaml"
    found: dict[str, Any] = yaml.safe_load(file.text)
    return found


def model(text: str) -> dict[str, Any]:
    (app,) = application(launched(text))["applications"]
    assert app["import_path"] == "ray.serve.llm:build_openai_app"
    (found,) = app["args"]["llm_configs"]
    assert isinstance(found, dict)
    return found


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


SGLANG = CHAT + "on sglang { }\n"
SERVER = "ray.llm._internal.serve.engines.sglang:SGLangServer"


@pytest.mark.parametrize("line", ["on sglang { }", f'on rayserve {{ server_cls = "{SERVER}" }}'])
def test_sglang_beneath_has_fields_of_its_own(line: str) -> None:
    found = model(CHAT + f"replicas = 2\nlimits {{ context = 16Ki tokens; batch = 16 }}\n{line}\n")
    assert found["server_cls"] == SERVER
    assert found["deployment_config"] == {"num_replicas": 2}
    given = found["engine_kwargs"]
    assert given["model_path"] == "Qwen/Qwen3-8B" and given["context_length"] == 16384
    assert given["tp_size"] == 1 and not {"host", "port", "served_model_name"} & set(given)
    assert "placement_group_config" not in found and "log_engine_metrics" not in found
    launch = launched(CHAT + line + "\n")
    assert launch.processes[-1].env["RAY_EXPERIMENTAL_NOSET_CUDA_VISIBLE_DEVICES"] == "0"
    assert (launch.port, launch.image) == (8000, "")


def test_sglang_beneath_over_nodes_has_a_bundle_for_each() -> None:
    text = HEAD + "model = deepseek-v3\nhardware = h200 x 8\nnodes = 2\n"
    found = model(text + "parallel { data = 16; expert = 16 }\non sglang { }\n")
    assert found["placement_group_config"] == {
        "placement_group_bundles": [{"CPU": 1, "GPU": 8}] * 2,
        "placement_group_strategy": "STRICT_SPREAD",
    }
    assert found["accelerator_config"] == {"kind": "gpu"}
    given = found["engine_kwargs"]
    assert given["nnodes"] == 2 and not {"node_rank", "dist_init_addr"} & set(given)


def test_a_version_whose_figures_ray_cannot_collect() -> None:
    found = model(CHAT + 'on sglang { version = "0.5.12.post1" }\n')
    assert found["log_engine_metrics"] is False
    assert found["engine_kwargs"]["tp_size"] == 1


def test_copies_of_a_dense_model_are_rays_under_sglang_too() -> None:
    dense = HEAD + "model = qwen3-8b\nhardware = h100 x 4\nparallel { data = 4; tensor = 1 }\n"
    found = model(dense + "replicas = 2\non sglang { }\n")
    assert found["deployment_config"] == {"num_replicas": 8}
    assert "dp_size" not in found["engine_kwargs"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("features { tools = hermes }", "calls of tools"),
        ("features { structured_output = true }", "no grammar"),
        ('api { template = "t.jinja" }', "tokenizer's own template"),
        ("on sglang { node-rank = 0 }", "Ray starts the workers"),
    ],
)
def test_what_rays_server_of_sglang_drops_is_refused(line: str, why: str) -> None:
    whole = CHAT + line + "\n" if "sglang" in line else SGLANG + line + "\n"
    found = compiled(whole + "}\n")
    assert found.deployments[0].chosen is None
    told = [d for d in found.diagnostics if d.code == "SRV310"]
    assert any(why in f"{d.primary.text} {[f.text for f in d.figures]}" for d in told), told


def test_the_engine_is_chosen_by_what_it_can_say() -> None:
    plain = CHAT + "schedule { conservativeness = 80% }\n"
    assert "server_cls" in model(plain)  # vLLM has no such thing
    assert "server_cls" not in model(CHAT)
    assert "SRV310" in codes(compiled(plain + "on vllm { seed = 1 }\n}\n"))


def test_what_the_engine_is_told_counts_as_told() -> None:
    assert "SRV318" not in codes(compiled(CHAT + "on vllm { seed = 1 }\n}\n"))
    assert "SRV318" in codes(compiled(CHAT + "on lmdeploy { backend = turbomind }\n}\n"))


def test_the_figures_are_those_of_the_engine_beneath() -> None:
    (found,) = compiled(SGLANG + "}\n").deployments
    assert found.chosen is not None
    assert found.chosen.cases[0].capabilities.beneath == ("sglang", "0.5.15.post1")
