"""Runs as typed values: what is trained, on what, for how long. Presets (``soramame.presets``) are functions that return one."""

from __future__ import annotations

from dataclasses import dataclass, field

from soramame.errors import ConfigError
from soramame.flow.canvas import Mix


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Warm-up, plateau, linear fall to 0 over the last ``fall`` of ``steps``. A plateau may be prolonged: resume with more steps."""

    steps: int
    matrix_lr: float
    other_lr: float
    warmup: int = 100
    fall: float = 0.2

    def __post_init__(self) -> None:
        if self.steps < 1 or self.warmup < 0 or not 0 <= self.fall <= 1:
            raise ConfigError("a schedule needs steps >= 1, warmup >= 0 and a fall between 0 and 1.")

    def factor(self, step: int, past: float | None = None) -> float:
        """What the learning rates are multiplied with at a step, 0 to 1; ``past``: how much of the time is over, if the fall
        goes by time.
        """
        rise = min(1.0, (step + 1) / max(1, self.warmup))
        left = (self.steps - step) / max(1.0, self.fall * self.steps)
        if past is not None:
            left = (1 - past) / max(1e-6, self.fall)
        return rise * min(1.0, max(0.0, left))


@dataclass(frozen=True, kw_only=True)
class Run:
    """What every run has. ``batch`` is for all processes together; ``ema`` is the share kept of the average a step."""

    schedule: Schedule
    batch: int
    seed: int = 0
    clip: float = 1.0
    ema: float = 0.999
    log_every: int = 20
    validate_minutes: float = 5.0
    checkpoint_minutes: float = 4.0

    def __post_init__(self) -> None:
        if self.batch < 1:
            raise ConfigError(f"batch has to be at least 1, not {self.batch}.")
        if not 0 <= self.ema < 1:
            raise ConfigError(f"ema has to be at least 0 and below 1, not {self.ema}.")


@dataclass(frozen=True, kw_only=True)
class VAERun(Run):
    """Training of the VAE on crops of rendered clips. ``frames`` is 1 + 4k; weights are of the terms of the loss.

    ``noise``: deviation, at most, of what is added to a transform's latents, so that the decoder bears a diffusion model's.
    """

    crop: int = 128
    frames: int = 9
    square: float = 2.0
    gradient: float = 0.5
    coarse: float = 0.5
    temporal: float = 0.5
    motion: float = 4.0
    kl: float = 1e-3
    noise: float = 0.3
    decoder_only: bool = False


@dataclass(frozen=True, kw_only=True)
class DiTRun(Run):
    """Training of the DiT on cached latents. ``frames`` 1 is the picture stage, else the number of latent frames of a clip.

    Times are logit-normal with ``spread``, shifted by ``shift``. The loss weighs up to ``subject`` more where an actor is and up
    to ``motion`` more where something moves, both times ``1 - t``; a channel weighs its deviation to the power
    ``coarse``. ``window``: rows and columns of latent cells around the
    actors that are seen at a time, but for a share ``whole`` of the steps, which see whole pictures, half as many.
    """

    frames: int = 9
    mix: Mix = field(default_factory=Mix)
    shift: float = 2.0
    spread: float = 1.0
    drop_text: float = 0.1
    subject: float = 3.0
    motion: float = 1.0
    coarse: float = 1.0
    window: tuple[int, int] | None = None
    whole: float = 0.25
    t_min: float = 0.2
