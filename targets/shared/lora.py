"""LoRA adapters as words of a command, and the steps that fetch those kept in object stores."""

from __future__ import annotations

from servec.compiler.target import Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Adapter, Spec

FETCH = {
    "s3://": ("aws", "s3", "sync", "--no-progress"),
    "gs://": ("gcloud", "storage", "rsync", "--recursive"),
}


def wants_lora(spec: Spec) -> bool:
    """Whether the spec has adapters, or asks for some."""
    said = {path for path in spec.settings if path.startswith("lora.")}
    if spec.flag("lora.dynamic") is False:
        said.discard("lora.dynamic")
    return bool(spec.adapters or said)


def adapter_words(spec: Spec, name_key: str, path_key: str) -> list[str]:
    """One word for each adapter: `name=path`, as JSON where that would be read otherwise."""
    from servec.targets.shared.settings import text_of

    words = []
    for adapter in spec.adapters:
        path = local_path(adapter)
        plain = not adapter.name.startswith(("-", "{")) and "=" not in adapter.name
        if plain:
            words.append(f"{adapter.name}={path}")
        else:
            words.append(text_of({name_key: adapter.name, path_key: path}))
    return words


def active_and_rank(spec: Spec) -> tuple[int, int]:
    """Adapters in one batch and the largest rank (language reference, `lora`)."""
    ranks = [int(a.rank.value) for a in spec.adapters if isinstance(a.rank.value, int)]
    active = spec.whole("lora.max_active") or max(1, len(spec.adapters))
    return active, spec.whole("lora.max_rank") or max(ranks, default=0)


def local_path(adapter: Adapter) -> str:
    """Where the runtime finds an adapter: its path, or the folder it is fetched into."""
    path = str(adapter.path.value)
    return f"adapters/{_folder(adapter.name)}" if path.startswith(tuple(FETCH)) else path


def fetch_steps(spec: Spec) -> tuple[Step, ...]:
    """One download for each adapter that lies in an object store."""
    steps = []
    for adapter in spec.adapters:
        path = str(adapter.path.value)
        tool = next((words for scheme, words in FETCH.items() if path.startswith(scheme)), None)
        if tool:
            target = local_path(adapter)
            name = f"adapter-{_folder(adapter.name)}"
            steps.append(Step(name, "download", (*tool, path, target), makes=(target,)))
    return tuple(steps)


def _folder(name: str) -> str:
    """A label as the name of a folder."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name).lstrip("-.") or "adapter"
