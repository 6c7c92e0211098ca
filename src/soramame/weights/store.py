"""A model in a folder: ``model.json`` (parts, configurations, hashes, defaults, facts) and one safetensors file a part.

Matrices are stored in bfloat16, or in 8 bits with a scale a row; statistics and norms in float32. A file that was altered or
cut off is refused. The layout is described in ``docs/model-folder.md``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from soramame.errors import ConfigError, ModelNotFoundError, OutputError, WeightsError
from soramame.model.dit import DiT, DiTConfig
from soramame.model.text import TextConfig, TextEncoder
from soramame.model.vae import VAE, VAEConfig

BUNDLED = "mame"
PARTS = ("vae", "dit", "text")
VERSION = 1
SCALE = "::scale"
"""Behind the name of a tensor: that of its float32 scales, one a row."""
Storage = Literal["bfloat16", "int8"]


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What a request leaves open: size in pixels, frames a second, seconds, steps, guidance, shift of the schedule,
    solver.

    ``guidance_beside``: where a clip goes on, what is there tells more than words do; None: as elsewhere. ``grain``: mean change from
    frame to frame, in [0, 255], that is the decoder's own and no movement (:func:`soramame.media.steady`); 0: none is taken for that.
    """

    width: int = 256
    height: int = 160
    fps: int = 8
    seconds: float = 4.0
    steps: int = 16
    guidance: float = 2.5
    shift: float = 6.0
    solver: str = "euler"
    guidance_beside: float | None = None
    grain: float = 0.0


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
    path = Path(str(files("soramame.weights") / BUNDLED)) if name == BUNDLED else Path(name)
    try:
        found = (path / "model.json").is_file()
    except (OSError, ValueError):  # a name that no file can have
        found = False
    if not found and name == BUNDLED:
        raise ModelNotFoundError(f"the bundled model {BUNDLED!r} is missing: install Soramame again, or name a folder.")
    if not found:
        raise ModelNotFoundError(
            f"there is no model {name[:200]!r}: give {BUNDLED!r}, or a folder with a model.json in it."
        )
    return path


def save_model(
    folder: Path,
    networks: Mapping[str, nn.Module],
    *,
    name: str,
    defaults: Defaults,
    facts: Mapping[str, Any],
    storage: Storage = "bfloat16",
) -> Card:
    """Write the networks ``vae``, ``dit`` and ``text`` (each with its ``config``) into a folder; returns the card.

    ``int8`` halves the files; :class:`OutputError` if they cannot be written.
    """
    parts: dict[str, Any] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            path = folder / f"{part}.safetensors"
            _save(path, pack(networks[part].state_dict(), storage))
            parts[part] = {"config": asdict(networks[part].config), "sha256": _hash(path)}  # type: ignore[call-overload]
        card = Card(name=name, sha256=_identity(parts, asdict(defaults)), defaults=defaults, facts=facts)
        content = {"version": VERSION, "storage": storage, "parts": parts, **asdict(card)}
        draft = folder / "model.json.part"
        draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(draft, folder / "model.json")
    except (OSError, SafetensorError) as error:
        raise OutputError(
            f"the model cannot be written to {folder}: {getattr(error, 'strerror', None) or error}."
        ) from error
    return card


def pack(state: Mapping[str, Tensor], storage: Storage) -> dict[str, Tensor]:
    """A state as it is stored: see the module's first lines."""
    stored: dict[str, Tensor] = {}
    for key, value in state.items():
        kept = value.detach().cpu()
        if kept.ndim < 2 or "latent_" in key:
            stored[key] = kept.float().contiguous()
        elif storage == "bfloat16":
            stored[key] = kept.bfloat16().contiguous()
        else:
            rows = kept.float().flatten(1)
            scale = rows.abs().amax(1).clamp_min(1e-12) / 127
            stored[key] = (rows / scale[:, None]).round().to(torch.int8).view(kept.shape).contiguous()
            stored[key + SCALE] = scale.contiguous()
    return stored


def unpack(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state in float32; the inverse of :func:`pack`, but for what 8 or 16 bits lose."""
    state: dict[str, Tensor] = {}
    for key, value in stored.items():
        if key.endswith(SCALE):
            continue
        wide = value.float()
        if key + SCALE in stored:
            wide = wide * stored[key + SCALE].float().view(-1, *[1] * (wide.ndim - 1))
        state[key] = wide
    return state


def load_card(name: str = BUNDLED) -> Card:
    """The card alone: quick, without the networks."""
    return _card(_read(folder_of(name)))


def load_model(name: str = BUNDLED) -> Model:
    """Load a model by name or folder. :class:`WeightsError` if a file is missing, altered or of another shape."""
    folder = folder_of(name)
    content = _read(folder)
    card = _card(content)
    try:
        parts = content["parts"]
        if _identity(parts, content["defaults"]) != card.sha256:
            raise WeightsError(f"{folder / 'model.json'} was altered; fetch the model again.")
        vae = VAE(VAEConfig(**parts["vae"]["config"]))
        dit = DiT(DiTConfig(**parts["dit"]["config"]))
        text = TextEncoder(TextConfig(**parts["text"]["config"]))
        for part, network in zip(PARTS, (vae, dit, text), strict=True):
            _fill(network, folder / f"{part}.safetensors", parts[part]["sha256"])
    except (KeyError, TypeError, AttributeError, ConfigError) as error:
        raise WeightsError(f"{folder / 'model.json'} does not describe a model of this version: {error}.") from error
    return Model(vae=vae.eval(), dit=dit.eval(), text=text.eval(), card=card)


def _identity(parts: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """One hash over all that decides what a model paints: weights, configurations, defaults."""
    return hashlib.sha256(json.dumps([parts, defaults], sort_keys=True).encode()).hexdigest()


def _save(path: Path, tensors: dict[str, Tensor]) -> None:
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_bytes(save(tensors))  # save_file would shut out every other user of the machine
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _read(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
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
    try:
        found = _hash(path)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror or error}.") from error
    if found != sha256:
        raise WeightsError(f"{path} is not the file that model.json names: it was altered or cut off; fetch it again.")
    try:
        network.load_state_dict(unpack(load_file(path)))
    except (SafetensorError, RuntimeError) as error:
        raise WeightsError(f"{path} does not fit the model that model.json describes.") from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
