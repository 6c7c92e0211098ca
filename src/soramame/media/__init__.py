"""Clips in and out: files, limits, contact sheets."""

from __future__ import annotations

from soramame.media.clip import Clip
from soramame.media.sheet import contact_sheet
from soramame.media.write import check_output

__all__ = ["Clip", "check_output", "contact_sheet"]
