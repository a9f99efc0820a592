"""Claims are filtered by version, and say what the facts say."""

from __future__ import annotations

import pytest

from servec.compiler.catalogue.bare import architectures
from servec.targets import TARGETS
from servec.targets.shared.capabilities import image_for, load_capabilities
from tests.targets.make import ALL


@pytest.mark.parametrize(("runtime", "version"), ALL)
def test_archs_are_those_of_the_devices(runtime: str, version: str) -> None:
    archs = set(architectures())
    tables = load_capabilities(runtime, version)
    supports = [*tables.precisions.values(), *tables.kv.values()]
    named = {arch for support in supports for arch in (*support.native, *support.emulated)}
    assert not {*tables.reach, *tables.refused, *named} - archs
    assert not set(tables.reach) & set(tables.refused)
    assert all(not support.native & support.emulated for support in supports)
    assert all(support.source for support in supports)


def test_versions_differ_where_the_runtimes_do() -> None:
    old, new = load_capabilities("sglang", "0.5.12.post1"), load_capabilities("sglang", "0.5.23")
    assert "sm90" in new.precisions["nvfp4"].emulated
    assert "sm90" not in old.precisions["nvfp4"].emulated
    assert "nvfp4" in new.kv
    assert "nvfp4" not in old.kv
    assert new.topology.context
    assert not old.topology.context
    first, last = load_capabilities("vllm", "0.22.1"), load_capabilities("vllm", "0.33.0")
    assert (first.topology.block_split, last.topology.block_split) == ("exact", "refine")
    assert "gguf" in first.precisions
    assert "gguf" not in last.precisions
    assert first.transfer == last.transfer == {"nixl", "mooncake"}
    assert last.quantize_at_load["fp8"] == "fp8_per_tensor"
    assert last.precisions["fp8_per_tensor"].flag == "fp8_per_tensor"
    assert "DeepseekV41ForCausalLM" in last.architectures - first.architectures


def test_reach_says_why_not() -> None:
    tables = load_capabilities("vllm", "0.33.0")
    assert tables.reach["sm90"] == "yes"
    assert "7.5" in tables.refused["sm70"]
    assert tables.reach["apple-metal"].startswith("apart")
    assert "amx" in load_capabilities("sglang", "0.5.23").refused["cpu-x86"].lower()


def test_words_of_enum_fields_are_the_runtimes() -> None:
    tables = load_capabilities("sglang", "0.5.23")
    assert tables.values["precision.kv"]["fp8"] == "fp8_e4m3"
    assert set(tables.values["cache.offload"]) == {"none", "host", "disk", "mooncake", "lmcache"}
    assert "disk" not in load_capabilities("vllm", "0.33.0").values["cache.offload"]


def test_images_are_pinned_and_follow_the_device() -> None:
    assert image_for("vllm", "0.33.0", "nvidia", "sm90") == "vllm/vllm-openai:v0.33.0"
    assert image_for("vllm", "0.33.0", "amd", "gfx942") == "vllm/vllm-openai-rocm:v0.33.0"
    assert image_for("sglang", "0.5.23", "amd", "gfx950").endswith("mi35x")
    assert image_for("sglang", "0.5.23", "apple", "apple-metal") == ""


def test_targets_are_in_order_of_name() -> None:
    names = [target.name for target in TARGETS]
    assert names == sorted(names)
