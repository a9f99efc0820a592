"""A plan: everything that is decided about one way to serve a spec on one runtime."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction


@record
class Reason:
    """Why something was decided or a candidate speaks for itself: a code or topic, a sentence."""

    code: str
    text: str
    good: bool = True
    figures: Mapping[str, float | int | str] = {}


@record
class Degrees:
    """The parallel degrees, in the words of the language (see its reference, `parallel`)."""

    tensor: int = 1
    pipeline: int = 1
    data: int = 1
    context: int = 1
    expert: int = 1

    @property
    def gpus(self) -> int:
        """Devices of one replica."""
        return self.tensor * self.pipeline * self.data * self.context

    @property
    def moe_tensor(self) -> int:
        """Ranks that cut one expert: tensor x data over expert."""
        return max(1, self.tensor * self.data // self.expert)

    def __str__(self) -> str:
        """`tensor 8, expert 8`: what is not 1, in the order of the language."""
        pairs = ((name, getattr(self, name)) for name in ("tensor", "pipeline", "data", "context"))
        shown = [f"{name} {value}" for name, value in pairs if value > 1]
        if self.expert > 1:
            shown.append(f"expert {self.expert}")
        return ", ".join(shown) or "tensor 1"


@record
class Plan:
    """One legal or illegal way to serve. Sizes are for one replica.

    `weights` is the precision scheme that is served (`Quant.scheme`), `weights_word` the language's
    word for it; `checkpoint` the repository whose files are loaded, and `load` how they get there:
    `as_is`, `at_load` (quantised by the runtime) or `convert` (a step before the launch).
    `native`: whether the device multiplies the weights natively, else `fallback` says how it runs.
    `kv` is the cache dtype as the language writes it. `memory_fraction`: share of device memory the
    runtime may take. `max_seqs`, `max_batched_tokens`, `max_model_len` are what the command says
    (0 = left to the runtime, which only a target without such a flag does).
    """

    degrees: Degrees
    replicas: int
    nodes: int
    devices_per_node: int
    weights: str
    weights_word: str
    kv: str
    checkpoint: str
    load: str = "as_is"
    native: bool = True
    fallback: str = ""
    memory_fraction: Fraction | float = 0.9
    max_model_len: int = 0
    max_seqs: int = 0
    max_batched_tokens: int = 0
    draft_tokens: int = 0
    prefix_cache: bool | None = None
    chunked_prefill: bool | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def gpus(self) -> int:
        """Devices of one replica."""
        return self.degrees.gpus


@record
class MemoryItem:
    """One line of the memory sum: bytes on the fullest device, and how they come about."""

    name: str
    bytes: int
    text: str


@record
class Memory:
    """Bytes on the fullest device of one replica. `None`: the device's memory is not known.

    `budget` is what the runtime may take; `kv_pool` what is left of it for the cache after
    `weights`, `activation` and `overhead`. `pool_tokens`: tokens the cache of the whole replica
    holds. `needed_tokens`: tokens that must fit (see the language reference, limits). `margin`:
    budget minus everything that must fit. `band`: the error band of the sum in bytes (one sided).
    """

    device: int | None
    budget: int | None
    weights: int
    activation: int
    overhead: int
    kv_per_token: int
    kv_pool: int
    pool_tokens: int
    needed_tokens: int
    needed_kv: int
    fits: bool | None
    margin: int
    band: int
    items: tuple[MemoryItem, ...] = ()
    state_per_seq: int = 0


@record
class Range:
    """A prediction with the band that holds 90 % of the held-back measurements."""

    low: float
    value: float
    high: float


@record
class Verdict:
    """An SLO line judged: `met`, `missed` or `unsure`; `floor` where physics alone forbids it."""

    metric: str
    op: str
    bound: float
    unit: str
    verdict: str
    predicted: Range | None = None
    floor: float = 0.0


@record
class Performance:
    """What one replica (throughput: all replicas) is predicted to do at the stated workload.

    Times in seconds, means over requests; `quantiles` holds `ttft.p50` … `e2e.p99`. `abstained`
    is the reason why nothing (or a part) is predicted; then the figures are None.
    """

    ttft: Range | None = None
    tpot: Range | None = None
    e2e: Range | None = None
    throughput: Range | None = None
    goodput: Range | None = None
    quantiles: Mapping[str, Range] = {}
    running: float = 0.0
    waiting: float = 0.0
    slo: tuple[Verdict, ...] = ()
    cost: float | None = None
    power: float | None = None
    abstained: str = ""
    notes: tuple[str, ...] = ()
