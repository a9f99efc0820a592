"""The facts stage: which models and devices a spec names, one alternative after the other."""

from __future__ import annotations

from servec.compiler.decide.checkpoint import checkpoints, held
from servec.compiler.model import UNREAD
from servec.compiler.search.site import Site
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.decide.checkpoint import Loading
    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.compiler.result import Request
    from servec.compiler.search.site import Alternative
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Document
    from servec.dsl.spec import Count, Spec

    Place = tuple[Count, Device | None]

MOST = 512
"""Alternatives of one deployment, the preferred ones first: every kind of the catalogue in every
count, or some of those for a few models."""


@record
class Survey:
    """What a deployment may stand on, in order of preference, and what is wrong with its facts.

    No alternative is left where a fact is missing: then `diagnostics` holds an error.
    """

    alternatives: tuple[Alternative, ...]
    diagnostics: tuple[Diagnostic, ...]


def survey(spec: Spec, request: Request, named: bool, document: Document | None) -> Survey:
    """Look up every model and device; `named` says whether a target was asked for by name."""
    findings: list[Diagnostic] = []
    models = models_of(spec, request, named, findings)
    parts = tuple(spec.roles.values()) or (spec,)
    kinds = [devices_of(part, named, document, findings) for part in parts]
    if not models or not all(kinds) or any(item.severity == "error" for item in findings):
        return Survey((), tuple(findings))
    return Survey(stands_of(parts, models, kinds, request), tuple(findings))


def stands_of(
    parts: tuple[Spec, ...],
    models: Sequence[Model | None],
    kinds: Sequence[Sequence[Place]],
    request: Request,
) -> tuple[Alternative, ...]:
    """Every model on every device of each part, those first that come first; at most `MOST`."""
    alternatives: list[Alternative] = []
    for model in models:
        for devices in _product(kinds):
            sites = [
                _site(part, model, count, device, request)
                for part, (count, device) in zip(parts, devices, strict=True)
            ]
            alternatives.append(tuple(sites))
            if len(alternatives) == MOST:
                return tuple(alternatives)
    return tuple(alternatives)


def _product(kinds: Sequence[Sequence[Place]]) -> Iterator[tuple[Place, ...]]:
    if len(kinds) == 1:
        yield from ((item,) for item in kinds[0])
    else:
        yield from ((one, two) for one in kinds[0] for two in kinds[1])


def models_of(
    spec: Spec, request: Request, named: bool, findings: list[Diagnostic]
) -> list[Model | None]:
    """The models of a spec in order of preference; a None where nothing is known of one.

    Those with an error are left out.
    """
    from servec.compiler.search.local import find_named

    if spec.word("model") == "auto":
        from servec.compiler.search.any_model import any_model, none_so_small

        made = any_model(spec)
        if not made:
            findings.append(none_so_small(spec))
        return [*made]
    found: list[Model | None] = []
    for name in spec.words("model"):
        model = find_named(spec, "model", name, request.sources)
        if model is None:
            model = _assumed(spec, name, named, request, findings)
        elif UNREAD in model.notes:
            from servec.compiler.rules.srv321_model_assumed import unread

            findings.append(unread(spec, name))
        if model is None:
            finding = _unknown_model(spec, name, named, request)
            findings.append(finding)
            if finding.severity == "error":
                continue
        found.append(model)
    return found


def _assumed(
    spec: Spec, name: str, named: bool, request: Request, findings: list[Diagnostic]
) -> Model | None:
    """What a repository, or a path on the machine of a named target, is taken for; and SRV321."""
    from servec.compiler.search.local import taken_for

    model = taken_for(spec, name, request.sources) if "/" in name else None
    if model is None or not (named or not name.startswith((".", "/"))):
        return None
    from servec.compiler.rules.srv321_model_assumed import diagnose

    findings.append(diagnose(spec, name, model.assumed))
    return model


def _unknown_model(spec: Spec, name: str, named: bool, request: Request) -> Diagnostic:
    """SRV316 for a repository or a path where a target is named, else SRV301."""
    if named and "/" in name:
        from servec.compiler.rules.srv316_repository_unknown import diagnose

        return diagnose(spec, name, request.sources)
    from servec.compiler.rules.srv301_unknown_model import diagnose as unknown

    return unknown(spec, name, request.sources)


def devices_of(
    spec: Spec, named: bool, document: Document | None, findings: list[Diagnostic]
) -> list[Place]:
    """The kinds of hardware of a spec, the cheapest first; those with an error are left out."""
    from servec.compiler.catalogue.devices import ANY_DEVICE, find_device, known

    counts = spec.counts()
    if not counts:
        from servec.compiler.search.any_hardware import any_hardware

        return any_hardware(document, spec)
    found: list[Place] = []
    for count in counts:
        device = ANY_DEVICE if count.kind == "any" else find_device(count.kind)
        if device is None or (device.any and not named):
            from servec.compiler.rules.srv302_unknown_hardware import diagnose

            findings.append(diagnose(spec, count.kind))
            continue
        if device.any or device.bare or not known(count.kind):
            from servec.compiler.rules.srv315_hardware_not_stated import diagnose as note

            findings.append(note(spec, device))
        found.append((count, device))
    if len(found) > 1:
        found.sort(key=_cost)
    return found


def _cost(item: Place) -> tuple[float, int, str]:
    """Cheapest first: by price where it is known, else by number of devices."""
    count, device = item
    price = device.price * count.number if device is not None else 0.0
    return (price or float("inf"), count.number, count.kind)


def _site(
    spec: Spec, model: Model | None, count: Count, device: Device | None, request: Request
) -> Site:
    if spec.word("model") == "auto":
        from servec.compiler.search.any_model import recommended

        spec = recommended(spec, device)
    if "auto" in (spec.word("features.tools"), spec.word("features.reasoning")):
        from servec.compiler.search.parsers import with_parsers

        spec = with_parsers(spec, model)
    files: tuple[Loading, ...] = ()
    if model is not None:
        model, assumed = held(spec, model, request.sources)
        files = checkpoints(spec, model, assumed)
    return Site(
        spec=spec,
        model=model,
        device=device,
        per_node=count.number,
        hardware=f"{count.kind} x {count.number}",
        files=files,
        draft=_draft(spec, request),
    )


def _draft(spec: Spec, request: Request) -> Model | None:
    name = spec.word("features.draft")
    if name is None:
        return None
    from servec.compiler.search.local import find_named

    return find_named(spec, "features.draft", name, request.sources)
