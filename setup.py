"""Compiles the modules where servec is installed in place; all else is in `pyproject.toml`.

pip compiles what it copies, but `pip install -e .` copies nothing, and where
PYTHONDONTWRITEBYTECODE is set, as in many containers, Python never writes what it compiled: each
start of servec would compile 130 modules anew, which takes ten times as long as running them.
"""

from compileall import compile_dir
from pathlib import Path

from setuptools import setup
from setuptools.command.editable_wheel import editable_wheel

HERE = Path(__file__).parent


class Compiled(editable_wheel):
    """The editable install of setuptools, and then the byte code of the modules."""

    def run(self) -> None:
        """Install, then compile; the links in `src/servec` are compiled where they point to."""
        super().run()
        for folder in ("dsl", "compiler", "targets", "src/servec"):
            compile_dir(HERE / folder, quiet=2)


setup(cmdclass={"editable_wheel": Compiled})
