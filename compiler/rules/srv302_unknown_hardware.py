"""The table of devices does not know this hardware, or knows several by the name.

Checks: the kind of `hardware` is a device or an architecture of the tables; its name says which
    part it is and, where parts differ in memory, how much; `any` stands only beside a named target.
Because: `a100` is a 40 and an 80 GB part, and a plan that fits one does not fit the other. A kind
    that is not stated says nothing by which a runtime could be chosen.
Wrong: hardware = a100 x 8
Right: hardware = a100-80g x 8
Source: table of devices, with a source for each figure (`servec hardware show h200`)
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Span
    from servec.dsl.spec import Bound, Spec


def diagnose(spec: Spec, kind: str) -> Diagnostic:
    """The finding on a kind that `find_device` does not find, or on `any` without a target."""
    from servec.compiler.catalogue.stated import stated
    from servec.dsl.slip import slip

    if kind.partition("-")[0] == "any":
        return _any(spec)
    known = stated(kind).names
    several = known if len(known) > 1 else ()
    near = known or _near(kind)
    bound = _bound(spec)
    figures = [_figure(name) for name in several]
    if not several:
        text = f"nearest: {', '.join(near)}" if near else "no name is like it"
        figures.append(Figure("nearest", None, text))
    return Diagnostic(
        "SRV302",
        "error",
        f"`{kind}` is one of several parts" if several else f"there is no hardware `{kind}`",
        Label(bound.value_span, "which one is not said" if several else "not in the table"),
        (),
        tuple(figures),
        tuple(
            _fix(bound, kind, name, not several and (bool(known) or slip(kind, near)))
            for name in near[:3]
        )
        or (Fix("see `servec hardware list`"),),
    )


def _any(spec: Spec) -> Diagnostic:
    bound = _bound(spec)
    text = "without a kind there is nothing to choose a runtime by"
    return Diagnostic(
        "SRV302",
        "error",
        "`any` leaves the hardware open, and no target is named",
        Label(bound.value_span, "the kind is not stated"),
        (),
        (Figure("why", None, text),),
        (
            Fix("state the kind: `hardware = h200 x 8`"),
            Fix("or name a target: `--target vllm`, or `target = vllm` in the spec"),
        ),
    )


def _near(kind: str) -> tuple[str, ...]:
    from servec.compiler.catalogue.devices import device_names
    from servec.dsl.nearest import nearest

    names = device_names()
    return nearest(kind, names) or tuple(
        name for name in names if len(kind) > 1 and name.startswith(kind.lower())
    )


def _figure(name: str) -> Figure:
    from servec.compiler.catalogue.devices import find_device, row

    device, found = find_device(name), row(name)
    assert device is not None
    if found is None:
        return Figure(name, name, f"{name}: {device.generation}, {device.arch}")
    size = f"{device.memory / 2**30:.1f} GiB"
    rate = f"{device.bandwidth / 1e9:.0f} GB/s"
    return Figure(name, device.memory, f"{name}: {found['title']}, {size}, {rate}")


def _fix(bound: Bound, kind: str, name: str, safe: bool) -> Fix:
    span = _kind_span(bound, kind)
    return Fix(f"take {name}", (Edit(span, name),) if span else (), safe=safe and span is not None)


def _kind_span(bound: Bound, kind: str) -> Span | None:
    """Where the kind stands in `h200 x 8` or a list of such; None where that is not plain."""
    from servec.dsl.diagnostic import Span

    offset = bound.text.find(kind)
    if offset < 0 or not bound.text.isascii() or bound.text.count(kind) != 1:
        return None
    start = bound.value_span.start + offset
    return Span(bound.value_span.file, start, start + len(kind))


def _bound(spec: Spec) -> Bound:
    found = spec.setting("hardware")
    assert found is not None
    return found.first
