"""Where errors become one sentence and an exit status."""

from __future__ import annotations

import os

import click

from soramame.errors import ExtraNeededError, OutputError, SoramameError

BUG = 70
"""Exit status of what should not happen (EX_SOFTWARE of sysexits.h)."""
OUT_OF_MEMORY = ("DefaultCPUAllocator", "out of memory")


def explained(error: BaseException) -> tuple[int, str]:
    """Exit status and sentence for whatever ended a command; an empty sentence where nothing is to be said."""
    match error:
        case SystemExit():
            return (error.code if isinstance(error.code, int) else 1), ""
        case KeyboardInterrupt() | click.Abort():
            return 130, "stopped; no unfinished file is left."
        case SoramameError():
            return error.exit_status, str(error)
        case click.exceptions.NoArgsIsHelpError():
            return 2, error.format_message()
        case click.UsageError():
            where = f" ({error.ctx.command_path} --help shows what there is)" if error.ctx else ""
            return 2, f"{error.format_message().rstrip('.')}{where}."
        case click.ClickException():
            return 2, error.format_message()
        case ModuleNotFoundError() | ImportError():
            return _import(error)
        case MemoryError():
            return 1, "there is not enough memory for this; ask for a smaller size or fewer seconds."
        case OSError():
            return OutputError.exit_status, _system(error)
    if any(sign in str(error) for sign in OUT_OF_MEMORY):
        return 1, "there is not enough memory for this; ask for a smaller size or fewer seconds."
    return BUG, _bug(error)


def _import(error: ImportError) -> tuple[int, str]:
    name = (error.name or "").split(".")[0]
    if name == "soramame":
        return BUG, _bug(error)
    return ExtraNeededError.exit_status, f"this command needs more than is installed ({error}): run `make setup`."


def _system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}."


def _bug(error: BaseException) -> str:
    """With ``SORAMAME_TRACEBACK`` set, the way to it instead."""
    if os.environ.get("SORAMAME_TRACEBACK"):
        raise error
    told = " ".join(str(error).split())[:300]
    return (
        f"a mistake in Soramame, not yours ({type(error).__name__}: {told}); "
        "run it again with SORAMAME_TRACEBACK=1 to see where, and tell us."
    )
