"""How a clip was made, from its own metadata, so that it can be made again."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soramame.errors import MediaError, OptionError

NUMBER = (int, float)
REQUEST: Mapping[str, type | tuple[type, ...]] = {
    "prompt": str,
    "negative": str,
    "seconds": NUMBER,
    "size": str,
    "seed": int,
    "steps": int,
    "guidance": NUMBER,
    "solver": str,
}
RUNTIME: Mapping[str, type | tuple[type, ...]] = {"device": str, "dtype": str, "threads": int, "attention": str}
PICTURES = ("image", "last_image")
WORDS = {"prompt": "a sentence", "negative": "--negative"}
"""What a file may tell by its hash only, and how it is given again."""


@dataclass(frozen=True, kw_only=True)
class Like:
    """A clip's recipe: fields of the request, of the runtime, hashes of the weights and of the pictures (or ``None``)."""

    path: Path
    request: Mapping[str, Any]
    runtime: Mapping[str, Any]
    model: str
    model_sha256: str | None
    pictures: Mapping[str, str | None]
    words: Mapping[str, str]
    """Hashes of words that the file does not tell."""

    def check_words(self, given: Collection[str]) -> None:
        """``given``: which words the new request has. Those that the recipe keeps to itself have to be among them."""
        for name in self.words:
            if name not in given:
                raise OptionError(f"{self.path} tells its {name} by a hash only: give it again, as {WORDS[name]}.")

    def is_prompt(self, prompt: str) -> bool:
        """Whether this is the prompt that the file keeps to itself, as it was painted: long already."""
        from soramame.safety.manifest import words_sha256

        return words_sha256(prompt) == self.words.get("prompt")

    def check_pictures(self, given: Collection[str]) -> None:
        """``given``: which pictures the new request has. Those that the recipe had have to be among them."""
        for name in PICTURES:
            if self.pictures[name] is not None and name not in given:
                option = f"--{name.replace('_', '-')}"
                raise OptionError(f"{self.path} was made with a picture: give the same one with {option}.")

    def check_model(self, sha256: str) -> None:
        """The same weights, or no repetition; without a hash, any will do."""
        if self.model_sha256 not in (None, sha256):
            raise OptionError(
                f"{self.path} was made with other weights ({self.model} {str(self.model_sha256)[:12]}, not {sha256[:12]}): "
                "name them with --model, or name these to make something like it."
            )


def like(path: Path, *, any_model: bool = False) -> Like:
    """The recipe in a clip's metadata; :class:`MediaError` if there is none, or one that makes no sense.

    ``any_model``: the weights are not to be the same.
    """
    from soramame.media import Clip

    told = Clip.load(path).metadata
    if told.get("generator") != "soramame":
        raise MediaError(f"{path} does not say how it was made, so it cannot be repeated.")
    if told.get("task", "generate") != "generate":
        raise MediaError(
            f"{path} was made by {told['task']!r}, which is repeated with that command and its own sources."
        )
    made_by = _fields(told, {"model": str, "model_sha256": str}, path)
    words = {name: str(told[f"{name}_sha256"]) for name in WORDS if f"{name}_sha256" in told}
    fields = {name: kind for name, kind in REQUEST.items() if name not in words}
    return Like(
        path=path,
        request=_fields(told, fields, path),
        runtime=_usable(_fields(told, RUNTIME, path)),
        model=made_by["model"],
        model_sha256=None if any_model else made_by["model_sha256"],
        pictures={name: told.get(f"{name}_sha256") for name in PICTURES},
        words=words,
    )


def _fields(told: Mapping[str, Any], kinds: Mapping[str, type | tuple[type, ...]], path: Path) -> dict[str, Any]:
    for name, kind in kinds.items():
        if not isinstance(told.get(name), kind) or isinstance(told[name], bool):
            raise MediaError(f"{path} does not say its {name}, so it cannot be repeated.")
    return {name: told[name] for name in kinds}


def _usable(runtime: dict[str, Any]) -> dict[str, Any]:
    """Without a number of threads that this machine has not got: then it decides anew."""
    if not 1 <= runtime["threads"] <= (os.cpu_count() or 1):
        del runtime["threads"]
    return runtime
