"""Clips in and out: files, limits, contact sheets."""

from __future__ import annotations

from soramame.media.clip import Clip, Frames
from soramame.media.compare import psnr
from soramame.media.read import Limits, read_picture
from soramame.media.sheet import contact_sheet, strip
from soramame.media.source import conform, fit
from soramame.media.write import check_output, save_picture

__all__ = [
    "Clip",
    "Frames",
    "Limits",
    "check_output",
    "conform",
    "contact_sheet",
    "fit",
    "psnr",
    "read_picture",
    "save_picture",
    "strip",
]
