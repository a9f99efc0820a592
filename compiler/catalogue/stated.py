"""Hardware as people state it in a title, a thread or an environment dump.

Read in this order: the whole text as one name; a dump (`GPU 0: …`), one line a device; a cloud
instance type; the longest runs of words that name a device; codes of an architecture; what people
call one. Of several devices all are given, and whoever asks decides.
"""

from __future__ import annotations

import re
import unicodedata

from servec.compiler.catalogue.bare import bare_device, coded, worded
from servec.compiler.catalogue.heard import heard, of_size
from servec.compiler.catalogue.runs import HOST, TIMES, named_runs, numbers, parts
from servec.compiler.catalogue.spelt import SIZE, sizes_in
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 4000
"""Characters of a text that is read; a longer one is none."""
DUMP = re.compile(
    r"(?:\b(?:gpu|device|card)\s*(\d[\d, ]*)\s*[:=]\s*|^\|\s*(\d+)\s+(?=nvidia|tesla|quadro|amd))"
    r"(.+?)(?=$|\n|\||\s+(?:gpu|device)\s*\d)",
    re.I | re.M,
)
"""Lines of `collect_env`, `check_env` and `llama-server`, and of the table of `nvidia-smi`."""
BUS = re.compile(r"\b[0-9a-f]{8}:[0-9a-f:.]*", re.I)
PCIE = re.compile(r"\bpcie\b[^,;()\n]*?x\s?\d+", re.I)
SCRIPT = re.compile(r"([\u3400-\u9fff]+)")
COUNTED = re.compile(
    r"([\u53cc\u4e24\u4e8c\u4e09\u56db\u516d\u516b]|\d+)\s*([\u5f20\u5361\u5757\u53f0\u4e2a\u8def])"
)
"""A number and the word that counts cards, in Chinese."""
SLICE = re.compile(r"\b(?:grid\s+)?([a-z]{1,3}\d{1,4}s?)[dx]?-(\d{1,3})[abcq]\b", re.I)
"""A slice of a card that a virtual machine is given: `GRID V100D-32C`, `A40-48Q`."""
NODES = re.compile(
    r"^(\d{1,3})\s*(?:[x*]\s*(?=\(?\d{1,2}\s*[x*]\s*[a-z])|(?:x\s*)?(?:nodes?|hosts?|machines?|servers?)"
    r"\b[\s,:]*(?:of|with|x|\*|each)?\s*(?=\(?(?:\d{1,2}\s*[x*]\s*|[1-8]\s+)[a-z]))",
    re.I,
)
"""How many machines have what is said behind it: `2 nodes of 8x H100`, `2x 8xH100`."""
OF_NODES = re.compile(
    r"^(.+?)\s*(?:[x*]\s*|\bper node\D{0,6})(\d{1,3})\s*(?:nodes?|hosts?|machines?|servers?)$", re.I
)
"""How many have what is said before it: `8xH100 x 2 nodes`."""
MARKS = re.compile(r"\((?:r|tm)\)|[\u2122\u00ae]", re.I)
CPU = re.compile(
    r"\b(?:(?:amd\s+)?(?:ryzen(?!\s+ai\s+max)|threadripper|epyc)|(?:intel\S*\s+)?(?:xeon|core)\b"
    r"|i[3579]-?\d{4,5})[^,;+()/|\n]*",
    re.I,
)
GPU = re.compile(
    r"\b(?:[vi]?gpus?|vram|cuda|rocm|hip|vulkan|sycl|cards?|hbm\w*|gddr\w*)\b"
    r"|\u663e\u5361|\u663e\u5b58",
    re.I,
)
MAKER = re.compile(
    r"[\s\dx*,:]*(?:any\s+)?(?:nvidia|amd)[\s\dx*,:]*(?:(?:rdma|nvlink|pcie|infiniband)[\s\dx*,:]*)?",
    re.I,
)
"""A maker alone, with a number: `8x nvidia`; one with a name that is not known is none."""
NO_GPU = re.compile(r"\bcpu[ -]?only\b|\bno gpu\b|\bwithout (?:a )?gpu\b", re.I)


@record
class Stated:
    """The names that a text may stand for, the number of devices (0: not stated), and whether the
    text is such a name as it stands."""

    names: tuple[str, ...] = ()
    number: int = 0
    plain: bool = False


def stated(text: str) -> Stated:
    """What a text says of the hardware; no names where nothing in it is known."""
    text = text.strip()
    if text.isascii() and (found := heard(text)):
        return Stated(found, 0, True)
    if len(text) > LONGEST or not all(sign.isprintable() or sign.isspace() for sign in text):
        return Stated()
    text = _normal(text)
    if nodes := NODES.match(text):
        each = stated(text[nodes.end() :])
        return Stated(each.names, each.number * int(nodes[1]))
    if nodes := OF_NODES.match(text):
        each = stated(nodes[1])
        return Stated(each.names, (each.number or 1) * int(nodes[2]))
    for read in (_counted, _dumped, _instance, _words):
        said = read(text)
        if said is not None:
            return said
    return _coded(text)


def _normal(text: str) -> str:
    """One form for what looks alike, with a space around words of other scripts."""
    text = unicodedata.normalize("NFKC", text).replace("\u00d7", "x").replace("\u2019", "'")
    text = COUNTED.sub(r" \1 \2 ", SLICE.sub(r"\1 \2GB", text))
    text = SCRIPT.sub(r" \1 ", BUS.sub(" ", PCIE.sub("pcie", MARKS.sub(" ", text))))
    return re.sub(r"[^\S\n]+", " ", text).strip()


def _counted(text: str) -> Stated | None:
    """`8x H100 80GB`, `h100:8`: one name and its number; nothing of `h100 x many`."""
    lead = re.fullmatch(r"(\d{1,3})(?:\s*[x*]\s*|\s+)(.+)", text, re.I)
    tail = re.fullmatch(r"(.+?)\s*[x*:]\s*(\d{1,6})", text, re.I)
    twice = re.fullmatch(r"(.+?)\s*[x*]\s*(\d{1,3})\s*[x*]\s*(\d{1,3})", text, re.I)
    if twice and (names := heard(twice[1])):
        return Stated(names, int(twice[2]) * int(twice[3]))
    odd = re.fullmatch(r"(.+?)\s+x\s+([^\s\d]\S*)", text)
    if odd and heard(odd[1]):
        return Stated()
    for kind, number in (
        (lead and lead[2], lead and lead[1]),
        (tail and tail[1], tail and tail[2]),
    ):
        if kind and number and (names := heard(kind)):
            return Stated(names, int(number), True)
    return None


def _dumped(text: str) -> Stated | None:
    """Lines of an environment dump, one for each device or for several."""
    kinds: dict[str, tuple[str, ...]] = {}
    ids: set[str] = set()
    for line in DUMP.finditer(text):
        kind = line[3].strip()
        if "capability" in kind.lower() and not re.search(r"[a-z].*,", kind, re.I):
            continue
        if kind not in kinds:
            kinds[kind] = heard(kind) or (_words(kind) or _coded(kind)).names
        if kinds[kind]:
            ids.update(re.findall(r"\d+", line[1] or line[2]))
    found = [names for names in kinds.values() if names]
    return Stated(_joined(found), len(ids) if len(ids) > 1 else 0) if found else None


def _instance(text: str) -> Stated | None:
    from servec.compiler.catalogue.instances import instance

    found = instance(text)
    if found is None:
        return None
    kind, number, words = found
    rest = None if number else _words(re.sub(re.escape(words), " ", text, flags=re.I))
    return Stated((kind,), rest.number if rest is not None and kind in rest.names else number)


def _words(text: str) -> Stated | None:
    """The devices that runs of words name, with hyphens first and without them then."""
    host = CPU.sub(" ", text)
    for form in (host, re.sub(r"[-_]", " ", host)):
        found = named_runs(form)
        if found:
            said = [number for _, number in found if number] or numbers(form, before=False)
            return Stated(_joined([names for names, _ in found]), max(said, default=0))
    return None


def _joined(found: list[tuple[str, ...]]) -> tuple[str, ...]:
    """What several names of one thing have in common; all where they have nothing."""
    return _common(found) or of_size(_all(found), 0)


def _coded(text: str) -> Stated:
    """An architecture by its code or by what people call it, or else the memory alone; the number
    alone of a GPU that is not named."""
    names = coded(text) or _called(text)
    sizes = sizes_in(HOST.sub(" ", " ; ".join(parts(text.lower()))))
    if names:
        made = tuple(f"{name}-{size}g" for size in sizes[:1] for name in names if _holds(name))
        names = made or names
    elif sizes and (GPU.search(text) or SIZE.fullmatch(text.lower())):
        names = (f"any-{max(sizes)}g",)
    elif GPU.search(text) or MAKER.fullmatch(text):
        names = ("any",)
    return Stated(names, max(numbers(text), default=0) if names else 0)


def _holds(arch: str) -> bool:
    """Whether memory that is stated beside an architecture is that of one device of it."""
    device = bare_device(arch)
    return (
        device is not None and device.vendor in ("nvidia", "amd", "intel") and device.kind == "gpu"
    )


def _called(text: str) -> tuple[str, ...]:
    table = {word.replace("-", " "): archs for word, archs in worded().items()}
    found: dict[str, tuple[str, ...]] = {}
    for part in parts(re.sub(r"[-_]", " ", TIMES.sub(" ", text.lower()))):
        words = part.split()
        for length in (3, 2, 1):
            for start in range(len(words) - length + 1):
                run = " ".join(words[start : start + length])
                if run in table and not any(run in longer for longer in found):
                    found[run] = table[run]
    if not found:
        return worded()["cpu"] if NO_GPU.search(text) or CPU.search(text) else ()
    rows = [archs for archs in found.values() if archs[0][:3] != "cpu"] or list(found.values())
    return _common(rows) or _all(rows)


def _common(found: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for name in found[0] if all(name in other for other in found))


def _all(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in found for name in names))
