"""The small text encoder: English and Japanese, any words, slips of the finger included.

There is no vocabulary. A token is an English word, a kanji, or a run of kana; its embedding is a sum of embeddings of
hashed pieces, its whole form and its character n-grams (the fastText idea: Bojanowski et al., "Enriching Word Vectors
with Subword Information", 2017). So a misspelt word lies near the right one, and an unseen one near those that share
its pieces. A small transformer follows. The empty prompt is the single null token, with which all others begin too.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from soramame.errors import ConfigError
from soramame.model.words import LENGTH as LENGTH
from soramame.model.words import words_of as words_of
from soramame.nn.attention import attend
from soramame.nn.layers import RMSNorm

PAD, NULL, FIRST = 0, 1, 2
"""Ids of no piece, of the null token, and of the first hashed piece."""
PIECES, BUCKETS = 20, 12_000
"""Most pieces of a token, rows of the table of pieces."""
STEP = 16
"""Prompts are padded to a multiple of this many tokens."""

_KANJI = re.compile(r"[\u3400-\u9fff々〇]")


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    """Shape of the encoder. ``width`` is of the table of pieces, ``dim`` of all the rest; at most ``length`` tokens."""

    dim: int = 256
    width: int = 128
    layers: int = 2
    heads: int = 4
    ffn: int = 512
    buckets: int = BUCKETS
    length: int = LENGTH
    eps: float = 1e-6

    def __post_init__(self) -> None:
        if min(self.dim, self.width, self.layers, self.heads, self.ffn, self.buckets - FIRST, self.length) < 1:
            raise ConfigError(
                "dim, width, layers, heads, ffn, buckets and length of a text encoder have to be positive."
            )
        if self.dim % self.heads:
            raise ConfigError(f"dim {self.dim} of a text encoder has to be divisible by its {self.heads} heads.")


def _hashed(piece: str) -> int:
    return FIRST + zlib.crc32(piece.encode()) % (BUCKETS - FIRST)


@lru_cache(maxsize=200_000)
def _pieces(word: str, before: str, after: str) -> tuple[int, ...]:
    """Ids of a token's pieces, its whole form first. Kanji, which are single, have their neighbours as context."""
    found = [f"={word}"]
    if _KANJI.match(word):
        found += [f"{before}{word}", f"{word}{after}", f"{before}{word}{after}", f"~{word}"]
    elif word.isascii() or word[0] > "\u30ff" or word[0] < "\u3040":
        bounded = f"<{word}>"
        found += [bounded[i : i + n] for n in (3, 4) for i in range(len(bounded) - n + 1)]
    else:
        found += [word[i : i + n] for n in (2, 3, 1) for i in range(len(word) - n + 1)]
    ids = tuple(dict.fromkeys(_hashed(piece) for piece in found))[:PIECES]
    return ids + (PAD,) * (PIECES - len(ids))


_NULL_PIECES = (NULL,) + (PAD,) * (PIECES - 1)


def _rows(prompt: str, length: int) -> list[tuple[int, ...]]:
    words = words_of(prompt)[: length - 1]
    rows = [_NULL_PIECES]
    for number, word in enumerate(words):
        kanji = bool(_KANJI.match(word))
        before = words[number - 1][-1] if kanji and number else ""
        after = words[number + 1][0] if kanji and number + 1 < len(words) else ""
        rows.append(_pieces(word, before, after))
    return rows


def tokenize(prompts: Sequence[str], *, length: int = LENGTH, step: int = STEP) -> tuple[Tensor, Tensor]:
    """Ids of pieces ``(B, L, P)`` int64 and the mask of tokens ``(B, L)`` bool; the same everywhere and always.

    L is the longest prompt's number of tokens, rounded up to a multiple of ``step`` and at most ``length``; what is longer is
    cut. The first token is the null token.
    """
    rows = [_rows(prompt, length) for prompt in prompts]
    longest = max((len(row) for row in rows), default=1)
    padded = min(length, -(-longest // step) * step)
    ids = torch.zeros(len(rows), padded, PIECES, dtype=torch.int64)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
    return ids, ids[:, :, 0] != PAD


class TextBlock(nn.Module):
    """Pre-norm self-attention and feed-forward."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm1, self.norm2 = RMSNorm(config.dim, eps=config.eps), RMSNorm(config.dim, eps=config.eps)
        self.qkv = nn.Linear(config.dim, 3 * config.dim, bias=False)
        self.out = nn.Linear(config.dim, config.dim, bias=False)
        self.up, self.down = nn.Linear(config.dim, config.ffn), nn.Linear(config.ffn, config.dim)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``x (B, L, D)``, ``mask (B, L)`` of the tokens that are there."""
        q, k, v = self.qkv(self.norm1(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        x = x + self.out(attend(q, k, v, mask=mask[:, None, None, :]).transpose(1, 2).flatten(2))
        hidden: Tensor = self.down(F.gelu(self.up(self.norm2(x))))
        return x + hidden


class TextEncoder(nn.Module):
    """Features of the tokens of prompts, and one vector for each prompt.

    ``blur`` is the share of tokens whose whole form is hidden in training, so that their n-grams alone must do.
    """

    def __init__(self, config: TextConfig, *, blur: float = 0.0) -> None:
        super().__init__()
        self.config, self.blur = config, blur
        self.pieces = nn.Embedding(config.buckets, config.width, padding_idx=PAD)
        self.widen = nn.Linear(config.width, config.dim, bias=False)
        self.positions = nn.Parameter(torch.zeros(config.length, config.dim))
        self.blocks = nn.ModuleList(TextBlock(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.dim, eps=config.eps)
        self.query = nn.Parameter(torch.zeros(config.dim))
        self.pool = nn.Linear(2 * config.dim, config.dim)
        self._start()

    def _start(self) -> None:
        """pieces N(0, 1/sqrt(width)) · positions N(0, 0.02) · matrices N(0, 0.02), outputs of branches 0 · biases 0."""
        for name, weight in self.named_parameters():
            if name.endswith((".out.weight", ".down.weight", "bias")):
                nn.init.zeros_(weight)
            elif name.startswith("pieces"):
                nn.init.normal_(weight, std=self.config.width**-0.5)
            elif name.startswith("widen") or name.startswith("pool"):
                nn.init.orthogonal_(weight)
            elif "norm" not in name:
                nn.init.normal_(weight, std=0.02)
        with torch.no_grad():
            self.pieces.weight[PAD] = 0

    def embed(self, ids: Tensor) -> Tensor:
        """Embeddings ``(B, L, D)`` of tokens: the whole form, plus the mean of its pieces. ``ids (B, L, P)``."""
        whole, parts = self.pieces(ids[:, :, 0]), ids[:, :, 1:]
        if self.training and self.blur:
            whole = whole * (torch.rand(whole.shape[:2], device=ids.device) >= self.blur)[..., None]
        inner = F.embedding_bag(parts.flatten(0, 1), self.pieces.weight, mode="mean", padding_idx=PAD)
        embedded: Tensor = self.widen(whole + 2 * inner.view_as(whole))
        return embedded

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``ids (B, L, P)``, ``mask (B, L)`` of :func:`tokenize` → ``(B, L, D)``, 0 outside the mask, and ``(B, D)``."""
        x = self.embed(ids) + self.positions[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, mask)
        tokens = self.norm(x) * mask[..., None]
        scores = (tokens @ self.query).masked_fill(~mask, float("-inf"))
        focus = (scores.softmax(-1)[:, None] @ tokens).squeeze(1)
        mean = tokens.sum(1) / mask.sum(1, keepdim=True)
        return tokens, self.pool(torch.cat((focus, mean), -1))
