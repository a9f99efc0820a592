"""Every rule of every family, and its explain page as Markdown."""

from __future__ import annotations

from importlib import import_module

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.rule import Rule

REGISTRIES = (
    "servec.dsl.checks.registry",
    "servec.compiler.rules.registry",
    "servec.compiler.options.rules",
    "servec.cli.rules",
)


@record
class RulePage:
    """What is shown of a rule: `title` is the first line of its page, `markdown` the whole."""

    rule: Rule
    title: str
    checks: str
    because: str
    wrong: str
    right: str
    source: str

    @property
    def markdown(self) -> str:
        """The page as `servec explain` prints it."""
        return f"""# {self.rule.code}: {self.title}

{self.rule.severity} `{self.rule.name}`

What is checked: {self.checks}

Why: {self.because}

Wrong:

{_fenced(self.wrong)}

Right:

{_fenced(self.right)}

Source: {self.source}
"""


def _fenced(text: str) -> str:
    return f"```text\n{text.strip()}\n```"


def all_rules() -> dict[str, Rule]:
    """Every rule by its code, in order of code."""
    found = [rule for name in REGISTRIES for rule in import_module(name).RULES]
    return {rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)}


def page_of(code: str) -> RulePage | None:
    """The explain page of a code, None where there is no such rule."""
    rule = all_rules().get(code)
    if rule is None:
        return None
    page = rule.page()
    return RulePage(
        rule, page.summary, page.checks, page.because, page.wrong, page.right, page.source
    )
