"""Ray Serve with SGLang beneath: its fields, its nodes, and when it is chosen."""

from __future__ import annotations

import pytest

from tests.plan.compiling import codes, compiled
from tests.targets.ray_launch import CHAT, HEAD, launched, model

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
