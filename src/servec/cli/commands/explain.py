"""The long text of a rule, or why a runtime was or was not chosen for a spec."""

from __future__ import annotations

from servec.cli.documents.explain import ExplainDocument, RuleDocument
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console
    from servec.cli.rulebook import RulePage

USAGE = "[SRV123...] | SPEC --why TARGET"
EXAMPLE = """
$ servec explain SRV403                                # the page of a rule
$ servec explain                                       # every rule, one line each
$ servec explain specs/qwen3-moe.srv --why vllm        # what spoke for and against it
"""
FORMATS = ("text", "json")
EMPTY = "servec.explain/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `explain`."""
    parser.add_argument("what", nargs="*", metavar="SRV123 | SPEC", help="rules, or a spec")
    parser.add_argument("--why", default="", metavar="TARGET", help="the runtime to explain")


def run(args: Namespace, console: Console) -> int:
    """Print pages, or reasons."""
    if args.why:
        from servec.cli.why import explain_why

        return explain_why(args.what, args.why, console)
    pages = _pages(args.what)
    if console.format == "json":
        rules = tuple(
            RuleDocument(
                page.rule.code,
                page.rule.severity,
                page.rule.name,
                page.title,
                page.checks,
                page.because,
                page.wrong,
                page.right,
                page.source,
            )
            for page in pages
        )
        console.json(ExplainDocument(rules=rules))
    elif args.what:
        _print(pages, console)
    else:
        for page in pages:
            console.out(f"{page.rule.code}  {page.rule.severity:<7}  {page.title}\n")
    return 0


def _pages(codes: list[str]) -> list[RulePage]:
    from servec.cli.rulebook import all_rules, page_of

    known = all_rules()
    pages = []
    for code in codes or known:
        page = page_of(code.upper())
        if page is None:
            raise UsageError(f"there is no rule {code!r}{_hint(code, list(known))}")
        pages.append(page)
    return pages


def _hint(code: str, known: list[str]) -> str:
    if code.endswith(".srv"):
        return "; a spec is explained with `--why TARGET`"
    from difflib import get_close_matches

    found = get_close_matches(code.upper(), known, n=3)
    return f", nearest: {', '.join(found)}" if found else "; `servec explain` lists them"


def _print(pages: list[RulePage], console: Console) -> None:
    text = "\n".join(page.markdown for page in pages)
    if console.color:
        from servec.cli.render.markdown import render_markdown

        text = render_markdown(text)
    console.out(text)
