"""Where a run keeps what it needs: below `.servec` in the project's root, which git ignores."""

from __future__ import annotations

import os

from servec.dsl.record import record

HOME = ".servec"


@record
class Place:
    """The folders of a run: `root` is the project's, `out` holds the scripts of all runs, `folder`
    (`<deployment>/<target>`, below `out`) those of this one."""

    root: str
    folder: str

    @property
    def home(self) -> str:
        """servec's own folder in the project."""
        return os.path.join(self.root, HOME)

    @property
    def out(self) -> str:
        """Where the scripts of every run lie, as below an output folder."""
        return os.path.join(self.home, "run")

    @property
    def scripts(self) -> str:
        """The scripts of this run, relative to the project's root."""
        return f"{HOME}/run/{self.folder}"

    @property
    def logs(self) -> str:
        """The folder of the logs, a file a step."""
        return os.path.join(self.out, self.folder, "logs")

    @property
    def stamps(self) -> str:
        """The folder of the stamps, for all deployments of the project."""
        return os.path.join(self.home, "steps")

    def log(self, name: str) -> str:
        """The log of a step."""
        return os.path.join(self.logs, f"{name.replace('/', '-')}.log")

    def make(self) -> None:
        """Make the folders; git is told to look away."""
        os.makedirs(self.logs, exist_ok=True)
        ignore = os.path.join(self.home, ".gitignore")
        if not os.path.exists(ignore):
            with open(ignore, "w", encoding="utf-8") as file:
                file.write("*\n")
