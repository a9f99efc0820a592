"""Stored bits of each part of a model, from the scheme of each of its matrices."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.catalogue import precision
from servec.compiler.catalogue.ingest.patterns import read_patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.patterns import Pattern
    from servec.compiler.catalogue.ingest.spelling import Spelled
    from servec.compiler.catalogue.ingest.tally import Matrix, Tally

PLAIN = 16


class Rules:
    """The schemes of a checkpoint by matrix: lists of exceptions and of special cases, compiled."""

    def __init__(self, found: Spelled, layers: int) -> None:
        """Compile what `found` says; `layers` is the index that a draft layer has."""
        self.found = found
        self.draft_layer = layers
        kept = read_patterns(found.kept)
        special = tuple(
            (scheme, group, read_patterns(names)) for scheme, group, names in found.special
        )
        self.kept = kept
        self.special = special
        in_special = any(p.scope == "head" for _, _, names in special for p in names)
        self.head_is_kept = not (in_special or found.head)

    def head_scheme(self) -> str:
        """The scheme of a quantised head."""
        for scheme, _, names in self.special:
            if any(p.scope == "head" for p in names):
                return scheme
        return self.found.scheme

    def bits(self, matrix: Matrix, layers: frozenset[int]) -> int:
        """Stored bits of `matrix` in all of `layers` together."""
        left, total = layers, 0
        if not matrix.plain:
            for scheme, group, names in self.special:
                held = self._layers(names, matrix.name, left)
                total += len(held) * self._stored(scheme, group, matrix)
                left -= held
            left, total = self._default(matrix, left, total)
        return total + len(left) * PLAIN * matrix.params

    def _default(
        self, matrix: Matrix, left: frozenset[int], total: int
    ) -> tuple[frozenset[int], int]:
        """Add what the checkpoint's main scheme stores; the layers that it leaves alone."""
        found = self.found
        expert = matrix.part == "experts" and bool(found.expert_scheme)
        scheme = found.expert_scheme if expert else found.default
        if not scheme or (found.experts_only and matrix.part != "experts"):
            return left, total
        held = left - self._layers(self.kept, matrix.name, left)
        group = 0 if expert else found.group
        return left - held, total + len(held) * self._stored(scheme, group, matrix)

    def _layers(
        self, patterns: tuple[Pattern, ...], name: str, layers: frozenset[int]
    ) -> frozenset[int]:
        """Those of `layers` in which a pattern means the matrix `name`."""
        held: frozenset[int] = frozenset()
        for pattern in patterns:
            if self._applies(pattern, layers) and pattern.holds(name):
                among = pattern.layers
                held |= layers if among is None else layers & among
        return held

    def _applies(self, pattern: Pattern, layers: frozenset[int]) -> bool:
        scope = pattern.scope
        return scope in ("layer", "any") or (scope == "mtp" and self.draft_layer in layers)

    def _stored(self, name: str, group: int, matrix: Matrix) -> int:
        scheme = precision.scheme(name)
        if scheme is None:
            return PLAIN * matrix.params
        each = scheme.stored(matrix.rows, matrix.columns, group, self.found.block)
        return each * matrix.count


def part_bits(rules: Rules, built: tuple[Built, ...], mtp: Tally) -> dict[str, Fraction | int]:
    """Bits per weight of each part, averaged over all layers; norms and biases count as 16 bit."""
    bits: dict[str, int] = {}
    params: dict[str, int] = {}
    for each in built:
        layers = frozenset(each.group.indices)
        _add(rules, each.tally, layers, bits, params)
    _add_draft(rules, mtp, bits, params)
    found: dict[str, Fraction | int] = {
        part: Fraction(total, params[part]) for part, total in bits.items() if params[part]
    }
    found.pop("norm", None)
    found |= {"embed": PLAIN, "vision": PLAIN, "other": PLAIN, "head": PLAIN}
    if not rules.head_is_kept:
        scheme = precision.scheme(rules.head_scheme())
        found["head"] = scheme.bits() if scheme else PLAIN
    return {part: int(v) if v == int(v) else v for part, v in found.items()}


def _add(
    rules: Rules,
    tally: Tally,
    layers: frozenset[int],
    bits: dict[str, int],
    params: dict[str, int],
) -> None:
    for matrix in tally.matrices:
        held = rules.bits(matrix, layers)
        bits[matrix.part] = bits.get(matrix.part, 0) + held
        params[matrix.part] = params.get(matrix.part, 0) + len(layers) * matrix.params
    for part, loose in tally.loose.items():
        bits[part] = bits.get(part, 0) + len(layers) * loose * PLAIN
        params[part] = params.get(part, 0) + len(layers) * loose


def _add_draft(rules: Rules, mtp: Tally, bits: dict[str, int], params: dict[str, int]) -> None:
    mine: dict[str, int] = {}
    count: dict[str, int] = {}
    _add(rules, mtp, frozenset((rules.draft_layer,)), mine, count)
    if count:
        bits["mtp"], params["mtp"] = sum(mine.values()), sum(count.values())
