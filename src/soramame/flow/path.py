"""The straight path between video and noise (rectified flow; Liu et al. 2022, Lipman et al. 2022).

``x_t = (1 - t) x0 + t noise`` with flow time ``t`` in [0, 1]: 0 is video, 1 is noise. Its velocity ``dx/dt`` is ``noise - x0``.
Times have shape ``(B, F)``, one a latent frame, or ``(B, F, Y, X)``, one a cell, and are spread over latents
``(B, C, F, Y, X)`` by :func:`over`.
"""

from __future__ import annotations

from torch import Tensor

T_MIN = 0.05
"""Below this time the step from a predicted x0 to a velocity is not divided further: the quotient would amplify the error."""


def over(t: Tensor) -> Tensor:
    """Times ``(B, F)`` as ``(B, 1, F, 1, 1)``, ``(B, F, Y, X)`` as ``(B, 1, F, Y, X)``: to be multiplied with latents."""
    return t[:, None, :, None, None] if t.ndim == 2 else t[:, None]


def interpolate(x0: Tensor, noise: Tensor, t: Tensor) -> Tensor:
    """The point at times ``t`` on the path from ``x0`` to ``noise``, both ``(B, C, F, Y, X)``."""
    s = over(t).to(x0.dtype)
    return (1 - s) * x0 + s * noise


def velocity(x0: Tensor, noise: Tensor) -> Tensor:
    """Velocity of the path: constant in time."""
    return noise - x0


def x0_from_velocity(x_t: Tensor, v: Tensor, t: Tensor) -> Tensor:
    """Where the straight line through ``x_t`` with velocity ``v`` meets time 0."""
    return x_t - over(t).to(x_t.dtype) * v


def noise_from_x0(x_t: Tensor, x0: Tensor, t: Tensor) -> Tensor:
    """The noise that ``x0`` would have to be on its way to, to stand at ``x_t`` at times ``t`` above 0."""
    s = over(t).to(x_t.dtype)
    return (x_t - (1 - s) * x0) / s


def velocity_from_x0(x_t: Tensor, x0: Tensor, t: Tensor, t_min: float = T_MIN) -> Tensor:
    """Velocity that a predicted ``x0`` stands for at ``x_t`` and times ``t``; ``t`` is not taken below ``t_min``."""
    return (x_t - x0) / over(t).to(x_t.dtype).clamp_min(t_min)
