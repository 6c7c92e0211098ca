from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Mapping

import pytest

from soramame.serve.gathered import Gathered


def test_who_asks_within_a_moment_shares_a_read_and_who_comes_later_gets_a_later_one() -> None:
    reads: list[set[str]] = []

    def read(names: Collection[str]) -> Mapping[str, int]:
        reads.append(set(names))
        return {name: len(reads) for name in names if name != "gone"}

    async def asked() -> None:
        looks = Gathered(read)
        assert await asyncio.gather(*map(looks.get, ["a", "b", "a", "gone"])) == [1, 1, 1, None]
        assert await looks.get("a") == 2

    asyncio.run(asked())
    assert reads == [{"a", "b", "gone"}, {"a"}]


def test_what_is_asked_for_while_a_read_goes_on_is_read_behind_it() -> None:
    """An answer is never older than its question, and no two reads go on at once."""
    begun, go = threading.Event(), threading.Event()
    reads: list[Collection[str]] = []

    def read(names: Collection[str]) -> Mapping[str, int]:
        reads.append(names)
        begun.set()
        assert go.wait(10)
        return dict.fromkeys(names, len(reads))

    async def asked() -> list[int | None]:
        looks = Gathered(read)
        first = asyncio.create_task(looks.get("a"))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        second = asyncio.create_task(looks.get("a"))
        await asyncio.sleep(0.05)
        assert len(reads) == 1
        go.set()
        return [await first, await second]

    assert asyncio.run(asked()) == [1, 2]


def test_an_error_reaches_everybody_and_one_who_leaves_takes_nothing_away() -> None:
    def broken(names: Collection[str]) -> Mapping[str, int]:
        raise OSError("gone")

    async def failed() -> None:
        looks = Gathered(broken)
        found = await asyncio.gather(looks.get("a"), looks.get("b"), return_exceptions=True)
        assert [str(one) for one in found] == ["gone", "gone"]

    async def left() -> int | None:
        looks = Gathered(lambda names: dict.fromkeys(names, 1))
        leaving, staying = asyncio.create_task(looks.get("a")), asyncio.create_task(looks.get("a"))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        return await staying

    asyncio.run(failed())
    assert asyncio.run(left()) == 1
