"""Clips in and out: files, limits, sound, contact sheets."""

from __future__ import annotations

from soramame.media.audio import Audio, cut, joined, silence
from soramame.media.clip import Clip
from soramame.media.compare import psnr
from soramame.media.content import Frames, Limits
from soramame.media.enlarge import agreeing, enlarge
from soramame.media.glimpse import glimpses
from soramame.media.read import read_picture
from soramame.media.sheet import contact_sheet, strip
from soramame.media.source import conform, fit
from soramame.media.steady import Edge, steady
from soramame.media.write import Seal, check_output, save_picture, sound_kept, stream

__all__ = [
    "Audio",
    "Clip",
    "Edge",
    "Frames",
    "Limits",
    "Seal",
    "agreeing",
    "check_output",
    "conform",
    "contact_sheet",
    "cut",
    "enlarge",
    "fit",
    "glimpses",
    "joined",
    "psnr",
    "read_picture",
    "save_picture",
    "silence",
    "sound_kept",
    "steady",
    "stream",
    "strip",
]
