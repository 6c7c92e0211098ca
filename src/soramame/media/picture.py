"""Pictures and animations that strangers made, and series of numbered pictures."""

from __future__ import annotations

import io
import warnings
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from soramame.errors import MediaError
from soramame.media.content import DESCRIPTION, RATE, TAG, Content, Frames, Limits, decode_metadata, playable, stacked
from soramame.media.timing import pace

FORMATS = ("GIF", "JPEG", "PNG", "WEBP")


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so is one of the kinds that are read here."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return webp or head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"))


def read_pictures(data: io.BufferedReader, path: Path, limits: Limits, *, first_only: bool = False) -> Content:
    """The pictures of an open file at a constant rate; one unless it is an animation. :class:`MediaError` says what is wrong."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged fields that nobody reads
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _unpacked(data, path, limits, first_only=first_only)
    except MediaError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaError(f"{path} claims to be larger than any picture that is read.") from error
    except Exception as error:  # what a hostile file makes a parser raise is not of any one kind
        raise MediaError(f"{path} is not a picture that can be read; it may be cut off or damaged.") from error


def facts(path: Path) -> dict[str, str]:
    """The lines of text that a PNG file carries, of any kind; empty if it is not a picture."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            return {str(key): str(value) for key, value in image.info.items()}
    except Exception:  # as above
        return {}


def number(text: object, otherwise: float) -> float:
    """What a line of text says, if that is a number."""
    try:
        return float(str(text))
    except ValueError:
        return otherwise


def _unpacked(data: io.BufferedReader, path: Path, limits: Limits, *, first_only: bool) -> Content:
    with Image.open(data, formats=FORMATS) as image:
        limits.check_size(*image.size, path)
        count = 1 if first_only else int(getattr(image, "n_frames", 1))
        limits.check_length(count, image.size[0] * image.size[1], path)
        metadata = decode_metadata(image.info.get(TAG) or image.getexif().get(DESCRIPTION))
        rate = number(image.info.get(RATE), 0.0)
        frames, holds, notes = [], [], dict[str, None]()  # how long each is shown, in milliseconds
        for at in range(count):
            image.seek(at)
            frames.append(_rgb(image))
            notes |= dict.fromkeys(_changes(image))
            holds.append(max(0.0, float(image.info.get("duration", 0) or 0)))
    fps = playable(1000 * count / sum(holds) if sum(holds) > 0 else rate)
    plan = pace([time / 1000 for time in accumulate(holds[:-1], initial=0.0)], holds[-1] / 1000, fps)
    limits.check_length(plan.count, image.size[0] * image.size[1], path)
    pictures = stacked(frames, path)
    if plan.changed:
        pictures = pictures[plan.picks]
        notes[f"made constant at {plan.fps:g} frames a second"] = None
    return Content(frames=pictures, fps=plan.fps, metadata=metadata, notes=tuple(notes))


def _changes(image: Image.Image) -> list[str]:
    """What :func:`_rgb` has to do to a picture, in words."""
    done = []
    if image.getexif().get(0x0112, 1) != 1:
        done.append("turned upright")
    if image.mode.startswith("I"):
        done.append("16-bit pixels rounded to 8")
    if image.has_transparency_data and np.asarray(image.convert("RGBA"))[..., 3].min() < 255:
        done.append("transparency shown on white")
    return done


def _rgb(image: Image.Image) -> Frames:
    """Upright sRGB; what is transparent is shown on white."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits a pixel
        upright = Image.fromarray((np.asarray(upright).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(white, upright)
    return np.asarray(_srgb(upright.convert("RGB"), image.info.get("icc_profile")), np.uint8)


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Out of the colour space that the file names; one that makes no sense is taken for sRGB, as browsers do."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB")) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
