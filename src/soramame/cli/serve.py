"""The command that serves: the videos API for clients, and workers that paint."""

from __future__ import annotations

import ipaddress
import logging
import os
from pathlib import Path
from typing import Any

import click

from soramame.cli.groups import file, model_options, policy, some
from soramame.errors import OptionError, OutputError


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
@click.option("--threads", type=some, help="Threads of each worker; one a core unless given.")
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
    from soramame.serve.supervise import Workers, command
    from soramame.serve.supervise import serve as answer

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
    runtime = {name: options[name] for name in ("device", "dtype", "threads", "policy")}
    click.echo(f"http://{host}:{port}/v1 is the address for clients; what is made is kept in {folder}")
    with Workers(command(options["model"], place, **runtime), options["workers"]):
        if not answer(app, host=host, port=port):
            raise OptionError(f"{host}:{port} cannot be listened on; choose another --port.")


def _local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
