"""Models by short name, repository id or path."""

from __future__ import annotations

from functools import lru_cache

from servec.compiler.catalogue.derived import decoded
from servec.compiler.catalogue.naming import entry_of, last_part, namesakes, twin_of
from servec.compiler.catalogue.store import fact
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.catalogue.ingest.build import Refused
    from servec.compiler.model import Model
    from servec.dsl.sources import Sources


def is_path(name: str) -> bool:
    """Whether a `model` value names a place on this machine: it starts with `./`, `../` or `/`."""
    return name.startswith(("./", "../", "/"))


def find_model(name: str, sources: Sources | None = None, base: str = "") -> Model | None:
    """The model that a spec calls `name`; None where nothing is known of it.

    `name`: a short name, a repository's id or the last part of one in small letters, or a path,
    which is read through `sources` relative to the folder `base`. `why_not` says what was wrong
    with a path that gives nothing.
    """
    if is_path(name):
        found = _from_path(name, sources, base)
        return None if isinstance(found, str) else found
    file = entry_of(name)
    if file:
        return derived(file)
    return _twin(name) if "/" in name else _by_last_part(name)


def _by_last_part(name: str) -> Model | None:
    """The one repository of the catalogue whose last part is `name`, in small letters as a word."""
    if name != name.lower():
        return None
    found = [derived(file) for file in namesakes(name)]
    found = [model for model in found if last_part(model.id) == name]
    return found[0] if len(found) == 1 else None


def original(name: str) -> Model | None:
    """The entry's model that `name` is, or has the shape of: measured figures are kept under it."""
    file = entry_of(name) or (twin_of(name) if "/" in name else "")
    return derived(file) if file else None


def _twin(name: str) -> Model | None:
    """A repository that is known to be of an entry's shape: its weights, and so its id, differ."""
    file = twin_of(name) if "/" in name else ""
    if not file:
        return None
    found = derived(file)
    return replace(found, id=name, name=name, base="", source=f"shape of {found.id}")


def why_not(name: str, sources: Sources | None = None, base: str = "") -> str:
    """Why `find_model` gave None for a path, in one sentence; "" for names and ids."""
    found = _from_path(name, sources, base) if is_path(name) else ""
    return found if isinstance(found, str) else ""


def index() -> dict[str, str]:
    """Every short name and repository id of the catalogue, and the entry it stands for."""
    names: dict[str, str] = fact("index")["names"]
    return names


def model_names() -> tuple[str, ...]:
    """Every short name and repository id, in order of the alphabet."""
    return tuple(sorted(index()))


def known() -> dict[str, dict[str, Any]]:
    """Names that are known without a config, with their published totals where there are any."""
    rows: dict[str, dict[str, Any]] = fact("known")["names"]
    here = index()
    return {n: row for n, row in rows.items() if n not in here and row["id"] not in here}


def twins() -> int:
    """How many repositories are known by an entry of the same shape."""
    rows: dict[str, list[str]] = fact("twins")["rows"]
    return sum(len(names) for names in rows.values())


def variant(model: Model, word: str) -> Model | None:
    """The catalogue's own checkpoint of the same model whose weights are `word`, else None.

    `model` may be any checkpoint of the family. Where several are alike, that of the original's
    publisher comes first, then the others in order of id.
    """
    if model.quant.weights == word:
        return model
    rows: dict[str, dict[str, list[str]]] = fact("variants")["bases"]
    files = rows.get(model.base or model.id, {}).get(word, [])
    return derived(files[0]) if files else _converted(model, word)


def _converted(model: Model, word: str) -> Model | None:
    """A checkpoint of llama.cpp or MLX that was made from the model, where one is known."""
    if not word.startswith("mlx") and word[:1] not in "qi":
        return None
    base = model.base or model.id
    found = fact("converted")["rows"].get(base, {}).get(word)
    file = entry_of(base)
    if found is None or not file:
        return None
    from servec.compiler.memory.served import quant_as

    original = derived(file)
    method = "mlx" if word.startswith("mlx") else "gguf"
    quant = replace(quant_as(original, word), method=method)
    made = replace(original, id=found["repo"], base=base, quant=quant, file=found.get("file", ""))
    return replace(made, checkpoint_bytes=0, published_total=0, source=found["source"])


@lru_cache(maxsize=128)
def derived(file: str) -> Model:
    """The model of the entry called `file`."""
    return decoded(fact("derived/" + file))


def _from_path(name: str, sources: Sources | None, base: str) -> Model | str:
    from servec.compiler.catalogue.folder import read_folder
    from servec.compiler.catalogue.ingest.build import Refused

    if sources is None:
        return "no files can be read here"
    found: Model | Refused = read_folder(name, sources, base)
    return found.why if isinstance(found, Refused) else found
