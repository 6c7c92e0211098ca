from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import click
import pytest
import torch

from soramame import errors
from soramame.cli.edge import BUG, explained
from soramame.errors import SoramameError


def kinds(root: type[SoramameError]) -> Iterator[type[SoramameError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


ALL = tuple(kind for kind in kinds(SoramameError) if kind.__module__ == errors.__name__)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_of_ours_is_its_own_sentence(kind: type[SoramameError]) -> None:
    assert explained(kind("this is wrong; do that.")) == (kind.exit_status, "this is wrong; do that.")


def test_codes_are_stable_and_one_a_kind() -> None:
    assert len({kind.code for kind in ALL}) == len(ALL)
    assert {name for name, value in vars(errors).items() if isinstance(value, type)} == {kind.__name__ for kind in ALL}


@pytest.mark.parametrize(
    ("error", "status", "part"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (SystemExit(3), 3, ""),
        (SystemExit("text"), 1, ""),
        (click.UsageError("No such thing."), 2, "No such thing"),
        (ModuleNotFoundError("No module named 'skia'", name="skia"), 7, "make setup"),
        (ImportError("libGL.so.1: cannot open shared object file"), 7, "libGL"),
        (ModuleNotFoundError("No module named 'soramame.x'", name="soramame.x"), BUG, "mistake in Soramame"),
        (MemoryError(), 1, "memory"),
        (torch.OutOfMemoryError("CUDA out of memory."), 1, "memory"),
        (OSError(28, "No space left on device", "a.json"), 5, "a.json: No space left on device."),
        (ValueError("two\nlines"), BUG, "ValueError: two lines"),
    ],
)
def test_everything_else_is_one_too(error: BaseException, status: int, part: str) -> None:
    told = explained(error)
    assert told[0] == status
    assert part in told[1]
    assert "\n" not in told[1]


def test_running_out_of_memory_is_known_by_what_torch_says() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 50)
    assert "memory" in explained(caught.value)[1]


def test_a_mistake_of_ours_can_be_seen_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORAMAME_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        explained(ZeroDivisionError("x"))


def test_a_reader_that_goes_away_is_told_nothing() -> None:
    code = "import sys; sys.argv[1:] = ['--help']; from soramame.cli import main; main()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_help_is_instant_because_nothing_heavy_is_loaded() -> None:
    heavy = ("torch", "av", "numpy", "PIL", "rich", "skia", "pymunk")
    code = f"import sys, soramame, soramame.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("arguments", "status"), [((), 2), (("-h",), 0), (("--version",), 0), (("frobnicate",), 2)])
def test_the_front_door(run: Callable[..., int], arguments: tuple[str, ...], status: int) -> None:
    assert run(*arguments) == status
