"""Where the tile lies in the evidence: moved, scaled, turned a little, mirrored; and what it says there.

The sums of all frames have one spectrum. A view of the tile (scale, angle, mirror) says at which frequencies of it the tile's own
would be found; there it is read, compared with the phases that the key makes known, and one inverse transform gives the match for
all places that the tile may begin at. So thousands of views cost no more than as many small transforms, and no picture is ever
resampled. What this finds are candidates only: the code's check decides (:mod:`soramame.safety.watermark_read`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import cos, log, pi, sin

import numpy as np
from numpy.typing import NDArray

from soramame.safety.code import CODE_BITS
from soramame.safety.watermark_tile import GRID, LATTICE, TILE, Complex, Tile

Floats = NDArray[np.float32]
REGION = 384
"""Pixels to a side, in the middle, in which views are first tried."""
SCALES = (0.45, 1.15)
"""Pixels of a level to one of the tile: a little more than an octave, because levels are octaves apart."""
ANGLE = 0.021
"""Radians, to each side: 1.2 degrees."""
HIGHEST = 0.45
"""Cycles a pixel of a level up to which its spectrum is read."""
EXPECTED, BELIEF = (0.4, 0.2), 10.0
"""How well phases of brightness and of blue are seen before any was, and for how many known phases that counts."""


@dataclass(frozen=True, kw_only=True)
class View:
    """How the tile is seen: ``scale`` in pixels of the level to one of the tile, ``angle`` in radians, ``stretch`` the scale of y by
    that of x; ``at`` is what the tile shows in the middle of the picture, ``(y, x)`` in its pixels, and ``match`` how well its
    known phases agree, in standard deviations of chance."""

    scale: float
    angle: float = 0.0
    stretch: float = 1.0
    mirrored: bool = False
    at: tuple[float, float] = (0.0, 0.0)
    match: float = 0.0

    def frequencies(self, index: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Cycles a pixel ``(y, x)`` at which the frequencies ``index`` of the lattice are seen."""
        y = LATTICE.y[index] / (TILE * self.scale * self.stretch)
        x = LATTICE.x[index] / (TILE * self.scale) * (-1 if self.mirrored else 1)
        c, s = cos(self.angle), sin(self.angle)
        return y * c + x * s, x * c - y * s


class Spectrum:
    """The whitened spectrum of sums ``(2, h, w)``, to be read at any frequency; the middle of the picture is its origin."""

    def __init__(self, sums: Floats) -> None:
        self.size = sums.shape[1:]
        self._grid = tuple(_smooth_length(2 * side) for side in self.size)
        self._planes = np.stack([_whitened(plane, self._grid) for plane in sums])
        self._middle = tuple((side - 1) / 2 for side in self.size)

    def read(self, view: View, index: NDArray[np.int64]) -> Complex:
        """The values ``(len(index),)`` of the lattice's frequencies ``index``; 0 where they are too high to be seen."""
        y, x = view.frequencies(index)
        seen = (np.abs(y) < HIGHEST) & (np.abs(x) < HIGHEST)
        height, width = self._grid
        row, column = y * height, x * width
        top, left = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
        down, right = (row - top).astype(np.float32), (column - left).astype(np.float32)
        channel = LATTICE.channel[index]
        corners = [
            self._planes[channel, (top + i) % height, (left + j) % width]
            * ((down if i else 1 - down) * (right if j else 1 - right))
            for i, j in product((0, 1), (0, 1))
        ]
        values: Complex = (corners[0] + corners[1] + corners[2] + corners[3]) * seen
        return values


def _whitened(plane: Floats, grid: tuple[int, ...]) -> Complex:
    """Each frequency in units of the mean power around it. The middle is rolled to the corner, so that it varies slowly."""
    height, width = plane.shape
    padded = np.zeros(grid, np.float32)
    padded[:height, :width] = plane
    spectrum = np.fft.fft2(np.roll(padded, (-(height // 2), -(width // 2)), (0, 1)))
    # The middle lies half a pixel off where a side is even.
    for axis, side in enumerate((height, width)):
        turn = np.exp(2j * pi * np.fft.fftfreq(grid[axis]) * ((side - 1) / 2 - side // 2))
        spectrum = spectrum * (turn[:, None] if axis == 0 else turn)
    power = np.square(np.abs(spectrum))
    for axis in (0, 1):
        power = np.mean([np.roll(power, k, axis) for k in range(-8, 9)], axis=0)
    whitened: Complex = (spectrum / np.sqrt(power + 1e-12)).astype(np.complex64)
    return whitened


def _smooth_length(count: int) -> int:
    """The next length that is 2, 3 or 5 times a power of two, for the fast transform."""
    return min(f << k for f in (1, 3, 5) for k in range(16) if f << k >= count)


class Search:
    """Looks for a key's tile in a spectrum."""

    def __init__(self, tile: Tile, spectrum: Spectrum) -> None:
        self._tile, self._spectrum = tile, spectrum
        self._known = tile.phases[tile.sync].conj()

    def matches(self, view: View) -> Floats:
        """How well the known phases agree for each beginning of the tile ``(128, 128)``, in standard deviations of chance; element
        ``p`` is for a middle that shows what lies ``view.at + p`` in the tile."""
        agreed = self._spectrum.read(view, self._tile.sync) * self._known
        y, x = LATTICE.y[self._tile.sync], LATTICE.x[self._tile.sync]
        agreed = agreed * np.exp(-2j * pi * (y * view.at[0] + x * view.at[1]) / TILE)
        half = np.zeros((TILE, TILE // 2 + 1), np.complex64)
        np.add.at(half, (y, x), agreed.conj())
        upright = x == 0
        np.add.at(half, (-y[upright], 0), agreed[upright])
        surface = np.fft.irfft2(half, (TILE, TILE)).astype(np.float32)
        spread: Floats = surface / max(float(surface.std()), 1e-12)
        return spread

    def best(self, view: View) -> View:
        """The view at the beginning that agrees best."""
        surface = self.matches(view)
        at = int(surface.argmax())
        y, x = divmod(at, TILE)
        return replace(view, at=(view.at[0] + y, view.at[1] + x), match=float(surface.flat[at]))

    def uncropped(self, scale: float, corner: tuple[float, float], count: int, *, stretch: float = 1.0) -> list[View]:
        """The ``count`` best views, mirrored or not, of a tile that begins where the marker puts it: ``corner`` is what the middle
        shows of a tile that begins in the picture's corner, ``(y, x)``."""
        found = []
        for mirrored in (False, True):
            view = View(scale=scale, stretch=stretch, mirrored=mirrored)
            surface = np.roll(self.matches(replace(view, at=corner))[::-1, ::-1], 1, (0, 1))[::GRID, ::GRID]
            for at in np.argsort(surface, axis=None)[::-1][:count]:
                y, x = divmod(int(at), TILE // GRID)
                place = (corner[0] - GRID * y, corner[1] - GRID * x)
                found.append(replace(view, at=place, match=float(surface.flat[at])))
        return sorted(found, key=lambda view: -view.match)[:count]

    def everywhere(self, views: list[View], count: int) -> list[View]:
        """The ``count`` best of many views, no two of which are neighbours."""
        tried = sorted((self.best(view) for view in views), key=lambda view: -view.match)
        found: list[View] = []
        for view in tried:
            if not any(_near(view, other) for other in found):
                found.append(view)
            if len(found) == count:
                break
        return found

    def refined(self, view: View) -> View:
        """The view with scale, stretch and angle as they agree best, to within a fraction of a pixel at the picture's edge."""
        step = _step(self._spectrum.size, view.scale) / 2
        for _ in range(3):
            for change in ("scale", "angle", "stretch"):
                view = max((self._nearby(view, change, step * sign) for sign in (0, -1, 1)), key=lambda one: one.match)
            step /= 2
        return view

    def _nearby(self, view: View, change: str, by: float) -> View:
        match change:
            case "scale":
                moved = replace(view, scale=view.scale * (1 + by))
            case "angle":
                moved = replace(view, angle=view.angle + by)
            case _:
                moved = replace(view, stretch=view.stretch * (1 + by))
        return self._placed(moved)

    def _placed(self, view: View) -> View:
        """The place within a pixel and a half of the view's that agrees best."""
        index = self._tile.sync
        agreed = self._spectrum.read(view, index) * self._known
        away = np.arange(-6, 7) / 4
        rows = np.exp(-2j * pi / TILE * np.outer(away + view.at[0], LATTICE.y[index]))
        columns = np.exp(-2j * pi / TILE * np.outer(LATTICE.x[index], away + view.at[1]))
        surface = ((rows * agreed) @ columns).real
        y, x = divmod(int(surface.argmax()), len(away))
        noise = np.sqrt(np.square(np.abs(agreed)).sum() / 2) + 1e-12
        return replace(view, at=(view.at[0] + away[y], view.at[1] + away[x]), match=float(surface.max() / noise))

    def soft(self, view: View) -> Floats:
        """The code bits ``(288,)`` as seen there, positive for a 1, each place weighed by how well known phases like it are seen."""
        values, tile = self._values(view), self._tile
        bits = np.bincount(tile.carries, np.concatenate([values.real, values.imag]), CODE_BITS)
        soft: Floats = bits.astype(np.float32)
        return soft

    def likeliest(self, views: list[View], count: int) -> list[View]:
        """The ``count`` views of the highest score, the best first."""
        return sorted(views, key=lambda view: -self.score(view))[:count]

    def score(self, view: View) -> float:
        """The sum of two, each in standard deviations of chance: how well known phases agree, and how much the places of each code
        bit say the same, whatever that is."""
        values = self._values(view)
        said = np.concatenate([values.real, values.imag]).astype(np.float64)
        sums, squares, fourths = (np.bincount(self._tile.carries, said**power, CODE_BITS) for power in (1, 2, 4))
        chance = np.sqrt(2 * np.sum(squares**2 - fourths)) + 1e-12
        return view.match + float(np.sum(sums**2 - squares) / chance)

    def _values(self, view: View) -> Complex:
        """What the frequencies that carry code bits say there, cosine and sine, weighed."""
        tile, everything = self._tile, np.arange(len(LATTICE.y))
        turned = np.exp(-2j * pi * (LATTICE.y * view.at[0] + LATTICE.x * view.at[1]) / TILE)
        seen = self._spectrum.read(view, everything) * tile.phases.conj() * turned
        values: Complex = seen[tile.data] * self._weights(seen)[tile.data]
        return values

    def _weights(self, seen: Complex) -> Floats:
        """Of each frequency, by the mean of the known ones of its channel and of a radius like its own."""
        sync = self._tile.sync
        known, radius, channel = seen[sync].real, LATTICE.radius, LATTICE.channel
        near = (channel[:, None] == channel[sync]) * np.exp(-np.square((radius[:, None] - radius[sync]) / 0.02) / 2)
        expected = np.array(EXPECTED)[channel] * BELIEF
        weights: Floats = np.maximum((near @ known + expected) / (near.sum(1) + BELIEF), 0.02).astype(np.float32)
        return weights


def views(size: tuple[int, ...]) -> list[View]:
    """All views that have to be tried of a level ``(h, w)`` so that none in between is missed."""
    made, scale = [], SCALES[0]
    while scale < SCALES[1]:
        step = _step(size, scale)
        turns = round(ANGLE / step + 0.2)
        made += [
            View(scale=scale, angle=turn * ANGLE / max(turns, 1), mirrored=mirrored)
            for turn in range(-turns, turns + 1)
            for mirrored in (False, True)
        ]
        scale *= 1 + step
    return made


def _step(size: tuple[int, ...], scale: float) -> float:
    """How much a scale (as a share) or an angle (in radians) may change: a tenth of a cycle a pixel then moves by one radian at
    the edge of the picture."""
    return 2 * scale / (2 * pi * 0.1 * max(size) / 2)


def _near(one: View, other: View) -> bool:
    return (
        one.mirrored == other.mirrored
        and abs(log(one.scale / other.scale)) < 0.04
        and abs(one.angle - other.angle) < 0.02
    )
