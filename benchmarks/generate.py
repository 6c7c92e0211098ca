"""Time and memory of the whole command, as a newcomer meets it: a fresh process each time.

    python benchmarks/generate.py [--model FOLDER]

Limits: a 4 s clip of 256x160 in under 15 s and 2 GiB on two cores, model load included; ``--help`` in under 0.4 s.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def run(*arguments: str) -> tuple[float, float]:
    """Seconds and the largest resident size in GiB of a command line in a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "soramame.cli", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"soramame {' '.join(arguments)} failed")
    return seconds, usage.ru_maxrss / 2**20


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    options = parser.parse_args()
    helps = min(run("--help")[0] for _ in range(3))
    print(f"{'soramame --help':40} {helps:8.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        for seconds in (1, 4, 8):
            command = ("generate", "a dog runs on the beach", "--seconds", str(seconds), "--model", options.model)
            took, memory = run(*command, "-o", str(Path(folder) / "a.mp4"))
            print(f"generate, {seconds} s of 256x160{'':19} {took:8.2f} s {memory:8.2f} GiB")
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
