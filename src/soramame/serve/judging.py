"""``python -m soramame.serve.judging``: what the policy makes of texts, line by line; and the server's end of it.

The classifier takes 250 MiB, which the server itself does not need: it is loaded in a process of its own, when the first text comes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from soramame.safety.policy import Policy
from soramame.safety.prompt import PromptCheck
from soramame.serve.errors_http import Refusal

LONGEST_LINE = 64 << 20
SLOWEST = 120.0
"""Seconds that an answer may take."""


class Judge:
    """The process, started when it is needed and again if it has ended. ``policy``: the file of an operator's."""

    def __init__(self, policy: Path | None) -> None:
        Policy.load(policy)  # what is wrong with it is said at once
        self._told = [] if policy is None else [str(policy)]
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()

    async def verdicts(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Of each text: ``action``, ``category`` and ``findings``, pairs of category and score."""
        async with self._lock:
            if self._process is None or self._process.returncode is not None:
                self._process = await self._started()
            try:
                return await asyncio.wait_for(self._asked(self._process, texts), SLOWEST)
            except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError) as error:
                await self._ended()
                raise Refusal(503, "texts cannot be looked at now; try again.", retry_after=5) from error
            except asyncio.CancelledError:  # its answer would be taken for that of the next
                await self._ended()
                raise

    async def stop(self) -> None:
        """End the process."""
        async with self._lock:
            await self._ended()

    async def _started(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        told = ("-m", "soramame.serve.judging", *self._told)
        return await asyncio.create_subprocess_exec(
            sys.executable, *told, stdin=pipe, stdout=pipe, limit=LONGEST_LINE, process_group=0
        )

    async def _asked(self, process: asyncio.subprocess.Process, texts: Sequence[str]) -> list[dict[str, Any]]:
        if process.stdin is None or process.stdout is None:
            raise OSError("the process has no pipes")
        process.stdin.write(json.dumps(list(texts)).encode() + b"\n")
        await process.stdin.drain()
        answer: list[dict[str, Any]] = json.loads(await process.stdout.readuntil(b"\n"))
        return answer

    async def _ended(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()


def main() -> None:
    """Answer until standard input ends."""
    check = PromptCheck(Policy.load(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
    for line in sys.stdin.buffer:
        told = [check.check(text) for text in json.loads(line)]
        answer = [
            {
                "action": one.action,
                "category": one.category,
                "findings": [(found.category, float(found.score)) for found in one.findings],
            }
            for one in told
        ]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
