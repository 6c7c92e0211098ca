"""The pattern of a mark: a tile of 128x128 whose spectrum is drawn from a secret key.

Every frequency of two bands, one of brightness and one of blue, has a phase that the key says. Some (``SYNC``) only help to find
the tile. The others carry two code bits each, in the signs of cosine and sine; which carries which is the key's secret too, and
each code bit has two places. All are of the same strength, so the tile looks like noise, and repeats without a seam.

Frequencies are what the reader needs: of a tiled picture that was moved, scaled, turned or mirrored they are moved, scaled, turned
or mirrored, and a crop only blurs them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from soramame.errors import OptionError
from soramame.safety.code import CODE_BITS, Payload, encode

TILE = 128
"""Pixels to a side."""
GRID = 4
"""Pixels between the places that a tile may begin at: which, the payload says, so that two marks of one key do not cover each other."""
BANDS = ((0.055, 0.115), (0.03, 0.08))
"""Cycles a pixel of brightness and of blue. Below, pictures have their own shading; above, coders throw away."""
SYNC = (5, 10)
"""One frequency in so many of brightness, and of blue, has a known phase: coders leave more of brightness."""
KEY_BYTES = 16

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Complex = NDArray[np.complex64]


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """The frequencies that are used, ``(N,)`` each: ``y`` and ``x`` in cycles a tile, ``channel`` 0 brightness or 1 blue."""

    y: Ints
    x: Ints
    channel: Ints

    @cached_property
    def radius(self) -> NDArray[np.float64]:
        """Cycles a pixel ``(N,)``."""
        radius: NDArray[np.float64] = np.hypot(self.y, self.x) / TILE
        return radius


def _lattice() -> Lattice:
    """Of each pair of opposite frequencies the one with x > 0, or x = 0 and y > 0."""
    y, x = (np.arange(-TILE // 2, TILE // 2)[:, None], np.arange(TILE // 2)[None])
    radius, half = np.hypot(y, x) / TILE, (x > 0) | (y > 0)
    found = [np.nonzero(half & (radius >= low) & (radius <= high)) for low, high in BANDS]
    channel = np.concatenate([np.full(len(rows), number) for number, (rows, _) in enumerate(found)])
    rows, columns = np.concatenate(found, axis=1)
    return Lattice(y=rows - TILE // 2, x=columns, channel=channel)


LATTICE = _lattice()


class Tile:
    """What a key makes of the lattice: ``phases`` complex ``(N,)`` of length 1, the indices ``sync`` of the known ones and ``data``
    of the others, and ``carries``, the code bit of each cosine and then each sine of ``data``.

    :class:`OptionError` if the key has less than 16 bytes.
    """

    def __init__(self, key: bytes) -> None:
        if not isinstance(key, bytes) or len(key) < KEY_BYTES:
            raise OptionError(
                f"the key of a watermark needs at least {KEY_BYTES} secret bytes; make one with secrets.token_bytes."
            )
        self.key = hashlib.sha256(b"soramame watermark 1\0" + key).digest()
        count = len(LATTICE.y)
        drawn = np.frombuffer(hashlib.shake_256(self.key).digest(8 * 4 * count), "<u8").reshape(4, count)
        turns = drawn[0].astype(np.float64) / 2**64
        self.phases: Complex = np.exp(2j * np.pi * turns).astype(np.complex64)
        order = np.argsort(drawn[1], kind="stable")
        known = [mine[: len(mine) // SYNC[c]] for c in (0, 1) for mine in [order[LATTICE.channel[order] == c]]]
        self.sync = np.sort(np.concatenate(known))
        self.data = np.setdiff1d(order, self.sync)
        places = np.argsort(drawn[2:].reshape(-1)[: 2 * len(self.data)], kind="stable")
        self.carries: Ints = np.empty(2 * len(self.data), np.int64)
        self.carries[places] = np.arange(2 * len(self.data)) % CODE_BITS

    def begins(self, payload: Payload) -> tuple[int, int]:
        """Where the tile begins ``(y, x)``, in pixels of the tile, for a payload."""
        drawn = hashlib.blake2s(payload.number.to_bytes(5), key=self.key, person=b"mark-at1").digest()
        return drawn[0] % (TILE // GRID) * GRID, drawn[1] % (TILE // GRID) * GRID

    def spectrum(self, payload: Payload) -> Complex:
        """The frequencies ``(N,)`` of a mark, each of length 1."""
        spectrum = self.phases.copy()
        cosines, sines = (2.0 * encode(payload, self.key)[self.carries] - 1).reshape(2, -1)
        spectrum[self.data] *= (cosines + 1j * sines) / np.sqrt(2)
        y, x = self.begins(payload)
        spectrum *= np.exp(-2j * np.pi * (LATTICE.y * y + LATTICE.x * x) / TILE)
        return spectrum

    def pictures(self, payload: Payload, unit: int) -> Floats:
        """The tiles of brightness and of blue ``(2, 128 unit, 128 unit)``, of variance 1, scaled up by ``unit``."""
        side, spectrum = TILE * unit, self.spectrum(payload)
        made = np.empty((2, side, side), np.float32)
        for channel in (0, 1):
            mine = LATTICE.channel == channel
            half = np.zeros((side, side // 2 + 1), np.complex64)
            half[LATTICE.y[mine], LATTICE.x[mine]] = spectrum[mine]
            upright = mine & (LATTICE.x == 0)  # this column holds both of each pair
            half[-LATTICE.y[upright], 0] = spectrum[upright].conj()
            made[channel] = np.fft.irfft2(half, (side, side))
            made[channel] *= side**2 / np.sqrt(2 * mine.sum())
        return made


def unit_of(height: int, width: int) -> int:
    """By how much the pattern is scaled up for a picture: 1 up to 539 lines, 2 at 720, 3 at 1080; at most 4."""
    return max(1, min(4, round(min(height, width) / 360)))
