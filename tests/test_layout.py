"""The house: links, layers and sizes that later work relies on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("dsl", "compiler", "targets")
# What start-up cannot afford on the path of `check` and `compile` (see CONTRIBUTING).
HEAVY = {
    "asyncio", "click", "contextlib", "dataclasses", "datetime", "enum", "inspect", "jinja2",
    "jsonschema", "lark", "logging", "networkx", "numpy", "packaging", "pathlib", "pydantic",
    "random", "rich", "subprocess", "tempfile", "typing", "urllib", "yaml",
}  # fmt: skip


@pytest.mark.parametrize("name", PACKAGES)
def test_the_package_links_point_at_the_root_folders(name: str) -> None:
    link = ROOT / "src" / "servec" / name
    assert link.is_symlink(), (
        f"{link} is no link: a checkout without link support (Windows: git config core.symlinks"
        " true, with developer mode on) turns it into a text file"
    )
    assert link.resolve() == ROOT / name


def sources() -> list[Path]:
    found = [p for name in PACKAGES for p in (ROOT / name).rglob("*.py")]
    return sorted(found + list((ROOT / "src").glob("servec/*.py")))


def module_level_imports(tree: ast.Module) -> set[str]:
    """Top-level packages that importing the module imports, without those for type checkers."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


OFFLINE = {
    "extract",
    "oracle",
    "calibrate",
    "replay",
    "oracle_platform",
    "oracle_plan",
    "oracle_classes",
    "oracle_tables",
    "validate",
    "tables",
}


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_heavy_is_imported_at_start(path: Path) -> None:
    if OFFLINE & set(path.relative_to(ROOT).with_suffix("").parts):
        return  # programs of their own, never imported by a command
    heavy = module_level_imports(ast.parse(path.read_text())) & HEAVY
    assert not heavy, f"import {', '.join(sorted(heavy))} inside the function that needs it"


def test_every_folder_of_code_says_what_it_holds() -> None:
    for path in sources():
        folder = path.parent
        if folder.name != "servec":
            init = folder / "__init__.py"
            assert init.is_file(), f"{folder} has no __init__.py"
            assert ast.get_docstring(ast.parse(init.read_text())), f"{init} says nothing"


def test_each_table_of_a_target_is_told() -> None:
    """`targets/README.md` says of each data file of a target what it is, and of no other."""
    page = (ROOT / "targets" / "README.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    folders = [path.parent for path in (ROOT / "targets").glob("*/emit.py")]
    there = {path.name for folder in folders for path in folder.glob("*.json")}
    there |= {f"{path.parent.name}/" for folder in folders for path in folder.glob("*/*.json")}
    assert there == {name for name in told if name.endswith((".json", "/"))}
