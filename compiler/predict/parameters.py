"""The table of fitted parameters: values by what a case has in common with measured ones.

A value is `base` times the product of exp(offset) over its keys; a key that was never measured has
offset 0. The table is `parameters.json`, or one that `calibrate` wrote.
"""

from __future__ import annotations

import math
from os.path import dirname

from servec.compiler.predict.keys import KINDS
from servec.dsl.json_file import load_json
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.predict.keys import Keys


@record
class Values:
    """The fitted numbers of one case.

    Shares of peak: `read` of the bandwidth by weights and cache, `read_experts` by experts as a
    share of that, `prefill` and `decode` of the operations, `prefill_experts` as a share of that.
    Seconds: `layer`, `moe_layer` per layer and step, `reduce` per all-reduce, `step` per step,
    `sequence` per sequence and step, `first` per request. `cache`: cache bytes read over cache
    bytes held. `variety`: power of the batch in how many experts it meets. `mix`: share of other
    requests' prefills that stops decoding; `copies`: power of the attention copies in it. First
    token: `own` prefills, `burst` x queued prefills ^ `burst_power`, `steps` steps, `wave` waits;
    `burst_copies`: power of the attention copies in the prefills that queue, which stop each other
    at the experts.
    """

    read: float
    read_experts: float
    prefill: float
    prefill_experts: float
    decode: float
    layer: float
    moe_layer: float
    reduce: float
    step: float
    sequence: float
    cache: float
    variety: float
    mix: float
    copies: float
    first: float
    own: float
    burst: float
    burst_power: float
    burst_copies: float
    steps: float
    wave: float


NAMES: tuple[str, ...] = Values.__match_args__
"""The values, in order."""

MOST_READ = 1.2
"""`read` is no larger: above the peak only because caches and unread experts help."""


class Table:
    """Parameters with what was looked up in them; `data` as in `parameters.json`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take the parsed table."""
        self.data = data
        self._values: dict[tuple[Keys, str], Values] = {}

    def values(self, keys: Keys, lengths: str = "random") -> Values:
        """The values for a case; `lengths`: `random`, or `fixed` where every request is alike."""
        found = self._values.get((keys, lengths))
        if found is None:
            rows = self.data["values"]
            words = {kind: keys.of(kind) for kind in KINDS} | {"lengths": lengths}
            found = Values(*[_value(rows[name], words) for name in NAMES])
            self._values[keys, lengths] = found
        return found


def _value(row: Mapping[str, Any], words: Mapping[str, str]) -> float:
    """One value; `words` are a case's, by kind of key."""
    total = math.log(row["base"])
    for kind, offsets in row["offsets"].items():
        total += offsets.get(words[kind], 0.0)
    return math.exp(total)


_package: list[Table] = []
_other: list[Table] = []


def table() -> Table:
    """The table in use: the package's, unless another was set."""
    if _other:
        return _other[-1]
    if not _package:
        _package.append(Table(load_json(dirname(__file__), "parameters.json")))
    return _package[-1]


def use(data: Mapping[str, Any] | None) -> None:
    """Predict with another table from now on; None goes back to the package's."""
    _other.clear()
    if data is not None:
        _other.append(Table(data))
