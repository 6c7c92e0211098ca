"""What happens to a file on its way: by name, to test with, and at random, to fit on."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.watermark import coded, cropped, scaled, toned
from soramame.safety.code import Payload
from soramame.safety.watermark import Watermark

Frames = NDArray[np.uint8]
Change = Callable[[Frames], Frames]
FILTERS = (Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.LANCZOS)


def vp9(frames: Frames, crf: int) -> Frames:
    """Frames as VP9 leaves them."""
    height, width = (side // 2 * 2 for side in frames.shape[1:3])
    file = io.BytesIO()
    options = {"crf": str(crf), "b": "0", "deadline": "realtime", "cpu-used": "7", "threads": "1"}
    with av.open(file, "w", format="webm") as container:
        stream = container.add_stream("libvpx-vp9", rate=8, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame[:height, :width]), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def x264(frames: Frames, crf: int) -> Frames:
    """Frames as H.264 leaves them."""
    return coded(frames, crf)[0]


def then(*changes: Change) -> Change:
    """One change after the other."""

    def changed(frames: Frames) -> Frames:
        for change in changes:
            frames = change(frames)
        return frames

    return changed


def mirrored(frames: Frames) -> Frames:
    """Left is right."""
    return frames[:, :, ::-1]


def crf(value: int) -> Change:
    """H.264 at a quality."""
    return partial(x264, crf=value)


def size(factor: float) -> Change:
    """Larger or smaller."""
    return partial(scaled, factor=factor)


CHANGES: dict[str, Change] = {
    "none": lambda frames: frames,
    "H.264 crf 18": crf(18),
    "H.264 crf 23": crf(23),
    "H.264 crf 28": crf(28),
    "H.264 crf 33": crf(33),
    "VP9 crf 34": partial(vp9, crf=34),
    "half size, crf 23": then(size(0.5), crf(23)),
    "1.5 times, crf 23": then(size(1.5), crf(23)),
    "crop to 80 %, crf 23": then(partial(cropped, share=0.8), crf(23)),
    "mirrored, crf 23": then(mirrored, crf(23)),
    "messenger: 3/4 size, crf 28, crf 30": then(size(0.75), crf(28), crf(30)),
    "each frame three times, crf 23": then(lambda frames: frames.repeat(3, 0), crf(23)),
}


def marked(frames: Frames, random: np.random.Generator) -> Frames:
    """With the mark of some key: on frames of either kind, so that a mark gives nothing away."""
    return Watermark(random.bytes(32)).mark(frames, Payload.of(1, random.bytes(8).hex()))


def at_random(frames: Frames, random: np.random.Generator) -> Frames:
    """A change of each kind, or none, with other strengths than those of :data:`CHANGES`."""
    if random.random() < 0.5:
        frames = marked(frames, random)
    if random.random() < 0.12:
        frames = frames.repeat(int(random.integers(2, 4)), 0)[: len(frames)]
    if random.random() < 0.5:
        frames = mirrored(frames)
    if random.random() < 0.4:
        frames = cropped(frames, random.uniform(0.6, 1.0))
    if random.random() < 0.45:
        frames = _resized(frames, random.uniform(0.5, 1.7), FILTERS[random.integers(len(FILTERS))])
    if random.random() < 0.2:
        frames = toned(frames, random.uniform(0.75, 1.3))
    kind = random.random()
    if kind < 0.15:
        return np.ascontiguousarray(frames)
    if kind < 0.27:
        return vp9(frames, int(random.integers(20, 45)))
    frames = x264(frames, int(random.integers(14, 35)))
    return x264(frames, int(random.integers(20, 32))) if random.random() < 0.15 else frames


def _resized(frames: Frames, factor: float, smooth: Image.Resampling) -> Frames:
    height, width = (max(64, round(side * factor / 2) * 2) for side in frames.shape[1:3])
    return np.stack([np.asarray(Image.fromarray(frame).resize((width, height), smooth)) for frame in frames])
