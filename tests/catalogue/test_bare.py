"""Hardware of which only the architecture is known, and cards with other memory than their own."""

from __future__ import annotations

import pytest

from servec.compiler.catalogue.bare import architectures, bare_names, coded, worded
from servec.compiler.catalogue.devices import ANY_DEVICE, device_names, find_device


def test_the_table_says_what_the_devices_say() -> None:
    rows = architectures()
    for name in device_names():
        device = find_device(name)
        assert device is not None and not device.bare
        row = rows[device.arch]
        assert (row["kind"], row["capability"]) == (device.kind, device.capability)
        assert row["vendor"] in (device.vendor, "any")
        assert device.native <= set(row["native"])
        assert device.backends <= set(row["backends"])


@pytest.mark.parametrize("name", bare_names())
def test_an_architecture_is_a_device_without_figures(name: str) -> None:
    device = find_device(name)
    assert device is not None and device.bare and not device.any
    assert device.name == name and device.source
    assert (device.memory, device.usable, device.bandwidth, device.flops) == (0, 0, 0, {})


def test_any_is_not_bare() -> None:
    assert not ANY_DEVICE.bare


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("compute capability 8.6", ("sm86",)),
        ("Compute capability of 6.1", ("sm61",)),
        ("cc 8.6", ("sm86",)),
        ("cc86", ("sm86",)),
        ("sm_86", ("sm86",)),
        ("SM 8.6", ("sm86",)),
        ("sm_120a", ("sm120",)),
        ("SM12.1", ("sm121",)),
        ("CUDA device capability: 120", ("sm120",)),
        ("capability (9, 0)", ("sm90",)),
        ("compute capability 5.x", ("sm50",)),
        ("gfx1151", ("gfx1151",)),
        ("gfx90a:sramecc+:xnack-", ("gfx90a",)),
        ("amdgcn-amd-amdhsa--gfx1201", ("gfx1201",)),
        ("sm_70, sm_75", ("sm70", "sm75")),
        ("sm_999", ()),
        ("gfx7777", ()),
        ("llama sm", ()),
        ("", ()),
    ],
)
def test_codes_in_a_text(said: str, names: tuple[str, ...]) -> None:
    assert coded(said) == names


def test_a_code_stands_for_the_architecture_of_the_tables() -> None:
    assert find_device("gfx1151").arch == find_device("gfx1100").arch == "gfx11"  # type: ignore[union-attr]


def test_words_of_architectures_in_the_order_in_which_they_are_refused() -> None:
    assert worded()["ampere"] == ("sm80", "sm86")
    assert worded()["cpu"] == ("cpu-amx", "cpu-x86", "cpu-arm")
    assert worded()["apple silicon"] == ("apple-metal",)


@pytest.mark.parametrize(
    ("name", "gib"), [("rtx-4090-48g", 48), ("rtx-2080-ti-22g", 22), ("h100-40g", 40)]
)
def test_a_card_with_other_memory_than_its_own(name: str, gib: int) -> None:
    device = find_device(name)
    assert device is not None and device.name == name
    assert abs(device.memory / 2**30 - gib) < 0.5
    own = find_device(name.rpartition("-")[0])
    assert own is not None and (own.arch, own.bandwidth) == (device.arch, device.bandwidth)


@pytest.mark.parametrize(
    ("name", "arch", "gib"),
    [("any-80g", "any", 80), ("sm75-11g", "sm75", 11), ("gfx1151-128g", "gfx11", 128)],
)
def test_memory_without_a_device(name: str, arch: str, gib: int) -> None:
    device = find_device(name)
    assert device is not None and (device.arch, device.bandwidth) == (arch, 0)
    assert device.memory == device.usable == gib << 30


def test_apple_keeps_its_share_of_memory_that_is_stated() -> None:
    device, chip = find_device("apple-metal-64g"), find_device("m4-max-64g")
    assert device is not None and chip is not None and device.usable == chip.usable


@pytest.mark.parametrize(
    "name",
    [
        "cpu-x86-64g",
        "any-0g",
        "any-99999g",
        "h100-80g",
        "rtx-4090-480g",
        "m4-max-8g",
        "no-card-8g",
        "h100-g",
    ],
)
def test_memory_that_no_such_card_has(name: str) -> None:
    assert find_device(name) is None
