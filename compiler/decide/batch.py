"""How many sequences a replica runs at a time."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

PATH = "limits.batch"
OPEN = 256
"""Where nothing is stated: vllm 0.33.0's `max_num_seqs` on devices under 70 GiB
(engine/arg_utils.py get_batch_defaults); its 1024 above captures graphs for a load nobody has."""
EDGE = 4
"""Where nothing is stated on an edge device: llama.cpp's own number of slots (b11549)."""


def choose(case: Case, replicas: int) -> int:
    """The pinned number; else the requests in flight, within the bounds; else a usual number. No
    more than a pass may hold, which takes a token of each."""
    spec = case.spec
    pinned = spec.whole(PATH)
    if pinned is not None:
        return pinned
    wanted = workload.in_flight(spec, replicas)
    if not wanted:
        edge = case.device is not None and case.device.edge
        wanted = case.capabilities.slots or OPEN
        if edge or workload.kind(spec) == "edge":
            wanted = min(wanted, EDGE)
    wanted = min(wanted, _held(spec) or wanted)
    setting = spec.setting(PATH)
    if setting is not None:
        if setting.le is not None:
            wanted = min(wanted, int(str(setting.le.value)))
        if setting.ge is not None:
            wanted = max(wanted, int(str(setting.ge.value)))
    return max(1, wanted)


def _held(spec: Spec) -> int:
    """The tokens of a pass at most, 0 where that is left open."""
    setting = spec.setting("limits.batched_tokens")
    bound = None if setting is None else setting.eq or setting.le
    return 0 if bound is None else int(str(bound.value))


def reason(case: Case, size: int, replicas: int, ranks: int = 1) -> Reason | None:
    """Why this number, where the spec does not pin it; `size` is for each of `ranks`."""
    spec = case.spec
    if spec.pin(PATH) is not None:
        return None
    load = spec.whole("workload.concurrency")
    if load and size == -(-workload.in_flight(spec, replicas) // ranks):
        over = f" over {replicas} replicas" if replicas > 1 else ""
        over += f", {ranks} ranks each" if ranks > 1 else ""
        return Reason(PATH, f"{size}: the {load} requests in flight{over}")
    if spec.setting(PATH) is not None:
        return Reason(PATH, f"{size}: within the bounds of the spec")
    if size == _held(spec):
        return Reason(PATH, f"{size}: a pass holds a token of each at least")
    return Reason(PATH, f"{size}: no number of requests in flight is stated")
