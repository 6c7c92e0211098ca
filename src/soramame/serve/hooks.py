"""Webhooks: what happened is told to who wants to hear of it, signed by the Standard Webhooks rules, until it has arrived.

What is to be sent is written in the transaction that it tells of, so nothing is told that did not happen, and all that did is told at
least once. No address inside a private network is called, also not by a name that points there.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import logging
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit

import httpx
from sqlalchemy import delete, select, update
from standardwebhooks import Webhook as Signer

from soramame.errors import OptionError
from soramame.serve.store import Store
from soramame.serve.tables import Delivery, Webhook

log = logging.getLogger("soramame.hooks")
TYPES = ("video.completed", "video.failed")
WAITS = (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
"""Seconds before the next try; after the last the event is given up."""
SLOWEST = 10.0
HELD = 60.0
"""Seconds that a server which took an event may need to send it; then another may."""


def new_secret() -> str:
    """What a webhook is signed with."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def checked(url: str, *, private: bool) -> str:
    """An address that may be called; :class:`OptionError` otherwise."""
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError as error:
        raise OptionError(f"{url[:80]!r} is not an address.") from error
    if parts.scheme not in (("https", "http") if private else ("https",)) or not parts.hostname or not port_is_one:
        raise OptionError("a webhook's address begins with https:// and has a host.")
    if parts.username or parts.password or parts.fragment or len(url) > 2000:
        raise OptionError("a webhook's address has no user, no password and no fragment, and at most 2000 letters.")
    if not private and _literal(parts.hostname) is not None:
        address(parts, private=False)
    return url


def address(parts: SplitResult, *, private: bool) -> str:
    """Where a host is, now; :class:`OptionError` if any of its addresses is in a private network."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OptionError(f"{parts.hostname} is not known.") from error
    hosts = [str(one[4][0]).partition("%")[0] for one in found]
    for host in hosts:
        if not private and not _public(host):
            raise OptionError(f"{parts.hostname} is in a private network, where webhooks are not sent to.")
    return hosts[0]


def _literal(host: str) -> object | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _public(host: str) -> bool:
    one = ipaddress.ip_address(host)
    inner = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    return one.is_global and not one.is_multicast and (inner is None or _public(str(inner)))


class Sender:
    """Sends what is due, in a thread."""

    def __init__(self, store: Store, *, private: bool = False) -> None:
        self.store, self.private, self._ending = store, private, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End when what is being sent has been."""
        self._ending.set()
        self._thread.join(SLOWEST + 1)

    def _run(self) -> None:
        while not self._ending.wait(0.5):
            try:
                while not self._ending.is_set() and self.once():
                    pass
            except Exception:  # the database may be gone for a while: what is to be sent waits in it
                log.exception("webhooks")

    def once(self) -> bool:
        """Send one event that is due; False if there is none."""
        taken = self._take()
        if taken is None:
            return False
        event, hook = taken
        try:
            status = send(hook, event.kind, event.subject, event.event, when=event.created, private=self.private)
            arrived, told = 200 <= status < 300, f"status {status}"
        except (httpx.HTTPError, OptionError) as error:
            arrived, told = False, str(error) or type(error).__name__
        log.info("webhook %s: %s %s: %s", hook.id, event.kind, event.subject, told)
        with self.store.write() as session, session.begin():
            if arrived or event.tries > len(WAITS):
                session.execute(delete(Delivery).where(Delivery.number == event.number))
            else:
                due = time.time() + WAITS[event.tries - 1]
                session.execute(update(Delivery).where(Delivery.number == event.number).values(due=due))
        return True

    def _take(self) -> tuple[Delivery, Webhook] | None:
        now = time.time()
        with self.store.write() as session, session.begin():
            wanted = select(Delivery).where(Delivery.due <= now).order_by(Delivery.due).limit(1)
            event = session.scalars(wanted.with_for_update(skip_locked=True)).first()
            if event is None:
                return None
            hook = session.get(Webhook, event.webhook_id)
            if hook is None:
                session.delete(event)
                return None
            event.due, event.tries = now + HELD, event.tries + 1
        return event, hook


def send(hook: Webhook, kind: str, subject: str, event: str, *, when: float, private: bool) -> int:
    """Send an event; the status of the answer. The host is looked up once: what was checked is what is called."""
    parts = urlsplit(hook.url)
    host = address(parts, private=private)
    body = json.dumps(
        {"id": event, "object": "event", "created_at": int(when), "type": kind, "data": {"id": subject}},
        separators=(",", ":"),
    )
    now = datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "host": parts.netloc,
        "user-agent": "soramame",
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Signer(secret).sign(event, now, body) for secret in _secrets(hook, now.timestamp())
        ),
    }
    port = f":{parts.port}" if parts.port else ""
    there = f"[{host}]" if ":" in host else host
    url = parts._replace(netloc=f"{there}{port}").geturl()
    with httpx.Client(timeout=SLOWEST, follow_redirects=False, trust_env=False) as client:
        named = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
        with client.stream("POST", url, content=body, headers=headers, extensions=named) as answer:
            return answer.status_code


def _secrets(hook: Webhook, now: float) -> list[str]:
    old = hook.old_secret if hook.old_until is not None and hook.old_until > now else None
    return [hook.secret, *([old] if old else [])]


def check_types(kinds: Sequence[str]) -> list[str]:
    """The kinds of event that a webhook hears of; :class:`OptionError` for what never happens here."""
    if not kinds or set(kinds) - set(TYPES):
        raise OptionError(f"event_types has to be some of {', '.join(TYPES)}.")
    return list(dict.fromkeys(kinds))
