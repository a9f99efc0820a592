"""`README.md` of a deployment: a page for the person who reviews it."""

from __future__ import annotations

from servec.compiler.shown import shown
from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.carried import left_to_runtime, not_carried
from servec.targets.shared.artifacts.header import header_lines, visible
from servec.targets.shared.artifacts.pods import SECRETS

STORES = frozenset(["aws", "gcloud", "gsutil", "az"])
"""Clients of object stores, which the runtimes' images do not hold."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.compiler.plan import Memory, Performance, Range
    from servec.compiler.target import Case
    from servec.targets.shared.artifacts.subject import Subject

GIB = 2**30


def readme(subject: Subject, others: Iterable[Artifact]) -> Artifact:
    """What runs where, the memory sum, the predicted band, and what to check before committing."""
    others = tuple(others)
    lines = (*subject.checklist, *absent(subject, others))
    parts = [
        f"# {subject.deployment} on {subject.target} {subject.launch.version}\n\n",
        "".join(f"> {line}\n" for line in header_lines(subject)),
        "\n",
        what_runs(subject),
        *(case_part(subject, case) for case in subject.cases),
        not_carried(subject.cases),
        reasons(subject),
        checks(lines),
        files(others),
    ]
    return Artifact("README.md", "readme", "".join(parts))


def cell(text: str) -> str:
    """Text inside a table cell or a list: no line ends, no bars, no HTML, no code fences."""
    shown = visible(text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("`", "'"), ("[", "\\[")):
        shown = shown.replace(sign, entity)
    return shown


def what_runs(subject: Subject) -> str:
    """The processes, one line each."""
    lines = [
        "## What runs where\n\n",
        "| process | node | devices | port |\n| --- | --- | --- | --- |\n",
    ]
    for process in subject.launch.processes:
        port = str(process.port) if process.port else ""
        lines.append(f"| {process.name} | {process.node_rank} | {process.gpus} | {port} |\n")
    case = subject.case
    copies = "One replica" if subject.replicas == 1 else f"{subject.replicas} replicas"
    lines.append(
        f"\n{copies} on {machines(subject)}; model `{cell(checkpoint(case))}`,"
        f" served as `{cell(subject.launch.model_name)}`.\n\n"
    )
    return "".join(lines)


def machines(subject: Subject) -> str:
    """The hardware of a replica: one machine that its roles share, or so many nodes."""
    case = subject.case
    if case.first_device is None:
        nodes = f", {subject.nodes} nodes each" if subject.nodes > 1 else ""
        return f"{cell(case.hardware)}{nodes}"
    kind = cell(case.hardware.rpartition(" x ")[0])
    parts = [
        f"{each.role} on devices {first} to {first + each.devices_per_node - 1}"
        for each in subject.cases
        if (first := each.first_device) is not None
    ]
    total = case.first_device + case.devices_per_node
    return f"one machine, {kind} x {total}: {', '.join(parts)}"


def checkpoint(case: Case) -> str:
    """The repository that is loaded."""
    return case.plan.checkpoint if case.plan else ""


def case_part(subject: Subject, case: Case) -> str:
    """Plan, memory and prediction of the whole, or of one role."""
    of = f" of {case.role}" if case.role else ""
    out: list[str] = []
    if case.plan:
        plan = case.plan
        out.append(f"## Plan{of}\n\n{plan.degrees}; weights {plan.weights_word}, KV {plan.kv};")
        context = plan.max_model_len or "as the model's config has it"
        out.append(f" context {context}, at most {plan.max_seqs} sequences")
        out.append(f" and {plan.max_batched_tokens} tokens in a step.\n\n")
        out.extend(f"- {cell(r.code)}: {cell(r.text)}\n" for r in plan.reasons)
        out.append("\n" if plan.reasons else "")
        out.append(left_to_runtime(case))
    if case.memory:
        out.append(f"## Memory{of}, on the fullest device\n\n{memory_table(case.memory)}\n")
    if case.performance:
        out.append(f"## Prediction{of}\n\n{performance_table(case.performance)}\n")
    return "".join(out)


def memory_table(memory: Memory) -> str:
    """The sum, line by line."""
    rows = ["| | GiB | |\n| --- | ---: | --- |\n"]
    rows.extend(
        f"| {cell(i.name)} | {i.bytes / GIB:.1f} | {cell(i.text)} |\n" for i in memory.items
    )
    if memory.budget is not None:
        rows.append(f"| budget | {memory.budget / GIB:.1f} | {memory.pool_tokens} tokens of KV |\n")
    return "".join(rows)


def performance_table(performance: Performance) -> str:
    """Predicted figures with their 90 % bands, and the verdict on each promise."""
    if performance.abstained:
        return f"None: {cell(performance.abstained)}.\n"
    rows = ["| | low | value | high |\n| --- | ---: | ---: | ---: |\n"]
    rows.append(band("time to first token, ms", performance.ttft, 1000))
    rows.append(band("time per output token, ms", performance.tpot, 1000))
    rows.append(band("output tokens/s", performance.throughput, 1))
    rows.append("\n" if performance.slo else "")
    for line in performance.slo:
        rows.append(
            f"- `{line.metric} {line.op} {shown(line.bound)} {line.unit}`: {line.verdict}\n"
        )
    return "".join(rows)


def band(name: str, value: Range | None, scale: float) -> str:
    """One row of the prediction."""
    if value is None:
        return ""
    numbers = " | ".join(f"{x * scale:.1f}" for x in (value.low, value.value, value.high))
    return f"| {name} | {numbers} |\n"


def reasons(subject: Subject) -> str:
    """Why this runtime, for and against."""
    if not subject.reasons:
        return ""
    lines = [
        f"- {'for' if r.good else 'against'}: {cell(r.text)}\n"
        for r in subject.reasons
        if r.code != "second"  # it has a line of its own
    ]
    second = f"\nSecond choice: {subject.second}.\n" if subject.second else ""
    return f"## Why {subject.target}\n\n{''.join(lines)}{second}\n"


def absent(subject: Subject, others: Iterable[Artifact]) -> tuple[str, ...]:
    """What pods need that no manifest holds: keys, files; nothing where there are no pods."""
    if not any(artifact.path.startswith("k8s/") for artifact in others):
        return ()
    keys = sorted({name for p in subject.launch.processes for name in p.secrets})
    held = (f"the Secret {SECRETS} of the namespace holds {', '.join(keys)}",) if keys else ()
    if any(artifact.path == "k8s/build.yaml" for artifact in others):
        tools = sorted({step.argv[0] for step in subject.launch.steps} & STORES)
        lack = f", with an image that has {', '.join(tools)}" if tools else ""
        held = (*held, f"apply k8s/build.yaml first: it makes what the pods read{lack}")
    words = (word.rpartition("=")[2] for p in subject.launch.processes for word in p.argv)
    paths = sorted({word for word in words if word.startswith(("./", "../"))})
    if not paths:
        return held
    lost = f"the pods mount no files of this project: put {', '.join(paths)} below /servec"
    return (*held, lost)


def checks(lines: Iterable[str]) -> str:
    """What a person still has to see with their own eyes."""
    items = "".join(f"- [ ] {cell(line)}\n" for line in lines)
    return f"## Before committing\n\n{items}\n" if items else ""


def files(others: Iterable[Artifact]) -> str:
    """What else lies here."""
    names = ", ".join(f"`{artifact.path}`" for artifact in others)
    return f"## Files\n\n{names}\n"
