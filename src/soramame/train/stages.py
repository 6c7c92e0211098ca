"""The stages of a model's making, each a function over one folder, each of which goes on where it stopped.

clips/    rendered clips for the VAE          (render)
vae/      state.pt, log.jsonl, vae.pt         (vae: ``vae.pt`` is the averaged, calibrated VAE)
text/     text.pt                             (``soramame.train.text``)
latents/  cached latents for the DiT          (cache)
dit/      state.pt, log.jsonl, dit.pt         (dit: pictures, short pieces, whole clips, in one run's state)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from soramame.errors import TrainingError
from soramame.model.dit import DiT, DiTConfig, add_layout
from soramame.model.text import TextConfig, TextEncoder
from soramame.model.vae import VAE, VAEConfig
from soramame.nn.attention import Backend
from soramame.train.cache import SHARD as LATENT_SHARD
from soramame.train.cache import Latents, cache, encoder_name
from soramame.train.clips import HELD_OUT, ClipForm, Clips, render_clips
from soramame.train.config import DiTRun, VAERun
from soramame.train.dit import DiTTask
from soramame.train.loop import fit
from soramame.train.parallel import Group, launch
from soramame.train.parts import load_part, save_part
from soramame.train.text import train_text
from soramame.train.vae import VAETask, calibrate, fit_transform
from soramame.weights.store import Card, Defaults, Storage, load_model, save_model
from soramame.world.sample import Curriculum

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and on what a stage runs: the folder of the whole making, processes, device, arithmetic, attention kernel,
    whether the DiT's blocks are compiled (needs a C++ compiler on a CPU), for how long, whether the learning rate falls with the
    time (``land``), and whether the DiT takes in what is being cached meanwhile (``grow``).
    """

    folder: Path
    processes: int = 2
    device: str = "cpu"
    dtype: torch.dtype = torch.float32
    attention: Backend = "auto"
    compile: bool = False
    minutes: float | None = None
    land: bool = False
    grow: bool = False


def render(
    place: Place, *, count: int, form: ClipForm, curriculum: Curriculum, held_out: int = 32, say: Say = print
) -> None:
    """Render ``count`` clips to train the VAE on, and ``held_out`` that it never sees."""
    for first, number in ((HELD_OUT, held_out), (0, count)):
        render_clips(
            place.folder / "clips",
            first,
            number,
            form=form,
            curriculum=curriculum,
            workers=place.processes,
            say=say,
        )


def vae(place: Place, run: VAERun, config: VAEConfig, *, say: Say = print) -> None:
    """Train the VAE, then write its average, calibrated, to ``vae/vae.pt``.

    A decoder-only run starts from ``vae.pt``, keeps its own state in ``decoder/``, and leaves encoder and calibration alone.
    """
    begun = place.folder / "vae" / "vae.pt"
    _check_same(begun, config)
    if config.transform and not begun.exists():
        model = VAE(config)
        fit_transform(model, Clips(place.folder / "clips"))
        begun.parent.mkdir(parents=True, exist_ok=True)
        save_part(begun, config, model.state_dict())
        say("fitted the transform")
    launch(_vae, place.processes, place, run, config, say)
    folder = place.folder / ("decoder" if run.decoder_only else "vae")
    model = VAE(config)
    model.load_state_dict(torch.load(folder / "state.pt", map_location="cpu", weights_only=True)["average"])
    if not run.decoder_only:
        calibrate(model.eval(), Clips(place.folder / "clips"))
    save_part(place.folder / "vae" / "vae.pt", config, model.state_dict())


def _check_same(begun: Path, config: VAEConfig | DiTConfig) -> None:
    """:class:`TrainingError` if a part that a stage would go on from is of another configuration."""
    if begun.exists() and load_part(begun)[0] != asdict(config):
        raise TrainingError(f"{begun} is of another configuration; give another folder or remove it.")


def _vae(group: Group, place: Place, run: VAERun, config: VAEConfig, say: Say) -> None:
    torch.manual_seed(run.seed)
    model = VAE(config)
    if run.decoder_only or config.transform:
        model.load_state_dict(load_part(place.folder / "vae" / "vae.pt")[1])
    clips, held_out = (Clips(place.folder / "clips", held_out=held) for held in (False, True))
    task = VAETask(model.to(place.device), run, clips, held_out, dtype=place.dtype, device=place.device)
    folder = place.folder / ("decoder" if run.decoder_only else "vae")
    fit(task, run, folder, group=group, minutes=place.minutes, say=say)


def text(place: Place, config: TextConfig, *, steps: int, say: Say = print) -> None:
    """Train the text encoder on captions alone and write ``text/text.pt``."""
    out = place.folder / "text" / "text.pt"
    train_text(config, steps=steps, seed=0, threads=place.processes, out=out, minutes=place.minutes, say=say)


def latents(
    place: Place,
    *,
    seeds: range,
    forms: tuple[ClipForm, ...],
    curriculum: Curriculum,
    held_out: int = 64,
    say: Say = print,
) -> None:
    """Cache the latents of the clips of ``seeds``, most of the first form, and of ``held_out`` that are never trained on."""
    cache(
        place.folder / "latents",
        place.folder / "vae" / "vae.pt",
        (range(HELD_OUT, HELD_OUT + held_out), seeds),
        forms=forms,
        curriculum=curriculum,
        workers=place.processes,
        say=say,
        clips=place.folder / "clips",
    )


def dit(
    place: Place,
    run: DiTRun,
    config: DiTConfig,
    curriculum: Curriculum,
    *,
    forms: tuple[ClipForm, ...],
    say: Say = print,
) -> None:
    """Train the DiT on pictures (``run.frames`` 1), pieces of clips or whole ones, then write its average to ``dit/dit.pt``.

    ``forms`` of clips are those that were cached. A run without a state begins with the weights in ``dit/dit.pt`` if they are there
    (:func:`adopt`).
    """
    _check_same(place.folder / "dit" / "dit.pt", config)
    launch(_dit, place.processes, place, run, config, curriculum, forms, say)
    state = torch.load(place.folder / "dit" / "state.pt", map_location="cpu", weights_only=True)
    save_part(place.folder / "dit" / "dit.pt", config, state["average"])


def _dit(
    group: Group,
    place: Place,
    run: DiTRun,
    config: DiTConfig,
    curriculum: Curriculum,
    forms: tuple[ClipForm, ...],
    say: Say,
) -> None:
    torch.manual_seed(run.seed)
    fields, weights = load_part(place.folder / "vae" / "vae.pt")
    encoder = VAE(VAEConfig(**fields))
    encoder.load_state_dict(weights)
    fields, weights = load_part(place.folder / "text" / "text.pt")
    words = TextEncoder(TextConfig(**fields))
    words.load_state_dict(weights)
    name = encoder_name(encoder)
    cached = partial(Latents.load, place.folder / "latents", encoder=name, curriculum=curriculum, device=place.device)
    train = [cached(form=form, needed=form == forms[0]) for form in forms]
    held = cached(form=forms[0], held_out=True)
    model = DiT(config, attention=place.attention).to(place.device)
    begun = place.folder / "dit" / "dit.pt"
    if begun.exists():  # a state, if there is one, takes its place
        model.load_state_dict(load_part(begun)[1])
    if place.compile:
        for block in model.blocks:
            block.compile(dynamic=False)
    task = DiTTask(model, words.to(place.device), run, train, held, dtype=place.dtype, device=place.device)
    grow = task.grow if place.grow else None
    fit(task, run, place.folder / "dit", group=group, minutes=place.minutes, land=place.land, grow=grow, say=say)


def adopt(
    place: Place,
    model: str,
    *,
    config: DiTConfig | None = None,
    without: Sequence[str] = (),
    say: Say = print,
) -> None:
    """Begin with a finished model (a folder, or the bundled one's name): its networks become the parts that stages go on
    from, but for those of vae, text and dit that are named in ``without``. A DiT that is not of ``config`` gets the channels of
    layout that it lacks; if it differs otherwise, it begins from nothing. :class:`TrainingError` if a making in the folder has
    begun already.
    """
    found = load_model(model)
    if config is not None and config.layout and not found.dit.config.layout:
        found = replace(found, dit=add_layout(found.dit, config.layout))
    paths = {part: place.folder / part / f"{part}.pt" for part in ("vae", "dit", "text")}
    for path in paths.values():
        if path.parent.exists():
            raise TrainingError(f"{path.parent} is there already: adopt a model in a new folder.")
    for part, path in paths.items():
        network = getattr(found, part)
        if part in without:
            continue
        if part == "dit" and config not in (None, network.config):
            say("the transformer is of another configuration and begins from nothing")
            continue
        path.parent.mkdir(parents=True)
        save_part(path, network.config, network.state_dict())
        say(f"wrote {path}")


def bundle(place: Place, out: Path, *, name: str, defaults: Defaults, storage: Storage = "bfloat16") -> Card:
    """Put the parts together as a model in ``out``, with facts of their making; ``int8`` halves the files."""
    folder = place.folder
    networks: dict[str, nn.Module] = {}
    for part, network, config, path in (
        ("vae", VAE, VAEConfig, folder / "vae" / "vae.pt"),
        ("dit", DiT, DiTConfig, folder / "dit" / "dit.pt"),
        ("text", TextEncoder, TextConfig, folder / "text" / "text.pt"),
    ):
        fields, weights = load_part(path)
        networks[part] = network(config(**fields))  # type: ignore[arg-type]
        networks[part].load_state_dict(weights)
    return save_model(out, networks, name=name, defaults=defaults, facts=_facts(folder), storage=storage)


def _facts(folder: Path) -> dict[str, Any]:
    """Steps and hours of each stage, and its last validation, from the logs."""
    facts: dict[str, Any] = {}
    for stage in ("vae", "dit"):
        path = folder / stage / "log.jsonl"
        rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        if rows:
            seconds = max((row.get("seconds", 0.0) for row in rows), default=0.0)
            judged = [row["validation"] for row in rows if "validation" in row]
            facts[stage] = {"steps": rows[-1]["step"], "hours": round(seconds / 3600, 2)}
            facts[stage] |= {"validation": judged[-1]} if judged else {}
    if shards := list((folder / "latents").glob("latents-0*.pt")):
        facts["clips"] = len(shards) * LATENT_SHARD
    return facts
