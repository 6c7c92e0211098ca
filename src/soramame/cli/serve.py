"""The command that serves: the videos API for clients, and workers that paint."""

from __future__ import annotations

import ipaddress
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soramame.cli.groups import file, model_options, policy, some
from soramame.errors import OptionError, OutputError

if TYPE_CHECKING:
    from soramame.serve.supervise import Workers


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; others need --api-keys.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--folder", type=file, default=Path("soramame-serve"), show_default=True, help="Where everything is kept."
)
@click.option(
    "--database",
    envvar="SORAMAME_DATABASE",
    help="SQLAlchemy address; SQLite in the folder unless given, or $SORAMAME_DATABASE.",
)
@click.option(
    "--storage",
    envvar="SORAMAME_STORAGE",
    help="Folder or address (s3://…) of the videos; in the folder unless given, or $SORAMAME_STORAGE.",
)
@click.option("--api-keys", type=file, help="TOML file of keys and their limits (docs/serve.md).")
@click.option("--workers", type=click.IntRange(min=0), default=1, show_default=True, help="Processes that paint.")
@click.option("--ray", help="Paint on a Ray cluster: auto, local, HOST:PORT or ray://HOST:PORT (docs/operations.md).")
@click.option(
    "--workers-most", type=some, help="With --ray: up to so many workers while videos wait; --workers is the least."
)
@click.option("--threads", type=some, help="Threads of each worker; one a core unless given, one with --ray.")
@click.option("--keep-hours", type=click.FloatRange(min=0), default=0.0, help="Delete videos after so long; 0: never.")
@click.option("--upload-mib", type=some, default=256, show_default=True, help="Most of one request.")
@click.option("--private-webhooks", is_flag=True, help="Webhooks may be sent to private addresses too.")
@policy
@model_options
def serve(host: str, port: int, **options: Any) -> None:
    """Serve the videos API under /v1: point an official client at it. Everything survives a restart."""
    from soramame.serve import renewal
    from soramame.serve.app import make
    from soramame.serve.service import Settings
    from soramame.serve.supervise import serve as answer

    _agree(options)
    if options["api_keys"] is None and not _local(host):
        raise OptionError(f"whoever reaches {host} could make videos here: give --api-keys, or listen on 127.0.0.1.")
    folder: Path = options["folder"].absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror}.") from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = Settings(
        database=options["database"] or f"sqlite:///{folder / 'jobs.db'}",
        storage=options["storage"] or str(folder / "files"),
        model=options["model"],
        keys=options["api_keys"],
        upload=options["upload_mib"] << 20,
        policy=options["policy"],
        private_webhooks=options["private_webhooks"],
        hosts=("localhost", "127.0.0.1", "::1", host) if options["api_keys"] is None else (),
    )
    app = make(settings)
    renewal.on_hangup(app.state.service.store, app.state.service.renew)
    place = ["--work", str(folder / "work")]
    for name, address in (("database", settings.database), ("storage", settings.storage)):
        if (
            os.environ.get(f"SORAMAME_{name.upper()}") != address
        ):  # what workers find there needs no command line, which all see
            place += [f"--{name}", address]
    place += ["--keep", str(3600 * options["keep_hours"])]
    workers = _workers(options, place, app.state.service.model(None).name)
    click.echo(f"http://{host}:{port}/v1 is the address for clients; what is made is kept in {folder}")
    with workers:
        if not answer(app, host=host, port=port):
            raise OptionError(f"{host}:{port} cannot be listened on; choose another --port.")


def _agree(options: Mapping[str, Any]) -> None:
    """:class:`OptionError` for options that contradict each other."""
    least, most = options["workers"], options["workers_most"]
    if options["ray"] is None:
        if most is not None:
            raise OptionError("--workers-most is for --ray; on this machine there are as many as --workers says.")
    elif (least if most is None else most) < max(least, 1):
        raise OptionError("--workers-most has to be at least --workers, and at least 1.")


def _workers(options: Mapping[str, Any], place: Sequence[str], serves: str) -> Workers:
    """Processes that paint, or the one that leads those of a Ray cluster; ``serves``: what the queue calls the model."""
    from soramame.serve import ray_workers, supervise

    runtime = {name: options[name] for name in ("device", "dtype", "threads", "policy")}
    if options["ray"] is None:
        return supervise.Workers(supervise.command(options["model"], place, **runtime), options["workers"])
    crew = {"least": options["workers"], "most": options["workers_most"] or options["workers"]}
    start = ray_workers.command(options["ray"], place, serves=serves, **crew, model=options["model"], **runtime)
    ray_workers.check(start)
    return supervise.Workers(start, 1)


def _local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
