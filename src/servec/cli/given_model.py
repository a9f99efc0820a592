"""A model named on the command line, as a document; and a new entry of the catalogue."""

from __future__ import annotations

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from servec.cli.documents.models import ModelDocument
    from servec.compiler.model import Model


def model_document(name: str) -> ModelDocument:
    """All that is known of `name`; `UsageError` where that is nothing."""
    from servec.cli.documents.models import ModelDocument, PartDocument
    from servec.compiler.catalogue.sums import (
        fixed_elements,
        model_bytes,
        part_sums,
        token_bytes,
    )

    model = _find(name)
    windows, state = fixed_elements(model)
    return ModelDocument(
        **_shape(model),
        names=_names(model),
        weights=model.quant.weights,
        scheme=model.quant.scheme,
        method=model.quant.method,
        kv=model.quant.kv,
        parts=tuple(
            PartDocument(row.title, row.params, float(row.bits), row.bytes)
            for row in part_sums(model)
        ),
        bytes=model_bytes(model),
        published_kind=_published_kind(model),
        kv_token_bytes=float(token_bytes(model)),
        window_elements=windows,
        state_elements=state,
        variants=_variants(model),
        source=_sources(model),
    )


def _shape(model: Model) -> dict[str, Any]:
    """The fields of the document that the model has by the same name."""
    from servec.cli.documents.models import ModelDocument

    same = set(ModelDocument.__match_args__) & set(model.__match_args__) - {"source"}
    return {name: getattr(model, name) for name in same} | {"context": model.max_context}


def _find(name: str) -> Model:
    from servec.cli.sources import DiskSources
    from servec.compiler.catalogue.models import find_model, is_path, why_not

    sources = DiskSources()
    found = find_model(name, sources) or _looks_like(name)
    if found is not None:
        return found
    if is_path(name):
        raise UsageError(why_not(name, sources))
    from servec.compiler.catalogue.alike import alike
    from servec.compiler.catalogue.models import known

    if name in known():
        raise UsageError(f"{name!r} is known by name only: its config is not in the catalogue")
    near = alike(name)
    hint = f", nearest: {', '.join(near)}" if near else "; `servec models list` has them"
    raise UsageError(f"there is no model {name!r}{hint}")


def _looks_like(name: str) -> Model | None:
    """A repository that its name tells: what it is taken for stands among the notes."""
    from servec.compiler.catalogue.assumed import assumed
    from servec.dsl.record import replace

    found = assumed(name) if "/" in name and not name.startswith((".", "/")) else None
    if found is None:
        return None
    return replace(found, notes=(f"taken for {found.assumed}", *found.notes))


def _names(model: Model) -> tuple[str, ...]:
    from servec.compiler.catalogue.models import index

    places = index()
    file = places.get(model.id)
    return tuple(name for name, where in places.items() if file and where == file)


def _variants(model: Model) -> dict[str, str]:
    """The catalogue's checkpoints of the same model, by word of the language."""
    from servec.compiler.catalogue.models import variant
    from servec.compiler.catalogue.store import fact

    words = fact("variants")["bases"].get(model.base or model.id, {})
    found = ((word, variant(model, word)) for word in words)
    return {word: other.id for word, other in found if other is not None}


def _published_kind(model: Model) -> str:
    """What the published total counts: `packed` ones count two 4-bit weights as one."""
    from servec.compiler.catalogue.models import index
    from servec.compiler.catalogue.store import fact

    file = index().get(model.id)
    kind = fact("models/" + file).get("published", {}).get("kind", "") if file else ""
    return str(kind)


def _sources(model: Model) -> dict[str, str]:
    from servec.compiler.catalogue.models import index
    from servec.compiler.catalogue.store import fact

    file = index().get(model.id)
    if file is None:
        stated = model.source.startswith("shape of") or model.assumed
        return {"config": model.source if stated else "read from this machine"}
    return dict(fact("models/" + file)["source"])


def added(path: str, args: Namespace) -> tuple[str, ...]:
    """Write the entry of the config at `path` ("" for none) and what is made from all entries.

    The paths written, below the facts folder. `UsageError` where the config is no model, the entry
    would break the schema, a name is taken, or the folder cannot be written.
    """
    from servec.compiler.catalogue.adding import NotAdded, add_entry
    from servec.compiler.catalogue.generate import generate

    try:
        written = add_entry(_entry(path, args)) if path else ()
        return (*written, *generate())
    except NotAdded as why:
        raise UsageError(str(why)) from None
    except OSError as error:
        raise UsageError(f"the catalogue cannot be written: {error.strerror}") from None


def _entry(path: str, args: Namespace) -> dict[str, Any]:
    from servec.cli.sources import DiskSources
    from servec.compiler.catalogue.adding import NotAdded, new_entry

    if not args.id:
        raise NotAdded("`models add` needs `--id`, the repository id of the checkpoint")
    return new_entry(
        path,
        DiskSources(),
        args.id,
        names=(args.name,) if args.name else (),
        base=args.base,
        source=args.source,
        total=args.total,
    )
