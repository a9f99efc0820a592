"""The fields that `writers` writes for LMDeploy, read back from a command line."""

from __future__ import annotations

from servec.targets.lmdeploy.engine import PYTORCH, TURBOMIND
from servec.targets.lmdeploy.writers import BACKENDS, MTP, ROLES
from servec.targets.shared.table import load_sets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Reader, Sheet

WIDTHS = ("tp", "dp", "cp", "ep")
RANKS = ("parallel.tensor", "parallel.data", "parallel.expert")
DRAFTS = ("speculative-algorithm", "speculative-draft-model", "speculative-num-draft-tokens")
ONE_KEY = "LMDEPLOY_API_KEY"
"""The variable that a key is read from instead of standing in the spec."""


def parallel(sheet: Sheet) -> None:
    """The degrees, where the split of attention and that of the experts are one."""
    tensor, data, context, expert = (sheet.whole(name, 1) for name in WIDTHS)
    moe = sheet.model is None or bool(sheet.model.experts)
    turbomind = sheet.rest.get("backend") in (None, "turbomind")
    ranked = sheet.judged and not turbomind and data > 1 and not sheet.odd(*WIDTHS)
    sheet.devices = tensor * (data if turbomind and not (moe and data > 1) else 1)
    if ranked:
        sheet.devices = max(tensor, data, expert)
        _ranks(sheet, (tensor, data, expert))
        return
    if sheet.odd(*WIDTHS) or tensor % context or (data > 1 and (moe or not turbomind)):
        return
    if expert not in (1, tensor):
        return
    if sheet.get("tp") is not None:
        sheet.field("parallel.tensor", tensor // context, "tp")
    for name, path, value in (
        ("dp", "parallel.data", data),
        ("cp", "parallel.context", context),
        ("ep", "parallel.expert", expert),
    ):
        if sheet.get(name) is not None:
            sheet.field(path, value, name)
    if sheet.get("ep") is None and tensor > 1 and moe:
        sheet.field("parallel.expert", 1)


def _ranks(sheet: Sheet, widths: tuple[int, ...]) -> None:
    """Ranks of the PyTorch engine, each a server behind the proxy, that share out the devices of
    `--tp` or `--ep`: what is made of them starts otherwise, so this is for judging alone.
    """
    tensor, data, expert = widths
    world = expert if expert > 1 else tensor
    each = world // data if world % data == 0 else tensor
    for name, path, value in zip(("tp", "dp", "ep"), RANKS, (each, data, expert), strict=True):
        if sheet.get(name) is not None or value > 1:
            sheet.field(path, value, name)
    sheet.use("proxy-url")


def device(sheet: Sheet) -> None:
    """The kind of device that is served unasked; the hardware says it."""
    if sheet.get("device") == "cuda":
        sheet.use("device")


def engine(sheet: Sheet) -> None:
    """The engine is the one that is taken for the model anyhow, or stays native.

    A line takes TurboMind for every class that it has unless it names PyTorch, whatever else it
    asks for. What is made of a line names the engine that does all of it, so that is for judging.
    """
    said = sheet.get("backend")
    if said is not None:
        sheet.use("backend")
    if sheet.judged and sheet.model is not None:
        known = load_sets(sheet.table.runtime, sheet.table.version)["turbomind_architectures"]
        turbomind = said != PYTORCH and sheet.model.architecture in known
        sheet.on["backend"] = TURBOMIND if turbomind else PYTORCH


def media(sheet: Sheet) -> None:
    """Text alone where the encoders are left out; else all that the model takes."""
    own = [kind for kind in (sheet.model.modalities if sheet.model else ()) if kind != "text"]
    if sheet.get("language-model-only") is True:
        sheet.field("features.modalities", ["text"], "language-model-only")
        if not own:
            sheet.on["language-model-only"] = True
    elif own:
        sheet.field("features.modalities", ["text", *own])


def speculative(sheet: Sheet) -> None:
    """The method and the tokens, and the draft of EAGLE-3."""
    method, draft, _ = (sheet.get(name) for name in DRAFTS)
    tokens = sheet.whole(DRAFTS[2], 1)
    kind = sheet.model.model_type if sheet.model else ""
    if method == "eagle3" and isinstance(draft, str):
        sheet.field("features.speculative", "eagle3", DRAFTS[0])
        sheet.field("features.draft", draft, DRAFTS[1])
    elif draft is None and method is not None and MTP.get(kind) == method:
        sheet.field("features.speculative", "mtp", DRAFTS[0])
    else:
        return
    sheet.field("features.draft_tokens", tokens, DRAFTS[2])


def key(sheet: Sheet) -> None:
    """A key is named by a variable, never written."""
    if sheet.get("api-keys") is not None:
        sheet.field("api.key_env", ONE_KEY, "api-keys")


def nodes(sheet: Sheet) -> None:
    """What tells the nodes of one launch apart is written for each of them."""
    if sheet.nodes > 1:
        address = sheet.get("dist-init-addr")
        if isinstance(address, str):
            sheet.notes["nodes"] = f"start with SERVEC_DIST_INIT_ADDR={address}"
        sheet.use("nnodes", "node-rank", "dist-init-addr")


def transfer(sheet: Sheet) -> None:
    """How the cache moves; which role it is, the role's block says."""
    if sheet.role not in ROLES:
        return
    named = sheet.get("migration-backend")
    word = next((word for word, native in BACKENDS.items() if native == named), "")
    if word:
        sheet.field("transfer", word, "migration-backend")
    sheet.use("role", "proxy-url")


def role(options: Mapping[str, Any]) -> str:
    """Which role a line has, "" for none."""
    return next((word for word, native in ROLES.items() if options.get("role") == native), "")


def weights(sheet: Sheet) -> None:
    """What the checkpoint says of its weights itself.

    Source: lmdeploy 0.18.0 lmdeploy/turbomind/converter.py: mismatched quant method.
    """
    name, model = sheet.get("model-format"), sheet.model
    if model is not None and model.quant.method != "none" and name == model.quant.method:
        sheet.field("precision.weights", model.quant.weights, "model-format")


READERS: dict[str, Reader] = {
    "weights": weights,
    "transfer": transfer,
    "nodes": nodes,
    "parallel": parallel,
    "engine": engine,
    "device": device,
    "media": media,
    "speculative": speculative,
    "key": key,
}
