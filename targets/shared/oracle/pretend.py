"""Stands in for what a machine without a GPU lacks: kernel packages, and `torch.cuda`."""

from __future__ import annotations

import functools
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

DEFAULT: dict[str, Any] = {"name": "NVIDIA H100 80GB HBM3", "cc": [9, 0], "mem_gb": 80, "count": 8}
GPU: dict[str, Any] = dict(DEFAULT)


def set_gpu(job: dict[str, Any]) -> None:
    """Pretend the device of a job: its name, capability, memory in GiB, and count."""
    GPU.clear()
    GPU.update(DEFAULT)
    GPU.update(job.get("gpu") or {})


def forget() -> None:
    """Empty the caches of functions, which hold what was asked of the device before."""
    for item in gc.get_objects():
        if isinstance(item, functools._lru_cache_wrapper) and _own(item):
            item.cache_clear()


def _own(item: Any) -> bool:
    """Whether a cached function is a runtime's; Python's own and the libraries' ask no device."""
    inner = item.__wrapped__
    inner = inner.func if isinstance(inner, functools.partial) else inner
    return str(getattr(inner, "__module__", "")).startswith(("vllm.", "sglang.", "lmdeploy."))


class _Meta(type):
    """The class of all pretended names: any attribute of it exists."""

    def __getattr__(cls, name: str) -> Any:
        return {} if name == "__members__" else member(cls, name)

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


def member(owner: Any, name: str) -> Any:
    """A pretended class called `name`, kept on its owner; it can be called and decorated with."""
    if name.startswith("__"):
        raise AttributeError(name)
    value = _Meta(
        name,
        (),
        {
            "__init__": lambda self, *a, **k: None,
            "__call__": lambda self, *a, **k: a[0] if len(a) == 1 and callable(a[0]) else None,
            "__class_getitem__": classmethod(lambda cls, item: cls),
            "__getattr__": lambda self, inner: member(self, inner),
            "__get_pydantic_core_schema__": classmethod(lambda cls, src, call: {"type": "any"}),
        },
    )
    setattr(owner, name, value)
    return value


class _Module(types.ModuleType):
    """A module that has every name."""

    __version__ = "99.0"

    def __getattr__(self, name: str) -> Any:
        return member(self, name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves pretended modules for the given names and all below them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if any(fullname == n or fullname.startswith(n + ".") for n in self.names):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__path__ = []


def stub(*names: str) -> None:
    """Pretend these modules and everything below them."""
    sys.meta_path.insert(0, _Finder(names))


def absent(*names: str) -> list[str]:
    """Those of the top-level modules that are not installed."""
    return [n for n in names if importlib.util.find_spec(n) is None]


def strict(parser: Any) -> Any:
    """Make an argparse parser take no prefixes of long options; sub-parsers too."""
    import argparse

    parser.allow_abbrev = False
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                strict(sub)
    return parser


def cuda() -> None:
    """Make `torch.cuda` of a CPU build answer as the device in `GPU`."""
    torch: Any = importlib.import_module("torch")
    # It looks for CUDA symbols once torch claims to have them.
    importlib.import_module("torch._dynamo.device_interface")
    torch.version.cuda = "13.0"
    answers: dict[str, Any] = {
        "is_available": lambda: True,
        "is_initialized": lambda: True,
        "_is_compiled": lambda: True,
        "_lazy_init": lambda: None,
        "init": lambda: None,
        "device_count": lambda: GPU["count"],
        "current_device": lambda: 0,
        "set_device": lambda device: None,
        "synchronize": lambda device=None: None,
        "empty_cache": lambda: None,
        "get_device_capability": lambda device=None: tuple(GPU["cc"]),
        "get_device_name": lambda device=None: GPU["name"],
        "get_device_properties": _properties,
        "mem_get_info": lambda device=None: (_memory(), _memory()),
        "is_bf16_supported": lambda including_emulation=True: True,
        "memory_allocated": lambda device=None: 0,
        "memory_reserved": lambda device=None: 0,
    }
    for name, answer in answers.items():
        setattr(torch.cuda, name, answer)
    no_compiler()


def no_compiler() -> None:
    """Make `torch.compile` do nothing: used as a decorator, it would load the whole compiler."""
    torch: Any = importlib.import_module("torch")
    torch.compile = lambda model=None, **_: model if model is not None else (lambda fn: fn)


def _memory() -> int:
    return int(GPU["mem_gb"] * 2**30)


def _properties(device: Any = None) -> types.SimpleNamespace:
    major, minor = GPU["cc"]
    return types.SimpleNamespace(
        name=GPU["name"],
        major=major,
        minor=minor,
        total_memory=_memory(),
        multi_processor_count=132,
        is_integrated=False,
        warp_size=32,
        gcnArchName="",
        shared_memory_per_block_optin=232448,
        L2_cache_size=50 * 2**20,
        regs_per_multiprocessor=65536,
    )
