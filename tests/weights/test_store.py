from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from soramame.errors import ModelNotFoundError, OutputError, WeightsError
from soramame.weights import store
from soramame.weights.store import Defaults, load_card, load_model, pack, save_model, unpack


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """The tiny model in a folder that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


def networks(folder: Path) -> dict[str, nn.Module]:
    model = load_model(str(folder))
    return {"vae": model.vae, "dit": model.dit, "text": model.text}


def test_what_was_saved_is_loaded_and_saved_again_the_same(tiny: Path, tmp_path: Path) -> None:
    card = load_card(str(tiny))
    again = save_model(tmp_path, networks(tiny), name=card.name, defaults=card.defaults, facts=card.facts)
    assert again == card
    for path in tiny.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_eight_bits_take_half_the_room_and_lose_little(tiny: Path, tmp_path: Path) -> None:
    parts = networks(tiny)
    save_model(tmp_path, parts, name="small", defaults=Defaults(), facts={}, storage="int8")
    sizes = [sum(path.stat().st_size for path in folder.glob("text.safetensors")) for folder in (tiny, tmp_path)]
    assert sizes[1] < 0.55 * sizes[0]
    for part, network in networks(tmp_path).items():
        for key, value in network.state_dict().items():
            wide = parts[part].state_dict()[key].float()
            if wide.ndim < 2 or "latent_" in key:
                assert torch.equal(value, wide)
            else:
                rows = wide.flatten(1)
                assert ((value - wide).flatten(1).abs() <= rows.abs().amax(1, keepdim=True) / 250 + 1e-12).all()


def test_packing_keeps_rows_that_are_zero_and_rows_of_other_sizes() -> None:
    weight = torch.tensor([[0.0, 0.0], [1e-6, -1e-6], [300.0, 1.0]])
    back = unpack(pack({"weight": weight, "bias": torch.ones(3)}, "int8"))
    assert set(back) == {"weight", "bias"}
    assert torch.allclose(back["weight"], weight, rtol=1e-5, atol=1.2)
    assert torch.equal(back["weight"][0], weight[0])


@pytest.mark.parametrize("part", store.PARTS)
def test_altered_cut_off_or_missing_weights_are_refused(copy: Path, part: str) -> None:
    path = copy / f"{part}.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    for spoiled in (bytes(data), bytes(data[: len(data) // 2]), b""):
        path.write_bytes(spoiled)
        with pytest.raises(WeightsError, match="altered or cut off"):
            load_model(str(copy))
    path.unlink()
    with pytest.raises(WeightsError, match="missing"):
        load_model(str(copy))


def _set(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("defaults", "shift", to=9.0),
        _set("defaults", "magic", to=1),
        _set("parts", "dit", "config", "dim", to=64),
        _set("parts", "dit", "config", "magic", to=1),
        _set("parts", "vae", to=None),
        _set("parts", to={}),
        _set("version", to=99),
        _set("sha256", to="0"),
    ],
)
def test_an_altered_description_is_refused(copy: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads((copy / "model.json").read_text())
    change(content)
    (copy / "model.json").write_text(json.dumps(content))
    with pytest.raises(WeightsError, match=r"^[^\n]+\.$"):
        load_model(str(copy))


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff", "[" * 100_000])
def test_a_description_that_is_none_is_refused(copy: Path, text: str) -> None:
    (copy / "model.json").write_text(text, encoding="latin-1")
    with pytest.raises(WeightsError, match=r"^[^\n]+\.$"):
        load_model(str(copy))


@pytest.mark.parametrize("name", ["nope", "", ".", "a\0b", "x" * 5000, "../../etc/passwd"])
def test_models_that_are_not_there_are_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelNotFoundError, match=r"^[^\n]+\.$"):
        load_card(name)


def test_a_folder_that_cannot_be_written_is_told_and_nothing_half_is_left(tiny: Path, tmp_path: Path) -> None:
    parts, card = networks(tiny), load_card(str(tiny))
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        save_model(tmp_path / "file", parts, name="x", defaults=card.defaults, facts={})
    (tmp_path / "taken" / "vae.safetensors").mkdir(parents=True)
    with pytest.raises(OutputError):
        save_model(tmp_path / "taken", parts, name="x", defaults=card.defaults, facts={})
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["vae.safetensors"]
