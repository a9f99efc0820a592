"""The project that the tests of `servec run` run in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.run.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
