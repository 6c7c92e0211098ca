"""The code of the watermark: what goes in comes out, through noise too, and what is nobody's word does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from soramame.errors import OptionError
from soramame.safety.code import (
    CODE_BITS,
    MEMORY,
    POLYNOMIALS,
    WORD_BITS,
    Payload,
    check,
    decode,
    encode,
    words,
)

KEY = b"a key for tests, 32 bytes long.."
payloads = st.builds(Payload, model=st.integers(0, 255), job=st.integers(0, 2**32 - 1))


def soft(payload: Payload, key: bytes = KEY) -> NDArray[np.float32]:
    """The code bits as they are sent: -1 and 1, ``(1, 288)``."""
    return (2 * encode(payload, key).astype(np.float32) - 1)[None]


@given(payloads)
@settings(max_examples=30, deadline=None)
def test_what_goes_in_comes_out(payload: Payload) -> None:
    assert decode(soft(payload), KEY) == [payload]
    assert Payload.from_number(payload.number) == payload


def test_two_bits_in_nine_may_be_lost_and_one_in_nine_wrong() -> None:
    """Erasures and errors spread over the whole word: of 100 words at most two are lost, and none is told wrong."""
    sent, told = [], []
    for seed in range(100):
        random = np.random.default_rng(seed)
        payload = Payload(model=int(random.integers(256)), job=int(random.integers(2**32)))
        places, bits = random.permutation(CODE_BITS), soft(payload)
        bits[0, places[:64]] = 0
        bits[0, places[64:96]] *= -1
        sent.append(payload)
        told += decode(bits, KEY)
    assert sum(one == other for one, other in zip(sent, told, strict=True)) >= 98
    assert all(other in (None, one) for one, other in zip(sent, told, strict=True))


def test_noise_as_strong_as_the_bits_is_mended() -> None:
    """At 0 dB in each code bit (6 dB in each bit of the word) not one word of 60 is lost."""
    random = np.random.default_rng(1)
    sent = [Payload(model=int(random.integers(256)), job=int(random.integers(2**32))) for _ in range(60)]
    noise = random.standard_normal((60, CODE_BITS)).astype(np.float32)
    assert decode(np.concatenate([soft(payload) for payload in sent]) + noise, KEY) == sent


def test_a_quarter_of_that_is_the_end_of_it_and_nothing_wrong_is_told() -> None:
    """At -12 dB nearly every word is lost; what is lost is None, never another payload."""
    random = np.random.default_rng(2)
    payload = Payload(model=7, job=12345)
    noisy = soft(payload) * np.float32(0.25) + random.standard_normal((50, CODE_BITS)).astype(np.float32)
    told = decode(noisy, KEY)
    assert told.count(None) > 45
    assert set(told) <= {None, payload}


def test_the_strength_of_a_row_does_not_matter() -> None:
    payload = Payload(model=1, job=2)
    assert decode(soft(payload) * np.float32(1000), KEY) == decode(soft(payload) * np.float32(0.001), KEY) == [payload]


def test_another_keys_word_does_not_pass() -> None:
    assert decode(soft(Payload(model=1, job=2)), b"another" * 4) == [None]


def test_nothing_at_all_does_not_pass() -> None:
    assert decode(np.zeros((1, CODE_BITS), np.float32), KEY) == [None]


def test_noise_passes_four_bits_of_the_check_once_in_sixteen_times() -> None:
    """Of 300 words 19 are expected; 4 and 38 are each beyond one in 10,000. Words do not repeat either."""
    random = np.random.default_rng(3)
    noise = random.standard_normal((3, 100, CODE_BITS)).astype(np.float32)
    tried = [word for batch in noise for word in words(batch)]
    passed = sum((check(Payload.from_number(word >> 32), KEY) ^ word & 0xFFFFFFFF) >> 28 == 0 for word in tried)
    assert 4 < passed < 38
    assert len(set(tried)) == 300


def test_the_code_is_a_ring() -> None:
    """A word turned by one bit is coded as the code turned by one step: no bit is better guarded than another."""
    random = np.random.default_rng(4)
    steps = random.standard_normal((1, WORD_BITS, len(POLYNOMIALS))).astype(np.float32)
    clear = 2 * np.sign(soft(Payload(model=3, job=4)).reshape(steps.shape)) + 0.1 * steps
    (word,) = words(clear.reshape(1, -1))
    (turned,) = words(np.roll(clear, -1, axis=1).reshape(1, -1))
    assert turned == (word << 1 | word >> WORD_BITS - 1) & (1 << WORD_BITS) - 1


def test_words_are_far_apart() -> None:
    """The free distance of the polynomials is 29: no path that leaves the zeros and comes back is lighter."""
    states, light = 1 << MEMORY, np.full(1 << MEMORY, 10**6)
    weight = [
        bin(sum((bin(r & p).count("1") & 1) << i for i, p in enumerate(POLYNOMIALS))).count("1")
        for r in range(2 * states)
    ]
    light[1], least = weight[1], 10**6
    for _ in range(60):
        following = np.full(states, 10**6)
        for register in range(2 * states):
            came, goes = register >> 1, register & states - 1
            if came == 0:
                continue
            # The register's oldest bit leaves; the state is its younger ten.
            following[goes] = min(following[goes], light[came] + weight[register]) if came < states else following[goes]
        least = min(least, int(following[0]))
        following[0] = 10**6
        light = following
    assert least == 29


@pytest.mark.parametrize(("model", "job"), [(-1, 0), (256, 0), (0, -1), (0, 2**32)])
def test_a_payload_out_of_range_is_told(model: int, job: int) -> None:
    with pytest.raises(OptionError, match="in a watermark has to be 0 to"):
        Payload(model=model, job=job)


def test_a_job_has_a_payload_by_its_name() -> None:
    assert Payload.of(1, "video_1") == Payload.of(1, "video_1") != Payload.of(1, "video_2")
