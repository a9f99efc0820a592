"""Which inputs beside text a deployment accepts, and how many of each in one request."""

from __future__ import annotations

from servec.targets.shared.left_open import leaves_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

MOST = {"image": "media.images", "video": "media.videos", "audio": "media.audios"}


def media_limits(case: Case) -> dict[str, int] | None:
    """Items of each kind in one request, kinds in alphabetical order; None for a text model
    (of an unknown model: where nothing is stated).

    Accepted is what `features.modalities` lists (default: text alone); `media` says how many of a
    kind, `workload.images` how many images there are, and both imply them. Kinds the model has and
    the spec leaves out get 0, unless the runtime decides what is left open.
    """
    spec = case.spec
    stated = spec.words("features.modalities")
    counts = {kind: n for kind, path in MOST.items() if (n := spec.whole(path)) is not None}
    images = spec.whole("workload.images") or 0
    if leaves_open(spec):
        return _open(stated, counts)
    if images:
        counts.setdefault("image", images)
    own = case.model.modalities if case.model else stated
    kinds = sorted({*own, *stated, *counts} - {"text"})
    if not kinds:
        return {} if stated and case.model is None else None
    wanted = set(stated) | {kind for kind, number in counts.items() if number}
    return {kind: counts.get(kind, 1) if kind in wanted else 0 for kind in kinds}


def _open(stated: tuple[str, ...], counts: dict[str, int]) -> dict[str, int] | None:
    """What is said alone: a list of text is that, and a kind without a number has no limit."""
    if not stated and not counts:
        return None
    return {kind: counts[kind] for kind in sorted(counts)}
