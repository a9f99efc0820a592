"""What the samples compile to, for every runtime that can serve them, and the matrix of shapes."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from servec import api
from servec.cli.sources import DiskSources
from tests.artifacts.matrix import specs
from tests.golden import ROOT

if TYPE_CHECKING:
    from servec.emissions import Emission


@cache
def emissions() -> dict[str, Emission]:
    """Every sample on every runtime that can serve it, and every shape, by folder."""
    here = os.getcwd()
    os.chdir(ROOT)
    try:
        paths = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("specs/*.srv"))]
        made = [api.compile(DiskSources(), [path], target="all") for path in paths]
        made += [api.compile({name: text}) for name, text in specs().items()]
    finally:
        os.chdir(here)
    return {emission.folder: emission for each in made for emission in each.emissions}


def text_of(emission: Emission, path: str) -> str:
    return next((a.text for a in emission.artifacts if a.path == path), "")
