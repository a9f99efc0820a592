"""What a spec asks of a runtime beyond a plain launch, as features of the capability tables."""

from __future__ import annotations

from servec.compiler.rules.left_out import left_out
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servec.compiler.target import Case
    from servec.dsl.diagnostic import About

FEATURES = {"image": "images", "video": "video", "audio": "audio"}
"""Modality of the language to the feature of the capability tables."""

SWITCHES = ("structured_output", "prefix_cache", "chunked_prefill")

APART = ("precision.weights", "precision.kv", "precision.activations")
"""Fields that rules 304, 305 and 311 judge."""

DRAFTED = ("draft", "eagle", "eagle3", "dflash", "dspark")
"""Ways to speculate whose draft is a checkpoint of its own."""
BUNDLED = ("eagle", "eagle3", "dspark")
"""Those that also take the prediction layers of the model itself (sglang 0.5.23
sglang/srt/arg_groups/speculative_hook.py _handle_eagle_family, _handle_dspark)."""
PARSERS = {"features.tools": "tools", "features.reasoning": "reasoning"}


def wanted(case: Case) -> Iterator[tuple[str, str]]:
    """What the spec asks a runtime for, as pairs of path and feature."""
    spec = case.spec
    settings = spec.settings
    for path, feature in PARSERS.items():
        if path in settings:
            yield path, feature
    for name in SWITCHES:
        if spec.flag("features." + name):
            yield "features." + name, name
    for word in spec.words("features.modalities"):
        if word in FEATURES:
            yield "features.modalities", FEATURES[word]
    task = spec.word("features.task") or (case.model.task if case.model else "generate")
    if task != "generate":
        yield "features.task", task
    if "features.speculative" in settings:
        yield "features.speculative", f"speculative.{spec.word('features.speculative')}"
    if spec.adapters or spec.flag("lora.dynamic"):
        yield "lora", "lora"


@record
class Problem:
    """One thing asked for that cannot be had.

    `kind`: `missing` (the runtime has no `what`; `why` may say why), `word` (the runtime knows no
    such word as `what` at `path`), `unnamed` (`auto`, and no parser is known of the model),
    `unable` (the model cannot: `what`, it has `why`), `pair` (`path` and `other` exclude each
    other, by the source `why`). `about`: that of the finding.
    """

    kind: str
    path: str
    what: str
    why: str = ""
    other: str = ""
    about: About = ""


def problems(case: Case) -> tuple[Problem, ...]:
    """Everything asked for that the runtime or the model does not have, before a plan is made."""
    asked, out = list(wanted(case)), left_out(case)
    return (
        *_features(case, asked, out),
        *_words(case, asked, out),
        *_model(case),
        *_pairs(case, asked),
    )


def _features(
    case: Case, asked: list[tuple[str, str]], out: Mapping[str, str]
) -> Iterator[Problem]:
    capabilities = case.capabilities
    for path, feature in asked:
        if feature not in capabilities.features and path not in out:
            why = capabilities.lacks.get(path) or capabilities.lacks.get(feature, "")
            yield Problem("missing", path, feature.replace("speculative.", ""), why)
    if case.nodes > 1 and not capabilities.topology.nodes:
        yield Problem("missing", "nodes", f"serving over {case.nodes} nodes")


def _words(case: Case, asked: list[tuple[str, str]], out: Mapping[str, str]) -> Iterator[Problem]:
    """Fields the runtime cannot express, and words it does not know; precisions are apart."""
    lacks, values, spec = case.capabilities.lacks, case.capabilities.values, case.spec
    told = {path for path, feature in asked if feature not in case.capabilities.features}
    told |= out.keys()
    for path in spec.settings:
        if path in APART or path in told or _own(case, path):
            continue
        if path in lacks and path not in PARSERS and spec.flag(path) is not False:
            yield Problem("missing", path, path, lacks[path])
        elif path in values and path not in case.capabilities.spares:
            if path in PARSERS and spec.word(path) == "auto":
                yield Problem("unnamed", path, PARSERS[path])
                continue
            for word in _said(case, path):
                if word not in values[path]:
                    yield Problem("word", path, word)


def _said(case: Case, path: str) -> tuple[str, ...]:
    """The words at `path`; a boolean is one of two."""
    flag = case.spec.flag(path)
    return case.spec.words(path) if flag is None else (str(flag).lower(),)


def _own(case: Case, path: str) -> bool:
    """Whether a parser is in a file of the user's, which knows its word."""
    plugin = path + "_plugin"
    return (
        path in PARSERS and plugin in case.spec.settings and plugin not in case.capabilities.lacks
    )


def _model(case: Case) -> Iterator[Problem]:
    """What the model cannot do, whatever the runtime."""
    model, spec = case.model, case.spec
    if model is None:
        return
    for word in spec.words("features.modalities"):
        if word not in ("text", *model.modalities):
            has = ", ".join(model.modalities)
            yield Problem("unable", "features.modalities", f"takes no {word}", has)
    if spec.word("features.speculative") == "mtp" and not model.mtp_layers:
        what = "stores no layers for mtp"
        has = "0 prediction layers"
        yield Problem("unable", "features.speculative", what, has, about="layers")
    word = spec.word("features.speculative") or ""
    own = word in BUNDLED and model.mtp_layers
    if (word in DRAFTED and not own) and not spec.word("features.draft"):
        what = "has no draft model: `features.draft` names it"
        yield Problem("undrafted", "features.speculative", what, f"speculative = {word} needs one")
    low = spec.lower("parallel.expert")
    if low is not None and low.value != 1 and not model.experts:
        has = "a dense model"
        yield Problem("unable", "parallel.expert", "has no experts", has, about="experts")


def _pairs(case: Case, asked: list[tuple[str, str]]) -> Iterator[Problem]:
    excludes = case.capabilities.excludes
    if not excludes:
        return
    where = {name: path for path, feature in asked for name in names(feature)}
    for one, other, source in excludes:
        if one in where and other in where:
            yield Problem("pair", where[one], f"{one} with {other}", source, where[other])


def names(feature: str) -> tuple[str, str]:
    """A feature by its full name and by its group: `speculative.mtp`, `speculative`."""
    return feature, feature.partition(".")[0]
