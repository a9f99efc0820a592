"""Machines and models as logs and threads name them."""

from __future__ import annotations

import pytest

from servec.compiler.memory.measured.machines import hidden, machine
from servec.compiler.memory.measured.names import named_model


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NVIDIA A100-SXM4-40GB", "a100-40g"),
        ("NVIDIA A100 80GB", "a100-80g"),
        ("NVIDIA H100 80GB", "h100"),
        ("NVIDIA GeForce RTX 4090 24GB", "rtx-4090"),
        ("AMD Instinct MI355X", "mi355x"),
        ("Apple M3 Ultra (256GB)", "m3-ultra-256g"),
        ("M1 Max 32\u2011Core GPU 64GB", "m1-max-64g"),
        ("RTX A6000 48GB", "rtx-a6000"),
        ("a box of ours (Nvidia 4090)", "rtx-4090"),
        ("3090 24GB", "rtx-3090"),
        ("RTX 6000 Ada 48GB", "rtx-6000-ada"),
        ("H100 PCIe 80GB", "h100-pcie"),
        ("A10G", "a10g"),
        ("Tesla V100-SXM2-16GB", "v100-16g"),
        ("4x NVIDIA L40S", "l40s"),
        ("NVIDIA Jetson AGX Thor 128GB", "jetson-thor"),
        ("AMD Ryzen AI Max+ 395 128GB", "strix-halo-128g"),
        ("NVIDIA A100", None),
        ("a machine", None),
        ("not named", None),
        ("NVIDIA H200 (80 GB emulated)", None),
        ("CPU", None),
    ],
)
def test_machines(text: str, name: str | None) -> None:
    from servec.compiler.catalogue.devices import find_device

    found = machine(text)
    wanted = find_device(name) if name else None
    assert (found.id if found else None) == (wanted.id if wanted else None)
    assert found is None or wanted is None or found.memory == wanted.memory


def test_a_card_of_a_stated_size_stands_for_itself() -> None:
    found = machine("3080 Ti 12GB")
    assert found is not None and found.memory == 12 << 30
    other = machine("NVIDIA GeForce RTX 4090 D 24GB")
    assert other is not None and other.id == "rtx-4090-d" and other.memory == 24 << 30
    wide = machine("RTX 4090 48GB")
    assert wide is not None and not wide.id and (wide.memory, wide.arch) == (48 << 30, "sm89")
    exact = machine("NVIDIA RTX PRO 6000 Blackwell 96GB (94.97 GiB)")
    assert exact is not None and hidden(exact) == 0 and exact.memory == int(94.97 * (1 << 30))
    free = machine("93.10 GiB GPU (85.57 GiB free before the pool)")
    assert free is not None and free.memory == int(93.1 * (1 << 30))
    mixed = machine("NVIDIA GeForce RTX 3090 24GB + RTX 5070 Ti 16GB")
    assert mixed is not None and mixed.memory == 16303 << 20


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
        ("Gemma4-26B-A4B", "google/gemma-4-26B-A4B-it"),
        ("mlx-community/Qwen3.5-9B-4bit", "Qwen/Qwen3.5-9B"),
        ("meta-llama/Meta-Llama-3.1-405B-Instruct-FP8", "meta-llama/Llama-3.1-405B-Instruct-FP8"),
        ("mlx-community/Hermes-3-Llama-3.1-8B-4bit", "meta-llama/Llama-3.1-8B-Instruct"),
        ("deepseek-r1:14b", "Qwen/Qwen2.5-14B-Instruct"),
        ("llama-2-7b.Q4_0", "meta-llama/Llama-2-7b-hf"),
        ("gemma-4-31B-it-UD-Q8_K_XL", "google/gemma-4-31B-it"),
        ("EAGLE3-LLaMA3.1-Instruct-8B", None),
        ("8B model (14.96 GB)", None),
        ("Zamba2", None),
        ("Qwen3.9-27B", None),
    ],
)
def test_names(text: str, id: str | None) -> None:
    found = named_model(text)
    assert (found.id.lower() if found else None) == (id.lower() if id else None)
