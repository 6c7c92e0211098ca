"""What the watermark says, as bits that can be mended: a payload, a keyed check, and a convolutional code.

40 bits of payload and 32 of check are 72 bits. A convolutional code of rate 1/4 with a memory of ten bits, closed to a ring
(tail-biting: Ma and Wolf 1986), makes 288 of them; soft decisions are decoded by the Viterbi algorithm, twice around the ring.
The polynomials are those of maximum free distance (29) for this rate and memory (Larsen 1973).

The check is no CRC that everybody can reckon, but a message authentication code (BLAKE2s with the key) cut to 32 bits. A word
that comes out of noise, of another key's mark or of somebody's structured picture passes it once in 2^32 times.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soramame.errors import OptionError

MODEL_BITS, JOB_BITS, CHECK_BITS = 8, 32, 32
WORD_BITS = MODEL_BITS + JOB_BITS + CHECK_BITS
MEMORY = 10
POLYNOMIALS = (0o2327, 0o2353, 0o2671, 0o3175)
CODE_BITS = WORD_BITS * len(POLYNOMIALS)

Bits = NDArray[np.int8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, order=True)
class Payload:
    """What a mark says: the ``model`` that made the clip (0 to 255) and the ``job`` (0 to 2^32 - 1), most likely a hash."""

    model: int
    job: int

    def __post_init__(self) -> None:
        for name, value, bits in (("model", self.model, MODEL_BITS), ("job", self.job, JOB_BITS)):
            if not 0 <= value < 1 << bits:
                raise OptionError(f"{name} in a watermark has to be 0 to {(1 << bits) - 1}, not {value}.")

    @classmethod
    def of(cls, model: int, job: str) -> Payload:
        """The payload of a job by its name: the first 32 bits of its SHA-256."""
        digest = hashlib.sha256(job.encode()).digest()
        return cls(model=model, job=int.from_bytes(digest[: JOB_BITS // 8]))

    @classmethod
    def from_number(cls, number: int) -> Payload:
        """Back from :attr:`number`."""
        return cls(model=number >> JOB_BITS, job=number & (1 << JOB_BITS) - 1)

    @property
    def number(self) -> int:
        """Both as one number of 40 bits."""
        return self.model << JOB_BITS | self.job


def encode(payload: Payload, key: bytes) -> Bits:
    """The code bits int8 ``(288,)`` of 0 and 1."""
    return _encoded(_bits(payload.number << CHECK_BITS | check(payload, key), WORD_BITS))


def decode(soft: Floats, key: bytes) -> list[Payload | None]:
    """The payload of each row of ``soft`` ``(N, 288)``, positive for a 1, in units of its noise; None where the check fails."""
    return [_checked(word, key) for word in words(soft)]


def check(payload: Payload, key: bytes) -> int:
    """The 32 bits that tell a payload from noise."""
    message = payload.number.to_bytes(5)
    return int.from_bytes(hashlib.blake2s(message, key=key[:32], person=b"mark-ck1").digest()[:4])


def words(soft: Floats) -> list[int]:
    """The likeliest words of 72 bits, of rows ``(N, 288)``."""
    count = len(soft)
    steps = np.asarray(soft, np.float32).reshape(count, WORD_BITS, len(POLYNOMIALS))
    gains = np.einsum("ntc,sc->tns", steps, _SIGNS)  # of the transitions into each state, by the bit that leaves
    scores = np.zeros((count, 1 << MEMORY), np.float32)
    choices = np.empty((2 * WORD_BITS, count, 1 << MEMORY), np.bool_)
    half = 1 << MEMORY - 1
    for step in range(2 * WORD_BITS):
        gain = gains[step % WORD_BITS].reshape(count, 2, 1 << MEMORY)
        came = scores.reshape(count, 2, half).repeat(2, 2).reshape(count, 2, 2 * half)
        ways = came + gain
        choices[step] = ways[:, 1] > ways[:, 0]
        scores = ways.max(1)
    return _traced(choices, scores)


def _traced(choices: NDArray[np.bool_], scores: Floats) -> list[int]:
    """Back from the best end; the middle of the two rounds is what neither end has touched."""
    rows = np.arange(scores.shape[0])
    state = scores.argmax(1)
    taken = np.zeros((2 * WORD_BITS, len(rows)), np.int64)
    for step in range(2 * WORD_BITS - 1, -1, -1):
        taken[step] = state & 1
        state = state >> 1 | choices[step, rows, state].astype(np.int64) << MEMORY - 1
    middle = np.roll(taken[WORD_BITS // 2 : WORD_BITS // 2 + WORD_BITS], WORD_BITS // 2, axis=0)
    return [int("".join(map(str, column)), 2) for column in middle.T]


def _checked(word: int, key: bytes) -> Payload | None:
    payload = Payload.from_number(word >> CHECK_BITS)
    return payload if check(payload, key) == word & (1 << CHECK_BITS) - 1 else None


def _bits(number: int, count: int) -> Bits:
    return np.array([number >> place & 1 for place in reversed(range(count))], np.int8)


def _encoded(word: Bits) -> Bits:
    """A register of 11 bits, the newest the lowest, begins with the word's own last ones: the ring is closed."""
    register = np.zeros(len(word), np.int64)
    for age in range(MEMORY + 1):
        register |= np.roll(word, age).astype(np.int64) << age
    return _parities(register).reshape(-1)


def _parities(register: NDArray[np.int64]) -> Bits:
    """The code bits ``(N, 4)`` of registers ``(N,)``."""
    masked = register[:, None] & np.array(POLYNOMIALS)
    parities: Bits = (np.bitwise_count(masked) & 1).astype(np.int8)
    return parities


_SIGNS = 2.0 * _parities(np.arange(1 << MEMORY + 1)).astype(np.float32) - 1
"""Of the transition from (leaving bit, state) to a state, in the order of the register: ``(2048, 4)``."""
