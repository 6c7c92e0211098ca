from __future__ import annotations

import time
from typing import Any

import pytest
import torch

from soramame import runtime
from soramame.errors import OptionError
from soramame.runtime import decide, matmul_rate


def test_everything_asked_for_is_kept_and_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(*_: object, **__: object) -> float:
        raise AssertionError("nothing is left to be measured")

    monkeypatch.setattr(runtime, "_fastest", measured)
    chosen = decide("cpu", "bfloat16", threads=3, attention="chunked")
    assert (chosen.device, chosen.dtype, chosen.threads, chosen.attention) == ("cpu", torch.bfloat16, 3, "chunked")
    assert len(chosen.reasons) == 4
    assert all("as asked" in reason for reason in chosen.reasons)


def test_measuring_takes_a_moment_and_gives_its_figures() -> None:
    begun = time.process_time()
    chosen = decide("cpu")
    assert time.process_time() - begun < 3.0  # 0.3 s by the clock, on as many cores as there are
    assert sum("measured" in reason for reason in chosen.reasons) == 2


def test_one_disturbed_measurement_does_not_choose_emulated_arithmetic(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = iter([1.0, 3.0, 100.0, 3.0, 90.0, 3.0])
    monkeypatch.setattr(runtime, "matmul_rate", lambda *_, **__: next(measured) * 1e9)
    assert decide("cpu", "auto", threads=1, attention="sdpa").dtype == torch.float32


@pytest.mark.parametrize(
    ("rates", "expected"),
    [((100.0, 500.0), torch.bfloat16), ((100.0, 120.0), torch.float32), ((140.0, 1.0), torch.float32)],
)
def test_bfloat16_has_to_pay(
    monkeypatch: pytest.MonkeyPatch, rates: tuple[float, float], expected: torch.dtype
) -> None:
    table = dict(zip((torch.float32, torch.bfloat16), rates, strict=True))
    monkeypatch.setattr(runtime, "matmul_rate", lambda dtype, **_: table[dtype] * 1e9)
    chosen = decide("cpu", attention="sdpa")
    assert chosen.dtype == expected
    assert any(f"{rates[0]:.0f} GFLOP/s" in reason for reason in chosen.reasons)


@pytest.mark.parametrize(("times", "expected"), [((3.0, 1.0), "chunked"), ((1.1, 1.0), "sdpa"), ((1.0, 3.0), "sdpa")])
def test_our_attention_has_to_pay(monkeypatch: pytest.MonkeyPatch, times: tuple[float, float], expected: str) -> None:
    def timed(call: Any, repeats: int) -> float:
        return times[0 if call.keywords["backend"] == "sdpa" else 1]

    monkeypatch.setattr(runtime, "_fastest", timed)
    assert decide("cpu", "float32").attention == expected


def test_hopeless_arithmetic_is_not_measured_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def slow(call: Any, repeats: int) -> float:
        sizes.append(len(call.args[0]))
        return 1e-3

    monkeypatch.setattr(runtime, "_fastest", slow)
    rate = matmul_rate(torch.float32, hopeless=1e12)
    assert sizes == [128]
    assert rate == pytest.approx(2 * 128**3 / 1e-3)


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_an_accelerator_is_taken_if_it_is_there(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    for name in ("cuda", "backends.mps"):
        monkeypatch.setattr(f"torch.{name}.is_available", lambda name=name: name.endswith(device))
    chosen = decide()
    assert chosen.device == device
    assert chosen.dtype == (torch.bfloat16 if device == "cuda" else torch.float32)
    assert chosen.attention == "sdpa"


@pytest.mark.parametrize(
    "options",
    [{"device": "abacus"}, {"dtype": "int1"}, {"threads": 0}, {"attention": "none"}],
    ids=str,
)
def test_what_is_not_there_is_told(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=r"^[^\n]+\.$"):
        decide(**({"device": "cpu"} | options))


@pytest.mark.skipif(torch.cuda.is_available(), reason="here it is there")
def test_a_device_that_is_missing_names_the_way_out() -> None:
    with pytest.raises(OptionError, match="--device cpu"):
        decide("cuda")
