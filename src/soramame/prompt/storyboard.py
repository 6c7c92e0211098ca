"""Storyboards: a film of several shots as a TOML file. ``docs/storyboard.md`` is the page for those who write one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from soramame.errors import ConfigError, SizeError
from soramame.geometry import MAX_SECONDS, Size, parse_size
from soramame.prompt.sentences import joined
from soramame.prompt.tables import Table, parse, shown

Transition = Literal["cut", "dissolve"]

LONGEST_FILE = 1 << 20
LONGEST_PROMPT = 32_000
CLOSEST = 0.125
"""Cards of a shot are at least this many seconds apart: at 8 frames a second, they are of different frames."""
DISSOLVE = 0.5
"""Seconds of a dissolve that does not say how long it is."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is known from a time on, in seconds from the shot's beginning: a prompt, and a picture or a clip or neither.

    The prompt is whole: looks, camera and style are in it. ``line`` is where the file says so.
    """

    at: float
    prompt: str | None = None
    image: Path | None = None
    clip: Path | None = None
    line: int = 1


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A shot: its cards in the order of time, the first at 0 with a prompt, and how it comes out of the shot before.

    ``transition_seconds`` is 0 for a cut.
    """

    seconds: float
    cards: tuple[Card, ...]
    transition: Transition = "cut"
    transition_seconds: float = 0.0
    line: int = 1

    def prompt_at(self, seconds: float) -> str:
        """The prompt that holds at a time from the shot's beginning: the latest at or before it."""
        prompts = [
            card.prompt for card in self.cards if card.prompt is not None and (card.at <= seconds or not card.at)
        ]
        return prompts[-1]


@dataclass(frozen=True, kw_only=True)
class Storyboard:
    """A film: at least one shot, at most 60 seconds in all."""

    title: str | None
    size: Size | None
    seed: int
    shots: tuple[Shot, ...]

    @property
    def seconds(self) -> float:
        """The length of all shots together."""
        return math.fsum(shot.seconds for shot in self.shots)


def read_storyboard(path: Path) -> Storyboard:
    """The storyboard in a file. Pictures and clips are looked for beside it.

    :class:`~soramame.errors.ConfigError` if it cannot be read or is not a storyboard.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_FILE + 1)
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file; name a storyboard, like film.toml.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"{path}: the storyboard cannot be read ({reason}); name a file that you may read."
        ) from error
    if len(data) > LONGEST_FILE:
        raise ConfigError(f"{path}: a storyboard has at most 1 MiB; this is not one, or has to be cut into several.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: this is not UTF-8; save the storyboard in UTF-8.") from error
    return parse_storyboard(text, name=str(path), folder=path.parent)


def parse_storyboard(text: str, *, name: str, folder: Path) -> Storyboard:
    """The storyboard of a TOML text. ``name`` stands in errors; pictures and clips are looked for in ``folder``.

    :class:`~soramame.errors.ConfigError` names the file, the line, the key and the way out.
    """
    film = parse(text, name)
    film.only("title", "size", "seed", "style", "characters", "shots")
    words = _Words(looks=_looks(film))
    words = replace(words, style=words.told(film, "style"))
    shots: list[Shot] = []
    for table in film.tables("shots"):
        shot = _after(table, shots[-1] if shots else None, _shot(table, words, folder))
        shots.append(shot)
        total = math.fsum(shot.seconds for shot in shots)
        if total > MAX_SECONDS + 1e-9:
            raise table.error(
                f"makes {total:g} s of all shots so far; a film has at most {MAX_SECONDS:g}: shorten it.", "seconds"
            )
    if not shots:
        raise film.error("has no shots; write [[shots]], and seconds and prompt below it.")
    seed = film.whole("seed", below=2**63)
    return Storyboard(title=film.text("title"), size=_size(film), seed=seed or 0, shots=tuple(shots))


@dataclass(frozen=True, kw_only=True)
class _Words:
    """What goes into every prompt of a shot."""

    looks: Mapping[str, str]
    style: str | None = None
    camera: str | None = None

    def told(self, table: Table, key: str) -> str | None:
        """The text under a key, each ``{name}`` replaced by the character's look."""
        text = table.text(key)
        if text is None:
            return None
        told, end = "", 0
        for match in re.finditer(r"\{\s*([\w-]+)\s*\}|[{}]", text):
            told += text[end : match.start()] + self._look(table, key, match[1])
            end = match.end()
            if len(told) > LONGEST_PROMPT:
                raise table.error(f"has more than {LONGEST_PROMPT} characters, looks included; say less.", key)
        return told + text[end:]

    def _look(self, table: Table, key: str, name: str | None) -> str:
        known = ", ".join(f"{{{one}}}" for one in self.looks) or "none; write [characters.NAME] and look = below it"
        if name is None:
            raise table.error(f"has a brace that names no character; there are: {known}.", key)
        if name not in self.looks:
            near = get_close_matches(name, self.looks, n=1)
            hint = f"did you mean {{{near[0]}}}? " if near else ""
            raise table.error(f"names an unknown character {{{name}}}; {hint}there are: {known}.", key)
        return self.looks[name]

    def prompt(self, table: Table) -> str | None:
        """The whole prompt of a table: its own words, camera and style."""
        text = self.told(table, "prompt")
        if text is None:
            return None
        further = [part for part in (self.camera, self.style) if part is not None]
        whole = joined(text, further)
        if len(whole) > LONGEST_PROMPT:
            raise table.error(
                f"has {len(whole)} characters, looks included; at most {LONGEST_PROMPT} are read.", "prompt"
            )
        return whole


def _looks(film: Table) -> dict[str, str]:
    """The characters' looks by their names."""
    characters = film.table("characters")
    if characters is None:
        return {}
    looks: dict[str, str] = {}
    for name, character in characters.entries('look = "..."'):
        if not re.fullmatch(r"[\w-]+", name):
            raise character.error("needs a name of letters, digits, - and _ only, so that a prompt can say {name}.")
        character.only("look")
        look = character.text("look")
        if look is None:
            raise character.error('has no look; write look = "a woman in a long red dress", or the like.')
        if set(look) & set("{}"):
            raise character.error("has a brace in it; looks are plain words.", "look")
        looks[name] = look
    return looks


def _size(film: Table) -> Size | None:
    text = film.text("size")
    try:
        return None if text is None else parse_size(text)
    except SizeError as error:
        raise film.error(f'is {shown(text)}, not WIDTHxHEIGHT; write size = "256x160"', "size") from error


def _shot(table: Table, words: _Words, folder: Path) -> Shot:
    """A shot by itself, as if it were the first."""
    table.only("seconds", "prompt", "camera", "transition", "transition_seconds", "cards")
    seconds = table.number("seconds")
    if seconds is None:
        raise table.error("has no seconds; write seconds = 4.0, or how long it is.")
    if not 0 < seconds <= MAX_SECONDS:
        raise table.error(f"has to be more than 0 and at most {MAX_SECONDS:g}, not {seconds:g}.", "seconds")
    words = replace(words, camera=words.told(table, "camera"))
    cards = sorted((_card(card, seconds, words, folder) for card in table.tables("cards")), key=lambda card: card.at)
    prompt = words.prompt(table)
    if prompt is not None:
        cards = _with_first(table, cards, prompt)
    if not cards or cards[0].at or cards[0].prompt is None:
        raise table.error('has no prompt for its beginning; write prompt = "..." below its seconds.')
    for early, late in pairwise(cards):
        if late.at - early.at < CLOSEST - 1e-9:
            raise ConfigError(
                f"{table.name}, line {late.line}: at of the card overlaps that of line {early.line} "
                f"({late.at:g} and {early.at:g} s); cards of a shot are at least {CLOSEST:g} s apart, "
                "or one card with both."
            )
    return Shot(seconds=seconds, cards=tuple(cards), line=table.line())


def _with_first(table: Table, cards: list[Card], prompt: str) -> list[Card]:
    """The cards with the shot's own prompt at 0, in the card that stands there if it has none."""
    if not cards or cards[0].at:
        return [Card(at=0.0, prompt=prompt, line=table.line("prompt")), *cards]
    if cards[0].prompt is not None:
        raise table.error(f"and the card at 0 in line {cards[0].line} overlap: both say a prompt; drop one.", "prompt")
    return [replace(cards[0], prompt=prompt), *cards[1:]]


def _card(table: Table, seconds: float, words: _Words, folder: Path) -> Card:
    table.only("at", "prompt", "image", "clip")
    at = table.number("at")
    if at is None:
        raise table.error("has no time; write at = 2.0, in seconds from the shot's beginning.")
    if not 0 <= at < seconds:
        raise table.error(f"is {at:g}, which is not in the shot; it has to be from 0 to less than {seconds:g}.", "at")
    prompt, image, clip = words.prompt(table), _file(table, "image", folder), _file(table, "clip", folder)
    if image and clip:
        raise table.error("excludes image; keep one of both, or make two cards.", "clip")
    if not (prompt or image or clip):
        raise table.error("has nothing to show; write prompt, image or clip below its time.")
    return Card(at=at, prompt=prompt, image=image, clip=clip, line=table.line())


def _file(table: Table, key: str, folder: Path) -> Path | None:
    """The path of a file that is there."""
    name = table.text(key)
    if name is None:
        return None
    path = folder / name
    try:
        there = path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        raise table.error(
            f"is {shown(name)}, but there is no file {shown(str(path))}; paths are relative to the storyboard.", key
        )
    return path


def _after(table: Table, before: Shot | None, shot: Shot) -> Shot:
    """The shot with its transition from the one before it."""
    kind, seconds = table.text("transition"), table.number("transition_seconds")
    if before is None:
        for key in ("transition", "transition_seconds"):
            if key in table.values:
                raise table.error("is said of the first shot, before which there is none; leave it out.", key)
        return shot
    if kind is not None and kind not in get_args(Transition):
        raise table.error(f"has to be {' or '.join(get_args(Transition))}, not {shown(kind)}.", "transition")
    if kind != "dissolve":
        if seconds is not None:
            raise table.error(
                'belongs to a dissolve; write transition = "dissolve", or leave it out.', "transition_seconds"
            )
        return shot
    longest = min(before.seconds, shot.seconds) / 2
    if seconds is not None and not 0 < seconds <= longest:
        raise table.error(
            f"has to be more than 0 and at most {longest:g}, half of the shorter of both shots, not {seconds:g}.",
            "transition_seconds",
        )
    return replace(
        shot, transition="dissolve", transition_seconds=min(DISSOLVE, longest) if seconds is None else seconds
    )
