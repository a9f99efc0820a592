"""The long text of a rule, or why a runtime was or was not chosen for a spec."""

from __future__ import annotations

from servec.cli.documents.explain import ExplainDocument, RuleDocument, WhyDocument
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console
    from servec.cli.rulebook import RulePage
    from servec.compiler.result import Candidate, DeploymentResult

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
        return _why(args, console)
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


def _why(args: Namespace, console: Console) -> int:
    from servec.cli.checked import checked
    from servec.cli.given import given
    from servec.cli.report import exit_code, report

    sources, names = given(args.what)
    if not names:
        raise UsageError("--why explains a spec: `servec explain SPEC --why TARGET`")
    found = checked(sources, names, "" if args.why == "auto" else _known(args.why))
    report(console, found.diagnostics, sources, names)
    whys = [
        (each, candidate)
        for each in found.result.deployments
        for candidate in each.candidates
        if candidate.target == args.why or (args.why == "auto" and candidate is each.chosen)
    ]
    if console.format == "json":
        from servec.cli.render.json import json_diagnostics

        shown = json_diagnostics(found.diagnostics, sources.read)
        documents = tuple(_document(each, candidate) for each, candidate in whys)
        console.json(ExplainDocument(deployments=documents, diagnostics=shown))
    elif console.format == "text":
        for each, candidate in whys:
            _say(each, candidate, console)
        if not whys:
            console.err(f"{args.why} is no candidate here\n")
    return exit_code(found.diagnostics)


def _known(target: str) -> str:
    """Check the name; the spec's own target decides what is planned."""
    from servec.api import BadTarget, target_words
    from servec.targets import TARGETS

    try:
        target_words(target, TARGETS)
    except BadTarget as error:
        raise UsageError(str(error)) from error
    return ""


def _document(each: DeploymentResult, candidate: Candidate) -> WhyDocument:
    from servec.cli.render.compile import reason_documents

    return WhyDocument(
        name=each.spec.name,
        spec=each.spec.file,
        target=candidate.target,
        status=candidate.status,
        chosen=each.chosen.target if each.chosen else None,
        reasons=reason_documents(candidate.reasons),
    )


def _say(each: DeploymentResult, candidate: Candidate, console: Console) -> None:
    chosen = each.chosen
    head = f"{each.spec.name}: {candidate.target} {candidate.version} is {candidate.status}"
    if chosen and chosen is not candidate:
        head += f"; {chosen.target} {chosen.version} is chosen"
    console.out(head + "\n")
    for reason in candidate.reasons:
        code = f" [{reason.code}]" if reason.code else ""
        console.out(f"  {'+' if reason.good else '-'} {reason.text}{code}\n")
