"""Where a GGUF file comes from: named on the hub, fetched, or made of a checkpoint before.

The steps are llama.cpp's own tools: `convert_hf_to_gguf.py` of its repository, then
`llama-quantize` (tools/quantize/README.md at commit 0c1e57098).
"""

from __future__ import annotations

from servec.compiler.target import Step
from servec.dsl.record import record
from servec.targets.shared.effective import planned
from servec.targets.shared.hub_files import FOLDER, fetched, is_local, slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

MAIN = ("", "main")
"""Revisions that `-hf` takes by itself."""
WIDE = ("bf16", "fp16", "fp32")
CONVERTER = "SERVEC_LLAMACPP_CONVERT"
"""The converter lies in llama.cpp's repository, not on the path."""
ADAPTERS = "SERVEC_LLAMACPP_CONVERT_LORA"


@record
class Gguf:
    """A GGUF file: `path` on this machine, or `repo` and `file` on the hub; and what makes it.

    `file` may be "" where the repository is named with its type (`repo:Q4_K_M`). `projector` is
    the path of the file for images and sound, "" where the server finds it beside the model.
    """

    path: str = ""
    repo: str = ""
    file: str = ""
    projector: str = ""
    steps: tuple[Step, ...] = ()


def model_file(case: Case, media: bool) -> Gguf:
    """The file that holds the model of a case; `media`: inputs beside text are accepted."""
    plan, spec = planned(case), case.spec
    revision = spec.word("checkpoint.revision") or ""
    if plan.load == "convert":
        return _converted(plan.checkpoint, revision, plan.weights_word, media)
    file = spec.word("checkpoint.file") or (case.model.file if case.model else "")
    if plan.checkpoint.lower().endswith(".gguf"):
        return Gguf(path=plan.checkpoint)
    if is_local(plan.checkpoint) or (file and revision not in MAIN):
        path, steps = fetched(plan.checkpoint, revision, file)
        return Gguf(path=path, steps=steps)
    if file:
        return Gguf(repo=plan.checkpoint, file=file)
    kind = "" if _type_is_open(case) else type_name(plan.weights_word)
    return Gguf(repo=f"{plan.checkpoint}:{kind}" if kind else plan.checkpoint)


def _type_is_open(case: Case) -> bool:
    """Whether llama.cpp picks a repository's file: nothing says of what type it is to be."""
    if case.spec.word("precision.weights") is not None:
        return False
    return case.model is None or bool(case.model.assumed)


def draft_file(case: Case, draft: str) -> Gguf:
    """The file of a draft model: of a GGUF repository, or converted as it is."""
    if draft.lower().endswith(".gguf"):
        return Gguf(path=draft)
    if draft.lower().endswith("-gguf"):
        return Gguf(repo=draft)
    return _converted(draft, "", "bf16", media=False)


def type_name(word: str) -> str:
    """A GGUF type as llama.cpp writes it: `Q4_K_M`, `F16`."""
    return {"fp16": "F16", "fp32": "F32"}.get(word, word.upper())


def _converted(checkpoint: str, revision: str, word: str, media: bool) -> Gguf:
    folder, steps = fetched(checkpoint, revision)
    base = f"{FOLDER}/{slug(checkpoint)}" + (f"@{slug(revision)}" if revision else "")
    wide = word in WIDE
    whole = f"{base}-{type_name(word)}.gguf" if wide else f"{base}-auto.gguf"
    steps += (
        _convert(folder, whole, {"fp16": "f16", "fp32": "f32"}.get(word, "auto"), checkpoint),
    )
    path = whole
    if not wide and word != "mxfp4":
        path = f"{base}-{type_name(word)}.gguf"
        words = ("llama-quantize", whole, path, type_name(word))
        name = f"quantize-{slug(checkpoint)}"
        steps += (Step(name, "quantize", words, makes=(path,), needs=(whole,)),)
    projector = ""
    if media:
        projector = f"{base}-mmproj.gguf"
        steps += (_convert(folder, projector, "auto", checkpoint, "--mmproj"),)
    return Gguf(path=path, projector=projector, steps=steps)


def _convert(folder: str, makes: str, kind: str, checkpoint: str, *more: str) -> Step:
    words = ("python3", f"${{{CONVERTER}}}", folder, "--outfile", makes, "--outtype", kind, *more)
    name = ("project-" if more else "convert-") + slug(checkpoint)
    env = {CONVERTER: "llama.cpp/convert_hf_to_gguf.py"}
    return Step(name, "convert", words, env=env, makes=(makes,), needs=(folder,))


def adapter_file(name: str, path: str, base: str) -> tuple[str, tuple[Step, ...]]:
    """A LoRA adapter as GGUF: as it is, or converted. `base` is the model it belongs to."""
    if path.endswith(".gguf"):
        return path, ()
    makes = f"adapters/{slug(name)}.gguf"
    words = ("python3", f"${{{ADAPTERS}}}", path, "--outfile", makes, "--base-model-id", base)
    env = {ADAPTERS: "llama.cpp/convert_lora_to_gguf.py"}
    step = Step(f"adapter-gguf-{slug(name)}", "convert", words, env, makes=(makes,), needs=(path,))
    return makes, (step,)
