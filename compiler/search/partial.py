"""Judges a spec in which something is wrong: all that the mistake leaves known, in the same run.

What an error leaves unknown (`Spec.doubts`, and what `needs` says of later families) is taken out
of the spec. Each stage then runs on the rest, and a finding is reported if it stands whatever was
meant: no mistake hides another one, and none brings errors that go with it.
"""

from __future__ import annotations

from servec.compiler.choice import report
from servec.compiler.choice.standings import candidates, promised
from servec.compiler.pipeline import aim, readings, taken_of
from servec.compiler.search import everywhere
from servec.compiler.search.needs import CHOSEN, VERSIONED, left, stands, unknown
from servec.compiler.search.survey import devices_of, models_of, stands_of
from servec.dsl.doubt import covered, hangs_on_doubt
from servec.dsl.record import record, replace
from servec.dsl.spec import Count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.compiler.pipeline import Aim
    from servec.compiler.result import Request
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.search.site import Alternative
    from servec.compiler.search.survey import Place
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic, Span
    from servec.dsl.document import Document
    from servec.dsl.spec import OnBlock, Spec


UNREAD = ("SRV201", "SRV202", "SRV203", "SRV205")
"""Findings on a native option of which it is then not known what it says."""


ANY_VERSION = ("SRV201", "SRV601")
"""Findings on an option that hold at every version of the runtime."""


@record
class Partial:
    """What is judged: the spec without what is unknown, and the paths that later errors left so.

    `unsure` are the runtimes of which it is not known which version is meant: what hangs on it is
    not judged, the rest by their newest table.
    """

    spec: Spec
    wanted: Aim
    targets: tuple[Target, ...]
    versions: dict[str, str]
    doubts: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()

    def certain(self, item: Diagnostic, runtime: str = "") -> bool:
        """Whether a finding stands whatever was meant."""
        if runtime in self.unsure and item.code in VERSIONED:
            return False
        return stands(self.spec, self.doubts, item, runtime)

    def unknown(self, path: str) -> bool:
        """Whether the value at a path is in doubt."""
        return unknown(self.spec, self.doubts, path)

    def doubting(self, found: list[Diagnostic]) -> Partial:
        """The same after further errors, without the fields and options that they are about."""
        doubts = self.doubts | left(found)
        return replace(self, spec=_without(self.spec, doubts, found), doubts=doubts)


def judged(
    spec: Spec, targets: tuple[Target, ...], request: Request, document: Document | None
) -> tuple[Diagnostic, ...]:
    """The findings of every family on a spec with an error in it, in order of place."""
    versions, told = everywhere.options(spec, targets)
    unsure = frozenset(name for name, version in versions.items() if not version)
    plain = replace(spec, on={})
    versions = {t.name: versions[t.name] or t.version(plain)[0] for t in targets}
    held = Partial(spec, aim(spec, targets, request), targets, versions, unsure=unsure)
    told += _of_any_version(held)
    found = [item for item in told if held.certain(item)]
    held = held.doubting(found)
    named = held.wanted.named or held.unknown("target")
    strange: list[Diagnostic] = [] if named else everywhere.words(held.spec, targets, versions)
    found += strange
    held = held.doubting(strange)
    facts: list[Diagnostic] = []
    models = _models(held, request, named, facts)
    parts = tuple(held.spec.roles.values()) or (held.spec,)
    kinds = [_devices(part, named, document, facts) for part in parts]
    found += facts
    held = held.doubting(facts)
    alternatives = stands_of(parts, models, kinds, request) if all(kinds) else ()
    more = _everywhere(held, models, alternatives)
    found += more
    held = held.doubting(more)
    if alternatives:
        parts = tuple(held.spec.roles.values()) or (held.spec,)
        alternatives = stands_of(parts, models, kinds, request)
        found += _tried(held, alternatives, document)
    return report.of(spec, tuple(found))


def _of_any_version(held: Partial) -> list[Diagnostic]:
    """What is wrong in `on` blocks of which it is not known what version they get, whichever is."""
    return [
        item
        for target in held.targets
        if target.name in held.unsure
        for part in (held.spec, *held.spec.roles.values())
        if (block := part.on.get(target.name)) is not None and block.version is None
        for item in target.check_options(part, held.versions[target.name])
        if item.code in ANY_VERSION
    ]


def _models(
    held: Partial, request: Request, named: bool, found: list[Diagnostic]
) -> list[Model | None]:
    """The models that are known; one of which nothing is known where none is."""
    if held.unknown("model") or (held.spec.word("model") == "auto" and held.unknown("size")):
        return [None]
    return models_of(held.spec, request, named, found) or [None]


def _devices(
    part: Spec, named: bool, document: Document | None, found: list[Diagnostic]
) -> list[Place]:
    """The devices that are known, or their number where the kind is not; empty without that."""
    if hangs_on_doubt(part, "hardware"):
        return []
    from servec.compiler.catalogue.devices import ANY_DEVICE

    known = devices_of(part, named, document, found)
    return known or [(Count("any", count.number), ANY_DEVICE) for count in part.counts()[:1]]


def _everywhere(
    held: Partial, models: list[Model | None], alternatives: tuple[Alternative, ...]
) -> list[Diagnostic]:
    """What is wrong whatever the runtime."""
    spec, found = held.spec, []
    if alternatives:
        read = readings(spec, alternatives, held.wanted, held.targets, held.versions)
        for part, sites in read:
            found += everywhere.judge(part, sites)
    else:
        found += everywhere.judge(spec, ())
        found += everywhere.of_model(spec, models)
    return [item for item in found if held.certain(item)]


def _tried(
    held: Partial, alternatives: tuple[Alternative, ...], document: Document | None
) -> list[Diagnostic]:
    """What keeps each runtime that is asked for from serving, or what is to say of the chosen."""
    spec, wanted = held.spec, held.wanted
    taken = taken_of(spec, alternatives, wanted, held.versions)
    found = _refusals(held, taken.tried)
    legal = [item for item in taken.tried if item.legal]
    if not legal or (found and not wanted.named):
        return found
    everyone = wanted.named or wanted.everything
    _, due = candidates(spec, taken, everyone, brief=True)
    found += [item for item in report.emitted(due) if held.certain(item)]
    spec = _with_known_asserts(held)
    found += [item for item in promised(spec, due[0], document) if _kept(held, item)]
    return found


def _refusals(held: Partial, tried: list[Outcome]) -> list[Diagnostic]:
    """The refusals that stand: of a named runtime its own, else only where none may serve."""
    sure = [_sure(held, item) for item in tried]
    refused = [item for item in sure if not item.legal and (item.reach or item.refused)]
    spec, wanted = held.spec, held.wanted
    if not refused:
        return []
    if wanted.named:
        return list(report.refusals(spec, refused, True, held.targets, held.versions))
    if len(refused) < len(tried):
        return []
    found = report.refusals(spec, refused, False, held.targets, held.versions)
    if not held.unknown("target"):
        return list(found)
    return [item for item in found if all(_has(each, item) for each in refused)]


def _sure(held: Partial, item: Outcome) -> Outcome:
    """The outcome with those of its refusals that stand."""
    name = item.target.name
    return replace(
        item,
        reach=tuple(found for found in item.reach if held.certain(found, name)),
        refused=tuple(found for found in item.refused if held.certain(found, name)),
    )


def _has(item: Outcome, found: Diagnostic) -> bool:
    return any(
        own.code == found.code and own.primary.span == found.primary.span
        for own in (*item.reach, *item.refused)
    )


def _with_known_asserts(held: Partial) -> Spec:
    """The spec with the asserts that can be judged: of what it pins, or of all if all is known."""
    if not any(held.unknown(path) for path in CHOSEN):
        return held.spec

    def known(part: Spec) -> Spec:
        kept = tuple(line for line in part.asserts if part.pin(line.path) is not None)
        return replace(part, asserts=kept)

    roles = {name: known(part) for name, part in held.spec.roles.items()}
    return replace(known(held.spec), roles=roles)


def _kept(held: Partial, item: Diagnostic) -> bool:
    """Whether a promise is judged on what is known; asserts were chosen before."""
    return item.code in ("SRV118", "SRV120") or held.certain(item)


def _without(spec: Spec, doubts: frozenset[str], found: list[Diagnostic]) -> Spec:
    """The spec without the fields in doubt, and without the native options that are wrong."""
    errors = [item.primary.span for item in found if item.code in UNREAD]
    gone = frozenset(path for path in doubts if path.partition(".")[0] not in ("model", "hardware"))
    return replace(
        spec,
        settings={path: s for path, s in spec.settings.items() if not covered(gone, path)},
        on={name: _block(block, errors) for name, block in spec.on.items()},
        roles={name: _without(part, doubts, found) for name, part in spec.roles.items()},
    )


def _block(block: OnBlock, errors: list[Span]) -> OnBlock:
    """The block without the options that an error points into."""
    kept = tuple(
        option
        for option in block.options
        if not any(
            span.file == option.span.file and option.span.start <= span.start < option.span.end
            for span in errors
        )
    )
    return block if len(kept) == len(block.options) else replace(block, options=kept)
