"""vLLM's cache of models that mix kinds of layers: groups of equal page and equal layer count.

Source: vLLM 0.22.1 v1/core/kv_cache_utils.py and 0.33.0 v1/core/kv_cache_planning.py
(`unify_kv_cache_spec_page_size`, `_get_kv_cache_groups_uniform_page_size`) and 0.33.0
platforms/interface.py (`_align_hybrid_block_size`): every layer has a page of the same bytes; kinds
are cut into groups of as many layers as the smallest kind has (the largest, if it has less than
half as many again); a block of the pool is one page for each layer of a group; a sequence holds
blocks of every group.
"""

from __future__ import annotations

from servec.compiler.memory.cache import Cache, Pages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.memory.figures import Constants
    from servec.compiler.memory.kv import LayerCache

    Kind = tuple[str, float, int]

NEAR = 1.5
"""Kinds whose layer counts differ by less are padded to the largest (the same source)."""


def grouped_cache(
    held: Sequence[tuple[int, LayerCache]], table: Constants, batched: int, spec_tokens: int
) -> Cache:
    """The cache of one rank; see `make_cache`."""
    kinds = _kinds(held)
    latent = any(layer.latent for _, layer in held)
    page, full_block = _page(kinds, max(table.block, table.latent_block if latent else 0))
    least, most = min(kinds.values()), max(kinds.values())
    size = most if most < least * NEAR else least
    pages = []
    tables = 0
    for kind, count in kinds.items():
        groups = -(-count // size)
        tables += groups
        pages.append(_pages(kind, groups * size * page, page, full_block, table, batched))
    if spec_tokens:
        pages = [_with_drafts(p, spec_tokens) for p in pages]
    least = min(p.block for p in pages if p.block > 1) if len(pages) > 1 else full_block
    return Cache(tuple(pages), 0.0, size * page, tables, least)


def _kinds(held: Sequence[tuple[int, LayerCache]]) -> dict[Kind, int]:
    """Layers of each kind: (`full window chunked state`, bytes of a token or state, window).

    A sparse index beside a latent has pages of its own.
    """
    kinds: dict[Kind, int] = {}
    for count, layer in held:
        if layer.state:
            state: Kind = ("state", layer.state, 0)
            kinds[state] = kinds.get(state, 0) + count
        if layer.window:
            kind: Kind = ("chunked" if layer.chunked else "window", layer.token, layer.window)
        elif layer.token:
            kind = ("full", layer.token - layer.index, 0)
            if layer.index:
                own: Kind = ("full", layer.index, 0)
                kinds[own] = kinds.get(own, 0) + count
        else:
            continue
        kinds[kind] = kinds.get(kind, 0) + count
    return kinds


def _page(kinds: dict[Kind, int], block: int) -> tuple[float, int]:
    """Bytes of the common page, and the tokens of one of full attention, multiples of `block`."""
    largest = max((token for kind, token, _ in kinds if kind != "state"), default=0.0)
    state = max((size for kind, size, _ in kinds if kind == "state"), default=0.0)
    if not largest:
        return state, block
    block *= max(1, -(-int(state) // int(block * largest)))
    return block * largest, block


def _pages(
    kind: Kind, size: float, page: float, block: int, table: Constants, batched: int
) -> Pages:
    word, token, window = kind
    if word == "state":
        return Pages(size, 1, 1, table.state_copies - 1)
    tokens = max(block, int(page // token))
    if word == "full":
        return Pages(size, tokens)
    kept = window + table.in_flight * batched
    if word == "chunked":
        return Pages(size, tokens, kept)
    return Pages(size, tokens, kept - 1, 1)


def _with_drafts(p: Pages, spec_tokens: int) -> Pages:
    """Recurrent layers keep one more state for each drafted token."""
    if p.cap == 1 and p.block == 1:
        return Pages(p.size, 1, 1, p.extra + spec_tokens)
    return p
