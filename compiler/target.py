"""The protocol through which the compiler knows a runtime, and what a runtime hands back."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Protocol

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.compiler.options.rule_set import RuleSet
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.plan import Memory, Performance, Plan
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

    ArtifactKind = Literal[
        "shell",
        "compose",
        "k8s",
        "slurm",
        "systemd",
        "launchd",
        "ray",
        "triton",
        "probe",
        "bench",
        "readme",
        "lock",
        "config",
        "build",
    ]


@record
class Artifact:
    """A file to be written: `path` relative to `<out>/<deployment>/<target>/`."""

    path: str
    kind: ArtifactKind
    text: str
    executable: bool = False


@record
class Process:
    """One process that has to run: what the JSON says and the scripts run, word for word.

    `env` is what the launch sets, by name. A word of `argv` or a value of `env` that is known only
    at start is `${SERVEC_…}`, whole, and has its default in `env`. `secrets` are names of variables
    that must be passed through from outside; a word or value that is `${NAME}` of one of them,
    whole, is filled in at start. `files` are the config files its argv names.
    `port`: the port it listens on, 0 none. `health`: the path that answers 200 when it is ready.
    `image_program`: where the program lies in the image, "" where that has it on its path.
    """

    name: str
    role: Literal["serve", "prefill", "decode", "router", "ray"]
    node_rank: int
    argv: tuple[str, ...]
    env: Mapping[str, str] = {}
    files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    port: int = 0
    health: str = ""
    gpus: int = 0
    image: str = ""
    image_program: str = ""


@record
class Step:
    """Work before the launch; argv as in `Process`, `makes` and `needs` are paths."""

    name: str
    kind: Literal["download", "convert", "quantize", "build"]
    argv: tuple[str, ...]
    env: Mapping[str, str] = {}
    makes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@record
class Launch:
    """All that has to run for one replica on one runtime, before it is written in any form.

    `processes` are in start order. `configs` are files the processes read. `model_name` is the
    served model name, `api` the request shape to probe (`chat`, `tools`, `image`, `embedding`,
    `rerank`, `classify`, `completion`). `image` is the pinned container image, "" for none.
    `prefix`: the path before the API's own, "" for none.
    """

    runtime: str
    version: str
    processes: tuple[Process, ...]
    steps: tuple[Step, ...] = ()
    configs: tuple[Artifact, ...] = ()
    image: str = ""
    model_name: str = ""
    api: str = "chat"
    port: int = 8000
    shm: bool = False
    prefix: str = ""


@record
class Case:
    """One spec (or role of one) on one runtime version: what the rules judge.

    `plan`, `memory` and `performance` are None until they are known. `named`: the target was
    asked for by name, so its refusals are errors of the spec. `first_device`: the number of its
    first device on a machine that it shares with the other role, None where it has its own.
    """

    spec: Spec
    target: Target
    capabilities: Capabilities
    model: Model | None
    device: Device | None
    devices_per_node: int
    nodes: int
    named: bool = False
    plan: Plan | None = None
    memory: Memory | None = None
    performance: Performance | None = None
    role: str = ""
    draft: Model | None = None
    hardware: str = ""
    first_device: int | None = None


def able(target: Target, spec: Spec, version: str) -> Capabilities:
    """What a runtime can do as `spec` launches it.

    A target with several back ends tells them apart in `capabilities_for(spec, version)`.
    """
    apart = getattr(target, "capabilities_for", None)
    found: Capabilities = apart(spec, version) if apart else target.capabilities(version)
    return found


def refusing(target: Target, spec: Spec, version: str) -> RuleSet:
    """What refuses a planned launch of `spec` beside the parser.

    A target with several back ends tells them apart in `constraints_for(spec, version)`.
    """
    apart = getattr(target, "constraints_for", None)
    found: RuleSet = apart(spec, version) if apart else target.constraints(version)
    return found


def engine(case: Case) -> tuple[str, str]:
    """Which engine of its runtime serves a case, and why; "" of a runtime that has just one.

    A target with several says it in `engine_for(case)`.
    """
    which = getattr(case.target, "engine_for", None)
    found: tuple[str, str] = which(case) if which else ("", "")
    return found


if TYPE_CHECKING:

    class Target(Protocol):
        """A runtime. Nothing outside `targets/<name>/` knows its flags."""

        @property
        def name(self) -> str:
            """The word of the language: `vllm`."""

        def version(self, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
            """The option table that applies to `spec`, with SRV207 or SRV209 where due."""

        def capabilities(self, version: str) -> Capabilities:
            """What that version can do."""

        def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
            """SRV2xx and SRV6xx of the spec's `on` block for this runtime."""

        def constraints(self, version: str) -> RuleSet:
            """What refuses a planned launch beside the parser: options that need another."""

        def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
            """The native options that `spec` says, in its `on` block or by fields, by name."""

        def lifted(self, spec: Spec, version: str) -> Spec:
            """`spec` with the portable fields that its `on` block says by native options."""

        def launch(self, cases: tuple[Case, ...]) -> Launch:
            """The processes for one replica: one case, or prefill and decode, all with plans."""
