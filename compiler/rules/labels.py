"""Where a rule points, and the edits it offers, for a value that a spec may have said anywhere."""

from __future__ import annotations

from servec.dsl.diagnostic import Edit, Label, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.dsl.spec import Bound, Setting, Spec


def at(spec: Spec, path: str, text: str, fallback: str = "model") -> Label:
    """The line that says `path`; else that of `fallback`; else the deployment's name."""
    found = spec.setting(path) or spec.setting(fallback)
    return Label(found.first.span if found else spec.name_span, text)


def stated(spec: Spec, path: str, text: str) -> Label | None:
    """The line that says `path`, None where no line does (`--target` stands in no file)."""
    found = spec.setting(path)
    return Label(found.first.span, text) if found else None


def called(spec: Spec, model: Model) -> str:
    """The model as the spec calls it, unless that is a path or a repository."""
    word = spec.word("model")
    return word if word and "/" not in word and word != "auto" else model.name


def seconds(primary: Label, *labels: Label | None) -> tuple[Label, ...]:
    """The labels that stand elsewhere than the primary one and each other, at most three."""
    kept: list[Label] = []
    for label in labels:
        if label is not None and all(label.span != other.span for other in (primary, *kept)):
            kept.append(label)
    return tuple(kept[:3])


def inside(spec: Spec, span: Span) -> bool:
    """Whether a line stands in the body of the spec itself, not in a profile or a parent."""
    return span.file == spec.file and spec.span.start <= span.start and span.end <= spec.span.end


def write(spec: Spec, values: dict[str, str]) -> tuple[Edit, ...]:
    """Edits that make the spec say `path = text` for each item of `values`.

    A pin in the spec's own body is changed in place, a bound replaced by a pin. What only a
    profile says, or nobody, is said anew beside a field of the same block.
    """
    edits: list[Edit] = []
    fresh: dict[Span, list[str]] = {}
    for path, text in values.items():
        setting = spec.setting(path)
        own = _own(spec, setting)
        if own is None:
            place, prefix = _beside(spec, path)
            fresh.setdefault(place, []).append(f"{prefix} = {text}")
        elif own.op == "=":
            edits.append(Edit(own.value_span, text))
        else:
            edits.extend(_pin(spec, setting, own, path, text))
    edits.extend(_insert(place, lines) for place, lines in fresh.items())
    return tuple(sorted(edits, key=lambda edit: (edit.span.file, edit.span.start)))


def drop(spec: Spec, path: str) -> tuple[Edit, ...]:
    """Edits that take away what the spec's own body says of `path`; empty if it stands elsewhere.

    The line stays as an empty statement, which the formatter removes.
    """
    setting = spec.setting(path)
    said = (setting.eq, setting.le, setting.ge) if setting else ()
    kept = [bound for bound in said if bound is not None]
    if not kept or not all(inside(spec, bound.span) for bound in kept):
        return ()
    return tuple(Edit(bound.span, "") for bound in kept)


def _own(spec: Spec, setting: Setting | None) -> Bound | None:
    bounds = (setting.eq, setting.le, setting.ge) if setting else ()
    return next((b for b in bounds if b is not None and inside(spec, b.span)), None)


def _pin(spec: Spec, setting: Setting | None, own: Bound, path: str, text: str) -> tuple[Edit, ...]:
    """One bound becomes the pin, the other goes."""
    edits = [Edit(own.span, f"{_written(own, path)} = {text}")]
    for bound in (setting.le, setting.ge) if setting else ():
        if bound is not None and bound.span != own.span and inside(spec, bound.span):
            edits.append(Edit(bound.span, ""))
    return tuple(edits)


def _written(bound: Bound, path: str) -> str:
    """The name as the line writes it: `tensor` or `parallel.tensor`."""
    return path[len(path) - (bound.name_span.end - bound.name_span.start) :]


def _beside(spec: Spec, path: str) -> tuple[Span, str]:
    """A line of the spec's body after which `path` can be said, and how it is spelt there.

    An empty span at the end of the body if nothing suits.
    """
    block, _, name = path.rpartition(".")
    best: tuple[int, Span, str] | None = None
    for other, setting in spec.settings.items():
        own = _own(spec, setting)
        if own is None:
            continue
        head = other[: len(other) - len(_written(own, other))].rstrip(".")
        if head == block and block:
            place = (0, own.span, name)
        elif head == "":
            place = (1, own.span, path)
        else:
            continue
        if best is None or place[0] < best[0] or (place[0] == best[0] and _later(place, best)):
            best = place
    if best is not None:
        return best[1], best[2]
    end = spec.span.end - 1
    return Span(spec.file, end, end), path


def _later(one: tuple[int, Span, str], other: tuple[int, Span, str]) -> bool:
    return one[1].start > other[1].start


def _insert(place: Span, lines: list[str]) -> Edit:
    text = "; ".join(lines)
    if place.start == place.end:
        return Edit(place, f"\n{text}\n")
    return Edit(Span(place.file, place.end, place.end), f"; {text}")
