"""The repository is not in the catalogue, so that nothing about the model is checked.

Checks: a repository id of a spec with a named target is in the catalogue, and a path leads to a
    model that can be read.
Because: servec reads no network. The command is emitted from what the spec pins; memory,
    topology and speed stay unjudged, and the runtime finds out at start.
Wrong: target = vllm; model = "acme/brand-new-70b"; parallel { tensor = 8 }
Right: target = vllm; model = "Qwen/Qwen3-32B"; parallel { tensor = 8 }
Source: catalogue of models
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, stated
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec


def diagnose(spec: Spec, name: str, sources: Sources | None = None) -> Diagnostic:
    """The warning on a repository or a path that a named target is to serve unseen."""
    from servec.compiler.catalogue.alike import alike
    from servec.compiler.catalogue.models import is_path, known, why_not
    from servec.dsl.sources import parent

    if is_path(name):
        return _path(spec, name, why_not(name, sources, parent(spec.file)))
    near = alike(name)
    figures = [Figure("judged", None, "not judged: memory, heads, experts, precision, SLOs")]
    row = next((row for row in known().values() if row["id"] == name), None)
    if row is not None and row.get("total"):
        text = f"published: {row['total'] / 1e9:.1f} G parameters; its config is not here"
        figures.append(Figure("parameters", row["total"], text))
    elif near:
        figures.append(Figure("nearest", None, f"nearest: {', '.join(near)}"))
    primary = at(spec, "model", "not in the catalogue")
    return Diagnostic(
        "SRV316",
        "warning",
        f"nothing is known of `{name[:60]}`, the launch is written unchecked",
        primary,
        seconds(primary, stated(spec, "target", "asked for by name")),
        tuple(figures),
        (Fix("put it into the catalogue: `servec models add ./folder`, with its config.json"),),
    )


SAID = Fix("name the model itself, or set the variable where the launch does")


def _path(spec: Spec, name: str, why: str) -> Diagnostic:
    """The weights may be on another machine; where the path is misspelt, `why` shows it. A name
    that begins with `$` stands for what only a run would tell."""
    from servec.compiler.rules.srv301_unknown_model import READABLE

    later = name.removeprefix("./")
    unsaid = later.startswith("$")
    primary = at(spec, "model", "not known here" if unsaid else "no model is read here")
    what = f"`{later[:50]}` stands for" if unsaid else f"there is no model at `{name[:50]}`"
    title = f"which model {what} is not said" if unsaid else what
    return Diagnostic(
        "SRV316",
        "warning",
        f"{title}, the launch is written unchecked",
        primary,
        seconds(primary, stated(spec, "target", "asked for by name")),
        (
            *(() if unsaid else (Figure("why", None, why),)),
            Figure("judged", None, "not judged: memory, heads, experts, precision, SLOs"),
        ),
        (SAID,) if unsaid else (READABLE,),
    )
