"""`servec.import/1`: a spec read from launch commands."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from servec.cli.documents.check import DiagnosticDocument


@record
class DifferenceDocument:
    """An option, or `env NAME`, that the line and what is written for the spec do not say alike.

    `why` explains one that means the same; "" where nothing does. `process`: which of several.
    """

    name: str
    kind: Literal["missing", "added", "changed"]
    before: str
    after: str
    why: str
    process: str


@record
class ImportedDocument:
    """One command. `flags` it names, of which `native` stay in the `on` block.

    `refused`: what the runtime's parser takes exception to. `short`: prefixes written for whole
    options. `unset`: flags whose value is a variable that nothing sets, left out. `gone`: flags
    that the version no longer has, and what says the same now. `withheld`: variables with secrets,
    and `dropped`: defaults, that the spec leaves out; `unsaid`: what holds characters that no spec
    can hold; `ignored`: variables that this version does not read; `aside`: flags of a program
    around the runtime, left out.
    `compiled`: whether a launch could be written for the spec.
    """

    deployment: str
    runtime: str
    version: str
    flags: int
    native: tuple[str, ...]
    refused: tuple[str, ...]
    short: tuple[str, ...]
    unset: tuple[str, ...]
    gone: tuple[str, ...]
    withheld: tuple[str, ...]
    dropped: tuple[str, ...]
    unsaid: tuple[str, ...]
    ignored: tuple[str, ...]
    aside: tuple[str, ...]
    compiled: bool
    differences: tuple[DifferenceDocument, ...]


@record
class StretchDocument:
    """Releases from `first` to `last` that fare alike; `refused` is why, "" where nothing is found
    against the line."""

    first: str
    last: str
    refused: str


@record
class ImportDocument:
    """Output of `import`: the spec, its findings, and each command with what became of it.

    `releases`: where a range is stated and judged, how the line fares with those that are known.
    """

    schema: Literal["servec.import/1"] = "servec.import/1"
    spec: str = ""
    commands: tuple[ImportedDocument, ...] = ()
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    releases: tuple[StretchDocument, ...] = ()
    error: str = ""
