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
IMPURE = {"os", "pathlib", "logging", "subprocess", "socket", "shutil", "io", "sys", "time"}


def noun(path: Path) -> str:
    """The folder or module directly under the package."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


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
    source = path.read_text()
    assert source.count("\n") <= 420
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno <= 80, node.name
