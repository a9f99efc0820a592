"""Options that only releases from before the tables had."""

from __future__ import annotations

from functools import lru_cache


@lru_cache
def lost_since(runtime: str, name: str) -> str:
    """The first release read that lacks an option, by its name without dashes, which earlier ones
    had; "" for one that none had, or that the last of them has, and for a single letter, which
    people rather mean for another program's."""
    from servec.targets.shared.past.release import load_past

    past = load_past(runtime) or {"flags": {}, "versions": ()}
    row = None if len(name) < 2 else past["flags"].get(f"--{name}") or past["flags"].get(f"-{name}")
    last = row[0].split(" ")[-1].rpartition("..")[2] if row else ""
    known = past["versions"]
    behind = known[known.index(last) + 1 :] if last in known else ()
    return behind[0] if behind else ""
