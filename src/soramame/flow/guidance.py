"""Velocity functions made of velocity functions: guidance."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

Velocity = Callable[[Tensor, Tensor], Tensor]
"""``v(x (B, C, F, Y, X), t (B, F)) -> (B, C, F, Y, X)``. Whatever else the model is told is bound in already."""


def guided(
    conditional: Velocity, unconditional: Velocity, guidance: float, interval: tuple[float, float] = (0.0, 1.0)
) -> Velocity:
    """Classifier-free guidance (Ho & Salimans 2022) inside an interval of time (Kynkäänniemi et al. 2024).

    ``guidance`` 1 is the conditional velocity alone, which is then the only one computed; larger follows the condition
    harder. Outside ``interval`` (of the noisiest latent frame's time) the conditional velocity stands alone too.
    """
    low, high = interval
    if not 0 <= low <= high <= 1:
        raise ValueError(f"the guidance interval has to be 0 <= low <= high <= 1, not {interval}")

    def velocity(x: Tensor, t: Tensor) -> Tensor:
        v = conditional(x, t)
        if guidance == 1.0 or not low <= float(t.max()) <= high:
            return v
        base = unconditional(x, t)
        return base + guidance * (v - base)

    return velocity
