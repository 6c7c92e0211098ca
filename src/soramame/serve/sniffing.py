"""``python -m soramame.serve.sniffing``: whether files that came in can be read, line by line; and the server's end of it.

A process of its own: what is made to make a decoder crash, hang or take all memory is lost there, and not the server.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
from pathlib import Path

from soramame.errors import MediaError
from soramame.media.content import Limits
from soramame.media.picture import is_picture
from soramame.media.read import read

SLOWEST = 20.0
"""Seconds that the first frame of a file may take."""
MEMORY = 4 << 30
"""Bytes of address space that it may take."""
PICTURE = Limits(file_bytes=64 << 20)
KINDS = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"RIFF": ".webp", b"\x1a\x45\xdf\xa3": ".webm"}
"""Suffixes by how a file begins; everything else that is read is taken for MP4."""


class Sniffer:
    """The process, started when the first file comes and again if it has ended. It may be asked from any thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def suffix(self, path: Path) -> str:
        """The suffix that a file should have, by what it holds; :class:`MediaError` if that is nothing that is read."""
        with self._lock:
            try:
                told = self._asked(path)
            except (OSError, ValueError) as error:
                self._end()
                raise MediaError(
                    f"{path} cannot be read: its decoder gave up; save it anew, as PNG or H.264."
                ) from error
        if "error" in told:
            raise MediaError(told["error"])
        return told["suffix"]

    def stop(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _asked(self, path: Path) -> dict[str, str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = _started()
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise OSError("the process has no pipes")
        slow = threading.Timer(SLOWEST, process.kill)
        slow.start()
        try:
            process.stdin.write(json.dumps(str(path)).encode() + b"\n")
            process.stdin.flush()
            told: dict[str, str] = json.loads(process.stdout.readline())
        finally:
            slow.cancel()
        return told

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "soramame.serve.sniffing"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)


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
    """Answer until standard input ends: a path a line, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in sys.stdin.buffer:
        sys.stdout.write(json.dumps(look(Path(json.loads(line)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
