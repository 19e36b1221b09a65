"""PostgreSQL's driver, loaded when something is first asked of it: DBOS imports it whichever database it is given."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

PACKAGE, ERRORS = "psycopg", "psycopg.errors"
"""What DBOS names in its imports."""
_LOADING = threading.RLock()
_NOT_LOADED: set[str] = set()


class _Later(ModuleType):
    """A module that is there, and empty: `importlib.util.LazyLoader` would load it at `from psycopg import errors`."""

    def __getattr__(self, name: str) -> Any:
        with _LOADING:
            _load(self.__name__)
        return ModuleType.__getattribute__(self, name)


def _load(asked: str) -> None:
    """In its place, so that who holds it holds the real one. The package first, which loads the rest in its order."""
    for name in (PACKAGE, asked):
        if name not in _NOT_LOADED:
            continue
        _NOT_LOADED.discard(name)
        module = sys.modules[name]
        try:
            module.__spec__.loader.exec_module(module)  # type: ignore[union-attr]
        except BaseException:
            _NOT_LOADED.add(name)
            raise
        module.__class__ = ModuleType


class _PartsLater(MetaPathFinder):
    """Who asks for a part of the package gets the one that the package loaded with itself."""

    def find_spec(self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if not name.startswith(f"{PACKAGE}.") or PACKAGE not in _NOT_LOADED:
            return None
        with _LOADING:
            _load(PACKAGE)
        part = sys.modules.get(name)
        if part is None:
            return PathFinder.find_spec(name, path)
        told = ModuleSpec(name, _Loaded(part), is_package=hasattr(part, "__path__"))
        part.__spec__ = told  # a module that came meanwhile is loaded again by its own, whatever is told here
        return told


class _Loaded(Loader):
    def __init__(self, module: ModuleType) -> None:
        self._module, self._spec = module, module.__spec__

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def load_driver_later() -> None:
    """To be called before DBOS is imported; where the driver is loaded already, or absent, nothing is changed."""
    package = PathFinder.find_spec(PACKAGE)
    if PACKAGE in sys.modules or package is None:
        return
    errors = PathFinder.find_spec(ERRORS, package.submodule_search_locations)
    for spec in (package, errors):
        if spec is not None:
            sys.modules[spec.name] = later = _Later(spec.name)
            vars(later).update(vars(module_from_spec(spec)))
            _NOT_LOADED.add(spec.name)
    vars(sys.modules[PACKAGE])["errors"] = sys.modules[ERRORS]
    sys.meta_path.insert(0, _PartsLater())
