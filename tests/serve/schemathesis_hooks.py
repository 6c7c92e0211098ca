"""What schemathesis cannot know: of half of the requests, names of things that there are, and files that are pictures and videos."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

import schemathesis

FOLDER = Path(os.environ.get("SORAMAME_KNOWN", "."))
"""With ``known.json``, lists of names by parameter, and the files."""
BYTES = {"video": "video.mp4", "second": "video.mp4", "mask": "thumbnail.webp", "input_reference": "spritesheet.jpg"}


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    """Change a request that is about to be sent, always in the same way."""
    drawn = zlib.crc32(repr((case.path_parameters, case.body)).encode("utf-8", "surrogatepass"))
    if drawn % 2:
        return
    known = json.loads((FOLDER / "known.json").read_text(encoding="utf-8"))
    for name in known.keys() & (case.path_parameters or {}).keys():
        case.path_parameters[name] = known[name][drawn // 2 % len(known[name])]
    if isinstance(case.body, dict):
        video = known["video_id"][drawn // 2 % len(known["video_id"])]
        case.body = {name: _real(name, value, video) for name, value in case.body.items()}


def _real(name: Any, value: Any, video: str) -> Any:
    """A field that means something."""
    if name in BYTES and isinstance(value, bytes):
        return (FOLDER / BYTES[name]).read_bytes()
    if name in ("video", "second"):
        return {"id": video} if isinstance(value, dict) else value
    if name == "characters":
        return []
    return {"model": "tiny", "size": "128x64", "video[id]": video, "second[id]": video}.get(str(name), value)
