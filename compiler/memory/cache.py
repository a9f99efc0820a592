"""What sequences of any length cost on one rank, as each runtime pages its cache."""

from __future__ import annotations

from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.memory.figures import Constants
    from servec.compiler.memory.kv import LayerCache


@record
class Pages:
    """Layers that share one block table: `size` bytes a page of `block` tokens.

    A sequence of n tokens holds ceil(min(n, cap) / block) + `extra` pages; `cap` 0 is no limit.
    """

    size: float
    block: int
    cap: int = 0
    extra: int = 0


@record
class Cache:
    """The cost of one sequence: pages of each kind and `fixed` bytes whatever its length.

    `token`: bytes of one token in the layers that keep all of them, without padding. `page`: bytes
    of the pool's unit (0: bytes are handed out freely). `groups`: block tables that share the pool,
    `least` the fewest tokens of one of their pages. `scale`: what the pool takes for each byte of a
    sequence, `floor`: bytes that no sequence goes below.
    """

    pages: tuple[Pages, ...]
    fixed: float = 0.0
    page: float = 0.0
    groups: int = 1
    least: int = 0
    floor: float = 0.0
    scale: float = 1.0
    token: float = 0.0

    @property
    def stateful(self) -> bool:
        """Whether a sequence has pages of the pool that hold a state and no tokens."""
        return self.page > 0 and any(p.block == 1 and p.cap == 1 for p in self.pages)

    def bytes(self, tokens: int) -> float:
        """Bytes that one sequence of `tokens` tokens holds."""
        found = self.fixed
        for p in self.pages:
            kept = min(tokens, p.cap) if p.cap else tokens
            found += (-(-kept // p.block) + p.extra) * p.size
        return max(found * self.scale, self.floor)

    def tokens(self, pool: float, length: int) -> int:
        """Tokens that a pool of `pool` bytes holds in sequences of `length` tokens."""
        if pool <= 0:
            return 0
        if self.page:
            pool = pool // self.page * self.page
        if not self.pages:
            return int(pool / self.fixed) * length if self.fixed else 0
        single = len(self.pages) == 1 and not self.fixed and not self.floor
        if single and not self.pages[0].cap:
            only = self.pages[0]
            return int((pool + only.size * 1e-9) // only.size) * only.block
        return int(pool / self.bytes(length) * length)

    def shared_out(self, pool: float) -> int:
        """Tokens as vLLM before 0.21 reports them: blocks over block tables, window or not."""
        if not self.page or not self.least:
            return self.tokens(pool, 1)
        return int(pool // self.page) // self.groups * self.least

    def longest(self, pool: float, most: int) -> int:
        """The longest sequence, at most `most` tokens, of which one fits into `pool` bytes."""
        if self.bytes(most) <= pool:
            return most
        low, high = 0, most
        while low < high:
            middle = (low + high + 1) // 2
            if self.bytes(middle) <= pool:
                low = middle
            else:
                high = middle - 1
        return low


def make_cache(
    layers: Sequence[tuple[int, LayerCache]], table: Constants, batched: int, spec_tokens: int = 0
) -> Cache:
    """The cache of one rank. `layers`: (number of them, one layer) for each group.

    `batched`: tokens of one pass, which layers with a window hold besides it.
    """
    held = _limited([(count, layer) for count, layer in layers if count], table)
    token = sum(count * layer.token for count, layer in held if not layer.window)
    return replace(_kind(held, table, batched, spec_tokens), token=token)


def _limited(held: list[tuple[int, LayerCache]], table: Constants) -> list[tuple[int, LayerCache]]:
    """The layers, without windows where the pool does not let go of what lies beyond them.

    `alone`: of a model that has other layers, too. `chunked_whole`: of one whose windows do not
    slide.
    """
    others = any(layer.token and not layer.window for _, layer in held)
    whole = (table.windows == "alone" and others) or (
        table.chunked_whole and any(layer.chunked for _, layer in held)
    )
    if not whole or any(layer.ratio for _, layer in held):
        return held
    return [(count, replace(layer, window=0, chunked=False)) for count, layer in held]


def _kind(
    held: Sequence[tuple[int, LayerCache]], table: Constants, batched: int, spec_tokens: int
) -> Cache:
    mixed = any(layer.window or layer.state for _, layer in held)
    if table.windows == "grouped" and any(layer.ratio for _, layer in held):
        from servec.compiler.memory.compressed import compressed_cache

        return compressed_cache(held, table, batched)
    if table.windows == "grouped" and mixed:
        from servec.compiler.memory.grouped import grouped_cache

        return grouped_cache(held, table, batched, spec_tokens)
    return _plain(held, table, batched)


def _plain(held: Sequence[tuple[int, LayerCache]], table: Constants, batched: int) -> Cache:
    """Each kind of layer has pages of its own.

    Where the pool is cut in a fixed ratio between cache and states, a token costs its share of
    both, and a sequence at least its state's.
    """
    everything = 0.0
    capped: dict[int, float] = {}
    fixed = 0.0
    for count, layer in held:
        fixed += count * layer.state * table.state_copies
        if layer.window and table.windows in ("capped", "cells", "alone"):
            capped[layer.window] = capped.get(layer.window, 0.0) + count * layer.token
        elif layer.window and table.windows == "ratio":
            everything += count * layer.token * table.window_ratio
        else:
            everything += count * layer.token
        if layer.side:
            side = capped.get(layer.side_window, 0.0)
            capped[layer.side_window] = side + count * layer.side
    pages = _paged(everything, capped, table, batched)
    if table.state_ratio and fixed:
        share = 1 + table.state_ratio
        return Cache(pages, floor=fixed * share / table.state_ratio, scale=share)
    return Cache(pages, fixed)


def _paged(
    everything: float, capped: dict[int, float], table: Constants, batched: int
) -> tuple[Pages, ...]:
    block = table.block
    pages = [Pages(everything * block, block)] if everything else []
    extra = int(table.windows != "cells")
    pages += [
        Pages(size * block, block, window + table.in_flight * batched, extra)
        for window, size in capped.items()
    ]
    return tuple(pages)
