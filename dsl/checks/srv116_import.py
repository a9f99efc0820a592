"""Import outside the project, or absent.

Checks: an import is a relative path with forward slashes that stays inside the project root and
    names a file that can be read.
Because: a spec must read the same on every machine that has the project, and may not reach for
    files beside it.
Wrong: import "../house/profiles.srv" as house
Right: import "profiles.srv" as house
Source: language reference, "Statements"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.limits import MAX_FILES, MAX_IMPORTED_BYTES
from servec.dsl.nearest import nearest
from servec.dsl.sources import parent
from servec.dsl.wording import clipped, code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.program import Program
    from servec.dsl.tree import File, Import


def _finding(
    title: str, file: File, node: Import, text: str, fixes: tuple[Fix, ...] = ()
) -> Diagnostic:
    span = Span(file.path, node.path.start, node.path.end)
    return Diagnostic("SRV116", "error", title, Label(span, clipped(text, 60)), fixes=fixes)


def import_outside(file: File, node: Import) -> Diagnostic:
    """A path that is no relative one inside the project."""
    wanted = node.path.text
    name = code(wanted)
    span = Span(file.path, node.path.start, node.path.end)
    if "://" in wanted:
        return _finding(f"{name} is a URL, and imports are files", file, node, "no network is read")
    if "\\" in wanted:
        edit = Edit(span, '"' + wanted.replace("\\", "/") + '"')
        fix = Fix("use forward slashes", (edit,))
        return _finding("import paths use forward slashes", file, node, "backslash", (fix,))
    if not wanted:
        return _finding("an import needs a path", file, node, "empty")
    if wanted.startswith("/"):
        return _finding(f"{name} is absolute", file, node, "paths are relative to this file")
    return _finding(f"{name} leads out of the project", file, node, "outside the project root")


def import_absent(program: Program, file: File, node: Import, target: str) -> Diagnostic:
    """A path at which no file can be read."""
    folder, name = parent(target), target.rpartition("/")[2]
    names = [other for other in program.sources.listdir(folder or ".") if other.endswith(".srv")]
    near = nearest(name, names)
    text = f"did you mean {codes(near)}?" if near else "no such file, or not readable"
    head = node.path.text[: -len(name)] if node.path.text.endswith(name) else ""
    span = Span(file.path, node.path.start, node.path.end)
    fixes = tuple(
        Fix("correct the name", (Edit(span, f'"{head}{other}"'),), len(near) == 1)
        for other in near[:1]
    )
    return _finding(f"{code(node.path.text)} cannot be read", file, node, text, fixes)


def too_much_imported(file: File, node: Import) -> Diagnostic:
    """More files, or more bytes, than are read for one spec."""
    megabytes = MAX_IMPORTED_BYTES // 2**20
    title = f"the spec imports more than {MAX_FILES} files or {megabytes} MiB"
    return _finding(title, file, node, "not read any more")


def spec_absent(path: str) -> Diagnostic:
    """The spec itself cannot be read."""
    title = f"{code(path, 80)} cannot be read"
    return Diagnostic("SRV116", "error", title, Label(Span(path, 0, 0), "no such file"))
