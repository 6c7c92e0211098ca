from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from soramame.media.hdr import HLG, PQ, to_standard


def pq(nits: float) -> float:
    """The PQ code of a luminance: the inverse EOTF of BT.2100, written out the other way round from what is tested."""
    power = (nits / 10_000) ** (2610 / 16384)
    return float(((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32))


def grey(*codes: float) -> NDArray[np.uint16]:
    return np.round(np.array(codes)[None, :, None].repeat(3, 2) * 65535).astype(np.uint16)


def linear(codes: NDArray[np.uint8]) -> NDArray[np.float64]:
    x = codes / 255
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("nits", [0, 2, 20, 60, 100, 150])
def test_light_below_the_knee_is_kept(nits: float) -> None:
    out = to_standard(grey(pq(nits)), PQ)
    assert linear(out)[0, 0, 0] == pytest.approx(nits / 203, abs=0.005)


def test_diffuse_white_is_near_the_top_and_highlights_still_differ() -> None:
    white, bright, brighter, brightest = to_standard(grey(*map(pq, (203, 300, 400, 4000))), PQ)[0, :, 0].tolist()
    assert 240 <= white < bright < brighter < brightest
    assert brightest == 255


def test_hlg_white_is_pq_white() -> None:
    """BT.2408: 75 % HLG is 203 cd/m² on a display of 1000."""
    assert np.abs(to_standard(grey(0.75), HLG).astype(int) - to_standard(grey(pq(203)), PQ)).max() <= 1


@pytest.mark.parametrize("transfer", [PQ, HLG, 1])
def test_grey_stays_grey_and_brighter_stays_brighter(transfer: int) -> None:
    out = to_standard(grey(*np.linspace(0, 1, 500)), transfer)[0].astype(int)
    assert (out.max(-1) - out.min(-1)).max() <= 1
    assert (np.diff(out[:, 1]) >= 0).all()
    assert out[0, 0] == 0
    assert out[-1, 0] >= 254  # the brightest that HLG can say is only 1000 cd/m²


def test_standard_range_keeps_its_greys() -> None:
    codes = np.arange(256) / 255
    assert np.abs(to_standard(grey(*codes), 1)[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_colours_of_bt_709_come_back_from_bt_2020() -> None:
    colours = np.array([[0.8, 0.2, 0.1], [0.1, 0.5, 0.9], [0.3, 0.7, 0.2]])
    to_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])  # BT.2087
    codes = np.vectorize(pq)(203 * 0.7 * (colours @ to_2020.T))
    out = to_standard(np.round(codes * 65535).astype(np.uint16)[None], PQ)
    assert np.allclose(linear(out)[0], 0.7 * colours, atol=0.006)
