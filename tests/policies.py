"""Policies that tests work under."""

from __future__ import annotations

from pathlib import Path

from soramame.safety.policy import Policy

OPEN_FILE = Path(__file__).with_name("open.toml")
OPEN = Policy.load(OPEN_FILE)
"""Frames come out as they were painted, and files as they were written."""
