from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from soramame.engine import Request, Soramame
from soramame.engine.paint import paint
from soramame.errors import ConfigError
from soramame.flow.sample import Progress
from soramame.model.dit import DiT, DiTConfig
from soramame.runtime import decide
from soramame.weights.store import load_model
from tests.engine.clips import moving

MASK = np.zeros((64, 128), bool)
MASK[:32, :64] = True
SOURCE = moving(9).frames
TASKS: dict[str, dict[str, Any]] = {
    "text": {"prompt": "a dog"},
    "image": {"prompt": "a dog", "image": SOURCE[0]},
    "ends": {"prompt": "a dog", "image": SOURCE[0], "last_image": SOURCE[-1]},
    "between": {"prompt": "", "before": SOURCE, "after": SOURCE, "seconds": 0.5},
    "remix": {"prompt": "snow", "source": SOURCE, "strength": 0.5},
    "inpaint": {"prompt": "a ball", "source": SOURCE, "mask": MASK},
    "long": {"prompt": "a dog", "seconds": 2.0},
}


@pytest.fixture(scope="module", params=["replacement", "channels"])
def other(request: pytest.FixtureRequest, tiny: Path) -> Soramame:
    """The tiny model, told in another way what is given."""
    model = load_model(str(tiny))
    channels = 11 + 4 + 8 if request.param == "channels" else 11
    torch.manual_seed(1)
    dit = DiT(replace(model.dit.config, conditioning=request.param, in_channels=channels)).eval()
    for p in dit.parameters():
        torch.nn.init.normal_(p, std=0.15)
    return Soramame(replace(model, dit=dit), decide("cpu", "float32", threads=1, attention="sdpa"))


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_the_same_for_every_kind_of_model(other: Soramame, task: str) -> None:
    request = other.complete(Request(**TASKS[task], steps=2))
    *_, last = (event for event in paint(other, request) if isinstance(event, Progress))
    assert bool(torch.isfinite(last.latents).all())
    if task in ("image", "ends"):
        assert torch.equal(last.latents[:, :8, :1], other.encode(SOURCE[:1]))
    if task == "between":
        assert torch.equal(last.latents[:, :8, :1], other.encode(SOURCE[-1:]))
    if task == "inpaint":
        assert torch.equal(last.latents[:, :8, :, 2:], other.encode(SOURCE)[:, :, :, 2:])


def test_a_model_with_channels_is_shown_the_mask_and_what_is_given(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model(str(tiny))
    dit = DiT(replace(model.dit.config, conditioning="channels", in_channels=23)).eval()
    engine = Soramame(replace(model, dit=dit), decide("cpu", "float32", threads=1, attention="sdpa"))
    seen: list[torch.Tensor] = []
    whole = DiT.velocity

    def watched(self: DiT, x: torch.Tensor, *arguments: Any, **options: Any) -> torch.Tensor:
        seen.append(x)
        return whole(self, x, *arguments, **options)

    monkeypatch.setattr(DiT, "velocity", watched)
    list(paint(engine, engine.complete(Request(prompt="x", image=SOURCE[0], steps=1))))
    mask, latents = seen[0][:, 11:15], seen[0][:, 15:]
    assert mask[0, :, :, 0, 0].tolist() == [[1.0, 0.0, 0.0]] * 4
    assert torch.equal(latents[:, :, :1], engine.encode(SOURCE[:1]))
    grey = model.vae.encode(torch.zeros(1, 3, 9, 64, 128))
    assert torch.allclose(latents[:, :, 1:], grey[:, :, 1:], atol=1e-5)


def test_the_public_models_say_how_they_are_told() -> None:
    kinds = {name: DiTConfig.wan(name).conditioning for name in ("Wan2.1-T2V-1.3B", "Wan2.1-I2V-14B-480P")}
    assert kinds == {"Wan2.1-T2V-1.3B": "replacement", "Wan2.1-I2V-14B-480P": "channels"}
    assert DiTConfig.wan("Wan2.2-TI2V-5B").conditioning == "time"
    assert DiTConfig.wan("SkyReels-V2-DF-1.3B-540P").conditioning == "time"


@pytest.mark.parametrize("wrong", [{"conditioning": "telepathy"}, {"conditioning": "channels", "in_channels": 20}])
def test_conditioning_that_cannot_be_is_one_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="condition"):
        DiTConfig(dim=48, layers=1, heads=2, ffn=8, **wrong)
