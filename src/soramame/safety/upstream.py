"""A moderation endpoint of any OpenAI-compatible server, asked beside the own check where the policy names one."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from soramame.safety.policy import Upstream
from soramame.safety.rules import Finding

CATEGORIES = {
    "sexual/minors": "minors",
    "sexual": "sexual",
    "violence": "violence",
    "hate": "hate",
    "harassment": "hate",
    "self-harm": "self-harm",
    "illicit": "instructions",
}
"""Categories of the API, by the beginning of their names, as ours."""
LONGEST_ANSWER = 1 << 20


class _Stay(urllib.request.HTTPRedirectHandler):
    """No redirects: they would carry the key to another host."""

    def redirect_request(self, *told: Any) -> None:
        """Answer the redirect itself, which is then an HTTP error."""
        return None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the endpoint flags; ``down`` if it gave no answer in time, or none that can be understood."""

    findings: tuple[Finding, ...] = ()
    down: bool = False


def ask(text: str, upstream: Upstream) -> Answer:
    """What the endpoint says, nothing if the policy names none."""
    if not upstream.url:
        return Answer()
    try:
        request = _request(text, upstream)
        with urllib.request.build_opener(_Stay).open(request, timeout=upstream.timeout) as response:
            result = json.loads(response.read(LONGEST_ANSWER))["results"][0]
        return Answer(findings=tuple(_findings(result)))
    except urllib.error.HTTPError as error:
        error.close()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, http.client.HTTPException):
        pass
    return Answer(down=True)


def _request(text: str, upstream: Upstream) -> urllib.request.Request:
    body = {"input": text} | ({"model": upstream.model} if upstream.model else {})
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    key = os.environ.get(upstream.key_variable, "") if upstream.key_variable else ""
    if key:
        headers["Authorization"] = f"Bearer {key}"
    address = upstream.url.rstrip("/") + "/moderations"
    return urllib.request.Request(address, data=json.dumps(body).encode(), headers=headers, method="POST")


def _findings(result: Any) -> list[Finding]:
    """Flagged categories; what the server flags scores 1."""
    found = []
    for name, flagged in result["categories"].items():
        own = next((ours for theirs, ours in CATEGORIES.items() if name.startswith(theirs)), None)
        if flagged is True and own:
            found.append(Finding(category=own, rule=f"upstream: {name}", score=1.0))
    return found
