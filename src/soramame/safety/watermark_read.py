"""Reading marks: whether one of our keys has marked these frames, and what the mark says.

Frames come in chunks and are summed up (:mod:`soramame.safety.watermark_evidence`); a key's tile is looked for in the sums
(:mod:`soramame.safety.watermark_search`), and what it says at the likeliest places is decoded (:mod:`soramame.safety.code`). Only a
word whose 32-bit check is right counts as found, however good or bad the match was before. By chance one in 2^32 is right, and
of a file at most ``WORDS`` are tried for each key: once in 100 million files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from soramame.errors import MediaError, OptionError
from soramame.safety.code import Payload, decode, encode
from soramame.safety.watermark import Watermark, check_frames
from soramame.safety.watermark_evidence import LEVELS, Evidence, first_level
from soramame.safety.watermark_search import REGION, Search, Spectrum, View, views
from soramame.safety.watermark_tile import unit_of

Frames = NDArray[np.uint8]
Floats = NDArray[np.float32]
PLACES, VIEWS = 8, 8
"""Words tried of a picture as it was marked, and of each level of one that was not."""
WORDS = PLACES + VIEWS * LEVELS
ALL = 96
"""So many frames of a file are read one by one; of the next so many every second, of twice as many every fourth, and so on."""
WINDOW = 16
"""Frames that are read together where the parts of a file are told apart."""
SEARCHES = 8
"""In so many windows without a mark all views are tried; then only those at which the file had one."""
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
class _Word:
    """A word whose check was right, and where it was read."""

    payload: Payload
    key: int
    view: View
    level: int
    confidence: float


def read(chunks: Iterable[Frames], keys: Sequence[Watermark]) -> Found | None:
    """The mark that chunks uint8 ``(T, H, W, 3)`` of one size carry all together, by the first of ``keys`` that opens one, or None.

    Memory is constant. Of a file of more than 96 frames fewer and fewer are read; :func:`segments` reads all.
    :class:`MediaError` if they are no such frames, :class:`OptionError` if there are no keys.
    """
    evidence = None
    for number, frame in enumerate(_frames(chunks, keys)):
        evidence = evidence or Evidence(size=(frame.shape[0], frame.shape[1]))
        if number % (1 << (number // ALL).bit_length()) == 0:
            evidence.add(frame)
    if evidence is None:
        raise MediaError(NOTHING)
    return _told(_Look(evidence).words(keys), evidence.count)


def segments(chunks: Iterable[Frames], keys: Sequence[Watermark], *, window: int = WINDOW) -> list[Segment]:
    """Which parts of a file carry which mark: read by ``window`` frames, neighbours with the same mark joined. Memory is constant.

    A part shorter than a window may be missed, and where parts meet is known to a window. Errors as :func:`read`;
    :class:`OptionError` for a window of no frames.
    """
    if window < 1:
        raise OptionError(f"a watermark is read in windows of at least one frame, not {window}.")
    told: list[Segment] = []
    known: tuple[_Word, ...] = ()
    searches, start = SEARCHES, 0
    for evidence in _windows(_frames(chunks, keys), window):
        words = _Look(evidence).words(keys, known=known, everywhere=searches > 0)
        searches -= not words
        known = tuple(words[:1]) or known
        told.append(Segment(start=start, stop=start + evidence.count, found=_told(words, evidence.count)))
        start += evidence.count
    if not told:
        raise MediaError(NOTHING)
    return [_joined(list(alike)) for _, alike in groupby(told, key=_says)]


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
    evidence = None
    for frame in frames:
        evidence = evidence or Evidence(size=(frame.shape[0], frame.shape[1]))
        evidence.add(frame)
        if evidence.count == window:
            yield evidence
            evidence = None
    if evidence is not None:
        yield evidence


class _Look:
    """Looks for the marks of keys in what was summed up."""

    def __init__(self, evidence: Evidence) -> None:
        self._size = evidence.size
        self._spectra = {level: Spectrum(sums) for level, sums in evidence.sums.items()}
        self._sums = evidence.sums

    def words(
        self, keys: Sequence[Watermark], *, known: tuple[_Word, ...] = (), everywhere: bool = True
    ) -> list[_Word]:
        """The words that the first key to open any opens, the best first. As it was marked; as a word was ``known`` to lie; else
        anywhere."""
        for number, watermark in enumerate(keys):
            words = self._placed(number, watermark) or self._known(number, watermark, known)
            if not words and everywhere:
                words = self._anywhere(number, watermark)
            if words:
                return sorted(words, key=lambda word: -word.confidence)
        return []

    def _placed(self, number: int, watermark: Watermark) -> list[_Word]:
        """Nothing was cropped, scaled or turned: the tile can begin at few places."""
        level, unit = first_level(self._size), unit_of(*self._size)
        search = Search(watermark.tile, self._spectra[level])
        y, x = ((side * (1 << level) - 1) / 2 / unit for side in self._spectra[level].size)
        found = search.uncropped(unit / (1 << level), (y, x), PLACES)
        return self._decoded(number, watermark, search, level, found)

    def _known(self, number: int, watermark: Watermark, known: tuple[_Word, ...]) -> list[_Word]:
        words = []
        for word in known:
            search = Search(watermark.tile, self._spectra[word.level])
            view = search.best(replace(word.view, at=(0.0, 0.0)))
            words += self._decoded(number, watermark, search, word.level, [search.refined(view)])
        return words

    def _anywhere(self, number: int, watermark: Watermark) -> list[_Word]:
        words = []
        for level, spectrum in self._spectra.items():
            middle = Spectrum(_middle(self._sums[level]))
            likely = Search(watermark.tile, middle).everywhere(views(middle.size), VIEWS)
            search = Search(watermark.tile, spectrum)
            found = [search.refined(view) for view in likely]
            words += self._decoded(number, watermark, search, level, found)
        return words

    def _decoded(self, number: int, watermark: Watermark, search: Search, level: int, found: list[View]) -> list[_Word]:
        soft, key = np.stack([search.soft(view) for view in found]), watermark.tile.key
        return [
            _Word(payload=payload, key=number, view=view, level=level, confidence=_right(bits, payload, key))
            for view, bits, payload in zip(found, soft, decode(soft, key), strict=True)
            if payload is not None
        ]


def _right(bits: Floats, payload: Payload, key: bytes) -> float:
    return float(((bits > 0) == (encode(payload, key) > 0)).mean())


def _middle(sums: Floats) -> Floats:
    """As much is cut off on both sides, so that the middle stays where it is."""
    height, width = sums.shape[1:]
    y, x = max(0, (height - REGION) // 2), max(0, (width - REGION) // 2)
    return sums[:, y : height - y, x : width - x]


def _told(words: list[_Word], count: int) -> Found | None:
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
