"""Webhooks: what happened is told to who wants to hear of it, signed by the Standard Webhooks rules, until it has arrived.

What is to be sent is written in the transaction that it tells of, so nothing is told that did not happen, and all that did is told at
least once. No address inside a private network is called, also not by a name that points there.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import json
import logging
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from urllib.parse import SplitResult, quote, urlsplit

import httpx
from anyio import CapacityLimiter, to_thread
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from standardwebhooks import Webhook as Signer

from soramame.errors import OptionError
from soramame.serve.store import Store
from soramame.serve.tables import Delivery, Webhook

log = logging.getLogger("soramame.hooks")
TYPES = ("video.completed", "video.failed")
WAITS = (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
"""Seconds before the next try; after the last the event is given up."""
SLOWEST = 10.0
"""Seconds from looking up the host to the head of its answer."""
AT_ONCE = 4
"""Events that a server sends at the same time."""
UNSENT = (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError)
"""What a send raises that got no answer."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
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
    if not url.isascii():
        url = _ascii(parts)
        parts = urlsplit(url)
    if not private and _literal(parts.hostname or "") is not None:
        address(parts, private=False)
    return url


def _ascii(parts: SplitResult) -> str:
    """An address as it is sent: the name of its host in the letters that names are looked up by, everything else in percents."""
    try:
        host = str(parts.hostname).encode("idna").decode("ascii")
    except UnicodeError as error:
        raise OptionError(f"{str(parts.hostname)[:80]!r} is not a name that a host can have.") from error
    port = "" if parts.port is None else f":{parts.port}"
    path, query = (quote(one, safe="/%:=&?~#+!$,;'@()*[]") for one in (parts.path, parts.query))
    return parts._replace(netloc=f"{host}{port}", path=path, query=query).geturl()


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
    inner = None if isinstance(one, ipaddress.IPv4Address) else _inner(one)
    return one.is_global and not one.is_multicast and (inner is None or _public(str(inner)))


def _inner(one: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The older address that one stands for: mapped, by 6to4, or by NAT64 (RFC 6052)."""
    if one in NAT64:
        return ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
    return one.ipv4_mapped or one.sixtofour


class Sender:
    """Sends what is due, a few events at a time and to each webhook one: an address that is slow keeps no other one waiting."""

    def __init__(self, store: Store, *, private: bool = False) -> None:
        self.store, self.private, self._ending = store, private, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._many, self._free = ThreadPoolExecutor(AT_ONCE, "webhook"), threading.Semaphore(AT_ONCE)
        self._busy, self._lock = set[str](), threading.Lock()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End when what is being sent has been."""
        self._ending.set()
        self._thread.join(SLOWEST + 1)
        self._many.shutdown()

    def _run(self) -> None:
        while not self._ending.wait(0.5):
            try:
                while not self._ending.is_set() and self._begin():
                    pass
            except DBAPIError as error:  # it may be gone for a while: what is to be sent waits in it
                log.warning("the database gives no answer: %s", error.orig)
                self._ending.wait(2.0)
            except Exception:  # the next is sent whatever this one was
                log.exception("webhooks")

    def _begin(self) -> bool:
        """Let one event that is due be sent; False if there is none, or nobody to send it."""
        if not self._free.acquire(timeout=0.5):
            return False
        taken = None
        try:
            taken = self._take()
        finally:
            if taken is None:
                self._free.release()
        if taken is not None:
            self._many.submit(self._sent, *taken).add_done_callback(lambda done: self._free.release())
        return taken is not None

    def once(self) -> bool:
        """Send one event that is due; False if there is none."""
        taken = self._take()
        if taken is not None:
            self._sent(*taken)
        return taken is not None

    def _sent(self, event: Delivery, hook: Webhook) -> None:
        try:
            arrived, told = self._tried(event, hook)
            log.info("webhook %s: %s %s: %s", hook.id, event.kind, event.subject, told)
            with self.store.write() as session, session.begin():
                if arrived or event.tries > len(WAITS):
                    session.execute(delete(Delivery).where(Delivery.number == event.number))
                else:
                    due = time.time() + WAITS[event.tries - 1]
                    session.execute(update(Delivery).where(Delivery.number == event.number).values(due=due))
        except SQLAlchemyError as error:  # it is sent once more when somebody has had time enough for it
            log.error("webhook %s: %s", hook.id, error)
        finally:
            with self._lock:
                self._busy.discard(hook.id)

    def _tried(self, event: Delivery, hook: Webhook) -> tuple[bool, str]:
        """Whether it arrived, and what is to be said of that."""
        told = send(hook, event.kind, event.subject, event.event, when=event.created, private=self.private)
        try:
            status = asyncio.run(told)
        except Exception as error:  # whatever is wrong with one address must not keep the others' events
            return False, f"{type(error).__name__}: {error}"
        return 200 <= status < 300, f"status {status}"

    def _take(self) -> tuple[Delivery, Webhook] | None:
        now = time.time()
        with self._lock:
            busy = list(self._busy)
        with self.store.write() as session, session.begin():
            wanted = select(Delivery).where(Delivery.due <= now, Delivery.webhook_id.not_in(busy))
            wanted = wanted.order_by(Delivery.due).limit(1).with_for_update(skip_locked=True)
            event = session.scalars(wanted).first()
            if event is None:
                return None
            hook = session.get(Webhook, event.webhook_id)
            if hook is None:
                session.delete(event)
                return None
            event.due, event.tries = now + HELD, event.tries + 1
        with self._lock:
            self._busy.add(hook.id)
        return event, hook


async def send(hook: Webhook, kind: str, subject: str, event: str, *, when: float, private: bool) -> int:
    """Send an event; the status of the answer, and one of :data:`UNSENT` if there was none within :data:`SLOWEST` seconds in all: a
    limit for each piece would let a receiver answer a letter at a time for ever. The host is looked up once: what was checked is what
    is called.
    """
    async with asyncio.timeout(SLOWEST):
        parts = urlsplit(hook.url)
        look = partial(address, parts, private=private)
        host = await to_thread.run_sync(look, abandon_on_cancel=True, limiter=CapacityLimiter(1))
        return await _posted(parts, host, *_message(hook, parts, kind, subject, event, when))


def _message(
    hook: Webhook, parts: SplitResult, kind: str, subject: str, event: str, when: float
) -> tuple[str, dict[str, str]]:
    """Body and headers."""
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
    return body, headers


async def _posted(parts: SplitResult, host: str, body: str, headers: dict[str, str]) -> int:
    port = f":{parts.port}" if parts.port else ""
    there = f"[{host}]" if ":" in host else host
    url = parts._replace(netloc=f"{there}{port}").geturl()
    async with httpx.AsyncClient(timeout=SLOWEST, follow_redirects=False, trust_env=False) as client:
        named = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
        async with client.stream("POST", url, content=body, headers=headers, extensions=named) as answer:
            return answer.status_code


def _secrets(hook: Webhook, now: float) -> list[str]:
    old = hook.old_secret if hook.old_until is not None and hook.old_until > now else None
    return [hook.secret, *([old] if old else [])]


def check_types(kinds: Sequence[str]) -> list[str]:
    """The kinds of event that a webhook hears of; :class:`OptionError` for what never happens here."""
    if not kinds or set(kinds) - set(TYPES):
        raise OptionError(f"event_types has to be some of {', '.join(TYPES)}.")
    return list(dict.fromkeys(kinds))
