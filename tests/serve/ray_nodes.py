"""Nodes of a Ray cluster, all on this machine: each has a raylet and a core of its own. ``python -m tests.serve.ray_nodes FOLDER [apart]``

It tells its address and the raylet of its first node, then takes ``add`` (another node) and ``kill`` (all processes of the newest node at
once), and ends when there is nothing more to read: also when whoever started it was killed.
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STORE = 80 << 20
"""Bytes of memory that a node keeps for objects, of which there are none."""
SOON = {
    "health_check_initial_delay_ms": 0, "health_check_period_ms": 300, "health_check_failure_threshold": 3,
    "health_check_timeout_ms": 2000,
}  # fmt: skip
"""Ray hears of a node that is gone in seconds instead of half a minute."""


@dataclass
class Nodes:
    """A cluster that runs in another process; ``raylet``, of its first node, is a process id, and the parent of actors."""

    process: subprocess.Popen[str]
    address: str
    raylet: int

    def told(self, word: str) -> Any:
        """What it says to a word: the raylet of the node that was added."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def nodes(folder: Path, *, apart: bool) -> Iterator[Nodes]:
    """One of them, and those that are added with the same address, or ``apart``; what Ray says lies in the folder, which has to have a
    short name.
    """
    # Without the second it writes down where it is in a folder that all clusters of this machine share.
    (folder / "ray").mkdir(exist_ok=True)
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_TMPDIR": str(folder)}
    command = [sys.executable, "-m", "tests.serve.ray_nodes", str(folder), *(["apart"] if apart else [])]
    with (
        (folder / "said.txt").open("w") as said,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, env=environment
        ) as process,
    ):
        assert process.stdout is not None
        yield Nodes(process, **json.loads(process.stdout.readline()))
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)


def _address(number: int) -> dict[str, str]:
    """Of a machine of its own, to Ray: the system takes whatever begins with 127 for itself."""
    return {"node_ip_address": f"127.0.0.{number}"} if "apart" in sys.argv else {}


def main() -> None:
    """Be the cluster."""
    says = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever Ray prints
    cluster = importlib.import_module("ray.cluster_utils").Cluster(
        initialize_head=True,
        connect=False,
        head_node_args={
            "num_cpus": 1, "include_dashboard": False, "object_store_memory": STORE, "temp_dir": sys.argv[1],
            "_system_config": SOON, "no_monitor": True,
        },
    )  # fmt: skip

    def raylet(node: Any) -> int:
        return int(node.all_processes["raylet"][0].process.pid)

    more: list[Any] = []
    numbers = itertools.count(2)
    says.write(json.dumps({"address": cluster.address, "raylet": raylet(cluster.head_node)}) + "\n")
    try:
        for word in sys.stdin:
            if word.strip() == "add":
                more.append(cluster.add_node(num_cpus=1, object_store_memory=STORE, **_address(next(numbers))))
                says.write(json.dumps(raylet(more[-1])) + "\n")
            else:
                cluster.remove_node(more.pop(), allow_graceful=False)
                says.write("null\n")
    finally:
        with suppress(OSError):
            cluster.shutdown()


if __name__ == "__main__":
    main()
