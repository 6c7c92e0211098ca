"""What a crew of workers asks of Ray, without Ray: actors live and die when a test says so."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from soramame.serve.ray_hand import Hand, Told

TOLD = Told(model="tiny", place={}, runtime={}, environment={}, folder=".")


@dataclass(eq=False)
class Promise:
    """What an actor will say; an error, if it dies before that."""

    kept: bool = False
    value: Any = None


class Method:
    def __init__(self, call: Any) -> None:
        self.remote = call


@dataclass(eq=False)
class Actor:
    """An actor that does what a test says it does."""

    life: Promise = field(default_factory=Promise)
    ready: Promise = field(default_factory=Promise)
    told_to_end: bool = False
    killed: bool = False

    def __post_init__(self) -> None:
        self.run, self.name = Method(lambda: self.life), Method(lambda: self.ready)
        self.end = Method(self._end)

    def _end(self) -> None:
        self.told_to_end = True

    def comes(self, name: str) -> None:
        self.ready.kept, self.ready.value = True, name

    def ends(self, value: object = None) -> None:
        self.life.kept, self.life.value = True, value


class RayError(Exception):
    pass


@dataclass
class Ray:
    """What a crew asks of Ray."""

    actors: list[Actor] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, float] = field(default_factory=dict)
    places: Sequence[tuple[str, str]] = ((socket.gethostname(), "10.0.0.1"),)
    exceptions: Any = field(default_factory=lambda: SimpleNamespace(RayError=RayError))

    def remote(self, what: type) -> Any:
        assert what is Hand

        def hired(told: Told) -> Actor:
            assert told is TOLD
            self.actors.append(Actor())
            return self.actors[-1]

        def options(**told: Any) -> Method:
            self.options = told
            return Method(hired)

        return SimpleNamespace(options=options)

    def wait(self, promises: Sequence[Promise], *, timeout: float, num_returns: int = 1) -> tuple[list[Promise], None]:
        time.sleep(min(timeout, 0.01))
        return [one for one in promises if one.kept][:num_returns], None

    def get(self, promise: Promise) -> Any:
        if isinstance(promise.value, Exception):
            raise promise.value
        return promise.value

    def kill(self, actor: Actor) -> None:
        actor.killed = True
        if not actor.life.kept:
            actor.ends(RayError("it was killed"))

    def cluster_resources(self) -> dict[str, float]:
        return self.resources

    def nodes(self) -> list[dict[str, Any]]:
        return [{"NodeManagerHostname": host, "NodeManagerAddress": ip, "Alive": True} for host, ip in self.places] + [
            {"NodeManagerHostname": "gone", "NodeManagerAddress": "10.9.9.9", "Alive": False}
        ]

    @property
    def staying(self) -> list[Actor]:
        return [one for one in self.actors if not (one.killed or one.told_to_end)]
