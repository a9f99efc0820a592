"""What every rule of every family is: a code, a severity, a short name and the module behind it."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Severity
    from servec.dsl.page import Page


@record
class Rule:
    """One entry of a family's registry tuple.

    `code` is permanent (`SRV104`), `severity` is the only one its findings have, `name` is the
    kebab-case short name that SARIF shows, `module` the dotted name of the one module that builds
    its findings and whose docstring is its explain page. The module is named by a string so that
    a registry can be read without importing the rules: a good spec needs none of them.
    """

    code: str
    severity: Severity
    name: str
    module: str

    def page(self) -> Page:
        """The explain page, from the docstring of the module."""
        from importlib import import_module

        from servec.dsl.page import parse_page

        return parse_page(import_module(self.module).__doc__ or "")
