"""A model in a folder: ``model.json`` (parts, configurations, hashes, defaults, facts) and one safetensors file a part.

Matrices are stored in bfloat16, statistics and norms in float32; a file that was altered or cut off is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from soramame.errors import ConfigError, ModelNotFoundError, WeightsError
from soramame.model.dit import DiT, DiTConfig
from soramame.model.text import TextConfig, TextEncoder
from soramame.model.vae import VAE, VAEConfig

BUNDLED = "mame"
PARTS = ("vae", "dit", "text")
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What a request leaves open: size in pixels, frames a second, seconds, steps, guidance, shift of the schedule."""

    width: int = 256
    height: int = 160
    fps: int = 8
    seconds: float = 4.0
    steps: int = 16
    guidance: float = 2.5
    shift: float = 2.0


@dataclass(frozen=True, kw_only=True)
class Card:
    """What ``model.json`` says: name, hash over all parts, defaults, and facts for people (data, hours, figures)."""

    name: str
    sha256: str
    defaults: Defaults
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Model:
    """A loaded model: networks in float32 on the CPU, ready to be moved."""

    vae: VAE
    dit: DiT
    text: TextEncoder
    card: Card


def folder_of(name: str) -> Path:
    """The folder of a bundled model or a path; :class:`ModelNotFoundError` names what there is."""
    if name == BUNDLED:
        return Path(str(files("soramame.weights") / BUNDLED))
    path = Path(name)
    if (path / "model.json").is_file():
        return path
    raise ModelNotFoundError(f"there is no model {name!r}: give {BUNDLED!r}, or a folder with a model.json in it.")


def save_model(
    folder: Path, networks: Mapping[str, nn.Module], *, name: str, defaults: Defaults, facts: Mapping[str, Any]
) -> Card:
    """Write the networks ``vae``, ``dit`` and ``text`` (each with its ``config``) into a folder; returns the card."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Any] = {}
    for part in PARTS:
        path = folder / f"{part}.safetensors"
        save_file({key: _stored(key, value) for key, value in networks[part].state_dict().items()}, path)
        parts[part] = {"config": asdict(networks[part].config), "sha256": _hash(path)}  # type: ignore[call-overload]
    whole = hashlib.sha256("".join(parts[part]["sha256"] for part in PARTS).encode()).hexdigest()
    card = Card(name=name, sha256=whole, defaults=defaults, facts=facts)
    content = {"version": VERSION, "parts": parts, **asdict(card)}
    (folder / "model.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return card


def load_card(name: str = BUNDLED) -> Card:
    """The card alone: quick, without the networks."""
    return _card(_read(folder_of(name)))


def load_model(name: str = BUNDLED) -> Model:
    """Load a model by name or folder. :class:`WeightsError` if a file is missing, altered or of another shape."""
    folder = folder_of(name)
    content = _read(folder)
    try:
        parts = content["parts"]
        vae = VAE(VAEConfig(**parts["vae"]["config"]))
        dit = DiT(DiTConfig(**parts["dit"]["config"]))
        text = TextEncoder(TextConfig(**parts["text"]["config"]))
        for part, network in zip(PARTS, (vae, dit, text), strict=True):
            _fill(network, folder / f"{part}.safetensors", parts[part]["sha256"])
    except (KeyError, TypeError, ConfigError) as error:
        raise WeightsError(f"{folder / 'model.json'} does not describe a model of this version: {error}.") from error
    return Model(vae=vae.eval(), dit=dit.eval(), text=text.eval(), card=_card(content))


def _stored(key: str, value: Tensor) -> Tensor:
    large = value.ndim >= 2 and "latent_" not in key
    return value.detach().to("cpu", torch.bfloat16 if large else torch.float32).contiguous()


def _read(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / "model.json").read_text())
    except (OSError, ValueError) as error:
        raise WeightsError(f"{folder / 'model.json'} cannot be read: install Soramame or the model again.") from error
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise WeightsError(f"{folder / 'model.json'} is of another version than {VERSION}.")
    return content


def _card(content: Mapping[str, Any]) -> Card:
    try:
        defaults = Defaults(**content["defaults"])
        return Card(name=content["name"], sha256=content["sha256"], defaults=defaults, facts=content["facts"])
    except (KeyError, TypeError) as error:
        raise WeightsError(f"model.json lacks or has too much: {error}.") from error


def _fill(network: nn.Module, path: Path, sha256: str) -> None:
    if not path.is_file():
        raise WeightsError(f"{path} is missing: install Soramame or the model again.")
    if _hash(path) != sha256:
        raise WeightsError(f"{path} is not the file that model.json names: it was altered or cut off; fetch it again.")
    try:
        network.load_state_dict({key: value.float() for key, value in load_file(path).items()})
    except (SafetensorError, RuntimeError) as error:
        raise WeightsError(f"{path} does not fit the model that model.json describes.") from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
