"""One hash over all that a reading depends on besides the bytes that are read: no version is raised by hand.

It follows the imports of the reading module: the project's modules, the data files that they name, and the libraries
that they use. An artifact whose reading has another fingerprint is read again.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.layout import PROJECT_ROOT, REFERENCE_DIR

#: Packages of the project that a reading may depend on.
_OURS = ("ingestion", "warehouse")
#: Distributions whose name differs from that of the package that they install.
_DISTRIBUTIONS = {"yaml": "pyyaml"}
#: Entries of a form's column that change no reading.
_NOT_READING = ("checks", "unchecked")
_DATA_FILE = re.compile(r"[\w*.-]+\.(?:yml|csv)")
_REQUIREMENT = re.compile(r"[\w.-]+")
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Source:
    """The content of a module: its syntax tree as text without docstrings, its imports and its text constants."""

    tree: str
    imported: frozenset[str]
    texts: frozenset[str]


@dataclass(frozen=True)
class Dependencies:
    """Modules with their sources, data files, and distributions with their versions."""

    modules: dict[str, Source]
    files: frozenset[Path]
    libraries: dict[str, str]


@cache
def fingerprint_of(module: str) -> str:
    """Hash of everything that the results of ``module`` depend on, comments, docstrings and layout left out."""
    found = dependencies_of(module)
    parts = {f"module {name}": source.tree for name, source in found.modules.items()}
    parts |= {f"file {path.relative_to(PROJECT_ROOT)}": _content(path) for path in found.files}
    parts |= {f"library {name}": version for name, version in found.libraries.items()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def dependencies_of(module: str) -> Dependencies:
    """The dependencies of ``module``. A data file is one if a module names it, as a file or pattern in its folder
    (``"lists.yml"``, ``"*.yml"``) or as a table of reference data (``"provinces"``, ``"provinces.csv"``).
    """
    modules: dict[str, Source] = {}
    files: set[Path] = set()
    libraries: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        package = name.partition(".")[0]
        if package in sys.stdlib_module_names or name in modules:
            continue
        if package not in _OURS:
            _add_library(package, libraries)
        elif path := _file_of(name):
            modules[name] = source = _source(path.read_bytes())
            waiting += [name.rpartition(".")[0] or name, *source.imported]
            files.update(_named_files(source.texts, path.parent))
    return Dependencies(modules, frozenset(files), libraries)


def _file_of(name: str) -> Path | None:
    """The file of a module; None for a name within a module (``from module import name``)."""
    path = PROJECT_ROOT.joinpath(*name.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)


@cache
def _source(code: bytes) -> Source:
    tree = ast.parse(code)
    imported: set[str] = set()
    texts: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() if ast.get_docstring(node, clean=False) is not None:
                del node.body[0]
            case ast.Import():
                imported.update(alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module)):
                imported.update((module, *(f"{module}.{alias.name}" for alias in node.names)))
            case ast.Constant(value=str(text)):
                texts.add(text)
    return Source(ast.dump(tree), frozenset(imported), frozenset(texts))


def _named_files(texts: Iterable[str], folder: Path) -> Iterator[Path]:
    for text in texts:
        if _DATA_FILE.fullmatch(text):
            yield from folder.glob(text)
        name = text.removesuffix(".csv")
        if name.isidentifier() and (table := REFERENCE_DIR / f"{name}.csv").is_file():
            yield table


def _add_library(package: str, libraries: dict[str, str]) -> None:
    """Add the distribution of ``package`` and what it requires, with their versions."""
    waiting = [_DISTRIBUTIONS.get(package, package)]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # required on another platform only
        if name not in libraries:
            libraries[name] = found.version
            required = (text for text in found.requires or () if "extra ==" not in text)
            waiting += [match[0] for text in required if (match := _REQUIREMENT.match(text))]


def _content(path: Path) -> str:
    return _yaml_content(path.read_bytes()) if path.suffix == ".yml" else path.read_text(encoding="utf-8")


@cache
def _yaml_content(data: bytes) -> str:
    """The content of a YAML file without its comments, its layout and the checks of rows, which follow the reading."""
    return json.dumps(_without_checks(yaml.load(data, Loader=_YAML)), default=str)  # noqa: S506 - a safe loader


def _without_checks(content: Any) -> Any:
    match content:
        case dict():
            return {name: _without_checks(value) for name, value in content.items() if name not in _NOT_READING}
        case list():
            return [_without_checks(value) for value in content]
        case _:
            return content
