"""What is wrong with a spec whatever the runtime, judged before any plan is made."""

from __future__ import annotations

from servec.compiler.decide.degrees import possible
from servec.compiler.options.secrets import secrets
from servec.compiler.search.candidate import node_counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.model import Model
    from servec.compiler.search.site import Alternative, Site
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

PARSED = ("features.tools", "features.reasoning")


def options(spec: Spec, targets: tuple[Target, ...]) -> tuple[dict[str, str], list[Diagnostic]]:
    """The version of each runtime, "" where it has no table, and the findings on `on` blocks."""
    versions: dict[str, str] = {}
    found: list[Diagnostic] = []
    parts = (spec, *spec.roles.values())
    found += [item for part in parts for item in secrets(part)]
    for target in targets:
        if spec.doubts and _unknown(spec, target.name):
            versions[target.name] = ""
            continue
        version, told = target.version(spec)
        wrong = any(item.severity == "error" for item in told)
        versions[target.name] = "" if wrong else version
        found += told
        for part in parts:
            if (target.name in part.on or part.env) and not wrong:
                said = target.check_options(part, version)
                lost = [item for item in said if f"on.{target.name}.version" in item.doubts]
                versions[target.name] = "" if lost else version
                found += lost or said
    return versions, found


def words(spec: Spec, targets: tuple[Target, ...], versions: dict[str, str]) -> list[Diagnostic]:
    """Parsers that no runtime has, whichever may be chosen."""
    parts = (spec, *spec.roles.values())
    if not any(path in part.settings for part in parts for path in PARSED):
        return []
    from servec.compiler.choice.policy import table
    from servec.compiler.rules.unheard import judge as unheard

    own = [target for target in targets if target.name not in table()["outer"]]
    return [item for part in parts for item in unheard(part, own, versions)]


def _unknown(spec: Spec, runtime: str) -> bool:
    """Whether an error leaves it open which version of the runtime is meant."""
    from servec.dsl.doubt import touched

    path = f"on.{runtime}.version"
    block = spec.on.get(runtime)
    said = block is not None and block.version is not None
    return path in spec.doubts or (not said and touched(spec.doubts, path))


def judge(spec: Spec, alternatives: tuple[Alternative, ...]) -> list[Diagnostic]:
    """Asserts on unknown paths, the roles' caches, and what no site of the spec can be given.

    Context and degrees are judged on every alternative: an error stands only where all have it.
    """
    found: list[Diagnostic] = []
    if spec.asserts or any(part.asserts for part in spec.roles.values()):
        from servec.compiler.asserts import unknown

        found += unknown(spec)
    if spec.roles:
        from servec.compiler.rules import srv409_roles_kv

        wrong = srv409_roles_kv.judge(spec)
        found += [wrong] if wrong is not None else []
    sites = [[_site(site) for site in sites] for sites in alternatives]
    if sites and all(any(part) for part in sites):
        found += [item for part in sites[0] for item in part]
    return found


def of_model(spec: Spec, models: Sequence[Model | None]) -> list[Diagnostic]:
    """SRV309 and 401 where the devices are not known: what each model is asked for."""
    from servec.compiler.rules import srv309_context_length, srv401_heads_tensor

    rules = (srv309_context_length.judge, srv401_heads_tensor.judge)
    each = [
        [wrong for rule in rules if (wrong := rule(spec, model)) is not None]
        for model in models
        if model is not None
    ]
    return each[0] if each and all(each) and len(each) == len(models) else []


def _site(site: Site) -> list[Diagnostic]:
    """SRV309, 401 and 404 of one site."""
    spec, model = site.spec, site.model
    found: list[Diagnostic] = []
    if model is not None and spec.setting("limits.context") is not None:
        from servec.compiler.rules import srv309_context_length

        long = srv309_context_length.judge(spec, model)
        found += [long] if long is not None else []
    counts = node_counts(spec)
    if any(possible(spec, model, n * site.per_node, site.device) for n in counts):
        return found
    from servec.compiler.rules import srv401_heads_tensor, srv404_degrees_product

    wrong = srv401_heads_tensor.judge(spec, model) if model is not None else None
    wrong = wrong or srv404_degrees_product.judge(spec, model, counts[0], site.per_node)
    return [*found, wrong]
