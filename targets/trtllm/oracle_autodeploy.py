"""AutoDeploy's argument class of TensorRT-LLM's own sources, without the package around it.

Its defaults lie in files that OmegaConf merges; they are left out, and what the class itself
refuses stays.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import types

from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.fields import field_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAME = "_autodeploy"
_PACKAGE = "tensorrt_llm._torch.auto_deploy"
_FROZEN = ("device", "yaml_default", "draft_checkpoint_loader")
"""What nobody sets in a file: constants, and objects."""


class _Plain:
    """Stands for the mix-in that reads the files."""


def arguments(folder: str) -> Any:
    """The class, of the sources in `folder`."""
    path = os.path.join(folder, "_torch", "auto_deploy", "llm_args.py")
    pretend.stub(f"{_PACKAGE}.models", f"{_PACKAGE}.utils", f"{_PACKAGE}.utils.logger")
    config: Any = types.ModuleType(f"{_PACKAGE}.utils._config")
    config.DynamicYamlMixInForSettings = _Plain
    sys.modules[config.__name__] = config
    name = f"{_PACKAGE}.llm_args"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    check = module._check_for_default_value_only
    # Builders that are pretended differ from each other; the server leaves theirs out before this.
    module._check_for_default_value_only = lambda cls, value, info, why: (
        value if info.field_name == "build_config" else check(cls, value, info, why)
    )
    return module.LlmArgs


def rows(folder: str) -> dict[str, Any]:
    """A row for each field that can be set."""
    found = field_rows(arguments(folder), 1)
    return {name: row for name, row in found.items() if name not in _FROZEN}
