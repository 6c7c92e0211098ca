"""Reads that are asked for within a moment of each other, done as one: two hundred clients that look after their videos cost little more
than one does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

T = TypeVar("T")
MOMENT = 0.005
"""Seconds that the first of them waits for others."""


class Gathered(Generic[T]):
    """``read`` gets names and returns what there is of them; it is called in a thread, and never for two moments at once.

    What is returned was read after it was asked for. What ``read`` raises, everybody gets who asked.
    """

    def __init__(self, read: Callable[[Collection[str]], Mapping[str, T]]) -> None:
        self._read, self._reading = read, asyncio.Lock()
        self._asked: set[str] = set()
        self._answer: asyncio.Task[Mapping[str, T]] | None = None

    async def get(self, name: str) -> T | None:
        """What there is of one name, or None."""
        if self._answer is None:
            self._asked = set()
            self._answer = asyncio.create_task(self._all(self._asked))
            self._answer.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._asked.add(name)
        # One who goes away must not take the answer from the others.
        return (await asyncio.shield(self._answer)).get(name)

    async def _all(self, asked: set[str]) -> Mapping[str, T]:
        await asyncio.sleep(MOMENT)
        async with self._reading:
            self._answer = None  # who comes from here on is of the next moment
            return await run_in_threadpool(self._read, asked)
