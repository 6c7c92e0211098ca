"""Time and memory of signing and of reading credentials: a clip of four seconds, a series of pictures, and a file of 300 MB.

    python benchmarks/signing.py                # a table; --json for a file
    python benchmarks/signing.py --megabytes 50 # a smaller large file
    python benchmarks/signing.py --looks        # verify, of ten hours and of two gigabytes

Each figure is the best of several runs; memory is what a run takes beyond what the process had before, at its peak, measured in a
process of its own. The large file is a few frames of noise, repeated: hashing does not look at what it hashes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np

from soramame.media.write import stream
from soramame.safety.identity import Identity
from soramame.safety.provenance import State, Statement, files_of, read, sign
from soramame.safety.verify import Report, verify

STATEMENT = Statement(recipe={"prompt": "five grey wolf pups play in the snow", "seed": 7}, watermark="00" * 8)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured of one file: bytes before signing, bytes that signing adds, seconds and mebibytes of each."""

    name: str
    size: int
    added: int
    sign_seconds: float
    read_seconds: float
    sign_mib: float
    read_mib: float


def clip(path: Path) -> Path:
    """Four seconds of 256x160 at 12 frames a second: bars that move over a gradient."""
    y, x = np.mgrid[0:160, 0:256].astype(np.float32)
    waves = (127 + 60 * np.sin(x / 20 + t / 3) + 60 * np.cos(y / 15 - t / 5) for t in range(48))
    return stream(path, (np.stack([wave] * 3, -1).astype(np.uint8)[None] for wave in waves), 12, {"prompt": "waves"})


def repeated(seed: Path, path: Path, turns: int) -> Path:
    """The packets of an MP4 file so many times in one, in place of it."""
    with av.open(str(seed)) as old, av.open(str(path), "w", options={"movflags": "+faststart"}) as new:
        source = old.streams.video[0]
        packets = [packet for packet in old.demux(source) if packet.size]
        target, length = new.add_stream_from_template(source), sum(packet.duration or 0 for packet in packets)
        for turn in range(turns):
            for packet in packets:
                fresh = av.Packet(bytes(packet))
                fresh.pts, fresh.dts = (packet.pts or 0) + turn * length, (packet.dts or 0) + turn * length
                fresh.duration, fresh.time_base = packet.duration, packet.time_base
                fresh.is_keyframe, fresh.stream = packet.is_keyframe, target
                new.mux(fresh)
    seed.unlink()
    return path


def large(path: Path, size: int) -> Path:
    """An MP4 file of at least ``size`` bytes: eight frames of noise at 1280x720, as often as it takes."""
    chance, seed = np.random.default_rng(0), path.with_name("seed.mp4")
    noise = (chance.integers(0, 255, (1, 720, 1280, 3), dtype=np.uint8) for _ in range(8))
    stream(seed, noise, 24, {})
    return repeated(seed, path, -(-size // seed.stat().st_size))


def beside(path: Path, size: int) -> Path:
    """So many bytes that begin as WebM does: what is hashed in one go, and signed beside."""
    chance = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(b"\x1a\x45\xdf\xa3")
        for _ in range(-(-size // 1_000_000)):
            file.write(chance.bytes(1_000_000))
    return path


def hours(path: Path, count: int = 10) -> Path:
    """So many hours at a frame a second: a minute of small pictures, as often as it takes."""
    seed = path.with_name("seed.mp4")
    frames = (np.full((1, 64, 64, 3), 4 * number, np.uint8) for number in range(60))
    stream(seed, frames, 1, {})
    return repeated(seed, path, 60 * count)


def hollow(path: Path, size: int = 2_000_000_000) -> Path:
    """Four seconds, and behind them a box of so many bytes that are nowhere on the disk."""
    clip(path)
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write((1).to_bytes(4) + b"free" + size.to_bytes(8))
        file.truncate(file.tell() - 16 + size)
    return path


LOOKS: dict[str, Callable[[Path], Path]] = {"ten hours": hours, "2 GB of nothing": hollow}


def looks(place: Path) -> None:
    """Print what verify takes for files that are long or large, each in a process of its own."""
    for name, make in LOOKS.items():
        path = make(place / "a.mp4")
        command = [sys.executable, __file__, "--look", str(path), "--trust", str(place / "trust")]
        print(f"{name:16}{subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()}")


def look(path: Path, folder: Path) -> str:
    """What verify says of a file, and took for it."""
    me, found = Identity.load(folder), list[Report]()
    seconds, mib = measured(lambda: found.append(verify(path, me.trust)))
    size = path.stat().st_size / 1e6
    return f"{size:12.2f}MB{seconds:8.2f}s{mib:7.0f}MiB  {found[0].verdict}, {len(found[0].marks)} parts looked at"


def measured(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds of a call, and mebibytes at its peak beyond what was in use before it (Linux; 0 elsewhere)."""
    before, start = _peak(fresh=True), time.perf_counter()
    call()
    seconds = time.perf_counter() - start
    return seconds, _peak() - before


def _peak(*, fresh: bool = False) -> float:
    if not sys.platform.startswith("linux"):
        return 0.0
    if fresh:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def once(path: Path, folder: Path) -> dict[str, float]:
    """Sign a copy of the file, read it, and say what that took."""
    me = Identity.load(folder)
    sign_seconds, sign_mib = measured(lambda: sign(path, STATEMENT, me))
    found: list[State] = []
    files = files_of(path)
    read_seconds, read_mib = measured(lambda: found.extend(read(file, me.trust).state for file in files))
    if set(found) != {State.TRUSTED}:
        raise SystemExit(f"{path} was read as {', '.join(found)}.")
    return {"sign_seconds": sign_seconds, "read_seconds": read_seconds, "sign_mib": sign_mib, "read_mib": read_mib}


def row(name: str, make: Callable[[Path], Path], kind: str, *, runs: int, place: Path) -> Row:
    """The best of some runs, each on a fresh file and in a process of its own."""
    results: list[dict[str, Any]] = []
    for _ in range(runs):
        path = make(place / f"a{kind}")
        size = sum(file.stat().st_size for file in files_of(path))
        command = [sys.executable, __file__, "--once", str(path), "--trust", str(place / "trust")]
        result: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        results.append({**result, "size": size, "added": sum(file.stat().st_size for file in files_of(path)) - size})
        if sidecar := next(place.glob("a.c2pa"), None):
            results[-1]["added"] = sidecar.stat().st_size
    best = {key: min(result[key] for result in results) for key in results[0]}
    for file in place.glob("a*"):
        file.unlink()
    return Row(name=name, **best)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--looks", action="store_true", help="of verify instead")
    parser.add_argument("--look", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--trust", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.once:
        print(json.dumps(once(told.once, told.trust)))
        return
    if told.look:
        print(look(told.look, told.trust))
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        Identity.create(place / "trust")
        if told.looks:
            looks(place)
            return
        rows = [
            row(f"4 s as {kind}", clip, kind, runs=told.runs, place=place)
            for kind in (".mp4", ".webm", ".webp", ".gif")
        ]
        rows.append(row("4 s as 48 .png", clip, ".png", runs=told.runs, place=place))
        size = told.megabytes * 1_000_000
        for kind, make in ((".mp4", large), (".webm", beside)):
            name = f"{told.megabytes} MB {kind}"
            rows.append(row(name, partial(make, size=size), kind, runs=1, place=place))
    if told.json:
        print(json.dumps([asdict(one) for one in rows], indent=1))
        return
    print(f"{'':16}{'file':>14}{'added':>10}{'sign':>10}{'read':>10}{'sign +':>10}{'read +':>10}")
    for one in rows:
        times = f"{one.sign_seconds * 1e3:8.0f}ms{one.read_seconds * 1e3:8.0f}ms"
        print(
            f"{one.name:16}{one.size / 1e6:12.2f}MB{one.added / 1e3:8.1f}kB{times}{one.sign_mib:7.0f}MiB{one.read_mib:7.0f}MiB"
        )


if __name__ == "__main__":
    main()
