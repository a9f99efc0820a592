"""The fields that `writers` writes for mlx-lm, read back from a command line."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from servec.targets.shared.importing.sheet import Reader, Sheet

BACKENDS = ("ring", "mpi", "nccl", "jaccl", "jaccl-ring")
"""What `mlx.launch` knows (mlx 0.32.4 mlx/_distributed_utils/launch.py main)."""
OPENED = ("adapter-path",)
"""What is opened behind the parser (mlx-lm mlx_lm/utils.py load_adapters)."""


def batch(sheet: Sheet) -> None:
    """Answers under way at once."""
    number = sheet.whole("decode-concurrency", 0)
    if number:
        sheet.field("limits.batch", number, "decode-concurrency")


def ranks(sheet: Sheet) -> None:
    """Ranks of several Macs share each layer, or with `--pipeline` the layers."""
    if sheet.nodes > 1:
        staged = sheet.get("pipeline") is True
        sheet.field("parallel.pipeline" if staged else "parallel.tensor", sheet.nodes)
        if staged:
            sheet.use("pipeline")


def speculative(sheet: Sheet) -> None:
    """The draft model and how many tokens it proposes."""
    draft, tokens = sheet.get("draft-model"), sheet.whole("num-draft-tokens", 0)
    if isinstance(draft, str) and tokens:
        sheet.field("features.speculative", "draft")
        sheet.field("features.draft", draft, "draft-model")
        sheet.field("features.draft_tokens", tokens, "num-draft-tokens")


class _Words(argparse.ArgumentParser):
    """Raises where the program would end."""

    def error(self, message: str) -> NoReturn:
        """Every mistake of the words."""
        raise ValueError(message)


def launcher(before: Sequence[str]) -> tuple[int, tuple[tuple[str, str], ...]]:
    """How many ranks `mlx.launch` starts, and what it would refuse; a host file is not read."""
    if before[0].rpartition("/")[2] != "mlx.launch":
        return 1, ()
    parser = _Words(add_help=False)
    parser.add_argument("--hosts", default="127.0.0.1")
    parser.add_argument("--repeat-hosts", "-n", type=int, default=1)
    for name in ("--hostfile", "--backend", "--env", "--mpi-arg", "--cwd", "--python"):
        parser.add_argument(name)
    for name in ("--connections-per-ip", "--nccl-port"):
        parser.add_argument(name, type=int)
    parser.add_argument("--starting-port", "-p", type=int)
    for name in ("--verbose", "--print-python"):
        parser.add_argument(name, action="store_true")
    try:
        said, _ = parser.parse_known_args(before[1:])
    except ValueError as wrong:
        return 1, ((before[0], f"its own words: {wrong}"),)
    if said.repeat_hosts < 1:
        return 1, (("-n", "hosts are repeated once or more"),)
    if said.backend is not None and said.backend not in BACKENDS:
        return 1, (("--backend", f"it is one of {', '.join(BACKENDS)}"),)
    hosts = [host for host in said.hosts.split(",") if host]
    return 1 if said.hostfile else max(1, len(hosts)) * said.repeat_hosts, ()


READERS: dict[str, Reader] = {"batch": batch, "ranks": ranks, "speculative": speculative}
