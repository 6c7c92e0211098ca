from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soramame.errors import MediaError
from soramame.media import Audio, cut, joined, silence
from soramame.media.audio import converted
from tests.media.files import tone


def ramp(count: int, rate: int = 8000, channels: int = 1) -> Audio:
    """Samples that are all different, none of them silent."""
    return Audio(samples=np.arange(1, count * channels + 1, dtype=np.int16).reshape(count, channels), rate=rate)


@pytest.mark.parametrize("shape", [(4,), (4, 3), (4, 0), (4, 2, 1)])
def test_sound_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(MediaError, match="int16"):
        Audio(samples=np.zeros(shape, np.int16), rate=8000)


def test_sound_of_another_kind_or_rate_is_refused() -> None:
    with pytest.raises(MediaError, match="float64"):
        Audio(samples=np.zeros((4, 1)), rate=8000)  # type: ignore[arg-type]
    with pytest.raises(MediaError, match="samples a second"):
        Audio(samples=np.zeros((4, 1), np.int16), rate=0)


def test_silence_is_as_long_as_it_is_asked_to_be() -> None:
    quiet = silence(1.5, tone(channels=2))
    assert quiet.seconds == 1.5
    assert quiet.samples.shape == (72_000, 2)
    assert not quiet.samples.any()


@given(start=st.integers(-40, 60), count=st.integers(0, 80))
def test_a_cut_is_the_excerpt_of_a_sound_with_silence_around_it(start: int, count: int) -> None:
    audio = ramp(20)
    endless = np.concatenate([np.zeros((100, 1)), audio.samples, np.zeros((200, 1))])
    part = cut(audio, start / 8000, count / 8000)
    assert np.array_equal(part.samples, endless[100 + start : 100 + start + count])


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 0.02)), min_size=1, max_size=6))
def test_joined_sounds_last_exactly_as_long_as_they_are_told(plan: list[tuple[bool, float]]) -> None:
    audio = ramp(100)
    whole = joined([(audio if heard else None, seconds) for heard, seconds in plan])
    if not any(heard for heard, _ in plan):
        assert whole is None
        return
    assert whole is not None
    assert len(whole.samples) == round(sum(seconds for _, seconds in plan) * 8000)
    at = 0.0
    for heard, seconds in plan:
        part = whole.samples[round(at * 8000) : round((at + seconds) * 8000)]
        assert part[:100].any() == (heard and len(part) > 0)
        assert not part[100:].any()
        at += seconds


def test_cutting_and_joining_again_changes_nothing() -> None:
    audio = ramp(8000, channels=2)
    whole = joined([(cut(audio, 0, 0.3), 0.3), (cut(audio, 0.3, 0.7), 0.7)])
    assert whole is not None
    assert np.array_equal(whole.samples, audio.samples)


def test_a_long_row_does_not_drift() -> None:
    whole = joined([(None, 1 / 3)] * 3000 + [(ramp(1), 1 / 3)])
    assert whole is not None
    assert whole.samples[8_000_000, 0] == 1


def test_sounds_that_differ_become_48_khz_stereo() -> None:
    whole = joined([(tone(0.5, rate=8000, channels=1), 0.5), (None, 0.25), (tone(0.5, rate=44_100), 0.5)])
    assert whole is not None
    assert (whole.rate, whole.samples.shape) == (48_000, (60_000, 2))
    same = tone(0.5).samples.astype(int)
    for part in (whole.samples[:24_000], whole.samples[36_000:]):
        assert np.abs(part[2000:-2000] - same[2000:-2000]).max() < 20  # no shift, no loss of level
    assert not whole.samples[24_000:36_000].any()


def test_conversion_of_nothing_is_nothing() -> None:
    assert converted(ramp(0), 48_000, 2).samples.shape == (0, 2)


def test_times_that_make_no_sense_are_refused() -> None:
    for seconds in (-1.0, float("nan"), float("inf")):
        with pytest.raises(MediaError, match="cannot last"):
            cut(tone(), 0, seconds)
