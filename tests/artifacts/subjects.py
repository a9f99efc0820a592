"""Subjects for the form tests: small, made by hand, and as hostile as a spec can be."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.capabilities import Capabilities, Topology
from servec.compiler.device import Device
from servec.compiler.plan import (
    Degrees,
    Memory,
    MemoryItem,
    Performance,
    Plan,
    Range,
    Reason,
    Verdict,
)
from servec.compiler.target import Case, Launch, Process
from servec.dsl.diagnostic import Span
from servec.dsl.spec import Bound, Setting, Spec
from servec.targets.shared.artifacts.subject import Subject

HOSTILE = (
    "it's",
    'say "hi"',
    "$(touch pwned)",
    "`touch pwned`",
    "${HOME}",
    "$HOME",
    "a\nb: c\n- d",
    "tab\there",
    "{{ jinja }} {% raw %}",
    "key: value # not a comment",
    "--- !!python/object",
    "& * ! | > % @",
    "%h %n",
    "back\\slash\\",
    "$(POD_IP)",
    "null",
    "true",
    "1e3",
    "0x1F",
    "",
    " lead and trail ",
    "</string><key>x</key>",
    "}",
    "naïve ☃ \U0001f600",
)

GPU = Device(
    name="h200", id="h200-sxm", vendor="nvidia", kind="gpu", arch="sm90", generation="hopper",
    capability=90, memory=150_754_820_096, usable=150_754_820_096, bandwidth=4_800_000_000_000,
    flops={}, native=frozenset(), backends=frozenset({"cuda"}), link="nvlink4",
    link_bandwidth=450_000_000_000, domain=8,
)  # fmt: skip
MAC = Device(
    name="m3-ultra-512g", id="apple-m3-ultra", vendor="apple", kind="apple", arch="apple-metal",
    generation="m3", capability=0, memory=2**39, usable=2**38, bandwidth=819_000_000_000, flops={},
    native=frozenset(), backends=frozenset({"metal"}), link="", link_bandwidth=0, domain=1,
)  # fmt: skip

SPAN = Span("specs/x.srv", 0, 1)


def setting(value: str) -> Setting:
    return Setting(eq=Bound("=", value, value, SPAN, SPAN, SPAN))


def spec(**settings: str) -> Spec:
    found = {path.replace("__", "."): setting(value) for path, value in settings.items()}
    return Spec("demo", "specs/x.srv", SPAN, SPAN, found)


class Nobody:
    """A target that is only named."""

    name = "vllm"


def case(device: Device = GPU, nodes: int = 1, the_spec: Spec | None = None) -> Case:
    capabilities = Capabilities(
        "vllm", "0.33.0", frozenset(), {}, {}, {}, {}, {}, {}, Topology(), image="vllm/vllm:1"
    )
    plan = Plan(
        Degrees(tensor=8), 1, nodes, 8, "fp8_block128", "fp8", "fp8", "Qwen/Qwen3-235B-A22B-FP8",
        memory_fraction=Fraction(9, 10), max_model_len=32768, max_seqs=64, max_batched_tokens=8192,
        reasons=(Reason("SRV314", "kv | fp8 <b> `x` [a](b)"),),
    )  # fmt: skip
    memory = Memory(
        device=2**37, budget=2**36, weights=2**35, activation=2**30, overhead=2**30,
        kv_per_token=1000, kv_pool=2**34, pool_tokens=17_179_869, needed_tokens=32768,
        needed_kv=32_768_000, fits=True, margin=2**33, band=2**30,
        items=(MemoryItem("weights", 2**35, "235 G x 1 B / 8"),),
    )  # fmt: skip
    verdict = Verdict("ttft.p95", "<=", 0.9, "s", "unsure", Range(0.4, 0.5, 1.1))
    performance = Performance(
        ttft=Range(0.4, 0.5, 0.6), tpot=Range(0.01, 0.02, 0.03), throughput=Range(1, 2, 3),
        slo=(verdict,),
    )  # fmt: skip
    target: object = Nobody()
    return Case(
        the_spec or spec(), target, capabilities, None, device, 8, nodes,  # type: ignore[arg-type]
        plan=plan, memory=memory, performance=performance, hardware=f"{device.name} x 8",
    )  # fmt: skip


def subject(
    words: tuple[str, ...] = (),
    env: dict[str, str] | None = None,
    nodes: int = 1,
    device: Device = GPU,
    api: str = "chat",
    the_spec: Spec | None = None,
    secrets: tuple[str, ...] = (),
) -> Subject:
    """A subject whose argv ends in `words`, on `nodes` nodes."""
    processes = tuple(
        Process(
            name="server" if nodes == 1 else f"server-{rank}",
            role="serve",
            node_rank=rank,
            argv=(
                "vllm", "serve", "a/b", "--node-rank", str(rank),
                *(("--master-addr", "${SERVEC_MASTER_ADDR}") if nodes > 1 else ()), *words,
            ),
            env={**({"SERVEC_MASTER_ADDR": "127.0.0.1"} if nodes > 1 else {}), **(env or {})},
            secrets=secrets,
            port=8000 if rank == 0 else 0,
            health="/health" if rank == 0 else "",
            gpus=8,
        )
        for rank in range(nodes)
    )  # fmt: skip
    image = "" if device is MAC else "vllm/vllm-openai:v0.33.0"
    return Subject(
        deployment="demo", target="vllm", spec="specs/x.srv", digest="ab" * 32, servec="0.1.0",
        tables={"vllm 0.33.0": "cd" * 32},
        launch=Launch("vllm", "0.33.0", processes, image=image, model_name="demo", api=api),
        cases=(case(device, nodes, the_spec),), reasons=(Reason("policy", "first <pick>"),),
        second="sglang", checklist=("look | twice",),
    )  # fmt: skip
