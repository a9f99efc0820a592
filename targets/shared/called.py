"""What people call the runtimes and their releases, and the packages around them."""

from __future__ import annotations

import re

SAID = r"(?:([A-Za-z][A-Za-z._ -]+?)[ :=@-]*)?v?(b?[0-9][\w.+-]*)(?: *\(.*\))?"
"""A release as people write it: `LM Studio 0.3.5 (Build 2)`, `version: 9464 (5dcb71166)`."""
PLAIN = ("", "build", "release", "version")
DRESS = (
    r"(\d[\w.+]*)-(?:cu|rocm|openai|devel|runtime|ubuntu|ascend|x86|arm|aarch|py|cpu|xpu|hpu|slim)"
)
"""What a tag of an image says behind the release: `0.11.0-cu128`."""
OPEN = r"(\d+(?:\.\d+)*)\.[xX*]"
"""All releases that begin so: `0.8.x`."""
LINE = r"\d+\.\d+"
"""The same, where releases have three numbers: `0.8`."""
PINNED = r"^([A-Za-z][\w.-]*?)(?:==|:)(?=[vb]?\d)"
"""A runtime and its release as other tools write them: `vllm==0.8.5`, `vllm:v0.8.5`."""


def called(word: str, runtime: str = "") -> str:
    """`NAME[@VERSION]` with the name as it is called here, where it is one that people use.

    Signs between the letters and capitals make no difference: `llama.cpp` is `llamacpp`. A release
    of a package around the runtime, llama-cpp-python's 0.3.16, is the build inside: b6170; so is
    one of a program that holds it, `llamafile@0.9.0`, or `llamacpp@llamafile 0.9.0`. Where none
    tells which that is, the runtime alone is left. `runtime`: the one that is meant where a
    program holds several.
    """
    from servec.targets.shared.table import runtimes

    word = re.sub(PINNED, r"\1@", word)
    name, at, version = word.partition("@")
    known = runtimes()
    if name and name not in known:
        from servec.targets.shared.wrapped import holder

        found = _named(name)
        if found not in known and holder(found):
            name, version = holder(found, runtime), f"{found} {version}"
        else:
            name = found if found in known else name
    if name in known and _held(name, version):
        name, version = _held(name, version), f"{name} {version}"
    version = version_in(name, version)
    return f"{name}@{version}" if version or (at and not word.partition("@")[2]) else name


def _held(name: str, version: str) -> str:
    """The runtime inside a release of one that holds another and has no table for it, "" for any
    other: Ray's, of which the engine's line is judged then."""
    from servec.compiler.options.versions import is_exact, pick
    from servec.targets.shared.table import versions
    from servec.targets.shared.wrapped import held, holder

    if not is_exact(version) or not (inside := holder(name)) or inside == name:
        return ""
    there = pick(version, versions(name)).version
    return inside if not there and held(name, version, inside) else ""


def names(word: str, runtime: str = "") -> tuple[tuple[str, str], str]:
    """The program around the runtime, with its release, and the word as `called` gives it."""
    return wrapper_of(word), called(word, runtime)


def version_in(runtime: str, stated: str) -> str:
    """The version of the runtime that a text states: of itself, or of a program that holds it; ""
    where that is not known, and the text as it is where it is neither."""
    from servec.compiler.options.versions import is_exact
    from servec.targets.shared.table import runtimes
    from servec.targets.shared.wrapped import bound

    if not stated or runtime not in runtimes():
        return stated
    stated = _undressed(stated)
    package, version = wrapper(stated)
    if package:
        from servec.targets.shared.wrapped import held, holder

        return held(package, version, runtime) if holder(package, runtime) == runtime else stated
    of, plain = _parts(stated)
    its = is_exact(plain) or plain.isdecimal()
    taken = its and not is_exact(stated) and of in (*PLAIN, runtime)
    return bound(runtime, _every(runtime, plain if taken else stated))


def _every(runtime: str, stated: str) -> str:
    """`0.8` as all releases of it, where they have three numbers and are older than the tables."""
    from servec.compiler.options.versions import order
    from servec.targets.shared.table import versions

    oldest = versions(runtime)[0]
    old = re.fullmatch(LINE, stated) and oldest.count(".") > 1 and order(stated) < order(oldest)
    return f"=={stated}.*" if old else stated


def _undressed(stated: str) -> str:
    """A release, or a range as pip writes it, of what stands for it elsewhere."""
    text = stated.strip().rstrip(",;")
    if len(text) > 100 or not text[:1].isascii():
        return stated
    if text[:1] in "<>=!~":
        return re.sub(r"\s+(?=[<>=!~])", ",", re.sub(r"\s*,\s*", ",", text))
    plain = text[1:] if re.match(r"[vV]\d", text) else text
    if found := re.fullmatch(OPEN, plain):
        return f"=={found[1]}.*"
    dressed = re.match(DRESS, plain)
    return dressed[1] if dressed else plain if text[:1] == "V" else text


def wrapper_of(word: str) -> tuple[str, str]:
    """The program around the runtime in `NAME[@VERSION]`, and its release; twice "" for none."""
    from servec.targets.shared.table import runtimes

    name, _, version = word.partition("@")
    return wrapper(version if name in runtimes() or wrapper(version)[0] else f"{name} {version}")


def wrapper(stated: str) -> tuple[str, str]:
    """The program that a release is of by its text, by name, and that release; else twice ""."""
    from servec.targets.shared.wrapped import holder

    of, version = _parts(stated)
    return (of, version) if of and holder(of) else ("", "")


def _parts(stated: str) -> tuple[str, str]:
    """The name in front of a release, as it is called here, and the release."""
    found = re.fullmatch(SAID, stated.strip()) if len(stated) <= 100 else None
    if found is None:
        return (_named(stated), "") if stated.strip().isalpha() else ("", stated)
    return _named(found[1] or "") if found[1] else "", found[2]


def _named(text: str) -> str:
    """A name by its letters, or the runtime that people call so."""
    from servec.targets.shared.importing.programs.listed import called as people

    letters = "".join(letter for letter in text.lower() if letter.isalnum())
    return people().get(letters, letters)
