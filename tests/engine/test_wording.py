from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soramame.engine import Request, Soramame, tasks
from soramame.engine.wording import in_order, told
from soramame.errors import OptionError
from soramame.prompt.expand import Expansion, expand


def test_what_happens_in_order_is_told_with_all_that_is_said_of_it() -> None:
    assert in_order("a dog runs") == ("a dog runs",)
    assert in_order("first the dog sits, then runs away. Rain falls. Paper art.") == (
        "the dog sits. Rain falls. Paper art.",
        "the dog runs away. Rain falls. Paper art.",
    )
    assert len(in_order("まず犬が座る、次に犬が走る。切り絵風。")) == 2


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("first a dog sits in the snow, then it runs away. Paper art.", "a dog runs away in the snow. Paper art."),
        ("first a dog sits in the snow, then it runs on the beach", "a dog runs on the beach"),
        ("first a dog sits, then it runs away", "a dog runs away"),
        ("最初に犬が雪の上に座り、次に走り去る", "雪原で犬が走り去る"),
    ],
)
def test_later_events_stay_where_the_first_was(text: str, later: str) -> None:
    assert in_order(text)[-1] == later


def test_only_a_model_of_the_paper_world_is_told_more(sora: Soramame, tiny: Path) -> None:
    assert told(sora, "a dog runs", seed=1, how="auto") == "a dog runs", "the tiny model never saw that world"
    sora.card = type(sora.card)(**{**vars(sora.card), "name": "mame"})
    try:
        assert told(sora, "a dog runs", seed=1, how="auto") == expand("a dog runs", seed=1).text != "a dog runs"
        assert told(sora, "a dog runs", seed=1, how="off") == "a dog runs"
        clip = sora.generate("a dog runs", seed=1, steps=1)
        assert clip.metadata["said"] == "a dog runs"
        assert clip.metadata["prompt"] == expand("a dog runs", seed=1).text
        again = sora.generate(clip.metadata["prompt"], seed=1, steps=1, expand="off")
        assert np.array_equal(again.frames, clip.frames)
        assert "said" not in again.metadata
        seen = sora.generate("a dog runs", image=clip.frames[0], seed=1, steps=1)
        assert seen.metadata["prompt"] == "a dog runs", "rules do not see where the picture is"
        assert "said" not in seen.metadata
    finally:
        sora.card = type(sora.card)(**{**vars(sora.card), "name": "tiny"})


def test_anything_may_make_a_prompt_long(sora: Soramame) -> None:
    clip = sora.generate("a dog", steps=1, expand=lambda text: Expansion(text=f"{text} in the rain", added=()))
    assert clip.metadata["prompt"] == "a dog in the rain"
    with pytest.raises(OptionError, match="expand has to be"):
        sora.generate("a dog", expand="always")  # type: ignore[arg-type]


def test_events_share_the_time_of_a_long_clip(sora: Soramame) -> None:
    one = Request(prompt="first a dog sits, then it runs away", seconds=3.0, steps=1)
    film = tasks.generate(sora, one)
    assert film.metadata["events"] == list(in_order(one.prompt))
    assert len(film.parts) == 2
    clip = sora.show(film)
    assert len(clip.frames) == 25
    other = sora.generate("first a dog sits, then it eats", seconds=3.0, steps=1)
    assert np.array_equal(other.frames[:13], clip.frames[:13])
    assert not np.array_equal(other.frames[13:], clip.frames[13:])
    short = tasks.generate(sora, Request(prompt=one.prompt, seconds=1.0))
    assert len(short.parts) == 1, "what the model holds at once it is told at once"
