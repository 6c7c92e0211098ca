"""Commands that say what is there: doctor, models."""

from __future__ import annotations

import json as jsons
import os
import platform
import shutil
from typing import Any

import click

from soramame import __version__
from soramame.cli.groups import model_options
from soramame.errors import SoramameError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@model_options
def doctor(as_json: bool, model: str, device: Any, dtype: Any) -> None:
    """Say what this machine will compute with, and why."""
    from soramame.runtime import decide, matmul_rate

    runtime = decide(device, dtype)
    report = {
        **_versions(),
        "device": runtime.device,
        "dtype": str(runtime.dtype).removeprefix("torch."),
        "threads": runtime.threads,
        "attention": runtime.attention,
        "gflops": round(matmul_rate(runtime.dtype, device=runtime.device, edge=512) / 1e9, 1),
        "memory_free_gib": _free_memory(),
        "disk_free_gib": round(shutil.disk_usage(".").free / 2**30, 1),
        "writes": _coders(),
        "model": _model(model),
        "reasons": list(runtime.reasons),
    }
    if as_json:
        click.echo(jsons.dumps(report))
        return
    for key, value in report.items():
        lines = value if isinstance(value, list) else [value]
        for number, line in enumerate(lines):
            click.echo(f"{key if number == 0 else '':16} {line}")


def _versions() -> dict[str, str]:
    import av
    import torch

    return {
        "soramame": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "pyav": av.__version__,
        "system": f"{platform.system()} {platform.machine()}",
    }


def _coders() -> list[str]:
    """Which of the kinds of video that Soramame writes this PyAV can code."""
    import av

    kinds = {".mp4": "libx264", ".webm": "libvpx-vp9"}
    return [f"{kind} ({coder}{'' if coder in av.codecs_available else ': missing'})" for kind, coder in kinds.items()]


def _free_memory() -> float | None:
    try:
        return round(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)
    except (AttributeError, ValueError, OSError):  # not on every system
        return None


def _model(name: str) -> str:
    from soramame.weights.store import load_card

    try:
        card = load_card(name)
    except SoramameError as error:
        return f"none: {error}"
    return f"{card.name} {card.sha256[:12]}"


@click.command()
@click.option("--model", default="mame", show_default=True, help="The bundled model, or a model's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the card as JSON.")
def models(model: str, as_json: bool) -> None:
    """Show a model's card: its defaults, and the facts of its making."""
    from dataclasses import asdict

    from soramame.weights.store import load_card

    card = asdict(load_card(model))
    if as_json:
        click.echo(jsons.dumps(card))
        return
    click.echo(f"{card['name']}  {card['sha256'][:16]}")
    for key, value in {**card["defaults"], **card["facts"]}.items():
        click.echo(f"  {key:22} {value}")
