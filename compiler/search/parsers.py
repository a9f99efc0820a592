"""`features.tools = auto` and `features.reasoning = auto`: the parsers of the model itself."""

from __future__ import annotations

from servec.compiler.catalogue.parsers import parsers
from servec.compiler.plan import Reason
from servec.dsl.record import replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.compiler.search.site import Site
    from servec.dsl.spec import Spec

PATHS = ("features.tools", "features.reasoning")


def with_parsers(spec: Spec, model: Model | None) -> Spec:
    """The spec with the parsers that `auto` stands for, held as if its line named them.

    A field goes where the model needs no parser, unless it is what a launch said; it stays `auto`
    where none is known (SRV310).
    """
    found = parsers(model.id if model is not None else spec.word("model") or "")
    settings = dict(spec.settings)
    for path in PATHS:
        word, said = found.of(path), spec.pin(path)
        if spec.word(path) != "auto" or word is None or said is None:
            continue
        if word:
            settings[path] = Setting(replace(said, value=word))
        elif spec.word("defaults") != "runtime":
            del settings[path]
    return replace(spec, settings=settings)


def unneeded(spec: Spec, site: Site) -> tuple[Reason, ...]:
    """What `auto` left out, as the model needs none."""
    gone = [path for path in PATHS if path in spec.settings and path not in site.spec.settings]
    name = site.model.name if site.model is not None else spec.word("model")
    return tuple(
        Reason(path, f"`auto` is none: {name} needs no {path.partition('.')[2]} parser")
        for path in gone
    )
