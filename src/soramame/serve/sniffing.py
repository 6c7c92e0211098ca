"""``python -m soramame.serve.sniffing``: whether files that came in can be read, line by line; and the server's end of it.

A process of its own: what is made to make a decoder crash, hang or take all memory is lost there, and not the server.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from soramame.errors import MediaError, SoramameError
from soramame.media.content import Limits
from soramame.media.picture import is_picture
from soramame.media.read import read

SLOWEST = 5.0
"""Seconds that the first frame of a file may take."""
START, WAIT = 30.0, 20.0
"""Seconds that the process has to be there in, and that a file waits for those before it."""
MEMORY = 4 << 30
"""Bytes of address space that it may take."""
PICTURE = Limits(file_bytes=64 << 20)
KINDS = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"RIFF": ".webp", b"\x1a\x45\xdf\xa3": ".webm"}
"""Suffixes by how a file begins; everything else that is read is taken for MP4."""


class BusyError(SoramameError):
    """Files cannot be tried now, whatever they hold."""

    code = "server_busy"
    http_status = 503


class Sniffer:
    """The process, started when the first file comes and again if it has ended. It may be asked from any thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def suffix(self, path: Path) -> str:
        """The suffix that a file should have, by what it holds; :class:`MediaError` if that is nothing that is read, and
        :class:`BusyError` if that cannot be said now.
        """
        if not self._lock.acquire(timeout=WAIT):
            raise BusyError("too many files come at once; try again in a moment.")
        try:
            told = self._asked(path)
        finally:
            self._lock.release()
        if "error" in told:
            raise MediaError(told["error"])
        return told["suffix"]

    def stop(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _asked(self, path: Path) -> dict[str, str]:
        fresh = self._process is None or self._process.poll() is not None
        process = self._started() if fresh or self._process is None else self._process
        try:
            return _line(process, str(path), SLOWEST)
        except (OSError, ValueError) as error:
            self._end()
            if not fresh:  # it may have ended by itself before this file came
                return self._asked(path)
            raise MediaError(f"{path} cannot be read: its decoder gave up; save it anew, as PNG or H.264.") from error

    def _started(self) -> subprocess.Popen[bytes]:
        self._end()
        command = [sys.executable, "-m", "soramame.serve.sniffing"]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
            _line(self._process, None, START)
        except (OSError, ValueError) as error:
            self._end()
            raise BusyError("files cannot be looked at now; try again in a moment.") from error
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _line(process: subprocess.Popen[bytes], asked: str | None, seconds: float) -> dict[str, str]:
    """What a process says next, to what it is asked if it is; it is killed if that takes too long. :class:`ValueError` if it is dead."""
    if process.stdin is None or process.stdout is None:
        raise OSError("the process has no pipes")
    slow = threading.Timer(seconds, process.kill)
    slow.start()
    try:
        if asked is not None:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
        told: dict[str, str] = json.loads(process.stdout.readline())
    finally:
        slow.cancel()
    return told


def look(path: Path) -> dict[str, str]:
    """The ``suffix`` of a file, or an ``error``."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
        read(path, PICTURE if is_picture(head) else None, first_only=True)
    except (MediaError, OSError, MemoryError) as error:
        return {"error": str(error) or f"{path} takes too much memory."}
    return {"suffix": next((ending for begins, ending in KINDS.items() if head.startswith(begins)), ".mp4")}


def main() -> None:
    """Answer until standard input ends: a path a line, as JSON. Begins with an empty line of it, when it is ready."""
    with suppress(ValueError, OSError):  # not every system lets a process limit itself
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _say({})
    for line in sys.stdin.buffer:
        signal.alarm(1 + round(SLOWEST))  # also if nobody is left who would end it
        told = look(Path(json.loads(line)))
        signal.alarm(0)
        _say(told)


def _say(told: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
