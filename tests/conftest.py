"""A tiny model with random weights: the real networks, small enough for every test."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from soramame.engine import Soramame
from soramame.model.dit import DiT, DiTConfig
from soramame.model.text import TextConfig, TextEncoder
from soramame.model.vae import VAE, VAEConfig
from soramame.weights.store import Defaults, save_model
from tests.policies import OPEN, OPEN_FILE

DEFAULTS = Defaults(
    width=128, height=64, fps=8, seconds=1.0, steps=3, guidance=2.0, guidance_beside=1.5, shift=2.0, grain=1.0
)


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny networks are slower on two threads, and much slower on two that wait for one another on a busy machine."""
    monkeypatch.setattr("soramame.runtime._cores", lambda: 1)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is signed with a key of whoever runs the tests; frames come out as they were painted unless a test says otherwise."""
    monkeypatch.setenv("SORAMAME_HOME", str(tmp_path_factory.getbasetemp() / "home"))
    monkeypatch.setenv("SORAMAME_POLICY", str(OPEN_FILE))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny model; every weight is random, so that every part moves the output."""
    torch.manual_seed(0)
    vae = VAEConfig(
        latent_channels=8,
        encoder_widths=(8, 16, 16),
        decoder_widths=(8, 16, 16),
        temporal=(True, True),
        encoder_blocks=1,
        decoder_blocks=1,
        patch=4,
        residual=True,
        factorised=True,
    )
    dit = DiTConfig(
        dim=48,
        layers=2,
        heads=2,
        ffn=64,
        in_channels=11,
        out_channels=11,
        layout=3,
        text_dim=256,
        prediction="x0",
        text_pooled=True,
        text_refiner=True,
        absolute_positions=True,
    )
    networks = {"vae": VAE(vae), "dit": DiT(dit), "text": TextEncoder(TextConfig())}
    for network in (networks["vae"], networks["dit"]):
        for p in network.parameters():
            torch.nn.init.normal_(p, std=0.15)
    folder = tmp_path_factory.mktemp("model") / "tiny"
    save_model(folder, networks, name="tiny", defaults=DEFAULTS, facts={"note": "random weights"})
    return folder


@pytest.fixture(scope="session")
def sora(tiny: Path) -> Soramame:
    """The tiny model, loaded."""
    return Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=OPEN)


@pytest.fixture
def wide(tiny: Path) -> Soramame:
    """The same by itself, so that a test may change how many latent frames it holds."""
    return Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=OPEN)
