from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import skia

from soramame.world.ink import Pen, closed, curve, ellipse, light_of, limb, line_of, mix, shade_of, shape, turned, union
from soramame.world.palette import COLOURS
from soramame.world.scene import Style

Pixels = npt.NDArray[np.uint8]
SQUARE = ((20.0, 20.0, 0.0), (80.0, 20.0, 0.0), (80.0, 80.0, 0.0), (20.0, 80.0, 0.0))


def canvas_of(pixels: Pixels) -> skia.Canvas:
    return skia.Surface(pixels).getCanvas()


def painted(style: Style, path: skia.Path, *, light: tuple[float, float] = (-0.7, -0.7)) -> Pixels:
    pixels = np.zeros((100, 100, 4), np.uint8)
    surface = skia.Surface(pixels)
    Pen(surface.getCanvas(), style, unit=16.0, light=light).sheet(path, (200, 120, 60), shade=10.0, rim=True)
    return pixels


def test_mix_runs_from_one_colour_to_the_other() -> None:
    assert mix((0, 10, 20), (100, 110, 120), 0.0) == (0, 10, 20)
    assert mix((0, 10, 20), (100, 110, 120), 1.0) == (100, 110, 120)


@pytest.mark.parametrize("name", COLOURS)
def test_tones_are_ordered_from_line_to_light(name: str) -> None:
    rgb = COLOURS[name].rgb
    assert sum(line_of(rgb)) < sum(shade_of(rgb)) < sum(rgb) <= sum(light_of(rgb)) + 4


def test_contours_of_either_direction_unite() -> None:
    there, back = closed(SQUARE), closed(tuple(reversed(SQUARE)))
    assert union(there, back).contains(50, 50), "opposite directions would cut a hole"


def test_a_closed_curve_passes_through_its_knots_and_a_sharp_square_stays_square() -> None:
    bounds = closed(SQUARE).computeTightBounds()
    assert (bounds.left(), bounds.top(), bounds.right(), bounds.bottom()) == (20, 20, 80, 80)


def test_a_constant_shape_is_built_once() -> None:
    assert shape(*SQUARE) is shape(*SQUARE)


def test_three_knots_make_one_arc_through_the_middle_one() -> None:
    bounds = curve(((0.0, 0.0), (5.0, 4.0), (10.0, 0.0))).computeTightBounds()
    assert bounds.bottom() == pytest.approx(4.0)


def test_a_limb_covers_its_joints_and_is_as_thick_as_its_radii() -> None:
    path = limb(((10.0, 10.0), (10.0, 50.0)), (6.0, 3.0))
    assert path.contains(10, 10)
    assert path.contains(10, 50)
    assert path.contains(14.5, 10)
    assert not path.contains(14.5, 50)


def test_turning_a_path_about_a_point_keeps_that_point() -> None:
    path = turned(ellipse(10, 0, 2), np.pi / 2, (0.0, 0.0), (0.0, 5.0))
    assert path.contains(0, 15)
    assert not path.contains(10, 0)


@pytest.mark.parametrize("style", ["paper", "ink"])
def test_a_sheet_is_shaded_away_from_the_light(style: Style) -> None:
    path = closed(SQUARE)
    lit, other = painted(style, path), painted(style, path, light=(0.7, -0.7))
    assert lit[50, 75, :3].sum() < lit[50, 50, :3].sum() <= lit[50, 26, :3].sum()
    assert other[50, 25, :3].sum() < other[50, 50, :3].sum()


def test_paper_casts_a_shadow_and_ink_draws_an_outline() -> None:
    path = closed(SQUARE)
    paper, ink = painted("paper", path), painted("ink", path)
    assert paper[50, 17, 3] == 0, "paper has no line on the lit side"
    assert ink[50, 19, 3] > 0
    assert 0 < paper[80, 60, 3] < 120, "the shadow is soft"


def test_a_pen_leaves_the_canvas_as_it_found_it() -> None:
    pixels = np.zeros((100, 100, 4), np.uint8)
    canvas = canvas_of(pixels)

    def state() -> tuple[int, list[float]]:
        matrix = canvas.getTotalMatrix()
        return canvas.getSaveCount(), [matrix.get(i) for i in range(9)]

    before = state()
    pen = Pen(canvas, "paper")
    pen.sheet(closed(SQUARE), (10, 20, 30), rim=True)
    pen.inside(closed(SQUARE), ellipse(50, 50, 80), (90, 90, 90))
    assert state() == before


def test_inside_paints_nothing_outside() -> None:
    pixels = np.zeros((100, 100, 4), np.uint8)
    surface = skia.Surface(pixels)
    Pen(surface.getCanvas(), "paper").inside(closed(SQUARE), ellipse(50, 50, 90), (255, 0, 0))
    assert pixels[50, 50, 3] == 255
    assert pixels[10, 50, 3] == 0
