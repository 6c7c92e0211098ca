"""What a file says of itself: a C2PA claim as plain data, for :mod:`soramame.safety.provenance` to sign.

Source: C2PA specification 2.2, sections 18 (assertions), 18.15 (actions) and 9.3 (soft bindings); the kinds of digital sources are
IPTC's. The labels ``org.soramame.*`` are this system's own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from soramame import __version__
from soramame.errors import OptionError

ACTIONS, BINDING, RECIPE = "c2pa.actions.v2", "c2pa.soft-binding", "org.soramame.recipe"
WATERMARK = "org.soramame.watermark.1"
"""Name of the watermark's algorithm in a soft binding."""
AGENT = "Soramame"
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
PAINTED, COMPOSITE = IPTC + "trainedAlgorithmicMedia", IPTC + "compositeWithTrainedAlgorithmicMedia"
CUT = "cut"
"""The task that keeps frames of its source and paints none."""
SOURCE_TYPE = "source_type"
"""Key of a cut's recipe: which of the two kinds of digital sources its frames are, by the last part of IPTC's name; it is missing where
they are not known to be painted."""
EDITS = frozenset({"extend", "fill", "loop", "blend", "inpaint", "upres", CUT})
"""Tasks that keep frames or pixels of their sources. All others make new ones, with or without looking at a source."""
PROMPTS = frozenset({"prompt", "negative", "said", "title", "shots", "events"})
"""Keys of a recipe with the user's words."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What is claimed of a file. ``recipe`` is JSON-able, and what a clip's metadata holds; ``task`` is what was done, in the
    command line's words (``generate``, ``extend backward``, …); ``watermark`` the payload that is in the pixels, as hex digits.
    To tell no more than sums of the user's words, give it what :func:`hidden` makes of the recipe."""

    recipe: Mapping[str, Any]
    task: str = "generate"
    model: str = ""
    model_sha256: str = ""
    watermark: str | None = None

    def __post_init__(self) -> None:
        if self.watermark is not None and not _is_hex(self.watermark):
            raise OptionError(f"a watermark's payload is told as hex digits, not {self.watermark!r}.")
        try:
            json.dumps(self.recipe, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise OptionError(f"the recipe cannot be told in JSON: {error}.") from error

    @classmethod
    def of(cls, metadata: Mapping[str, Any], *, watermark: str | None = None) -> Statement:
        """The statement about a clip with this ``metadata``."""
        return cls(
            recipe=metadata,
            task=str(metadata.get("task") or ("image" if metadata.get("image_sha256") else "generate")),
            model=str(metadata.get("model", "")),
            model_sha256=str(metadata.get("model_sha256", "")),
            watermark=watermark,
        )

    @property
    def edits(self) -> bool:
        """Whether frames or pixels of a source are kept."""
        return self.task.partition(" ")[0] in EDITS

    @property
    def source_type(self) -> str | None:
        """IPTC's name for what its frames are; None for a cut of what is not known to be painted."""
        if self.task == CUT:
            told = self.recipe.get(SOURCE_TYPE)
            return next((one for one in (PAINTED, COMPOSITE) if told == short(one)), None)
        return COMPOSITE if self.edits else PAINTED


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file that something was made from. ``title``: the name to tell, its file's own unless given."""

    path: Path
    title: str | None = None

    @property
    def name(self) -> str:
        """The name to tell."""
        return self.title if self.title is not None else self.path.name


def definition(
    statement: Statement,
    title: str,
    kind: str,
    sources: Sequence[Mapping[str, Any]],
    *,
    frame: tuple[int, int] | None = None,
    unhashed: str = "",
) -> dict[str, Any]:
    """The claim for a file called ``title`` of MIME type ``kind``, as c2pa's Builder takes it.

    ``sources``: what was found out about each, to be told beside the recipe; ``frame``: number and count in a series of pictures;
    ``unhashed``: the sum of what the hash of the content leaves out.
    """
    told: dict[str, Any] = {
        "task": statement.task,
        "kind": kind,
        "recipe": dict(statement.recipe),
        "sources": list(sources),
    }
    if unhashed:
        told["unhashed_sha256"] = unhashed
    if frame is not None:
        told["frame"], told["frames"] = frame
    assertions: list[tuple[str, dict[str, Any]]] = [
        (ACTIONS, {"actions": _actions(statement, len(sources))}),
        (RECIPE, told),
    ]
    if statement.watermark is not None:
        block = {"scope": {}, "value": statement.watermark}
        assertions.append((BINDING, {"alg": WATERMARK, "blocks": [block]}))
    return {
        "claim_generator_info": [{"name": AGENT, "version": __version__}],
        "title": title,
        "format": kind,
        "assertions": [{"label": label, "created": True, "data": data} for label, data in assertions],
    }


def short(source_type: str) -> str:
    """The last part of IPTC's name for a kind of digital source."""
    return source_type.rpartition("/")[2]


def ingredient(statement: Statement, source: Source, number: int) -> dict[str, Any]:
    """The claim's entry for one of its sources, that actions speak of as :func:`mark`."""
    relationship = "inputTo" if not statement.edits else "parentOf" if number == 0 else "componentOf"
    return {"title": source.name, "relationship": relationship, "label": mark(number)}


def mark(number: int) -> str:
    """The name by which actions speak of a source."""
    return f"source{number}"


def hidden(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe with the user's words replaced by their SHA-256 sums: ``prompt`` by ``prompt_sha256``, and so on."""
    return {(f"{key}_sha256" if _hides(key, value) else key): _told(key, value) for key, value in recipe.items()}


def words_sha256(words: object) -> str:
    """The sum that stands for a user's words: of the text in UTF-8, or of anything else as sorted JSON."""
    text = words if isinstance(words, str) else json.dumps(words, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _hides(key: str, value: object) -> bool:
    return key in PROMPTS and bool(value)


def _told(key: str, value: object) -> object:
    if _hides(key, value):
        return words_sha256(value)
    return hidden(value) if isinstance(value, Mapping) else value


def _actions(statement: Statement, sources: int) -> list[dict[str, Any]]:
    """First how the file began, as the specification asks; then what was done to it."""
    agent = {"name": AGENT, "version": __version__}
    if statement.model:
        agent |= {"org.soramame.model": statement.model, "org.soramame.model_sha256": statement.model_sha256}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    common = {"softwareAgent": agent, "when": now, "description": statement.task}
    kind = {} if statement.source_type is None else {"digitalSourceType": statement.source_type}
    if statement.edits and sources:
        actions = [
            {"action": "c2pa.opened", "parameters": {"ingredientIds": [mark(0)]}, "when": now},
            {"action": "c2pa.trimmed" if statement.task == CUT else "c2pa.edited", **kind, **common},
        ]
        if sources > 1:
            marks = [mark(number) for number in range(1, sources)]
            actions.append({"action": "c2pa.placed", "parameters": {"ingredientIds": marks}, "when": now})
    else:
        # The specification wants a kind here, so frames that nothing is known of, cut in memory, count as painted too.
        created: dict[str, Any] = {"action": "c2pa.created", "digitalSourceType": COMPOSITE, **kind, **common}
        if sources:
            created["parameters"] = {"ingredientIds": [mark(number) for number in range(sources)]}
        actions = [created]
    if statement.watermark is not None:
        actions.append({"action": "c2pa.watermarked.bound", "when": now})
    return actions


def _is_hex(text: str) -> bool:
    return bool(text) and len(text) % 2 == 0 and set(text) <= set("0123456789abcdef")
