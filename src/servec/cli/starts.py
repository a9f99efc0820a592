"""What is wrong with a spec and yet does not keep a launch line from starting: it is warned of."""

from __future__ import annotations

import re

from servec.compiler.options.values import UNLISTED, trouble
from servec.dsl.record import replace
from servec.targets.shared.importing.parser_troubles import OPTIONS_FILE
from servec.targets.shared.importing.python.refused import DROPS
from servec.targets.shared.lenient import lenient
from servec.targets.shared.lenient import why as lenient_why

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.importing.read import Imported

BUILT = ("no stock wheel", "not the intended platform", "another build")
"""Why a runtime is refused on a device that a container of somebody else's brings it to, or that it
is slow on: whoever has a launch line has that (dusty-nv/jetson-containers packages/llm/vllm)."""
REGISTERED = ("SRV205", "SRV304", "SRV305", "SRV306", "SRV310")
KERNELS = ("quantization", "attention-backend", "kv-cache-dtype", "moe-", "dtype", "precision.")
"""What a plug-in of a platform may bring: values of these options, and model classes (vllm
0.33.0 vllm/plugins/__init__.py, platforms/interface.py; vllm-ascend registers `ascend`)."""
NAMED = {"ascend": "the vllm-ascend plug-in"}
"""Methods that a plug-in alone registers: a line that names one and no hardware is for its platform
(vllm_ascend/utils.py ASCEND_QUANTIZATION_METHOD)."""
HANGS = ("SRV208", "SRV305", "SRV307", "SRV309", "SRV310", "SRV4", "SRV5")
"""Codes of findings on how options go together, or on what room they leave."""

ROOM = (
    *("parallel.tensor", "parallel.pipeline", "limits.context", "limits.batch", "limits.memory"),
    *("precision.weights", "precision.kv"),
)
"""Fields that decide what room a launch takes."""
QUANTIZED = re.compile("`(--)?quantization[ =]")
BEARING = re.compile(
    "parallel|size|util|len|seqs|tokens|dtype|type|quant|eager|offload|mem|fraction|overrides|rope"
    "|batch|ctx|gpu|layers|config|max|^(tp|dp|ep|pp|model|model_path|load_format)$|^[*]"
)
"""Arguments on which it hangs how a launch is split and what room it takes."""


def started(item: Diagnostic, line: Imported) -> Diagnostic:
    """The finding as it stands for a launch line."""
    if item.code == "SRV316" and not line.model:
        from servec.cli.nameless import nameless

        return nameless(item)
    if item.severity != "error":
        return item
    if _mild(item, line):
        return replace(item, severity="warning")
    why = _elsewhere(item, line) or _goes_on(item, line.runtime)
    if not why:
        return item
    from servec.dsl.diagnostic import Figure

    title = item.title
    if item.code == "SRV307" and why == lenient_why(line.runtime, "short_cache"):
        title = title.replace("does not fit", "does not hold the context")[:100]
    there = any(figure.text == why for figure in item.figures)
    figures = item.figures if there else (*item.figures, Figure("why", None, why))
    return replace(item, severity="warning", title=title, figures=figures)


def _mild(item: Diagnostic, line: Imported) -> bool:
    """Whether the runtime does not stop at it, or a build of it may not."""
    if item.code == "SRV303":
        return any(why in (figure.text or "") for figure in item.figures for why in BUILT)
    if item.code in ("SRV202", "SRV205"):
        return any(figure.name == "between" for figure in item.figures)
    if item.code == "SRV310":
        return item.about == "experts" and "dense_experts" in lenient(line.runtime)
    return item.about == "variable" and "reads_all_variables" not in lenient(line.runtime)


def _elsewhere(item: Diagnostic, line: Imported) -> str:
    """Where what decides is found, if that is neither the line nor what the tables are of."""
    unset = " ".join(f"{flag} {word}" for flag, word in line.said.unset if flag)
    if unset and item.code.startswith(HANGS):
        return f"nothing here sets {unset}"[:200]
    left = " ".join(name for name, _ in line.said.left if BEARING.search(name))
    if left and item.code.startswith(HANGS):
        return f"only a run of the program tells {left}"[:200]
    if item.code == "SRV306" and (above := _known_above(item, line)):
        return above
    if item.code == "SRV307" and (wrong := _mistaken(line)):
        return f"unless `{wrong}`, which is refused, is put right"[:200]
    return _as_read(item, line)


def _known_above(item: Diagnostic, line: Imported) -> str:
    """That the table above a stated version, of which nothing was read, knows the model's class."""
    from servec.targets.shared.capabilities import load_capabilities
    from servec.targets.shared.past.release import past_release
    from servec.targets.shared.table import after

    stated = re.search(r'^\s*on \w+ \{[^}]*?\bversion = "([^"]+)"', line.text, re.M)
    if not stated or past_release(line.runtime, stated[1]) is not None:
        return ""
    above = after(line.runtime, stated[1])
    kind = next((figure.value for figure in item.figures if figure.name == "architecture"), "")
    if above in ("", "main"):  # what lies before that is told by dates, where it is known
        return ""
    if kind not in load_capabilities(line.runtime, above).architectures:
        return ""
    return f"{stated[1]} lies between {line.version} and {above}, which knows it"


def _as_read(item: Diagnostic, line: Imported) -> str:
    """The same of what the line leaves to files, plug-ins and models that are not read here."""
    options = line.said.options
    if item.code == "SRV201":
        for word, why in line.said.troubles:
            if DROPS in why and f"`{word}`" in item.title:
                return str(why)
    foreign = " ".join(flag for flag, _ in line.said.unknown)
    taken_over = lenient(line.runtime).get("unknown_models", {}) if line.sheet.model is None else {}
    if item.code == "SRV201" and any(part in foreign for part in taken_over.get("options", ())):
        return str(taken_over["why"])
    path = options.get(OPTIONS_FILE)
    if isinstance(path, str) and item.code.startswith(HANGS):
        return f"unless `{path}` says otherwise, which is not there to be read"[:200]
    if item.code == "SRV205" and QUANTIZED.search(item.title) and (why := _overruled(line)):
        return why
    fetched = lenient_why(line.runtime, "fetched_head") if "hf-repo" in options else ""
    if fetched and item.about == "layers":
        return fetched
    if item.code in REGISTERED and _brought(item) and plug_in(line):
        return f"unless that has it: {plug_in(line)}"
    return ""


def _overruled(line: Imported) -> str:
    """What the runtime does with a method asked for where the checkpoint's own is read over it."""
    row, model = lenient(line.runtime).get("read_method", {}), line.sheet.model
    overruled = model is not None and model.quant.method in row.get("methods", ())
    return str(row["why"]) if overruled else ""


def _mistaken(line: Imported) -> str:
    """A flag that the parser refuses and that would say what room is taken: `--tp-size` of vLLM."""
    from servec.dsl.checks.other_names import portable

    words = [word for word, _ in (*line.said.unknown, *line.said.troubles)]
    return next((word for word in words if portable(word.lstrip("-"), ROOM)), "")


def _goes_on(item: Diagnostic, runtime: str) -> str:
    """What the runtime does where a context is longer than the model's, or than the cache."""
    if item.code == "SRV309":
        return lenient_why(runtime, "long_context")
    short = item.code == "SRV307" and _cache_alone(item)
    return lenient_why(runtime, "short_cache") if short else ""


def less_refused(outcome: Outcome, stated: str) -> Outcome:
    """The launch without what its parser refuses and may yet be there: by a plug-in of its
    platform, or as the table above a `stated` version that has none takes it."""
    line = outcome.imported
    kept = tuple(
        (word, why)
        for word, why in line.said.troubles
        if why != UNLISTED or not (_registered(word, line) or _taken_above(word, line, stated))
    )
    if len(kept) == len(line.said.troubles):
        return outcome
    return replace(outcome, imported=replace(line, said=replace(line.said, troubles=kept)))


def _registered(word: str, line: Imported) -> bool:
    return any(name in word for name in KERNELS) and bool(plug_in(line))


def _taken_above(word: str, line: Imported, stated: str) -> bool:
    from servec.targets.shared.table import after, load_table

    above = after(line.runtime, stated)
    found = load_table(line.runtime, above).flag(word) if above else None
    name = found[0].name if found else ""
    if found is None or name not in line.said.options:
        return False
    value, table = line.said.options[name], load_table(line.runtime, above)
    return isinstance(value, str) and trouble(found[0], value, table.values) is None


def _brought(item: Diagnostic) -> bool:
    return item.code == "SRV306" or any(f"{word}" in item.title for word in KERNELS)


def plug_in(line: Imported) -> str:
    """How the runtime reaches the line's hardware where that is by a plug-in, else ""."""
    from servec.compiler.catalogue.devices import find_device
    from servec.targets.shared.capabilities import load_capabilities

    said = re.search(r"^\s*hardware = (\S+) x ", line.text, re.M)
    device = find_device(said[1]) if said else None
    if device is None or device.any:
        return NAMED.get(str(line.said.options.get("quantization", "")), "")
    how = load_capabilities(line.runtime, line.version).reach.get(device.arch, "")
    return how.partition(":")[2].strip() if "plug-in" in how else ""


def _cache_alone(item: Diagnostic) -> bool:
    """Whether all but the cache fits."""
    sums = {figure.name: figure.value for figure in item.figures}
    kv, needed, usable = (sums.get(name) for name in ("kv", "needed", "usable"))
    if not isinstance(kv, int) or not isinstance(needed, int) or not isinstance(usable, int):
        return False
    return needed - kv < usable
