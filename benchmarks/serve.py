"""How quickly the server answers while a worker paints beside it, and how large it is.

    python benchmarks/serve.py [--model FOLDER] [--clients 200] [--jobs 50] [--seconds 20]

One `soramame serve` with one worker on this machine, everything of it as it comes: prompts checked, frames checked, marked and signed. The
clients run on the same cores. A client asks after its video every half second, as the official one does. Limits: a video is taken in in
20 ms at the median; p99 of a look is 200 ms; the first preview is there in 2 s; the server's process takes 300 MiB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx

ASKED = {"prompt": "a brown dog runs across the snow", "expand": "off"}
SHORT = {**ASKED, "seconds": 0.5, "steps": 2}
EVERY = 0.5
"""Seconds between two looks of a client."""
START = 300.0


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> dict[str, float]:
        """MiB of its process, now and at most."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        told = dict(line.split(":", 1) for line in lines)
        return {name: int(told[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}


@contextmanager
def served(model: str, folder: Path) -> Iterator[Server]:
    """A server whose worker is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "soramame.cli",
        "serve",
        "--folder",
        str(folder),
        "--port",
        str(port),
        "--model",
        model,
    ]
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        end = time.monotonic() + START
        while not _ready(port):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit((folder / "said.txt").read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def finished(http: httpx.Client, name: str) -> float:
    """Seconds until a video is there."""
    began = time.perf_counter()
    while (video := http.get(f"/v1/videos/{name}").json())["status"] in ("queued", "in_progress"):
        time.sleep(0.05)
    if video["status"] != "completed":
        raise SystemExit(f"a video failed: {video['error']}")
    return time.perf_counter() - began


def first_preview(http: httpx.Client) -> tuple[float, float]:
    """Seconds from asking to the first preview, and to the video."""
    began, seen = time.perf_counter(), 0.0
    name = http.post("/v1/videos", json=ASKED | {"seed": 1}).raise_for_status().json()["id"]
    with http.stream("GET", f"/v1/videos/{name}/events", timeout=600) as lines:
        for line in lines.iter_lines():
            if line == "event: preview" and not seen:
                seen = time.perf_counter() - began
            if line == "event: done":
                break
    return seen, time.perf_counter() - began


def taken_in(http: httpx.Client, jobs: int) -> tuple[list[float], list[str]]:
    """Seconds that each of so many orders takes, one after another, and their names."""
    took, names = [], []
    for number in range(jobs):
        began = time.perf_counter()
        answer = http.post("/v1/videos", json=ASKED | {"seed": number})
        took.append(time.perf_counter() - began)
        names.append(answer.raise_for_status().json()["id"])
    return took, names


async def polled(server: Server, names: list[str], clients: int, seconds: float) -> tuple[list[float], Counter[str]]:
    """Seconds of every look of so many clients, each with a connection of its own, and what was answered."""
    took, answers = list[float](), Counter[str]()
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        await asyncio.sleep(EVERY * number / clients)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        asked = (
            f"GET /v1/videos/{names[number % len(names)]} HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\n\r\n".encode()
        )
        while time.perf_counter() < end:
            began = time.perf_counter()
            writer.write(asked)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
            took.append(time.perf_counter() - began)
            answers[head.split(b" ", 2)[1].decode()] += 1
            await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - began)))
        writer.close()

    for one in await asyncio.gather(*(client(number) for number in range(clients)), return_exceptions=True):
        if one is not None:
            answers[type(one).__name__] += 1
    return took, answers


def _ms(took: list[float]) -> str:
    worst = quantiles(took, n=100, method="inclusive")[98]
    return f"median {1000 * median(took):6.1f} ms, p99 {1000 * worst:6.1f} ms, most {1000 * max(took):6.1f} ms"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends too
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores; load before: {load:.1f}{' (the machine was not idle)' if load > 0.5 else ''}")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(options.model, Path(folder)) as server,
        httpx.Client(base_url=server.url, timeout=60) as http,
    ):
        _measure(server, http, options.jobs, options.clients, options.seconds)


def _measure(server: Server, http: httpx.Client, jobs: int, clients: int, seconds: float) -> None:
    print(f"server at the beginning    {server.memory()['VmRSS']:.0f} MiB")
    warm = [finished(http, http.post("/v1/videos", json=SHORT).json()["id"]) for _ in range(3)]
    print(
        f"three short videos         {', '.join(f'{one:.1f} s' for one in warm)}: what the first has to load is there then"
    )
    seen, whole = first_preview(http)
    print(f"first preview              {seen:.2f} s after asking, the video after {whole:.1f} s")
    took, names = taken_in(http, jobs)
    print(f"{jobs} taken in while painting  {_ms(took)}", flush=True)
    looks, answers = asyncio.run(polled(server, names, clients, seconds))
    print(f"{clients} clients for {seconds:.0f} s      {len(looks)} looks, {_ms(looks)}; answers {json.dumps(answers)}")
    counts = Counter(one["status"] for one in http.get("/v1/videos", params={"limit": 100}).json()["data"])
    print(f"meanwhile                  {json.dumps(counts)}")
    memory = server.memory()
    print(f"server                     {memory['VmRSS']:.0f} MiB, at most {memory['VmHWM']:.0f} MiB")
    for name in names:
        http.post(f"/v1/videos/{name}/cancel")


if __name__ == "__main__":
    main()
