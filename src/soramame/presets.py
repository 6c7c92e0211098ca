"""Named makings of models, as functions: what is trained, on what, with which numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from soramame.errors import OptionError
from soramame.model.dit import DiTConfig
from soramame.model.text import TextConfig
from soramame.model.vae import VAEConfig
from soramame.train.clips import ClipForm
from soramame.train.config import DiTRun, Schedule, VAERun
from soramame.weights.store import Defaults
from soramame.world.sample import Curriculum


@dataclass(frozen=True, kw_only=True)
class Training:
    """All that the stages of a making need."""

    forms: tuple[ClipForm, ...]
    """Most clips are of the first, which is also that of clips for the VAE."""
    curriculum: Curriculum
    vae: VAEConfig
    vae_run: VAERun
    text: TextConfig
    text_steps: int
    dit: DiTConfig
    pictures: DiTRun
    short: DiTRun
    video: DiTRun
    defaults: Defaults


def mame() -> Training:
    """The bundled model, by the numbers that suit one large GPU: its transformer takes nine minutes of an H200."""
    pictures = DiTRun(
        schedule=Schedule(steps=1_060, matrix_lr=2e-3, other_lr=1e-3, fall=0.0),
        batch=512,
        frames=1,
        shift=8.0,
        spread=1.4,
        subject=30.0,
        motion=6.0,
        ema=0.998,
        log_every=50,
    )
    return Training(
        forms=(ClipForm(), ClipForm(width=160, height=256)),
        curriculum=Curriculum.mame(),
        vae=VAEConfig.mame(),
        vae_run=VAERun(
            schedule=Schedule(steps=4_200, matrix_lr=2e-3, other_lr=1.5e-3, warmup=50, fall=0.3),
            batch=8,
            crop=96,
            square=6.0,
            noise=0.5,
            ema=0.998,
        ),
        text=TextConfig(),
        text_steps=6_000,
        dit=DiTConfig.mame(),
        pictures=pictures,
        short=replace(pictures, schedule=replace(pictures.schedule, steps=1_200), batch=192, frames=3),
        video=replace(pictures, schedule=replace(pictures.schedule, steps=4_050, fall=0.3), batch=64, frames=9),
        defaults=Defaults(steps=14, guidance=4.0, guidance_beside=2.0, shift=6.0, solver="renoise", grain=1.25),
    )


def mame_cpu() -> Training:
    """The same model by the numbers that suit two CPU cores: small batches, most of them windows around the actors."""
    whole = mame()
    plateau = whole.pictures.schedule
    window = replace(whole.pictures, batch=64, window=(10, 8), whole=0.3, log_every=20)
    return replace(
        whole,
        pictures=replace(window, schedule=replace(plateau, steps=10_000)),
        short=replace(window, schedule=replace(plateau, steps=10_200), batch=24, frames=3),
        video=replace(window, schedule=replace(plateau, steps=12_000, fall=0.04), batch=16, frames=9, ema=0.99),
    )


def tiny() -> Training:
    """The whole making in a minute or two, for tests and rehearsals: nothing worth looking at comes out."""
    whole = mame()
    quick = Schedule(steps=4, matrix_lr=1e-3, other_lr=1e-3, warmup=1)
    pictures = replace(whole.pictures, schedule=quick, batch=2, window=(4, 4), whole=0.3, log_every=20)
    return replace(
        whole,
        forms=(ClipForm(width=128, height=64, num_frames=9),),
        vae=replace(whole.vae, decoder_widths=(8, 16, 16), transform=(6, 2), latent_channels=8),
        vae_run=replace(whole.vae_run, schedule=quick, batch=2, crop=64, validate_minutes=60.0),
        text_steps=4,
        dit=replace(whole.dit, dim=48, layers=2, heads=2, ffn=64, in_channels=11, out_channels=11),
        pictures=pictures,
        short=replace(pictures, schedule=replace(quick, steps=6), frames=2),
        video=replace(pictures, schedule=replace(quick, steps=8), frames=3),
        defaults=replace(whole.defaults, width=128, height=64, seconds=1.0, steps=2),
    )


def training(name: str) -> Training:
    """A making by name."""
    makings = {"mame": mame, "mame-cpu": mame_cpu, "tiny": tiny}
    if name not in makings:
        raise OptionError(f"there is no preset {name!r}; there are: {', '.join(makings)}.")
    return makings[name]()
