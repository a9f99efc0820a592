"""Reads a prefill and a decode server as one deployment."""

from __future__ import annotations

from servec.dsl.record import record, replace
from servec.targets.shared.effective import ROLE_PORTS
from servec.targets.shared.importing.compare import compare
from servec.targets.shared.importing.compiled import (
    Outcome,
    changed,
    compiled,
    restored,
    unread_variables,
)
from servec.targets.shared.importing.head import head_of
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.read import read_command
from servec.targets.shared.importing.roles_text import apart, pair_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.target import Process, Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compare import Difference
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.read import Imported, Wish
    from servec.targets.shared.importing.sheet import Reader

ROUNDS = 4


@record
class Pair:
    """Two roles in one spec. `differences` and `processes` by role; empty where none compile."""

    text: str
    roles: Mapping[str, Imported]
    diagnostics: tuple[Diagnostic, ...]
    processes: Mapping[str, Process]
    differences: Mapping[str, tuple[Difference, ...]]

    def outcome(self) -> Outcome:
        """As one command: what both lines name, and their differences by role."""
        one, other = self.roles.values()
        both = replace(
            one.said,
            flags=one.said.flags + other.said.flags,
            troubles=tuple(dict.fromkeys((*one.said.troubles, *other.said.troubles))),
            short=tuple(dict.fromkeys((*one.said.short, *other.said.short))),
        )
        whole = replace(
            one,
            text=self.text,
            said=both,
            native=tuple(dict.fromkeys((*one.native, *other.native))),
            withheld=tuple(dict.fromkeys((*one.withheld, *other.withheld))),
        )
        found = [
            replace(item, process=role) for role, each in self.differences.items() for item in each
        ]
        process = self.processes.get("prefill")
        return Outcome(whole, self.diagnostics, process, tuple(found))

    @property
    def unfit(self) -> bool:
        """Whether the two are refused since the caches of one do not fit the other."""
        wrong = [item.code for item in self.diagnostics if item.severity == "error"]
        return wrong == ["SRV409"]

    @property
    def good(self) -> bool:
        """Whether both come back as they were."""
        return bool(self.processes) and not any(
            not item.why for each in self.differences.values() for item in each
        )


def import_pair(
    wish: Wish,
    commands: Mapping[str, Command],
    readers: Mapping[str, Reader],
    target: Target,
    path: str,
) -> Pair | None:
    """`commands`: `prefill` and `decode`. None where they do not come back as one deployment."""
    for _ in range(ROUNDS):
        roles = {
            role: read_command(replace(wish, role=role), item.words, item.env, readers)
            for role, item in commands.items()
        }
        _one_port(roles)
        more = _own(roles)
        if more - wish.kept:
            wish = replace(wish, kept=wish.kept | more)
            continue
        found = _pair(wish, roles, target, path)
        if found is None or found.good or found.unfit:
            return found
        kept, undone, ignored = wish.kept, wish.undone, wish.ignored
        for role, each in found.roles.items():
            made = found.differences.get(role, ())
            kept |= changed(each, made, found.diagnostics, found.text)
            undone |= restored(each, made)
            ignored |= unread_variables(each, found.diagnostics, found.text)
        if (kept, undone, ignored) == (wish.kept, wish.undone, wish.ignored):
            return None
        wish = replace(wish, kept=kept, undone=undone, ignored=ignored)
    return None


def _one_port(roles: Mapping[str, Imported]) -> None:
    """Ports one and two above the API's are said by the API's own (`ROLE_PORTS`)."""
    ports = {role: each.sheet.fields.get("api.port") for role, each in roles.items()}
    bases = {port - ROLE_PORTS[role] for role, port in ports.items() if isinstance(port, int)}
    if len(bases) == 1 and all(isinstance(port, int) for port in ports.values()):
        for each in roles.values():
            each.sheet.fields["api.port"] = next(iter(bases))


def _own(roles: Mapping[str, Imported]) -> frozenset[str]:
    """Options that stay native since the language has their fields once for both roles."""
    sheets = [each.sheet for each in roles.values()]
    return frozenset(
        option
        for path in apart(*sheets)
        for sheet in sheets
        for option in sheet.origin.get(path, ())
    )


def _pair(wish: Wish, roles: Mapping[str, Imported], target: Target, path: str) -> Pair | None:
    sheets = {role: each.sheet for role, each in roles.items()}
    first = roles["prefill"]
    if apart(*sheets.values()) or any(sheet.adapters for sheet in sheets.values()):
        return None
    hardware = {
        role: head_of(wish, each.sheet, each.model)["hardware"] for role, each in roles.items()
    }
    head = head_of(wish, first.sheet, first.model)
    text = pair_text(sheets, head, wish.stated, hardware)
    launch, diagnostics = compiled(text, target, path)
    if launch is None:
        return Pair(text, roles, diagnostics, {}, {})
    files = {each.path: each.text for each in launch.configs}
    processes: dict[str, Process] = {}
    for each in launch.processes:
        if each.role in roles:
            processes.setdefault(each.role, each)
    differences = {
        role: compare(roles[role], command(each.argv).words, each.env, files)
        for role, each in processes.items()
    }
    return Pair(text, roles, diagnostics, processes, differences)
