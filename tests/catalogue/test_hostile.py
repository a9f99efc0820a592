"""Configs that nobody vouches for: an answer or a reason, never a traceback."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec.compiler.catalogue.entries import entry
from servec.compiler.catalogue.folder import parse_object
from servec.compiler.catalogue.ingest.build import Refused, ingest
from servec.compiler.model import Model

FILES = (
    "Qwen--Qwen3-235B-A22B-FP8",
    "openai--gpt-oss-20b",
    "deepseek-ai--DeepSeek-V3.2",
    "deepseek-ai--DeepSeek-V4-Flash",
    "nvidia--NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4",
    "nvidia--Llama-3_3-Nemotron-Super-49B-v1",
    "moonshotai--Kimi-K3",
    "Qwen--Qwen3.5-9B",
    "nvidia--MiniMax-M3-NVFP4",
    "meta-llama--Llama-3.2-11B-Vision-Instruct",
)
ODD: tuple[Any, ...] = (
    None,
    -1,
    0,
    10**30,
    float("inf"),
    float("nan"),
    1.5,
    True,
    "x",
    [],
    [10**9] * 3,
    ["a", 1],
    {"a": {}},
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(config: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    found = []
    for key, value in config.items():
        found.append((config, key))
        if isinstance(value, dict) and (key != "vision_config" or "num_global_layers" in value):
            found += _places(value)
    return found


def _fine(found: Model | Refused) -> bool:
    if isinstance(found, Refused):
        return bool(found.why) and len(found.why) < 200
    return found.total > 0 and found.layers > 0


@pytest.mark.parametrize("file", FILES)
def test_every_key_with_every_odd_value_gives_a_model_or_a_reason(file: str) -> None:
    text = json.dumps(entry(file)["config"])
    apart = entry(file).get("quant_config")
    count = len(_places(json.loads(text)))
    for place in range(count):
        for odd in ODD:
            config = json.loads(text)
            inside, key = _places(config)[place]
            inside[key] = odd
            assert _fine(ingest(config, apart)), (key, odd)


@pytest.mark.parametrize("file", FILES)
def test_every_missing_key_gives_a_model_or_a_reason(file: str) -> None:
    text = json.dumps(entry(file)["config"])
    for place in range(len(_places(json.loads(text)))):
        config = json.loads(text)
        inside, key = _places(config)[place]
        del inside[key]
        assert _fine(ingest(config)), key


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=12), values, max_size=6))
def test_any_object_gives_a_model_or_a_reason(config: dict[str, Any]) -> None:
    assert _fine(ingest(config))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_random_damage_gives_a_model_or_a_reason(data: st.DataObject) -> None:
    config = json.loads(json.dumps(entry(data.draw(st.sampled_from(FILES)))["config"]))
    for _ in range(data.draw(st.integers(1, 4))):
        places = _places(config)
        inside, key = data.draw(st.sampled_from(places))
        inside[key] = data.draw(values)
    assert _fine(ingest(config))


@settings(max_examples=100, deadline=None)
@given(values)
def test_any_quantisation_gives_a_model_or_a_reason(value: Any) -> None:
    config = entry("Qwen--Qwen3-32B")["config"]
    assert _fine(ingest({**config, "quantization_config": value}))
    assert _fine(ingest(config, value if isinstance(value, dict) else None))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": ' * 50_000,
        b'{"hidden_size": ' + b"9" * 5000 + b"}",
        "\ufeff{}".encode(),
    ],
)
def test_what_is_no_json_object_is_refused(data: bytes) -> None:
    found = parse_object(data, "config.json")
    assert isinstance(found, Refused) or isinstance(ingest(found), Refused)


def test_a_bare_infinity_is_read() -> None:
    found = parse_object(b'{"time_step_limit": [0.0, Infinity], "hidden_size": 8}', "config.json")
    assert not isinstance(found, Refused)


def test_the_reason_names_the_key() -> None:
    config = entry("Qwen--Qwen3-32B")["config"]
    found = ingest({**config, "num_hidden_layers": "many"})
    assert isinstance(found, Refused)
    assert found.why == "`num_hidden_layers` is not a whole number"


def test_an_unknown_kind_of_layer_is_refused() -> None:
    config = entry("Qwen--Qwen3-32B")["config"]
    found = ingest({**config, "layer_types": ["wavelet"] * 64})
    assert isinstance(found, Refused)
    assert "wavelet" in found.why


def test_an_engine_is_named_as_one() -> None:
    config = {"version": "0.16.0", "pretrained_config": {"hidden_size": 8}, "build_config": {}}
    found = ingest(config)
    assert isinstance(found, Refused) and found.why.startswith("an engine of TensorRT-LLM")
