"""servec: a compiler for LLM serving.

    import servec

    servec.check({"chat.srv": text}).diagnostics
    servec.compile({"chat.srv": text}, target="vllm").emissions[0].artifacts
    servec.format(text)

See `servec.api` for what each takes and returns. Importing this package imports nothing else.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.api import BadTarget as BadTarget
    from servec.api import Checked as Checked
    from servec.api import Compiled as Compiled
    from servec.api import check as check
    from servec.api import compile as compile
    from servec.api import format as format
    from servec.emissions import Emission as Emission

__all__ = ["BadTarget", "Checked", "Compiled", "Emission", "check", "compile", "format"]


def __getattr__(name: str) -> object:
    """The public names, imported when first used."""
    if name == "Emission":
        from servec.emissions import Emission

        return Emission
    if name in __all__:
        from servec import api

        return getattr(api, name)
    raise AttributeError(f"module 'servec' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names."""
    return sorted(("__version__", *__all__))
