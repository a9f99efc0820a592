"""Devices by the names people use."""

from __future__ import annotations

import pytest

from servec.cli.errors import UsageError
from servec.cli.given_hardware import hardware_of, roomiest
from servec.compiler.catalogue.devices import device_names, find_device
from servec.compiler.catalogue.heard import heard
from servec.compiler.catalogue.stated import stated
from servec.compiler.catalogue.store import fact


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("H100", ("h100",)),
        ("NVIDIA H100 80GB HBM3", ("h100",)),
        ("A100", ("a100-40g", "a100-80g")),
        ("A100-SXM4-40GB", ("a100-40g",)),
        ("NVIDIA A100 80GB PCIe", ("a100-80g-pcie",)),
        ("4090", ("rtx-4090",)),
        ("7900 XTX", ("rx-7900-xtx",)),
        ("RTX 3080 12GB", ("rtx-3080-12g",)),
        ("RTX 3080", ("rtx-3080",)),
        ("RTX 4090 48GB", ()),
        ("MacBook Pro M4 Max 128GB", ("m4-max-128g",)),
        ("Raspberry Pi 5 8GB", ("rpi5-8g",)),
        ("Jetson AGX Orin 64GB", ("agx-orin-64g",)),
        ("GB200 NVL72", ("gb200",)),
        ("Apple M3 Ultra 60-core GPU 256 GB", ("m3-ultra-256g",)),
        ("Mac Studio (M3 Ultra 512GB)", ("m3-ultra-512g",)),
        ("NVIDIA B300 SXM6 275GB", ("b300",)),
        ("", ()),
        ("no such card", ()),
        ("x" * 10_000, ()),
    ],
)
def test_heard(said: str, names: tuple[str, ...]) -> None:
    assert heard(said) == names


def test_every_name_of_the_table_stands_for_itself() -> None:
    assert all(heard(name) == (name,) for name in device_names())


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("", ""),
        ("any x 8", "any x 8"),
        ("h100", "h100"),
        ("H100 x 8", "h100 x 8"),
        ("8x H100 80GB", "h100 x 8"),
        ("8 x NVIDIA L40S", "l40s x 8"),
        ("2x4090", "rtx-4090 x 2"),
        ("rtx4090", "rtx-4090"),
        ("4090x2", "rtx-4090 x 2"),
        ("A100-80GB:4", "a100-80g x 4"),
        ("RTX 4090 \u00d72", "rtx-4090 x 2"),
        ("RTX1060 6GB", "gtx-1060-6g"),
        ("RTX 4090 48GB", "rtx-4090-48g"),
        ("4x RTX 2080 Ti 22G", "rtx-2080-ti-22g x 4"),
        ("2x RTX 3090 (48GB total)", "rtx-3090 x 2"),
        ("RTX 4090 with 64GB RAM", "rtx-4090"),
        ("Tesla 8X V100 32GB", "v100-32g x 8"),
        ("two Tesla P40 GPUs", "p40 x 2"),
        ("my 3 rtx 5090", "rtx-5090 x 3"),
        ("RTX A6000 NVLink x2, PCIe 4.0 x16", "rtx-a6000 x 2"),
        ("8\u5f20L20", "l20 x 8"),
        ("Tesla T4\u53cc\u5361", "t4 x 2"),
        ("Tesla T4 16G \u663e\u5361\uff08SM75\uff09\u4e24\u5f20", "t4 x 2"),
        ("GRID V100D-32C", "v100-32g"),
        ("NVIDIA A40-24Q", "a40-24g"),
        ("RTX 6000 Pro Blackwell", "rtx-pro-6000-bw"),
        ("NVIDIA GeForce RTX 4070 Laptop GPU", "rtx-4070-laptop"),
        ("GeForce RTX 2070 with Max-Q Design", "rtx-2070-laptop"),
        ("RTX 3070 Max-Q", "rtx-3070-laptop"),
        ("RTX 3070 mobile 8GB", "rtx-3070-laptop"),
        ("RTX PRO 6000 Blackwell Max-Q Workstation Edition", "rtx-pro-6000-bw-max-q"),
        ("NVIDIA GB10 / DGX Spark (SM12.1)", "gb10"),
        ("GPU 0: Tesla T4\nGPU 1: Tesla T4\n", "t4 x 2"),
        ("GPU 0,1,2,3: NVIDIA L20\nGPU 0,1,2,3 Compute Capability: 8.9", "l20 x 4"),
        ("Device 0: Tesla P40, compute capability 6.1, VMM: yes", "p40"),
        ("Mac Studio (Mac15,14) \u2014 Apple M3 Ultra, 60 GPU cores, 96 GB", "m3-ultra-96g"),
        ("Intel Core i7-12700 + RTX 3060 12GB, 32GB RAM", "rtx-3060"),
    ],
)
def test_what_the_option_takes(said: str, written: str) -> None:
    assert hardware_of(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("p4d.24xlarge", "a100-40g x 8"),
        ("ml.p5.48xlarge node (8xH100 GPUs)", "h100 x 8"),
        ("amazon g5.2xlarge", "a10g x 1"),
        ("AWS G5.48xl machine with A10G GPU (24GB each)", "a10g x 8"),
        ("AWS G6e instances", "l40s"),
        ("a2-highgpu-8g", "a100-40g x 8"),
        ("Standard_ND96isr_H100_v5", "h100 x 8"),
        ("NC96ads_A100_v4", "a100-80g-pcie x 4"),
        ("BM.GPU.H100.8", "h100 x 8"),
        ("TPU v6e-8", "tpu-v6e x 8"),
        ("gpu_8x_h100_sxm5", "h100-sxm x 8"),
        ("c7g.16xlarge", "cpu-arm"),
        ("m7i.metal", "cpu-amx"),
        ("m6a.4xlarge", "cpu-x86"),
    ],
)
def test_cloud_instances(said: str, written: str) -> None:
    assert hardware_of(said) == written
    assert roomiest(said).endswith(f"` is read as {written}\n")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("CPU", "cpu-amx"),
        ("x86 CPU", "cpu-amx"),
        ("13900k CPU only", "cpu-amx"),
        ("AMD EPYC 7763", "cpu-x86"),
        ("arm64", "cpu-arm"),
        ("Apple Metal", "apple-metal"),
        ("Mac/Metal/MPS", "apple-metal"),
        ("compute capability 8.6", "sm86"),
        ("RDNA 4 (gfx1201)", "gfx1201"),
        ("Blackwell", "sm100"),
        ("Turing GPUs (SM75, such as T4 and T4G)", "t4g"),
        ("Radeon 780M", "gfx11"),
        ("four Ascend 910B*8", "npu x 8"),
        ("Kunlun P800", "kunlun"),
        ("Moorethreads: S4000 x8", "musa x 8"),
        ("11 GB card of compute capability 7.5", "sm75-11g"),
        ("80 GB card", "any-80g"),
        ("4x24GB VRAM", "any-24g x 4"),
        ("4 cards of 12.2 GB and one of 4 GB", "any-12g x 4"),
        ("CUDA GPU", "any"),
        ("8 GPUs", "any x 8"),
    ],
)
def test_architectures_where_a_line_is_judged(said: str, written: str) -> None:
    assert hardware_of(said, judging=True) == written


def test_of_several_kinds_a_line_is_judged_on_the_newest() -> None:
    said = "an RTX 2060, a V100 and an RTX 3090"
    with pytest.raises(UsageError, match="one of several parts"):
        hardware_of(said)
    assert hardware_of(said, judging=True) == "rtx-3090"
    assert "not as rtx-2060" in roomiest(said)


def test_what_is_written_as_the_table_has_it_needs_no_note() -> None:
    assert roomiest("h100 x 8") == roomiest("sm86 x 2") == roomiest("gfx1151") == ""


def test_every_instance_has_devices_of_the_table() -> None:
    for cloud in fact("instances")["clouds"].values():
        assert cloud["source"]
        for kind, sizes in cloud.get("families", {}).values():
            assert find_device(kind) is not None and all(sizes.values())
        for kind, number in cloud.get("types", {}).values():
            assert find_device(kind) is not None and number > 0


def test_a_long_text_is_read_in_bounded_work() -> None:
    assert stated("7900 xtx + " * 300).names == ("rx-7900-xtx",)
    assert stated("rtx 4090 " * 1000).names == ()


def test_several_parts_are_an_error_but_where_a_line_is_judged() -> None:
    with pytest.raises(UsageError, match="one of several parts: a100-40g, a100-80g"):
        hardware_of("A100 x 8")
    assert hardware_of("A100 x 8", judging=True) == "a100-80g x 8"
    assert roomiest("A100 x 8") == "note: `A100 x 8` is read as a100-80g x 8, not as a100-40g\n"
    assert roomiest("h100 x 8") == roomiest("any x 2") == ""


@pytest.mark.parametrize(
    "said",
    ["H1000 x 8", "x 8", "8", "h100 x many", "my laptop", "64GB RAM", "Qwen3-32B", "h100\x00 x 8"],
)
def test_what_it_does_not_take(said: str) -> None:
    with pytest.raises(UsageError, match="there is no hardware"):
        hardware_of(said)
