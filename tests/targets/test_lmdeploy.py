"""LMDeploy: which engine serves and why, how its degrees are spelt, roles and nodes, its memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from servec.compiler.decisions import decisions
from servec.compiler.options.constraints import broken
from servec.compiler.plan import Degrees
from servec.compiler.target import engine
from servec.dsl.record import replace
from tests.plan.compiling import one
from tests.targets.make import QWEN_MOE, adapter, argv, block, case, catalogue, device, plan

if TYPE_CHECKING:
    from servec.compiler.target import Case

LLAMA_1B = catalogue("meta-llama/Llama-3.2-1B-Instruct")
DEEPSEEK = catalogue("deepseek-ai/DeepSeek-V3")
QWEN_8B = catalogue("Qwen/Qwen3-8B")
ONE = plan(
    degrees=Degrees(),
    devices_per_node=1,
    weights="bf16",
    weights_word="bf16",
    kv="bf16",
    checkpoint=QWEN_8B.id,
)


def of(pins: dict[str, Any] | None = None, **more: Any) -> Case:
    """A case of LMDeploy's newest version."""
    made = {"model": QWEN_8B, "plan": ONE, **more}
    return case("lmdeploy", "0.18.0", pins, **made)


def options(found: Case) -> dict[str, str]:
    """The options of the only process that have one value."""
    words = argv(found)
    pairs = zip(words, (*words[1:], ""), strict=True)
    return {word: value for word, value in pairs if word.startswith("--")}


def test_turbomind_is_the_default_and_said() -> None:
    found = of()
    assert engine(found)[0] == "turbomind"
    assert options(found)["--backend"] == "turbomind"
    reasons = {item.code: item.text for item in decisions(found, None)}
    assert reasons["engine"].startswith("turbomind: ")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"model": DEEPSEEK}, "DeepseekV3ForCausalLM"),
        ({"adapters": (adapter("sql", "/a", 8),)}, "adapters"),
        ({"pins": {"features.speculative": "mtp"}}, "drafts"),
        ({"plan": replace(ONE, kv="fp8")}, "FP8"),
        ({"plan": replace(ONE, kv="q8_0"), "model": LLAMA_1B}, "128"),
        ({"plan": replace(ONE, load="at_load", weights="fp8_block128")}, "as it loads"),
        ({"pins": {"graphs.capture": "off"}}, "switch"),
        ({"plan": replace(ONE, weights="w4a16"), "model": "group 64"}, "groups"),
    ],
)
def test_what_only_the_other_engine_does_decides_for_it(changes: dict[str, Any], why: str) -> None:
    if changes.get("model") == "group 64":
        changes["model"] = replace(QWEN_8B, quant=replace(QWEN_8B.quant, group=64))
    name, said = engine(of(changes.pop("pins", None), **changes))
    assert name == "pytorch"
    assert why in said


def test_a_role_decides_for_it() -> None:
    assert engine(replace(of(), role="prefill"))[0] == "pytorch"


@pytest.mark.parametrize("pins", [{"graphs.compile": False}, {"comm.allreduce": "nccl"}])
def test_what_changes_nothing_leaves_it(pins: dict[str, Any]) -> None:
    assert engine(of(pins))[0] == "turbomind"


def test_the_block_decides_and_what_the_engine_would_drop_is_refused() -> None:
    on = {"lmdeploy": block("lmdeploy", {"backend": "turbomind"})}
    found = of({"features.speculative": "eagle3"}, on=on)
    assert engine(found) == ("turbomind", "the `on` block names it")
    rule = broken(found, found.target.constraints("0.18.0"))
    assert rule is not None
    assert rule.path == "features.speculative"


@pytest.mark.parametrize(
    ("degrees", "words"),
    [
        (Degrees(tensor=8), {"--tp": "8"}),
        (Degrees(tensor=8, expert=8), {"--tp": "8", "--ep": "8"}),
        (Degrees(data=8, expert=8), {"--tp": "1", "--dp": "8", "--ep": "8"}),
        (Degrees(tensor=2, data=4, expert=8), {"--tp": "2", "--dp": "4", "--ep": "8"}),
        (Degrees(tensor=2, data=4), {"--tp": "8", "--dp": "4"}),
        (Degrees(tensor=4, context=2), {"--tp": "8", "--cp": "2"}),
        (Degrees(tensor=4, context=2, expert=4), {"--tp": "4", "--cp": "2", "--ep": "4"}),
    ],
)
def test_tp_is_the_wider_of_both_splits(degrees: Degrees, words: dict[str, str]) -> None:
    found = of(model=QWEN_MOE, plan=plan(degrees=degrees, kv="bf16"))
    said = options(found)
    assert {name: said[name] for name in words} == words
    assert {"--tp", "--dp", "--cp", "--ep"} & set(said) == set(words)


def test_copies_of_a_dense_model_have_a_split_each() -> None:
    found = options(of(plan=replace(ONE, degrees=Degrees(tensor=2, data=4))))
    assert (found["--tp"], found["--dp"]) == ("2", "4")


def ranked(degrees: Degrees, nodes: int = 1, **more: Any) -> Case:
    made = plan(degrees=degrees, kv="bf16", checkpoint=DEEPSEEK.id, nodes=nodes)
    return of(model=DEEPSEEK, plan=replace(made, max_seqs=100), **more)


def test_data_ranks_of_the_other_engine_are_servers_behind_the_proxy() -> None:
    found = ranked(Degrees(tensor=2, data=8, expert=16), 2, pins={"api.key_env": "HOUSE_KEY"})
    assert broken(found, found.target.constraints("0.18.0")) is None
    one, two, proxy = found.target.launch((found,)).processes
    for rank, server in enumerate((one, two)):
        said = dict(zip(server.argv, server.argv[1:], strict=False))
        assert (said["--tp"], said["--dp"], said["--ep"]) == ("2", "8", "16")
        assert (said["--nnodes"], said["--node-rank"]) == ("2", str(rank))
        assert said["--max-batch-size"] == "13"
        assert said["--server-port"] == "23334" and "--server-name" not in said
        assert said["--proxy-url"] == "${SERVEC_PROXY_URL}" and "--api-keys" not in said
        assert server.env["LMDEPLOY_DP_MASTER_ADDR"] == "${SERVEC_DP_MASTER_ADDR}"
        assert not server.port and not server.health
    assert proxy.argv[-4:] == ("--serving-strategy", "Hybrid", "--api-keys", "${HOUSE_KEY}")
    assert (proxy.port, proxy.role) == (23333, "router")


def test_without_experts_apart_a_ranks_width_is_the_whole() -> None:
    words = ranked(Degrees(tensor=2, data=4)).target.launch((ranked(Degrees(tensor=2, data=4)),))
    said = dict(zip(words.processes[0].argv, words.processes[0].argv[1:], strict=False))
    assert (said["--tp"], said["--dp"]) == ("8", "4")


@pytest.mark.parametrize(
    ("degrees", "nodes", "role", "path"),
    [
        (Degrees(tensor=16), 2, "", "nodes"),
        (Degrees(data=8, expert=8), 1, "decode", "parallel.data"),
    ],
)
def test_what_its_ranks_cannot_span_is_refused(
    degrees: Degrees, nodes: int, role: str, path: str
) -> None:
    found = replace(ranked(degrees, nodes), role=role)
    rule = broken(found, found.target.constraints("0.18.0"))
    assert rule is not None
    assert rule.path == path


def test_nodes_meet_at_the_first() -> None:
    made = plan(degrees=Degrees(tensor=16, expert=16), nodes=2, kv="bf16")
    launch = of().target.launch((of(model=QWEN_MOE, plan=made),))
    assert [process.node_rank for process in launch.processes] == [0, 1]
    for process in launch.processes:
        at = process.argv.index("--node-rank")
        assert process.argv[at + 1] == str(process.node_rank)
        assert process.env["SERVEC_DIST_INIT_ADDR"] == "127.0.0.1:20000"
    assert [bool(process.port) for process in launch.processes] == [True, False]


def test_roles_stand_behind_the_proxy_which_alone_asks_for_the_key() -> None:
    pins = {"api.key_env": "HOUSE_KEY", "api.port": 9000}
    prefill, decode = (replace(of(pins), role=role) for role in ("prefill", "decode"))
    launch = prefill.target.launch((prefill, decode))
    one_, two, proxy = launch.processes
    assert proxy.argv[:3] == ("lmdeploy", "serve", "proxy")
    assert proxy.argv[-2:] == ("--api-keys", "${HOUSE_KEY}")
    assert (proxy.port, one_.port, two.port) == (9000, 9001, 9002)
    for process, word in ((one_, "Prefill"), (two, "Decode")):
        assert process.argv[process.argv.index("--role") + 1] == word
        assert process.argv[process.argv.index("--server-name") + 1].startswith("${SERVEC_")
        assert process.env["SERVEC_PROXY_URL"] == "http://127.0.0.1:9000"
        assert "--api-keys" not in process.argv
        assert not process.secrets


def test_a_revision_is_fetched_because_the_option_reaches_no_engine() -> None:
    launch = of().target.launch((of({"checkpoint.revision": "v1"}),))
    (step,) = launch.steps
    assert step.argv[:2] == ("hf", "download")
    assert step.makes[0] in launch.processes[0].argv
    assert "--revision" not in launch.processes[0].argv


def test_a_4_bit_copy_is_made_before() -> None:
    made = replace(ONE, load="convert", weights="awq", weights_word="awq")
    launch = of().target.launch((of(plan=made),))
    (step,) = launch.steps
    assert step.argv[:4] == ("lmdeploy", "lite", "auto_awq", QWEN_8B.id)
    assert step.makes[0] == launch.processes[0].argv[3]


@pytest.mark.parametrize(
    ("word", "native"), [("q8_0", "int8"), ("q4_0", "int4"), ("fp8", "fp8"), ("fp8_e5m2",) * 2]
)
def test_caches_have_lmdeploys_words(word: str, native: str) -> None:
    found = of({"precision.kv": word}, plan=replace(ONE, kv=word))
    assert options(found)["--quant-policy"] == native


def test_the_caches_share_is_of_what_is_free() -> None:
    lines = "model = qwen3-8b\nhardware = h100 x 1\ntarget = lmdeploy\n"
    (chosen,) = one(lines).emit
    (process,) = chosen.launch().processes
    memory = chosen.cases[0].memory
    assert memory is not None
    assert memory.budget is not None
    share = float(process.argv[process.argv.index("--cache-max-entry-count") + 1])
    free = 79.6 * 2**30 - memory.weights - memory.activation - memory.overhead
    assert share == pytest.approx(memory.kv_pool / free, abs=0.02)


def test_text_alone_leaves_the_encoders_out() -> None:
    sees = catalogue("Qwen/Qwen2.5-VL-7B-Instruct")
    text = of({"features.modalities": ("text",)}, model=sees)
    both = of({"features.modalities": ("text", "image")}, model=sees)
    assert "--language-model-only" in argv(text)
    assert "--language-model-only" not in argv(both)


def test_old_cards_are_reached() -> None:
    old = of({"precision.weights": "fp16"}, on_device=device("v100-32g"))
    assert old.device is not None
    assert old.capabilities.reach[old.device.arch] == "yes"
    assert old.device.arch not in old.capabilities.precisions["bf16"].native
