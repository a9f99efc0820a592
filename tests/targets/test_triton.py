"""Triton: the engine's command becomes a model repository, and what the route cannot do is lost."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from servec.dsl.record import replace
from servec.targets.shared.table import load_table
from servec.targets.triton.repository import (
    TRTLLM_FRONT,
    engine_arguments,
    model_config,
    model_yaml,
    text,
)
from tests.plan.compiling import codes, compiled
from tests.targets.make import TARGET, block, case, words
from tests.targets.sweep import sweep
from tests.targets.sweep_parts import ONE, QWEN_8B

VERSION = "26.09"
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|-?\d+|[{}\[\]:,])')


def parsed(pbtxt: str) -> dict[str, Any]:
    """Protobuf text as a mapping: names to scalars, messages or lists of either."""
    tokens = TOKEN.findall(pbtxt)
    assert re.sub(r"\s+", "", "".join(tokens)) == re.sub(r"\s+", "", pbtxt)
    found, rest = _message(tokens, 0, "")
    assert rest == len(tokens)
    return found


def _message(tokens: list[str], at: int, end: str) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while at < len(tokens) and tokens[at] != end:
        name = tokens[at]
        at += 1 + (tokens[at + 1] == ":")
        found[name], at = _value(tokens, at)
    return found, at


def _value(tokens: list[str], at: int) -> tuple[Any, int]:
    if tokens[at] == "{":
        inner, at = _message(tokens, at + 1, "}")
        return inner, at + 1
    if tokens[at] == "[":
        items, at = [], at + 1
        while tokens[at] != "]":
            item, at = _value(tokens, at)
            items.append(item)
            at += tokens[at] == ","
        return items, at + 1
    return tokens[at], at + 1


def test_a_model_repository_and_its_server() -> None:
    of = case("triton", VERSION, {"api.port": 9000}, model=QWEN_8B, plan=ONE)
    launch = of.target.launch((of,))
    (process,) = launch.processes
    assert process.argv == words(
        "tritonserver --model-repository ${SERVEC_MODELS} --http-address 0.0.0.0 --http-port 9000"
    )
    assert (process.env, process.files) == ({"SERVEC_MODELS": "models"}, ("models",))
    assert (process.health, launch.api) == ("/v2/health/ready", "generate")
    assert launch.image == "nvcr.io/nvidia/tritonserver:26.09-vllm-python-py3"
    files = {file.path: file.text for file in launch.configs}
    assert json.loads(files["models/demo/1/model.json"]) == {
        "model": "Qwen/Qwen3-8B",
        "tensor_parallel_size": 2,
        "max_model_len": 16384,
        "max_num_seqs": 64,
        "max_num_batched_tokens": 8192,
        "gpu_memory_utilization": 0.9,
        "served_model_name": ["demo"],
    }
    assert parsed(files["models/demo/config.pbtxt"]) == {
        "name": '"demo"',
        "backend": '"vllm"',
        "model_transaction_policy": {"decoupled": "true"},
        "instance_group": [{"count": "1", "kind": "KIND_MODEL"}],
        "parameters": {
            "key": '"REPORT_CUSTOM_METRICS"',
            "value": {"string_value": '"true"'},
        },
    }


def test_the_other_engine_runs_the_model_of_its_image() -> None:
    on = {"trtllm": block("trtllm", {"kv_cache_config": {"enable_partial_reuse": False}})}
    pins = {"features.structured_output": True, "graphs.capture": "off"}
    of = case("triton", VERSION, pins, model=QWEN_8B, plan=ONE, on=on)
    launch = of.target.launch((of,))
    (process,) = launch.processes
    assert process.argv[:3] == ("tritonserver", "--model-repository", "/app/all_models/llmapi")
    assert process.env == {"LLM_CONFIG_PATH": "${SERVEC_CONFIG}", "SERVEC_CONFIG": "model.yaml"}
    assert launch.image == "nvcr.io/nvidia/tritonserver:26.09-trtllm-python-py3"
    assert launch.model_name == "tensorrt_llm"
    (file,) = launch.configs
    found = yaml.safe_load(file.text)
    assert 0 < found["kv_cache_config"].pop("free_gpu_memory_fraction") < 1
    assert found == {
        "model": QWEN_8B.id,
        "backend": "pytorch",
        "tensor_parallel_size": 2,
        "max_seq_len": 16384,
        "max_batch_size": 64,
        "max_num_tokens": 8192,
        "kv_cache_config": {"enable_partial_reuse": False},
        "guided_decoding_backend": "xgrammar",
        "cuda_graph_config": None,
        "return_perf_metrics": True,
        "triton_config": {"max_batch_size": 0, "decoupled": False},
    }


@pytest.mark.parametrize("version", ["1.3.0rc3", "main"])
def test_no_argument_of_the_other_engine_is_said_twice(version: str) -> None:
    for name, of in sweep("trtllm", version):
        if of.plan is not None and of.plan.nodes > 1:
            continue
        text = model_yaml(of.target.launch((of,))).text
        heads = re.findall(r"^(\w+):", text, re.MULTILINE)
        assert len(heads) == len(set(heads)), name
        assert yaml.safe_load(text)["triton_config"], name


def test_protobuf_text_escapes_what_it_must() -> None:
    assert text('a"b\\c\n☃') == '"a\\042b\\134c\\012\\342\\230\\203"'
    assert parsed(model_config('x" y', False))["name"] == '"x\\042 y"'


def test_native_options_go_to_the_engine_and_to_the_server() -> None:
    on = {
        "vllm": block("vllm", {"compilation-config": {"mode": 3}, "swap-space": 1}),
        "triton": block("triton", {"exit-timeout-secs": 60, "allow-grpc": False}),
    }
    pins = {"graphs.capture": "off", "features.speculative": "ngram"}
    of = case("triton", VERSION, pins, model=QWEN_8B, plan=ONE, on=on)
    launch = of.target.launch((of,))
    line = " ".join(launch.processes[0].argv)
    assert "--exit-timeout-secs 60" in line
    (path,) = (f for f in launch.configs if f.path.endswith("model.json"))
    found = json.loads(path.text)
    assert found["compilation_config"] == {"cudagraph_mode": "NONE", "mode": 3}
    assert found["speculative_config"]["method"] == "ngram"


@pytest.mark.parametrize("version", ["0.22.1", "0.33.0"])
def test_every_engine_command_is_a_set_of_arguments(version: str) -> None:
    for name, of in sweep("vllm", version):
        launch = of.target.launch((of,))
        found = engine_arguments(launch)
        assert found["model"], name
        assert not {"host", "port", "tool_call_parser", "api_key"} & set(found), name
        assert all(value is not None for value in found.values()), name


def test_it_inherits_what_its_engine_refuses() -> None:
    engine = TARGET["vllm"].capabilities("0.33.0")
    over = TARGET["triton"].capabilities(VERSION)
    assert over.precisions == engine.precisions
    assert over.architectures == engine.architectures
    assert "tools" in engine.features
    assert "tools" not in over.features
    assert "gfx942" not in over.reach
    head = "servec 1\ndeployment d {\nmodel = qwen3-8b\n"
    for lines, code in (
        ("hardware = mi300x x 1\n", "SRV303"),
        ("hardware = h100 x 1\nfeatures { tools = hermes }\n", "SRV310"),
        ("hardware = h100 x 8\nnodes = 2\n", "SRV310"),
    ):
        assert code in codes(compiled(head + lines + "}\n", ("triton",)))


def test_it_comes_after_the_engine_it_runs() -> None:
    spec = "servec 1\ndeployment d { model = qwen3-8b; hardware = h100 x 1 }\n"
    (found,) = compiled(spec).deployments
    order = [c.target for c in found.candidates if not c.rejected]
    assert order.index("vllm") < order.index("triton")


def test_the_metrics_switch_reaches_both() -> None:
    of = case("triton", VERSION, {"observe.metrics": False}, model=QWEN_8B, plan=replace(ONE))
    launch = of.target.launch((of,))
    assert "--allow-metrics false" in " ".join(launch.processes[0].argv)
    assert "REPORT_CUSTOM_METRICS" not in launch.configs[1].text


def wrong(rows: Any, value: Any, at: str) -> list[str]:
    """What of a mapping is no field of the class, or no value of the field."""
    found: list[str] = []
    for name, item in value.items():
        row = rows.get(name)
        if row is None:
            found.append(f"{at}{name} is no field")
        elif isinstance(item, dict) and row.get("fields"):
            found += wrong(row["fields"], item, f"{at}{name}.")
        elif not fits(row, item):
            found.append(f"{at}{name} = {item!r}")
    return found


def fits(row: Any, item: Any) -> bool:
    """Whether a value is one that the row of a field takes."""
    if item is None:
        return bool(row.get("nullable"))
    if row.get("arity") == "*":
        one = {key: value for key, value in row.items() if key != "arity"}
        return isinstance(item, list) and all(fits(one, each) for each in item)
    if "choices" in row:
        return item in row["choices"] or row.get("type") == "json"
    kinds: dict[str, Any] = {"int": int, "float": (int, float), "bool": bool, "object": dict}
    return isinstance(item, kinds.get(row.get("type", ""), object))


@pytest.mark.parametrize("version", ["1.3.0rc3", "main"])
def test_its_arguments_are_fields_of_the_engine_s_own_class(version: str) -> None:
    # TensorRT-LLM 044a90d2 triton_backend/all_models/llmapi/tensorrt_llm/1/model.py: all but
    # `triton_config` goes to LLM(**arguments)
    table = load_table("trtllm", version)
    seen = set()
    for name, of in sweep("trtllm", version):
        if name == "engine" or (of.plan is not None and of.plan.nodes > 1):
            continue
        found = yaml.safe_load(model_yaml(of.target.launch((of,))).text)
        assert found.pop("triton_config") == {"max_batch_size": 0, "decoupled": False}
        assert not {key.replace("_", "-") for key in found} & set(TRTLLM_FRONT), name
        for key, value in found.items():
            option = table.option(key.replace("_", "-"))
            if key in ("model", "backend"):
                assert isinstance(value, str), name
                continue
            assert option is not None, f"{name}: {key}"
            rows = table.fields(option.name)
            if isinstance(value, dict) and rows:
                assert not wrong(rows, value, f"{key}."), name
            seen.add(key)
    assert {"kv_cache_config", "cuda_graph_config", "tensor_parallel_size"} <= seen
