"""A module imports only from tiers to the left of its own, never from a neighbour."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "soramame"
TIERS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("geometry",),
    ("nn", "flow"),
    ("model",),
    ("runtime", "weights", "media"),
    ("prompt", "safety", "world", "data"),
    ("engine", "train"),
    ("presets",),
    ("evaluate", "serve"),
    ("cli",),
)
TIER = {name: number for number, names in enumerate(TIERS) for name in names}
PURE = ("geometry", "nn", "flow", "model")
MANY = {("verbs.py", "generate")}
"""Functions with more than eight parameters, for a reason that they state."""
IMPURE = {"os", "pathlib", "logging", "subprocess", "socket", "shutil", "io", "sys", "time"}


def noun(path: Path) -> str:
    """The folder or module directly under the package."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out in full"
            found |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many things a caller can say."""
    names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


FILES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.stem != "__init__")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_to_the_left(path: Path) -> None:
    own = noun(path)
    for module in imports(path):
        parts = module.split(".")
        if parts[0] != "soramame" or len(parts) < 2 or parts[1] not in TIER or parts[1] == own:
            continue
        assert TIER[parts[1]] < TIER[own], f"{own} may not import {module}"


@pytest.mark.parametrize("path", [p for p in FILES if noun(p) in PURE], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_does_no_io(path: Path) -> None:
    assert not {module.split(".")[0] for module in imports(path)} & IMPURE


def test_every_noun_has_a_tier() -> None:
    assert {noun(path) for path in FILES} <= set(TIER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_can_be_read_in_one_sitting(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 400
    for node in functions(path):
        assert (node.end_lineno or node.lineno) - node.lineno <= 80, node.name
        assert parameters(node) <= 8 or (path.name, node.name) in MANY, node.name


@pytest.mark.parametrize("path", [p for p in FILES if noun(p) != "cli"], ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_stand_at_the_top(path: Path) -> None:
    """Only the command line imports inside functions: its help has to be instant."""
    for node in functions(path):
        inner = [ast.unparse(part) for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom)]
        assert not inner, node.name
