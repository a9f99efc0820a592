"""TGI: whose class runs a model, what the launcher has to be told, and the last place it takes."""

from __future__ import annotations

from typing import Any

import pytest

from servec.cli.main import main
from servec.compiler.options.constraints import broken
from servec.compiler.plan import Degrees
from servec.compiler.target import engine
from servec.dsl.record import replace
from servec.targets.shared.table import load_sets, load_table, versions
from tests.plan.compiling import one
from tests.targets.make import adapter, argv, case, catalogue, plan

LLAMA = catalogue("meta-llama/Llama-3.1-8B-Instruct")
QWEN3 = catalogue("Qwen/Qwen3-8B")
ONE = plan(
    degrees=Degrees(tensor=2),
    devices_per_node=2,
    weights="bf16",
    weights_word="bf16",
    kv="bf16",
    checkpoint=LLAMA.id,
)


def words(pins: dict[str, Any] | None = None, **more: Any) -> tuple[str, ...]:
    """The command of the newest version."""
    made = {"model": LLAMA, "plan": ONE, **more}
    return argv(case("tgi", "3.3.7", pins, **made))


def after(option: str, line: tuple[str, ...]) -> str:
    """The word behind an option."""
    return line[line.index(option) + 1]


def test_the_table_has_a_variable_for_every_option_but_one() -> None:
    rows = load_table("tgi", "3.3.7").rows
    assert [name for name, row in rows.items() if not row.get("env")] == ["env"]
    assert rows["max-total-tokens"]["env"] == "MAX_TOTAL_TOKENS"
    assert len(rows) == 54


def test_versions_differ_in_the_models_of_transformers() -> None:
    old, new = (set(load_sets("tgi", v)["architectures"]) for v in ("3.3.0", "3.3.7"))
    assert {"qwen3", "qwen3_moe"} <= new - old
    assert old < new
    assert versions("tgi")[-1] == "3.3.7"


@pytest.mark.parametrize(("model", "whose"), [(LLAMA, "own"), (QWEN3, "transformers")])
def test_whose_class_runs_it(model: Any, whose: str) -> None:
    assert engine(case("tgi", "3.3.7", model=model, plan=ONE))[0] == whose


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"weights": "fp8_per_channel", "load": "at_load"}, "precision.weights"),
        ({"weights": "awq"}, "precision.weights"),
        ({"kv": "fp8"}, "precision.kv"),
    ],
)
def test_a_class_of_transformers_has_16_bits_alone(changes: dict[str, Any], path: str) -> None:
    for model, refused in ((QWEN3, True), (LLAMA, False)):
        found = case("tgi", "3.3.7", model=model, plan=replace(ONE, **changes))
        rule = broken(found, found.target.constraints("3.3.7"))
        assert (rule is not None) is refused
        assert rule is None or rule.path == path


def test_shards_type_and_address_are_said_whatever_the_image_sets() -> None:
    line = words()
    assert after("--num-shard", line) == "2"
    assert after("--dtype", line) == "bfloat16"
    assert after("--hostname", line) == "0.0.0.0"
    assert after("--port", line) == "3000"


def test_a_quantisation_stands_without_a_type() -> None:
    line = words(plan=replace(ONE, weights="eetq_int8", load="at_load"))
    assert after("--quantize", line) == "eetq"
    assert "--dtype" not in line
    assert "--quantize" not in words(plan=replace(ONE, weights="awq", weights_word="awq"))


@pytest.mark.parametrize(("share", "said", "room"), [(0.9, "1", ""), (0.45, "0.5", "")])
def test_its_tenth_is_counted_in(share: float, said: str, room: str) -> None:
    found = case("tgi", "3.3.7", model=LLAMA, plan=replace(ONE, memory_fraction=share))
    (process,) = found.target.launch((found,)).processes
    assert after("--cuda-memory-fraction", process.argv) == said
    assert process.env.get("TGI_WIGGLE_ROOM", "") == room


def test_above_its_tenth_the_room_itself_is_set() -> None:
    found = case("tgi", "3.3.7", model=LLAMA, plan=replace(ONE, memory_fraction=0.95))
    (process,) = found.target.launch((found,)).processes
    assert after("--cuda-memory-fraction", process.argv) == "1"
    assert process.env["TGI_WIGGLE_ROOM"] == "0.95"


def test_requests_beyond_the_usual_number_are_let_in() -> None:
    assert "--max-concurrent-requests" not in words()
    assert after("--max-concurrent-requests", words({"workload.concurrency": 500})) == "500"


def test_adapters_are_one_word_and_sizes_too() -> None:
    adapters = (adapter("sql", "/a/sql", 8), adapter("legal", "/a/legal", 8))
    assert after("--lora-adapters", words(adapters=adapters)) == "sql=/a/sql,legal=/a/legal"
    assert after("--cuda-graphs", words({"graphs.sizes": (1, 2, 8)})) == "1,2,8"
    assert after("--cuda-graphs", words({"graphs.capture": "off"})) == "0"


def test_the_key_stands_in_no_command() -> None:
    found = case("tgi", "3.3.7", {"api.key_env": "HOUSE_KEY"}, model=LLAMA, plan=ONE)
    (process,) = found.target.launch((found,)).processes
    assert "--api-key" not in process.argv
    assert process.env["API_KEY"] == "${HOUSE_KEY}"
    assert process.secrets == ("HOUSE_KEY",)


def test_it_is_last_while_another_can_serve() -> None:
    lines = "model = llama-3.1-8b\nhardware = h100 x 1\n"
    order = [item.target for item in one(lines).candidates if item.status != "rejected"]
    assert order[-1] == "tgi"
    named = one(lines + "target = tgi\n")
    assert named.chosen is not None
    assert "lifecycle" in {reason.code for reason in named.chosen.reasons}


def test_kv_heads_have_to_divide() -> None:
    lines = "model = qwen2.5-7b\nhardware = h100 x 8\ntarget = tgi\nparallel { tensor = 8 }\n"
    assert "SRV401" in {item.code for item in one(lines).diagnostics}


@pytest.mark.parametrize(
    ("variable", "words", "shards"),
    [
        ("CUDA_VISIBLE_DEVICES=0,1", "", 2),
        ("CUDA_VISIBLE_DEVICES=0,1", "--num-shard 1", 1),
        ("NVIDIA_VISIBLE_DEVICES=all", "", 1),
    ],
)
def test_a_line_without_shards_takes_the_devices_it_sees(
    variable: str, words: str, shards: int, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["text-generation-launcher", "--model-id", "Qwen/Qwen3-8B", *words.split()]
    kind = ["--hardware", "h100 x 4", "--env", variable]
    assert main(["import", "tgi@3.3.7", "--verify", *kind, "--", *line]) == 0
    out, told = capsys.readouterr()
    assert f"hardware = h100 x {shards}" in out
    assert "equivalent" in told and "dtype" not in told


def test_shards_of_a_class_that_is_not_split(capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal names the class, and the shards count as devices though no field says them."""
    line = "text-generation-launcher --model-id tiiuae/Falcon-H1-7B-Instruct --num-shard 4"
    words = ["import", "tgi@3.3.7", "--check", "--hardware", "l4 x 4", "--", *line.split()]
    assert main(words) == 1
    told = capsys.readouterr().err
    assert "error[SRV310]: tgi cannot express `--num-shard 4` for FalconH1ForCausalLM\n" in told
    assert "sharded is not supported for AutoModel" in told
    assert "SRV404" not in told
