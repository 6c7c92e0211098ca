"""Prompts, before anything is painted: what a short one would be made into."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from soramame.prompt.expand import PAPER, Expansion, expand
from soramame.serve import bodies
from soramame.serve.document import failing
from soramame.serve.edge import Call, Caller, body
from soramame.serve.schema import LONGEST_PROMPT, Made, Wire

router = APIRouter(prefix="/v1/prompts", tags=["prompts"])


class ExpandPrompt(Made):
    """A prompt, and what the choice among several wordings is drawn from."""

    prompt: str = Field(min_length=1, max_length=LONGEST_PROMPT)
    seed: int = Field(0, ge=0, lt=2**63)


class Expanded(Wire):
    """The prompt made long: ``text`` is what a video with this ``seed`` would be painted from, ``added`` what stands behind the
    user's words, none if they are left as they are.
    """

    object: Literal["prompt.expansion"] = "prompt.expansion"
    model: str
    prompt: str
    seed: int
    text: str
    added: list[str]


@router.post("/expansions", response_model=Expanded, responses=failing(404, 429), openapi_extra=body(ExpandPrompt))
async def expansion(call: Call = Caller) -> Expanded:
    """What a prompt would be made into before it is painted: the user's words, and behind them what they leave open. No model is
    asked. A model that knows other words than the bundled one gets prompts as they are.
    """
    asked = await bodies.read(call.request, ExpandPrompt)
    call.service.keys.count(call.key)

    def longer() -> Expanded:
        model = call.service.model(asked.model).name
        told = Expansion(text=asked.prompt) if model not in PAPER else expand(asked.prompt, seed=asked.seed)
        return Expanded(model=model, prompt=asked.prompt, seed=asked.seed, text=told.text, added=list(told.added))

    return await run_in_threadpool(longer)
