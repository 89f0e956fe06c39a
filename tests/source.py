"""The product's own source, read with `ast`: modules, what they import, and where calls stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = ("lawgov", "indicators", "assessments")


@dataclass(frozen=True)
class Import:
    """`target` is the module, with the name taken from it; `typing`: for the type checker only."""

    target: str
    line: int
    typing: bool = False


@dataclass(frozen=True)
class Module:
    """A file by its dotted name; the tests make some up, so the text is not always on disk."""

    name: str
    text: str
    tree: ast.Module = field(compare=False, repr=False)

    @classmethod
    def of(cls, name: str, text: str) -> Module:
        return cls(name, text, ast.parse(text))

    @property
    def parts(self) -> list[str]:
        return self.name.split(".")

    @property
    def folder(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def word(self) -> str:
        return self.parts[-1]

    @cached_property
    def imports(self) -> list[Import]:
        return [*_imports(self.tree, typing=False)]

    def mentions(self, *starts: str) -> bool:
        return any(one.target.startswith(starts) for one in self.imports)

    def nodes(self) -> Iterator[tuple[str, ast.AST]]:
        """Every node with the class and function that it stands in, such as `Rows.rows`."""
        return _named(self.tree, "")


@cache
def modules() -> dict[str, Module]:
    """Every module of the product but the migrations, by name."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                name = name.removesuffix(".__init__")
                found[name] = Module.of(name, path.read_text(encoding="utf-8"))
    return found


def _imports(node: ast.AST, *, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, typing)
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                yield Import(f"{child.module}.{alias.name}", child.lineno, typing)
        else:
            only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            yield from _imports(child, typing=typing or only)


def _named(node: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        below = f"{name}.{child.name}".lstrip(".") if inside else name
        yield below, child
        yield from _named(child, below)
