"""Stillness: what does not move stays, what moves is left alone, and a source's own pixels go on."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from soramame.media import Edge, steady

GRAIN = 1.0


@pytest.fixture
def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(40, 200, (24, 32, 3)).astype(np.uint8)


def noisy(picture: NDArray[np.uint8], count: int, seed: int = 1) -> NDArray[np.uint8]:
    """Frames of a still picture, each with the decoder's grain of its own: half a level on average."""
    drawn = np.random.default_rng(seed).integers(-1, 2, (count, *picture.shape))
    return (picture + drawn).astype(np.uint8)


def test_a_still_picture_keeps_its_pixels(picture: NDArray[np.uint8]) -> None:
    frames = noisy(picture, 5)
    made = steady(frames, None, grain=GRAIN)
    assert (np.diff(frames.astype(int), axis=0) != 0).any()
    np.testing.assert_array_equal(made, np.repeat(frames[:1], 5, 0))


def test_movement_is_left_as_it_is(picture: NDArray[np.uint8]) -> None:
    frames = np.stack([np.roll(picture, 3 * n, axis=1) for n in range(5)])
    np.testing.assert_array_equal(steady(frames, None, grain=GRAIN), frames)


def test_a_flake_of_one_pixel_falls_on(picture: NDArray[np.uint8]) -> None:
    """Small in area, but far above the grain: the mean around it has to count all of its change."""
    frames = np.repeat(picture[None], 3, 0)
    for at in range(3):
        frames[:, 4 + 6 * at, 10] = 40
        frames[at, 4 + 6 * at, 10] = 255
    made = steady(frames, None, grain=GRAIN)
    for at in range(3):
        assert made[at, 4 + 6 * at, 10].min() == 255


def test_no_grain_changes_nothing(picture: NDArray[np.uint8]) -> None:
    frames = noisy(picture, 3)
    np.testing.assert_array_equal(steady(frames, Edge(shown=picture), grain=0.0), frames)
    assert len(steady(frames[:0], Edge(shown=picture), grain=GRAIN)) == 0


def test_what_a_decoder_loses_of_a_source_is_added_again_until_it_moves(picture: NDArray[np.uint8]) -> None:
    decoded = np.full_like(picture, 120)
    edge = Edge(shown=picture, real=picture, decoded=decoded)
    frames = np.repeat(decoded[None], 4, 0)
    frames[2, :, 16:] = 30  # something comes in on the right, and leaves
    made = steady(frames, edge, grain=GRAIN)
    np.testing.assert_array_equal(made[[0, 1, 3]], np.repeat(picture[None], 3, 0))
    np.testing.assert_array_equal(made[2, :, :12], picture[:, :12])
    np.testing.assert_array_equal(made[2, :, 20:], frames[2, :, 20:])


def test_between_two_sources_the_one_becomes_the_other(picture: NDArray[np.uint8]) -> None:
    decoded, other = np.full_like(picture, 120), picture[::-1].copy()
    before, after = (Edge(shown=real, real=real, decoded=decoded) for real in (picture, other))
    made = steady(np.repeat(decoded[None], 3, 0), before, after, grain=GRAIN).astype(int)
    for at, share in enumerate((0.25, 0.5, 0.75)):
        assert np.abs(made[at] - (picture + share * (other.astype(int) - picture))).max() <= 1


def test_backwards_is_forwards_mirrored_in_time(picture: NDArray[np.uint8]) -> None:
    frames, edge = noisy(picture, 4), Edge(shown=picture)
    there = steady(frames, edge, grain=GRAIN)
    np.testing.assert_array_equal(steady(frames[::-1], None, edge, grain=GRAIN), there[::-1])


def test_piece_by_piece_is_the_same_as_at_once(picture: NDArray[np.uint8]) -> None:
    """Only the last picture shown has to be known to go on."""
    frames = np.concatenate([noisy(picture, 3), noisy(np.roll(picture, 5, 0), 3, seed=2)])
    first = steady(frames[:2], None, grain=GRAIN)
    rest = steady(frames[2:], Edge(shown=first[-1]), grain=GRAIN)
    np.testing.assert_array_equal(np.concatenate([first, rest]), steady(frames, None, grain=GRAIN))
