"""Which inputs beside text a deployment accepts, and how many of each in one request."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def media_limits(case: Case) -> dict[str, int] | None:
    """Items of each kind in one request, kinds in alphabetical order; None for a text model
    (of an unknown model: where nothing is stated).

    Accepted is what `features.modalities` lists (default: text alone); `workload.images` says how
    many images and implies them. Kinds the model has and the spec leaves out get 0.
    """
    stated = case.spec.words("features.modalities")
    images = case.spec.whole("workload.images") or 0
    own = case.model.modalities if case.model else stated
    kinds = sorted({*own, *stated, *(("image",) if images else ())} - {"text"})
    if not kinds:
        return {} if stated and case.model is None else None
    wanted = set(stated) | ({"image"} if images else set())
    return {kind: _count(kind, images) if kind in wanted else 0 for kind in kinds}


def _count(kind: str, images: int) -> int:
    return max(1, images) if kind == "image" else 1
