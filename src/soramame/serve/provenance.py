"""What a look at a file comes to on the wire: the official results, and in their further fields all that the same look tells
``soramame verify --json``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from soramame.safety.credentials import State
from soramame.safety.detector import Answer

FOUND = {State.TRUSTED: "trusted", State.UNKNOWN: "valid", State.NONE: "not_present"}
"""States as the official API names them; everything else is ``invalid``."""
ANSWERS = {Answer.LIKELY: "detected", Answer.NONE: "not_detected", Answer.UNSURE: "unsure"}
UNASKED = "a trusted signature or a mark says more than its look could: the detector was not asked."
CREDENTIALS = ("reason", "what", "signer", "time_stamped", "title", "generator", "task", "actions", "beside")
"""What of a file's credentials is told as it is."""


def findings(report: Mapping[str, Any]) -> dict[str, Any]:
    """The answer for a report, as :meth:`soramame.safety.verify.Report.as_json` gives it, without the name of the file here."""
    results = [_c2pa(report["credentials"]), _watermark(report), _detector(report["detector"])]
    verdict = {"type": "verdict", "outcome": report["verdict"], "reason": report["reason"]}
    return {"object": "content_provenance_check", "created_at": int(time.time()), "results": [*results, verdict]}


def _c2pa(credentials: Mapping[str, Any]) -> dict[str, Any]:
    state = FOUND.get(credentials["state"], "invalid")
    return {
        "type": "c2pa",
        "outcome": "not_detected" if state == "not_present" else "detected",
        "validation_state": state,
        "issuer": credentials["organisation"] or credentials["signer"] or None,
        "model": next((one["model"] for one in credentials["actions"] if one["model"]), None),
        "generated_at": credentials["signed_at"],
        **{name: credentials[name] for name in CREDENTIALS},
        "recipe": credentials["recipe"],
        "recipe_reason": _no_recipe(credentials),
        "ingredients": [_ingredient(one) for one in credentials["ingredients"]],
    }


def _no_recipe(credentials: Mapping[str, Any]) -> str | None:
    """Why it is not told how a file was made, or how far what is told can be believed; None if it can be."""
    match credentials["state"]:
        case State.NONE:
            return "there are no credentials that could tell it."
        case State.UNREADABLE:
            return "the credentials could not all be checked."
    if credentials["recipe"] is None:
        return "its credentials do not tell it."
    if credentials["state"] == State.TRUSTED:
        return None
    return "this is what the credentials say, and who signed them is not believed here, or they were changed."


def _ingredient(one: Mapping[str, Any]) -> dict[str, Any]:
    below = [_ingredient(each) for each in one["ingredients"]]
    return {**{name: one[name] for name in ("title", "relationship", "state", "reason")}, "ingredients": below}


def _watermark(report: Mapping[str, Any]) -> dict[str, Any]:
    """``confidence`` is that of the surest part, the share of its bits that were right (one half is chance)."""
    segments = [_segment(one) for one in report["watermark"]]
    found = [one for one in segments if one["payload"] is not None]
    return {
        "type": "watermark",
        "outcome": "detected" if found else "not_detected",
        "payloads": sorted({one["payload"] for one in found}),
        "confidence": max((one["confidence"] for one in found), default=None),
        "frames_read": sum(one["frames"] for one in segments),
        "frames_marked": sum(one["frames"] for one in found),
        "segments": segments,
        "unread": report["watermark_unread"] or None,
    }


def _segment(one: Mapping[str, Any]) -> dict[str, Any]:
    """Frames that lie together: ``first`` is counted from the second ``at``; ``also``: what fainter marks beneath say."""
    mark = one.get("mark") or {}
    return {
        **{name: one[name] for name in ("at", "first", "frames")},
        "payload": one["payload"] or None,
        "also": list(mark.get("also", ())),
        "key_id": one["key_id"] or None,
        "confidence": one.get("confidence"),
        **{name: mark.get(name) for name in ("scale", "angle", "mirrored")},
    }


def _detector(likeness: Mapping[str, Any] | None) -> dict[str, Any]:
    if likeness is None:
        return {"type": "detector", "outcome": "not_asked", "answer": None, "score": None, "reason": UNASKED}
    return {
        "type": "detector",
        "outcome": ANSWERS[Answer(likeness["answer"])],
        "answer": likeness["answer"],
        "score": likeness["probability"],
        "reason": likeness["reason"],
    }
