from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soramame.media.timing import COMMON, pace


@given(
    count=st.integers(1, 60), fps=st.floats(0.5, 120), jitter=st.lists(st.floats(-0.4, 0.4), min_size=60, max_size=60)
)
def test_a_rate_that_holds_to_half_a_frame_is_left_alone(count: int, fps: float, jitter: list[float]) -> None:
    times = [0.0] + [(n + jitter[n] / 2) / fps for n in range(1, count)]
    plan = pace(times, 1 / fps, fps)
    assert plan.fps == fps
    assert not plan.changed


@given(gaps=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=40), hold=st.floats(0.01, 2.0))
def test_every_new_frame_shows_what_was_shown_at_that_time(gaps: list[float], hold: float) -> None:
    times = [0.0, *np.cumsum(gaps).tolist()]
    plan = pace(times, hold, 7.123)
    if plan.fps == 7.123:
        return
    assert plan.fps in COMMON or plan.fps == pytest.approx((len(times) - 1) / times[-1])
    assert plan.count == round((times[-1] + max(hold, 1 / plan.fps)) * plan.fps)
    assert plan.picks[-1] == len(times) - 1
    for number, pick in enumerate(plan.picks):
        middle = (number + 0.5) / plan.fps
        assert times[pick] <= middle
        assert pick == len(times) - 1 or times[pick + 1] > middle


def test_the_rate_is_the_common_one_nearest_to_the_average() -> None:
    fast, slow = np.arange(24) / 48, 0.5 + np.arange(24) / 16
    assert pace([*fast, *slow], 1 / 16, 20).fps == pytest.approx(24, abs=0.1)


@given(count=st.integers(3, 300), fps=st.sampled_from([7.3, 12.5, 24000 / 1001, 24, 25, 30]))
def test_a_constant_rate_that_is_stated_wrongly_is_found(count: int, fps: float) -> None:
    plan = pace([round(n / fps, 3) for n in range(count)], 0.001, 1000)
    assert not plan.changed
    assert plan.fps == pytest.approx(fps, rel=0.005)


def test_a_last_picture_that_stays_is_kept_on_show() -> None:
    plan = pace([n / 10 for n in range(10)], 2.1, 3.3)
    assert (plan.fps, plan.count) == (10, 30)
    assert plan.picks.tolist() == [*range(10), *[9] * 20]


def test_times_that_run_backwards_or_stand_still_do_no_harm() -> None:
    assert pace([0.0, 0.0, 0.0], 0.1, 8).count == 3
    plan = pace([5.0, 5.5, 5.2, 7.0], 0.1, 8)
    assert plan.picks.tolist() == sorted(plan.picks)
