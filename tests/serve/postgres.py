"""A Postgres for tests: in a folder of its own, on a free port, and gone with the tests."""

from __future__ import annotations

import importlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from tests.serve.processes import free_port

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs, one folder a version; they are in no PATH."""
NEEDED = ("initdb", "postgres")
QUICK = ("fsync=off", "full_page_writes=off", "log_min_messages=fatal")
"""What it may spare: what it said it has kept outlives the server, though not the machine."""


def programs() -> Path | None:
    """The folder of Postgres's programs, the newest if there are several."""
    found = shutil.which("initdb")
    known = [] if found is None else [Path(found).resolve().parent]
    known += sorted(DEBIAN.glob("*/bin"), key=lambda one: float(one.parent.name), reverse=True)
    return next((one for one in known if all((one / name).is_file() for name in NEEDED)), None)


def _as_whom() -> dict[str, Any]:
    """Postgres refuses root: then it is somebody who owns nothing else."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            one = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": one.pw_uid, "group": one.pw_gid, "extra_groups": ()}
    pytest.skip("Postgres does not run as root, and there is no user postgres or nobody")


@dataclass
class Cluster:
    """A server with any number of databases; whoever is on this machine may do everything in it."""

    folder: Path
    programs: Path
    port: int = field(default_factory=free_port)
    _whom: dict[str, Any] = field(default_factory=_as_whom)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Address of one of its databases."""
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/{database}"

    def make(self) -> None:
        """Lay it out, and start it."""
        if self._whom:
            os.chown(self.folder, self._whom["user"], self._whom["group"])
        told = ("-D", str(self.folder / "data"), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        done = subprocess.run(
            [self.programs / "initdb", *told, "--no-instructions"],
            capture_output=True,
            text=True,
            cwd="/",
            **self._whom,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        said = self.folder / "said.txt"
        quick = [word for one in QUICK for word in ("-c", one)]
        where = ("-D", str(self.folder / "data"), "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.folder))
        with said.open("ab") as file:
            self._process = subprocess.Popen(
                [self.programs / "postgres", *where, *quick], stdout=file, stderr=file, cwd="/", **self._whom
            )
        psycopg, end = importlib.import_module("psycopg"), time.monotonic() + 60
        while True:
            try:
                psycopg.connect(f"host=127.0.0.1 port={self.port} user=tests dbname=postgres").close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(said.read_text()) from None
                time.sleep(0.02)

    def stop(self) -> None:
        """End it as a power cut would (`pg_ctl stop -m immediate`)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """It is not there for as long as this lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def database(self) -> Iterator[str]:
        """Address of an empty database that nobody else uses."""
        name = f"t{next(self._numbers)}"
        with self.administered() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield self.url(name)
        with self.administered() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    @contextmanager
    def administered(self) -> Iterator[Connection]:
        """A connection to what is beside the databases of tests."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster of one's own; the test is skipped where there is no Postgres."""
    found = programs()
    if found is None:
        pytest.skip(f"there is no Postgres: no initdb in PATH, nor under {DEBIAN}")
    pytest.importorskip("psycopg", reason="there is no driver for Postgres: psycopg")
    # Not pytest's own folder, which nobody but who runs the tests may enter.
    folder = Path(tempfile.mkdtemp(prefix="soramame-pg-"))
    cluster = Cluster(folder=folder, programs=found)
    try:
        cluster.make()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
