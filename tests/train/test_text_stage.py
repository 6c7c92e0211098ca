from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from soramame.errors import ConfigError, TrainingError
from soramame.model.text import TextConfig, TextEncoder, tokenize
from soramame.train.text import Reader, TextRun, Wording, accuracy, draw, labels, lexicon, target, train_text
from soramame.world.captions import Caption, facts_of
from soramame.world.sample import Curriculum, sample_scene

SMALL = TextConfig(dim=32, width=16, layers=1, heads=2, ffn=32)
QUICK = TextRun(scenes=6, lr=3e-3, save_minutes=60)


def train(out: Path, steps: int, *, run: TextRun = QUICK) -> TextEncoder:
    return train_text(SMALL, steps=steps, seed=3, threads=1, out=out, run=run, say=lambda _: None)


def test_every_fact_of_every_scene_has_a_label() -> None:
    names = labels()
    for seed in range(200):
        for curriculum in (Curriculum.world(), Curriculum.mame()):
            for fact, label in facts_of(sample_scene(seed, curriculum)).items():
                assert label in names[fact], (fact, label)


def test_a_batch_is_decided_by_its_seed_and_pairs_captions_of_one_scene() -> None:
    one, same, other = draw(5, 8, Wording()), draw(5, 8, Wording()), draw(6, 8, Wording())
    assert one.texts == same.texts
    assert torch.equal(one.targets, same.targets)
    assert one.texts != other.texts
    first, second = one.targets.chunk(2)
    both = (first >= 0) & (second >= 0)
    assert both.any()
    assert (first[both] == second[both]).all()


def test_targets_are_only_of_what_the_text_states() -> None:
    scene = sample_scene(4, Curriculum.mame())
    facts, names = facts_of(scene), labels()
    told = Caption(text="", stated=frozenset({"place"}))
    row = target(told, facts, names)
    assert row[list(names).index("place")] == names["place"].index(facts["place"])
    assert [value for value in row if value >= 0] == [row[list(names).index("place")]]


def test_bare_words_tell_subject_and_place() -> None:
    sheet = lexicon(1, 40)
    assert lexicon(1, 40).texts == sheet.texts
    stated = {name for name, column in zip(labels(), sheet.targets.T, strict=True) if (column >= 0).any()}
    assert stated == {"subject", "place"}


def test_facts_that_are_not_stated_carry_no_loss() -> None:
    torch.manual_seed(0)
    reader = Reader(TextEncoder(SMALL))
    sheet = draw(1, 4, Wording())
    reader.loss(sheet)["tokens"].backward()  # type: ignore[no-untyped-call]
    assert reader.from_tokens.grad is not None
    reached = reader.from_tokens.grad.abs().sum((1, 2)) > 0
    assert torch.equal(reached, (sheet.targets >= 0).any(0))


def test_training_lowers_the_loss_and_is_scored() -> None:
    torch.manual_seed(0)
    reader, sheet = Reader(TextEncoder(SMALL)), draw(1, 16, Wording(long=0.0))
    optimiser = torch.optim.AdamW(reader.parameters(), lr=1e-2)
    values = []
    for _ in range(25):
        loss = reader.loss(sheet)["loss"]
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        values.append(float(loss.detach()))
    assert values[-1] < 0.6 * values[0]
    share, count = accuracy(reader, sheet)["subject"]
    assert share > 0.8
    assert count == 32


def test_a_stopped_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    whole = train(tmp_path / "whole" / "text.pt", 6)
    train(tmp_path / "parts" / "text.pt", 3, run=TextRun(scenes=6, lr=3e-3, save_minutes=60, plan=6))
    parts = train(tmp_path / "parts" / "text.pt", 6)
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, parts.state_dict()[name]), name


def test_the_file_holds_an_encoder(tmp_path: Path) -> None:
    model = train(tmp_path / "text.pt", 1)
    content = torch.load(tmp_path / "text.pt", weights_only=True)
    again = TextEncoder(TextConfig(**content["config"])).eval()
    again.load_state_dict(content["model"])
    words = tokenize(["a wolf in the snow", "雪原の狼"])
    with torch.no_grad():
        assert torch.equal(again(*words)[1], model(*words)[1])


def test_another_configuration_does_not_go_on(tmp_path: Path) -> None:
    train(tmp_path / "text.pt", 1)
    with pytest.raises(TrainingError):
        train_text(
            TextConfig(dim=64, heads=2), steps=2, seed=3, threads=1, out=tmp_path / "text.pt", say=lambda _: None
        )
    with pytest.raises(ConfigError):
        train(tmp_path / "none.pt", 0)


def test_it_ends_when_its_time_is_over_and_goes_on_from_an_encoder_alone(tmp_path: Path) -> None:
    out = tmp_path / "text.pt"
    begun = train_text(
        SMALL, steps=1000, seed=3, threads=1, out=out, run=QUICK, minutes=1e-9, say=lambda _: None
    ).state_dict()
    out.with_suffix(".state").unlink()
    torch.manual_seed(99)  # another beginning would differ
    again = train_text(SMALL, steps=1, seed=4, threads=1, out=out, run=replace(QUICK, lr=0.0), say=lambda _: None)
    assert all(torch.equal(value, begun[name]) for name, value in again.state_dict().items())
