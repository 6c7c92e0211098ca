"""Reading marks: whether one of our keys has marked these frames, and what the mark says.

Frames come in chunks and are summed up (:mod:`soramame.safety.watermark_evidence`); a key's tile is looked for in the sums
(:mod:`soramame.safety.watermark_search`), and what it says at the likeliest places is decoded (:mod:`soramame.safety.code`). Only a
word whose 32-bit check is right counts as found, however good or bad the match was before. By chance one in 2^32 is right, and
of a file at most ``WORDS`` are tried for each key: once in 100 million files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from soramame.errors import MediaError, OptionError
from soramame.safety.code import Payload, decode, encode
from soramame.safety.watermark import SMALLEST, Watermark, check_frames
from soramame.safety.watermark_evidence import LEVELS, Evidence, first_level
from soramame.safety.watermark_search import REGION, SCALES, Search, Spectrum, View, views
from soramame.safety.watermark_tile import unit_of

Frames = NDArray[np.uint8]
Floats = NDArray[np.float32]
PLACES, VIEWS, LIKELY = 8, 8, 32
"""Words tried of a picture as it was marked, or as a whole of another size, and of each level of one that is neither; views of a
size that these are picked from."""
WORDS = 2 * PLACES + VIEWS * LEVELS
GRAIN, ALIKE, GROWTH = 16, 0.012, 2.3
"""Pixels that the sides of what we make are multiples of, by what share the proportions of a copy may differ, and how many times as
large it may be."""
ALL = 96
"""So many frames of a file are read one by one; of the next so many every second, of twice as many every fourth, and so on."""
WINDOW, CLEAR = 16, 0.72
"""Frames that are read together where the parts of a file are told apart, and the share of code bits that a known mark has to have
right there: about what it takes to be read. Fainter traces may be the coder's, which copies from part to part."""
NOTHING = "there are no frames to look for a watermark in."


@dataclass(frozen=True, kw_only=True)
class Found:
    """A mark. ``key`` is the number of the key that opened it; ``confidence`` the share of raw code bits that were right, 0.5 being
    chance (what decides is the check); ``frames`` how many were read; ``also`` what weaker marks say, of other parts or beneath.

    ``scale`` is in pixels of this picture to one of the pattern, ``angle`` in degrees; ``mirrored`` is left to right.
    """

    payload: Payload
    key: int
    confidence: float
    frames: int
    scale: float
    angle: float
    mirrored: bool
    also: tuple[Payload, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Frames from ``start`` up to but without ``stop``, to a window exactly, and the mark that was found in them, if any."""

    start: int
    stop: int
    found: Found | None


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word whose check was right, and where it was read."""

    payload: Payload
    key: int
    view: View
    level: int
    confidence: float


def read(chunks: Iterable[Frames], keys: Sequence[Watermark]) -> Found | None:
    """The mark that chunks uint8 ``(T, H, W, 3)`` of one size carry all together, by the first of ``keys`` that opens one, or None.

    Memory is constant. Of a file of more than 96 frames fewer and fewer are read.
    :class:`MediaError` if they are no such frames, :class:`OptionError` if there are no keys.
    """
    evidence = None
    for number, frame in enumerate(_frames(chunks, keys)):
        evidence = evidence or Evidence(size=(frame.shape[0], frame.shape[1]))
        if number % (1 << (number // ALL).bit_length()) == 0:
            evidence.add(frame)
    if evidence is None:
        raise MediaError(NOTHING)
    return _told(Look(evidence).words(keys), evidence.count)


def segments(chunks: Iterable[Frames], keys: Sequence[Watermark], *, window: int = WINDOW) -> list[Segment]:
    """Which parts of some hundred frames carry which mark: looked for in all together, then in ``window`` frames each, neighbours
    with the same mark joined. Errors as :func:`read`; :class:`OptionError` for a window of no frames.

    A part shorter than a window may be missed, and where parts meet is known to a window. Where the mark is too faint to be seen
    in any window, all is one part.
    """
    if window < 1:
        raise OptionError(f"a watermark is read in windows of at least one frame, not {window}.")
    windows = list(_windows(_frames(chunks, keys), window))
    if not windows:
        raise MediaError(NOTHING)
    count = sum(evidence.count for evidence in windows)
    whole = Evidence(size=windows[0].size, count=count, sums=_added([evidence.sums for evidence in windows]))
    words = Look(whole).words(keys)
    told, start = [], 0
    for evidence in windows if len(windows) > 1 else ():
        found = _told(Look(evidence).among(words, keys), evidence.count)
        told.append(Segment(start=start, stop=start + evidence.count, found=found))
        start += evidence.count
    if not any(part.found for part in told):
        return [Segment(start=0, stop=count, found=_told(words, count))]
    return [_joined(list(alike)) for _, alike in groupby(told, key=_says)]


def _added(sums: Sequence[Mapping[int, Floats]]) -> dict[int, Floats]:
    return {level: np.sum([one[level] for one in sums], axis=0, dtype=np.float32) for level in sums[0]}


def _frames(chunks: Iterable[Frames], keys: Sequence[Watermark]) -> Iterator[NDArray[np.uint8]]:
    if not keys:
        raise OptionError("a watermark cannot be read without a key; give at least one.")
    size = None
    for chunk in chunks:
        check_frames(chunk)
        if size is not None and chunk.shape[1:] != size:
            raise MediaError("frames of a clip have to be of one size to be searched for a watermark.")
        size = chunk.shape[1:]
        yield from chunk


def _windows(frames: Iterator[NDArray[np.uint8]], window: int) -> Iterator[Evidence]:
    while taken := list(islice(frames, window)):
        evidence = Evidence(size=(taken[0].shape[0], taken[0].shape[1]))
        for frame in taken:
            evidence.add(frame)
        yield evidence


class Look:
    """Looks for the marks of keys in what was summed up."""

    def __init__(self, evidence: Evidence) -> None:
        self._size, self._sums = evidence.size, evidence.sums
        self._spectra: dict[int, Spectrum] = {}  # each takes longer than what is done with it

    def words(self, keys: Sequence[Watermark], *, everywhere: bool = True) -> list[Word]:
        """The words that the first key to open any opens, the best first. As it was marked; else all of it in
        another size; else anywhere."""
        for number, watermark in enumerate(keys):
            words = self._placed(number, watermark)
            if not words and everywhere:
                words = self._resized(number, watermark) or self._anywhere(number, watermark)
            if words:
                return sorted(words, key=lambda word: -word.confidence)
        return []

    def among(self, words: Sequence[Word], keys: Sequence[Watermark]) -> list[Word]:
        """Those of the ``words`` of a whole clip that are seen in this part of it, the best first, or what is to be read here only."""
        seen = [replace(word, confidence=self._shows(word, keys[word.key])) for word in words]
        found = sorted((word for word in seen if word.confidence >= CLEAR), key=lambda word: -word.confidence)
        return found or self.words(keys, everywhere=False)

    def _shows(self, word: Word, watermark: Watermark) -> float:
        soft = Search(watermark.tile, self._spectrum(word.level)).soft(word.view)
        return _right(soft, word.payload, watermark.tile.key)

    def agrees(self, watermark: Watermark, payload: Payload) -> float:
        """The share of raw code bits that are as a mark with this payload has them, if nothing was moved since; 0.5 is chance."""
        level, scale, (y, x) = self._corner()
        begins = watermark.tile.begins(payload)
        view = View(scale=scale, at=(y - begins[0], x - begins[1]))
        return _right(Search(watermark.tile, self._spectrum(level)).soft(view), payload, watermark.tile.key)

    def _corner(self) -> tuple[int, float, tuple[float, float]]:
        """The level and the scale of a tile that nobody scaled, and what the middle shows if it begins in the picture's corner."""
        level, unit = first_level(self._size), unit_of(*self._size)
        y, x = ((side * (1 << level) - 1) / 2 / unit for side in self._sums[level].shape[1:])
        return level, unit / (1 << level), (y, x)

    def _spectrum(self, level: int) -> Spectrum:
        if level not in self._spectra:
            self._spectra[level] = Spectrum(self._sums[level])
        return self._spectra[level]

    def _placed(self, number: int, watermark: Watermark) -> list[Word]:
        """Nothing was cropped, scaled or turned: the tile can begin at few places."""
        level, scale, corner = self._corner()
        search = Search(watermark.tile, self._spectrum(level))
        found = search.likeliest(search.uncropped(scale, corner, LIKELY), PLACES)
        return self._decoded(number, watermark, search, level, found)

    def _resized(self, number: int, watermark: Watermark) -> list[Word]:
        """All of a picture in another size, as messengers send it: the tile can begin at few places for each size that was likely."""
        found = []
        for height, width in sizes_before(self._size):
            unit, lines, columns = unit_of(height, width), self._size[0] / height, self._size[1] / width
            level = max(first_level(self._size), ceil(log2(columns * unit / SCALES[1])))
            scale = columns * unit / (1 << level)
            if level not in self._sums or scale < SCALES[0]:
                continue
            corner = ((height - 1) / 2 / unit, (width - 1) / 2 / unit)
            seen = self._search(watermark, level).uncropped(scale, corner, LIKELY, stretch=lines / columns)
            found += [(level, view) for view in seen]
        return self._likeliest(number, watermark, found)

    def _likeliest(self, number: int, watermark: Watermark, found: list[tuple[int, View]]) -> list[Word]:
        """The words of the best of views of several levels."""
        words = []
        best = sorted(found, key=lambda one: -one[1].match)[: 2 * LIKELY]
        scored = [(self._search(watermark, level).score(view), level, view) for level, view in best]
        for _, level, view in sorted(scored, key=lambda one: -one[0])[:PLACES]:
            words += self._decoded(number, watermark, self._search(watermark, level), level, [view])
        return words

    def _search(self, watermark: Watermark, level: int) -> Search:
        return Search(watermark.tile, self._spectrum(level))

    def _anywhere(self, number: int, watermark: Watermark) -> list[Word]:
        words = []
        for level in self._sums:
            middle = Spectrum(_middle(self._sums[level]))
            likely = Search(watermark.tile, middle).everywhere(views(middle.size), VIEWS)
            search = Search(watermark.tile, self._spectrum(level))
            found = [search.refined(view) for view in likely]
            words += self._decoded(number, watermark, search, level, found)
        return words

    def _decoded(self, number: int, watermark: Watermark, search: Search, level: int, found: list[View]) -> list[Word]:
        soft, key = np.stack([search.soft(view) for view in found]), watermark.tile.key
        return [
            Word(payload=payload, key=number, view=view, level=level, confidence=_right(bits, payload, key))
            for view, bits, payload in zip(found, soft, decode(soft, key), strict=True)
            if payload is not None
        ]


def sizes_before(size: tuple[int, int]) -> list[tuple[int, int]]:
    """The sizes ``(height, width)``, multiples of 16, of which a picture of this size may be a copy with the same proportions."""
    made = []
    for width in range(GRAIN, round(size[1] / SCALES[0]) + 1, GRAIN):
        height = round(size[0] * width / size[1] / GRAIN) * GRAIN
        likely = min(height, width) >= SMALLEST and abs(height / width * size[1] / size[0] - 1) < ALIKE
        if likely and (height, width) != size and width * GROWTH > size[1]:
            made.append((height, width))
    return made


def _right(bits: Floats, payload: Payload, key: bytes) -> float:
    return float(((bits > 0) == (encode(payload, key) > 0)).mean())


def _middle(sums: Floats) -> Floats:
    """As much is cut off on both sides, so that the middle stays where it is."""
    height, width = sums.shape[1:]
    y, x = max(0, (height - REGION) // 2), max(0, (width - REGION) // 2)
    return sums[:, y : height - y, x : width - x]


def _told(words: list[Word], count: int) -> Found | None:
    if not words:
        return None
    best, *rest = words
    return Found(
        payload=best.payload,
        key=best.key,
        confidence=best.confidence,
        frames=count,
        scale=best.view.scale * (1 << best.level),
        angle=float(np.degrees(best.view.angle)),
        mirrored=best.view.mirrored,
        also=tuple(dict.fromkeys(word.payload for word in rest if word.payload != best.payload)),
    )


def _says(segment: Segment) -> tuple[int, Payload] | None:
    return (segment.found.key, segment.found.payload) if segment.found else None


def _joined(alike: list[Segment]) -> Segment:
    """Neighbours that say the same, told as the clearest of them was read."""
    found = [segment.found for segment in alike if segment.found]
    clearest = max(found, key=lambda one: one.confidence, default=None)
    if clearest is not None:
        clearest = replace(clearest, frames=sum(one.frames for one in found))
    return Segment(start=alike[0].start, stop=alike[-1].stop, found=clearest)
