"""The clips that the gallery ships with: how they are made, and that those in the package are what their index says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from soramame.engine import Soramame
from soramame.errors import ConfigError
from soramame.media import Clip
from soramame.serve import samples
from soramame.serve.samples import FOLDER, INDEX, MOST, STUDIO, Sample, index, main, paint, plan

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "recipes" / "samples.toml"
SHORT = """[[rows]]
title = { en = "Dogs", ja = "犬" }
[[rows.clips]]
name = "dog"
prompt = "a dog"
shows = { en = "a dog", ja = "犬" }
seed = 3
seconds = 1.0
size = "128x64"
[[rows.clips]]
name = "cat"
prompt = "a cat"
shows = { en = "a cat", ja = "猫" }
[[rows]]
title = { en = "None of these is there yet", ja = "まだない" }
[[rows.clips]]
name = "owl"
prompt = "an owl"
shows = { en = "an owl", ja = "梟" }
"""


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def made(sora: Soramame, short: Path) -> Path:
    """A studio's folder with the first sample."""
    folder = short.parent / FOLDER
    folder.mkdir()
    paint(sora, plan(short)[0].clips[0], folder)
    return short.parent


def test_a_sample_is_a_clip_a_poster_and_an_entry(sora: Soramame, short: Path) -> None:
    studio = made(sora, short)
    told = index(plan(short), studio)
    assert told == {"rows": [{"title": {"en": "Dogs", "ja": "犬"}, "clips": [{
        "video": "samples/dog.mp4", "poster": "samples/dog.webp", "prompt": "a dog", "shows": {"en": "a dog", "ja": "犬"},
        "model": "tiny", "seed": 3, "seconds": 1.0, "size": "128x64",
    }]}]}  # fmt: skip
    assert Clip.load(studio / "samples/dog.mp4").frames.shape == (9, 64, 128, 3)
    with Image.open(studio / "samples/dog.webp") as poster:
        assert poster.size == (128, 64)


def test_one_that_was_made_for_other_words_is_told(sora: Soramame, short: Path) -> None:
    studio = made(sora, short)
    for old, new in (('"a dog"\nshows', '"a wolf"\nshows'), ("seed = 3", "seed = 4")):
        short.write_text(SHORT.replace(old, new), encoding="utf-8")
        with pytest.raises(ConfigError, match="another prompt or seed"):
            index(plan(short), studio)


@pytest.mark.parametrize(
    "change",
    [("[[rows]]", "[rows]"), ('ja = "犬" }\n[[', '}\n[['), ("seed = 3", "sed = 3"), ('"cat"', '"dog"'), ('"cat"', '"../cat"'),
     ('"128x64"', '"huge"'), ("seed = 3", "seed =")],
)  # fmt: skip
def test_a_plan_that_is_none_is_told_in_a_sentence(short: Path, change: tuple[str, str]) -> None:
    short.write_text(SHORT.replace(*change), encoding="utf-8")
    with pytest.raises(ConfigError):
        plan(short)


def test_what_is_there_is_not_painted_again(
    sora: Soramame, short: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = made(sora, short)
    monkeypatch.setattr(samples, "paint", None)  # is not called
    main([str(short), "--studio", str(studio), "--model", str(tiny), "--only", "dog"])
    assert json.loads((studio / INDEX).read_text(encoding="utf-8")) == index(plan(short), studio)
    assert "MiB" in capsys.readouterr().out


def test_seeds_are_tried_outside_of_the_package(short: Path, tiny: Path) -> None:
    with pytest.raises(SystemExit):
        main([str(short), "--seeds", "1", "2"])
    main([str(short), "--seeds", "1", "2", "--studio", str(short.parent), "--only", "dog", "--model", str(tiny)])
    assert {path.name for path in (short.parent / FOLDER).iterdir()} == {
        "dog-1.mp4", "dog-1.webp", "dog-2.mp4", "dog-2.webp", "sheet.png",
    }  # fmt: skip


def test_the_plan_of_this_package() -> None:
    clips = [clip for row in plan(PLAN) for clip in row.clips]
    assert len(clips) == 12
    assert all(isinstance(clip, Sample) for clip in clips)


def test_the_samples_of_this_package_are_what_the_index_says() -> None:
    told = json.loads((STUDIO / INDEX).read_text(encoding="utf-8"))
    assert told == index(plan(PLAN), STUDIO)
    named = {STUDIO / one[part] for row in told["rows"] for one in row["clips"] for part in ("video", "poster")}
    assert named == set((STUDIO / FOLDER).iterdir())
    assert sum(path.stat().st_size for path in named) <= MOST
