"""Decisions as JSON lines: what was decided and why, and of the prompt no more than the policy allows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from soramame.errors import OutputError
from soramame.safety.policy import Record
from soramame.safety.rules import Finding

PRIVATE = "minors"
"""The category whose prompts are never kept."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A decision: the findings are the worst first; ``note`` is anything else worth knowing."""

    action: str
    where: str
    findings: Sequence[Finding] = ()
    note: str = ""


def log(text: str, entry: Entry, record: Record) -> None:
    """Add a decision to the policy's log file, if it has one; :class:`~soramame.errors.OutputError` if that fails."""
    if not record.log_file:
        return
    worst = entry.findings[0] if entry.findings else Finding(category="", rule="", score=0.0)
    line: dict[str, Any] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "action": entry.action,
        "where": entry.where,
        "category": worst.category,
        "rule": worst.rule,
        "score": round(worst.score, 3),
        "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    }
    if entry.note:
        line["note"] = entry.note
    if record.log_prompt == "whole" and all(finding.category != PRIVATE for finding in entry.findings):
        line["prompt"] = text
    try:
        with Path(record.log_file).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
    except OSError as error:
        raise OutputError(
            f"the decision log {record.log_file} cannot be written ({error.strerror}); change log_file in the policy."
        ) from error
