"""High dynamic range and wide colour brought to sRGB.

Transfer functions: ITU-R BT.2100 (PQ, HLG and its OOTF for a 1000 cd/m² display); standard range counts as sRGB, as it does
wherever pixels are read. Diffuse white: 203 cd/m², ITU-R BT.2408. Highlights roll off above a knee, in the way of ITU-R BT.2390, 5.4:
linear below, smooth above; on the largest of the three components, so that hues stay. Gamut: ITU-R BT.2087, clipped.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

PQ, HLG = 16, 18
"""ITU-T H.273: codes of the transfer functions."""
WHITE, PEAK = 203.0, 1000.0
KNEE = 0.8
"""Share of diffuse white up to which light is kept as it is; white itself comes out at 0.9, 243 of 255."""
LUMA = np.array([0.2627, 0.6780, 0.0593], np.float32)
TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)


def to_standard(pixels: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """BT.2020 R'G'B' uint16 ``(H, W, 3)`` of full range to sRGB uint8; any ``transfer`` but PQ and HLG counts as standard range."""
    light = _light(transfer)[pixels]
    if transfer == HLG:
        light *= np.maximum(light @ LUMA, np.float32(1e-6))[..., None] ** np.float32(0.2) * np.float32(PEAK / WHITE)
    light = np.maximum(light @ TO_BT709.T, 0)
    if transfer in (PQ, HLG):
        peak = np.maximum(light.max(-1), np.float32(KNEE))
        over = (peak - KNEE) / (1 - KNEE)
        light *= ((KNEE + (1 - KNEE) * over / (1 + over)) / peak)[..., None]
    codes: NDArray[np.uint8] = _srgb()[(np.minimum(light, 1) * 65535 + 0.5).astype(np.uint16)]
    return codes


@lru_cache(maxsize=3)
def _light(transfer: int) -> NDArray[np.float32]:
    """Linear light of each code: 1 is diffuse white, or with HLG the peak of the scene."""
    e = np.arange(65536) / 65535
    if transfer == PQ:
        power = e ** (1 / 78.84375)
        light = (
            10000 / WHITE * (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
        )
    elif transfer == HLG:
        light = np.where(e <= 0.5, e**2 / 3, (np.exp((e - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    else:
        light = np.where(e <= 0.04045, e / 12.92, ((e + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


@lru_cache(maxsize=1)
def _srgb() -> NDArray[np.uint8]:
    """The sRGB code of linear light in steps of 1/65535 (IEC 61966-2-1)."""
    x = np.arange(65536) / 65535
    return np.round(255 * np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)).astype(np.uint8)
