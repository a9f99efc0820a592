"""What `compile --check` prints: a unified diff from what stands to what would be written."""

from __future__ import annotations

from servec.cli.render.paint import Paint
from servec.cli.render.shown import shown
from servec.cli.render.summary import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.cli.write import Difference


def render_differences(changes: Sequence[Difference], color: bool = False) -> str:
    """The diffs of all files and a last line that counts them; "" where there are none."""
    if not changes:
        return ""
    paint = Paint(color)
    lines = [line for change in changes for line in _one(change, paint)]
    lines.append(f"{count(len(changes), 'file')} not as it would be emitted")
    return "\n".join(lines) + "\n"


def render_text_diff(path: str, old: str, new: str, color: bool = False) -> str:
    """The unified diff of one text."""
    return "".join(f"{line}\n" for line in _unified(path, old, new, Paint(color)))


def _one(change: Difference, paint: Paint) -> Iterator[str]:
    if change.change == "mode":
        yield f"{change.path}: {'should' if change.executable else 'should not'} be executable"
        return
    old = (change.old or b"").decode("utf-8", "replace")
    new = (change.new or b"").decode("utf-8", "replace")
    yield from _unified(change.path, old, new, paint, change.old is None, change.new is None)


def _unified(
    path: str, old: str, new: str, paint: Paint, born: bool = False, gone: bool = False
) -> Iterator[str]:
    from difflib import unified_diff

    before = "/dev/null" if born else path
    after = "/dev/null" if gone else path
    lines = unified_diff(old.splitlines(), new.splitlines(), before, after, lineterm="")
    for line in lines:
        kind = {"+": "plus", "-": "error", "@": "gutter"}.get(line[:1], "")
        yield paint(kind, shown(line)) if kind else shown(line)
