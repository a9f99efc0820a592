"""llama.cpp and MLX: reading weights, one request after the other."""

from __future__ import annotations

import pytest

from servec.compiler.memory.served import quant_as
from servec.compiler.plan import Degrees
from servec.compiler.predict.calibration.edge_bands import bands_of, coverage
from servec.compiler.predict.edge_class import edge_class_name, edge_row, edge_table
from servec.compiler.predict.edge_time import decode_time, filled
from servec.compiler.predict.predict import predict
from servec.compiler.predict.shape import shape
from servec.dsl.record import replace
from tests.predict.make import case, device, model


def seconds(name: str, scheme: str, hardware: str, runtime: str = "llamacpp") -> float:
    served, place = model(name), device(hardware)
    made = shape(served, quant_as(served, scheme), "f16", Degrees(), place)
    row = edge_row(runtime, place)
    return decode_time(made, row.values, row.factor, 512)


# Single figures of XiongjieDai/GPU-Benchmarks-on-LLM-Inference (aa72e0e, 2024-05-12) and of
# raullenchai/Rapid-MLX (community benchmarks), tokens per second of one request.
@pytest.mark.parametrize(
    ("name", "scheme", "hardware", "runtime", "speed"),
    [
        ("llama-3.1-8b", "q4_k_m", "rtx-4090", "llamacpp", 127.7),
        ("llama-3.1-8b", "q4_k_m", "m3-max-64g", "llamacpp", 50.7),
        ("llama-3.1-70b", "q4_k_m", "m3-max-64g", "llamacpp", 7.5),
        ("llama-3.1-8b", "mlx4", "m3-ultra-256g", "mlx", 119.4),
        ("qwen3-30b-a3b", "mlx4", "m4-max-128g", "mlx", 123.9),
    ],
)
def test_published_speeds_lie_in_the_band(
    name: str, scheme: str, hardware: str, runtime: str, speed: float
) -> None:
    assert 1 / seconds(name, scheme, hardware, runtime) == pytest.approx(speed, rel=0.15)


def test_more_bandwidth_and_fewer_bits_are_faster() -> None:
    assert seconds("llama-3.1-8b", "q4_k_m", "rtx-4090") < seconds(
        "llama-3.1-8b", "q8_0", "rtx-4090"
    )
    assert seconds("llama-3.1-8b", "q4_k_m", "m3-max-64g") < seconds(
        "llama-3.1-8b", "q4_k_m", "m3-16g"
    )


def test_classes_of_devices() -> None:
    names = {
        "h100": "llamacpp.hbm",
        "rtx-4090": "llamacpp.gddr",
        "rtx-5090": "llamacpp.gddr",
        "m3-16g": "llamacpp.apple",
        "orin-nano-8g": "llamacpp.unified",
        "rpi5-8g": "llamacpp.cpu",
    }
    for name, expected in names.items():
        assert edge_class_name("llamacpp", device(name)) == expected
        assert expected in edge_table()["classes"]


def test_a_runtime_that_was_not_measured_there_has_a_wider_band() -> None:
    assert not edge_row("vllm", device("m3-16g")).known
    assert edge_row("mlx", device("m3-16g")).known


EDGE = """
  target = llamacpp
  model = qwen3-4b
  hardware = orin-nano-8g x 1
  precision { weights = q4_k_m }
  limits { context = 4Ki tokens }
"""


def test_a_single_user_at_the_edge() -> None:
    found = predict(case(EDGE + "  workload { kind = edge; concurrency = 1 }\n", "llamacpp"))
    assert found.tpot and found.ttft and not found.abstained
    assert 0.01 < found.tpot.value < 0.2


def test_more_users_wait_or_slow_each_other() -> None:
    one, four = (
        predict(case(EDGE + f"  workload {{ kind = edge; concurrency = {n} }}\n", "llamacpp"))
        for n in (1, 4)
    )
    assert one.ttft and four.ttft and one.tpot and four.tpot
    assert four.ttft.value > one.ttft.value and four.tpot.value > one.tpot.value


def test_faster_memory_is_never_slower() -> None:
    made = case(EDGE + "  workload { kind = edge; concurrency = 1 }\n", "llamacpp")
    assert made.device is not None
    wider = replace(made, device=replace(made.device, bandwidth=made.device.bandwidth * 2))
    slow, fast = predict(made), predict(wider)
    assert slow.tpot and fast.tpot and fast.tpot.value < slow.tpot.value


def test_a_cpu_without_half_precision_takes_its_time_for_a_prompt() -> None:
    lines = (
        "target = llamacpp\n  model = llama-3.2-1b\n  hardware = %s x 1\n"
        "  workload { kind = edge; input = 512 tokens; output = 64 tokens; concurrency = 1 }\n"
    )
    old, new = (predict(case(lines % name, "llamacpp")).ttft for name in ("rpi4-8g", "rpi5-8g"))
    assert old is not None and new is not None
    assert 30 < old.value < 120 and new.value < old.value / 2  # 1.3e12 operations, at 20 a ns


def test_narrow_models_keep_fewer_units_busy() -> None:
    assert filled(model("qwen3-0.6b")) < filled(model("qwen3-8b")) < 1


def test_a_machine_counts_once_however_many_points_it_has() -> None:
    many = [("a", "one", 0.1)] * 20
    few = [("a", "two", -0.5), ("a", "three", 0.6)]
    found = bands_of([*many, *few])["a"]
    assert found["low"] == pytest.approx(-0.5) and found["high"] == pytest.approx(0.6)
    assert 0 < coverage([*many, *few]) < 1
