"""A store that speaks S3, for tests: moto, in a thread of the tests' own process."""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.serve.processes import free_port


class Objects:
    """Buckets by name; they are still there after it was gone."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: Any = None

    @property
    def environment(self) -> dict[str, str]:
        """How it is reached: what every program that speaks S3 understands."""
        told = {
            "ENDPOINT_URL": self.url,
            "ACCESS_KEY_ID": "tests",
            "SECRET_ACCESS_KEY": "tests",
            "DEFAULT_REGION": "us-east-1",
        }
        return {f"AWS_{name}": value for name, value in told.items()}

    def start(self) -> None:
        """Begin to answer."""
        server = importlib.import_module("moto.server").ThreadedMotoServer
        self._server = server(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()

    def stop(self) -> None:
        """End; nobody listens on its port then."""
        listening = self._server._server
        self._server.stop()
        listening.server_close()

    @contextmanager
    def gone(self) -> Iterator[None]:
        """It is not there for as long as this lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def bucket(self) -> str:
        """Address of a folder in a new bucket."""
        name = f"b{secrets.token_hex(6)}"
        importlib.import_module("boto3").client("s3").create_bucket(Bucket=name)
        return f"s3://{name}/files"


@contextmanager
def running_objects() -> Iterator[Objects]:
    """One that is there, and that this process and those it starts talk to; the test is skipped where there is none."""
    pytest.importorskip("moto.server", reason="there is no store that speaks S3: moto")
    pytest.importorskip("s3fs", reason="there is no driver for S3: s3fs")
    objects = Objects()
    objects.start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in objects.environment.items():
            patch.setenv(name, value)
        yield objects
    objects.stop()
