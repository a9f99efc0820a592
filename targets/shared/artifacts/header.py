"""The lines every artifact begins with: what made it, from what, and how to make it again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.artifacts.subject import Subject


def header_lines(subject: Subject) -> tuple[str, ...]:
    """The header without comment signs: servec, language, digests, target, regeneration.

    Deployment and target names are checked words; the spec's path is shown with every character
    outside printable ASCII escaped, so that it cannot end the comment it stands in.
    """
    spec = visible(subject.spec)
    tables = ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(subject.tables.items()))
    return (
        f"Written by servec {subject.servec} (language 1) from {spec}; edit that, not this file.",
        f"deployment {subject.deployment}, {subject.target} {subject.launch.version},"
        f" spec digest {subject.digest[:12]}",
        f"tables: {tables}" if tables else "tables: none",
        f"again: servec compile {spec} --deployment {subject.deployment} --target {subject.target}",
    )


def comment(subject: Subject, sign: str = "#") -> str:
    """The header as comment lines, with a final line end."""
    return "".join(f"{sign} {line}\n" for line in header_lines(subject))


def visible(text: str) -> str:
    """`text` on one line of printable ASCII; anything else as a Python-style escape."""
    return text.encode("unicode_escape").decode("ascii") if not text.isascii() else escaped(text)


def escaped(text: str) -> str:
    """ASCII `text` with control characters escaped."""
    if text.isprintable():
        return text
    return text.encode("unicode_escape").decode("ascii")
