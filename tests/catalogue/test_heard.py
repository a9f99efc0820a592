"""Devices by the names people use."""

from __future__ import annotations

import pytest

from servec.cli.errors import UsageError
from servec.cli.given_hardware import hardware_of, roomiest
from servec.compiler.catalogue.devices import device_names
from servec.compiler.catalogue.heard import heard


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
    ],
)
def test_what_the_option_takes(said: str, written: str) -> None:
    assert hardware_of(said) == written


def test_several_parts_are_an_error_but_where_a_line_is_judged() -> None:
    with pytest.raises(UsageError, match="one of several parts: a100-40g, a100-80g"):
        hardware_of("A100 x 8")
    assert hardware_of("A100 x 8", judging=True) == "a100-80g x 8"
    assert roomiest("A100 x 8") == "note: `A100` is judged as a100-80g, not as a100-40g\n"
    assert roomiest("h100 x 8") == roomiest("any x 2") == ""


@pytest.mark.parametrize("said", ["H1000 x 8", "x 8", "8", "h100 x many", "h100\x00 x 8"])
def test_what_it_does_not_take(said: str) -> None:
    with pytest.raises(UsageError, match="there is no hardware"):
        hardware_of(said)
