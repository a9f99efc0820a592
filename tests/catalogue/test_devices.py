"""Devices by name, and what of them a process may take."""

import pytest

from servec.compiler.catalogue import devices


@pytest.mark.parametrize("name", devices.device_names())
def test_every_name_gives_a_whole_device(name: str) -> None:
    device = devices.find_device(name)
    assert device is not None and device.name == name
    assert device.bandwidth > 0 and device.domain > 0
    assert device.memory or device.kind == "cpu"
    assert 0 <= device.usable <= device.memory
    assert device.native and device.backends


@pytest.mark.parametrize(
    ("name", "id", "arch", "mib"),
    [
        ("h100", "h100-sxm", "sm90", 81559),
        ("h200", "h200-sxm", "sm90", 143771),
        ("b200", "b200", "sm100", 183359),
        ("l40s", "l40s", "sm89", 46068),
        ("rtx-5090", "rtx-5090", "sm120", 32607),
    ],
)
def test_memory_is_what_the_driver_reports(name: str, id: str, arch: str, mib: int) -> None:
    device = devices.find_device(name)
    assert device is not None
    assert (device.id, device.arch, device.memory) == (id, arch, mib << 20)


def test_a_name_that_leaves_the_part_open_is_none_and_says_which() -> None:
    assert devices.find_device("a100") is None
    assert devices.unclear("a100") == ("a100-40g", "a100-40g-pcie", "a100-80g", "a100-80g-pcie")
    assert devices.find_device("m3-ultra") is None
    assert devices.unclear("m3-ultra") == ("m3-ultra-96g", "m3-ultra-256g", "m3-ultra-512g")
    assert devices.unclear("h100") == ()


def test_unclear_names_lead_to_devices() -> None:
    for name in ("a100", "v100", "m4-max", "rpi5", "rtx-pro-6000"):
        assert all(devices.find_device(other) for other in devices.unclear(name))


def test_apple_memory_is_in_the_name_and_a_share_is_kept() -> None:
    device = devices.find_device("m4-max-128g")
    small = devices.find_device("m3-16g")
    assert device is not None and small is not None
    assert device.memory == 128 << 30
    assert round(device.usable / 2**30, 2) == 107.52  # read on a machine of that size
    assert round(small.usable / 2**30, 2) == 11.84
    assert device.unified and device.arch == "apple-metal"


def test_parts_of_one_chip_are_told_by_their_memory() -> None:
    low, high = devices.find_device("m4-max-36g"), devices.find_device("m4-max-48g")
    assert low is not None and high is not None
    assert low.bandwidth < high.bandwidth


def test_a_jetson_keeps_a_share_for_its_system() -> None:
    device = devices.find_device("orin-nano-8g")
    assert device is not None
    assert device.edge and device.unified and device.usable == 6 << 30


def test_a_card_of_two_dies_is_two_devices() -> None:
    device = devices.find_device("mi250x")
    assert device is not None and device.memory == 64 << 30


def test_cpus_have_no_memory_of_their_own() -> None:
    for name in ("epyc-9554", "x86-avx512", "graviton4", "grace", "xeon-amx"):
        device = devices.find_device(name)
        assert device is not None
        assert (device.kind, device.memory, device.usable) == ("cpu", 0, 0)


def test_links_that_span_nodes() -> None:
    assert devices.find_device("gb200").domain == 72  # type: ignore[union-attr]
    assert devices.find_device("h200").domain == 8  # type: ignore[union-attr]
    assert devices.find_device("rtx-4090").domain == 1  # type: ignore[union-attr]


def test_any_is_a_device_of_which_nothing_is_known() -> None:
    found = devices.find_device("any")
    assert found is devices.ANY_DEVICE and found.any
    assert "any" not in devices.device_names()


def test_rates_are_dense() -> None:
    assert devices.find_device("h100").flops["bf16"] == 989 * 10**12  # type: ignore[union-attr]
    assert devices.find_device("b300").flops["fp4"] == 14 * 10**15  # type: ignore[union-attr]


def test_a_price_is_that_of_one_device_with_its_provider_and_date() -> None:
    priced = 0
    for name in devices.device_names():
        device, row = devices.find_device(name), devices.row(name)
        assert device is not None and row is not None
        if device.price:
            priced += 1
            assert 0.1 < device.price < 20
            assert "20" in row["source"]["price"] or "commit" in row["source"]["price"]
    assert priced >= 20


@pytest.mark.parametrize(
    ("name", "arch", "memory", "bandwidth"),
    [
        ("rtx-3060", "sm86", 12 << 30, 360e9),
        ("rtx-4060-ti-16g", "sm89", 16380 << 20, 288e9),
        ("rtx-5070-ti", "sm120", 16303 << 20, 896e9),
        ("rtx-2080-ti", "sm75", 11 << 30, 616e9),
        ("p40", "sm61", 24 << 30, 347.1e9),
        ("mi250", "gfx90a", 64 << 30, 1640e9),
        ("max-1550", "xpu", 128 << 30, 3280e9),
    ],
)
def test_cards_that_people_have(name: str, arch: str, memory: int, bandwidth: float) -> None:
    device = devices.find_device(name)
    assert device is not None
    assert (device.arch, device.memory, device.bandwidth) == (arch, memory, bandwidth)


def test_workstation_cards_accumulate_at_the_full_rate() -> None:
    gaming, work = devices.find_device("rtx-3090"), devices.find_device("rtx-a5000")
    assert gaming is not None and work is not None
    assert work.flops["bf16"] > 1.5 * gaming.flops["bf16"]
    assert devices.find_device("rtx-5060-ti") is None
    assert devices.unclear("rtx-5060-ti") == ("rtx-5060-ti-8g", "rtx-5060-ti-16g")
