from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soramame.errors import MediaError
from soramame.media import Clip


def test_it_lasts_as_long_as_its_frames(clip: Clip) -> None:
    assert clip.seconds == 0.75


@pytest.mark.parametrize("shape", [(2, 4, 4), (0, 4, 4, 3), (2, 4, 4, 4), (2, 0, 4, 3)])
def test_frames_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(MediaError, match="uint8"):
        Clip(frames=np.zeros(shape, np.uint8), fps=8)


def test_frames_of_another_kind_are_refused() -> None:
    with pytest.raises(MediaError, match="float64"):
        Clip(frames=np.zeros((1, 4, 4, 3)), fps=8)  # type: ignore[arg-type]


@pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf")])
def test_impossible_rates_are_refused(clip: Clip, fps: float) -> None:
    with pytest.raises(MediaError, match="fps"):
        replace(clip, fps=fps)


def test_it_shows_itself_in_a_notebook(clip: Clip) -> None:
    page = replace(clip, metadata={"prompt": "<wolf>"})._repr_html_()
    assert "data:video/mp4;base64," in page
    assert "&lt;wolf&gt;" in page
    assert "<wolf>" not in page
