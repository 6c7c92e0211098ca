"""Make the encoder of the prompt check from the sentences in this folder.

Writes src/soramame/safety/weights/classifier.safetensors and japanese.json. Those in the package were made by

    python recipes/moderation/fit.py
    python recipes/moderation/fit.py --go-on --epochs 2 --rate 0.5 --whole za,zb,zc,zd --share 0.5 --mix 0.5
    python recipes/moderation/fit.py --go-on --epochs 2 --rate 0.5 --whole za,zb,zc,zd,ze,zf,zg,zh --share 0.4 --mix 0.5
    python recipes/moderation/fit.py --go-on --epochs 2 --rate 0.5 --whole za,zb,zc,zd,ze,zf,zg,zh,zi,zj,zk,zl --share 0.3 --mix 0.5
    python recipes/moderation/fit.py --go-on --epochs 2 --rate 0.5 --whole zm,zn,zo,zp,zq,zr,zs,zt --share 0.3 --mix 0.5
    python recipes/moderation/fit.py --go-on --epochs 3 --rate 0.6 --whole zm,zn,zo,zp,zq,zr,zs,zt,zu,zv,zw,zx --share 0.3 --mix 0.6
    python recipes/moderation/fit.py --go-on --epochs 2 --rate 0.5 --whole zm,zn,zo,zp,zq,zr,zs,zt,zu,zv,zw,zx,zy --share 0.3 --mix 0.5

of which the first had not za and what follows yet, the second not ze (and of zb 280 lines), the third not zi, the fourth not zm, the
fifth not zu, the sixth not zy: an hour of two cores with fast bfloat16. With --without NAMES, nothing is written: it tells how well
their sentences are judged by an encoder that has seen none of them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from sentences import SEED, Dresser, Sentence, everything
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
from torch import Tensor, nn

from soramame.runtime import decide
from soramame.safety import encoder as enc
from soramame.safety.classify import CATEGORIES

BATCH = 64
LONGEST = 80
"""Pieces of a sentence to fit to: longer than the windows that are judged, so that a whole long request is learnt from."""
RATES = {"layers": 2e-4, "japanese": 2e-3, "head": 1e-3}
"""The highest learning rates."""
AVERAGE = 0.999
ANY = len(CATEGORIES)


def learnt_pieces(texts: Sequence[str]) -> Tokenizer:
    """Pieces of Japanese: frequent strings of one script each, and every letter."""
    tokenizer = Tokenizer(models.BPE(unk_token="?"))
    scripts = Regex(r"[\u3400-\u9fff々]+|[\u30a0-\u30ff]+|[\u3041-\u309f]+|.")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(scripts, behavior="isolated")
    trainer = trainers.BpeTrainer(vocab_size=5000, min_frequency=3, special_tokens=["?"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def beginnings(data: Sequence[Sentence], tokenizer: Tokenizer, words: Tensor) -> Tensor:
    """Where the rows of Japanese pieces begin ``(N, 384)``: at the mean of the English pieces that they most often go with (Dice)."""
    count = tokenizer.get_vocab_size()
    together: dict[int, Counter[int]] = defaultdict(Counter)
    ours, theirs = Counter[int](), Counter[int]()
    for one in data:
        if one.language != "ja" or not one.other:
            continue
        own = set(tokenizer.encode(one.text).ids)
        other = {piece for piece in enc.pieces(one.other, japanese=tokenizer) if piece < enc.WORDS}
        ours.update(own)
        theirs.update(other)
        for piece in own:
            together[piece].update(other)
    table = words.mean(0, keepdim=True).repeat(count, 1)
    for piece, seen in together.items():
        shares = {word: 2 * number / (ours[piece] + theirs[word]) for word, number in seen.items()}
        best = sorted(shares, key=lambda word: -shares[word])[:3]
        share = torch.tensor([shares[word] for word in best])
        table[piece] = (share[:, None] / share.sum() * words[best]).sum(0)
    return table


def framed(text: str, tokenizer: Tokenizer) -> list[int]:
    """The pieces of a window."""
    return [enc.BEGIN, *enc.pieces(text, japanese=tokenizer)[:LONGEST], enc.END]


class Words(nn.Module):
    """The rows of English pieces, which stay as they were published, and of Japanese ones, which are fitted."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        self.register_buffer("english", table[: enc.WORDS].clone())
        self.japanese = nn.Parameter(table[enc.WORDS :].clone())

    def forward(self, ids: Tensor) -> Tensor:
        own = (ids >= enc.WORDS)[..., None]
        japanese = F.embedding((ids - enc.WORDS).clamp(min=0), self.japanese)
        return torch.where(own, japanese, F.embedding(ids.clamp(max=enc.WORDS - 1), self.english))


class Fitting:
    """What is fitted: the layers, rows of Japanese pieces, the head, and a map from the states to those that the published encoder
    has for the same in English. English pieces and places stay as they were published.
    """

    def __init__(self, encoder: enc.Encoder, rate: float) -> None:
        self.encoder, self.rate = encoder.requires_grad_(True), rate
        self.words = Words(encoder.words.weight.detach())
        encoder.words = self.words  # type: ignore[assignment]
        encoder.places.requires_grad_(False)
        encoder.norm.requires_grad_(False)
        self.back = nn.Linear(enc.SIZE, enc.SIZE)
        with torch.no_grad():
            self.back.weight.copy_(torch.eye(enc.SIZE))
            self.back.bias.zero_()
        heads = [*encoder.head.parameters(), *self.back.parameters()]
        groups: list[dict[str, Any]] = [
            {"params": [*encoder.layers.parameters()], "peak": RATES["layers"]},
            {"params": [self.words.japanese], "peak": RATES["japanese"], "weight_decay": 0.0},
            {"params": heads, "peak": RATES["head"]},
        ]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self.parameters = [p for group in groups for p in group["params"]]
        self.average = [p.detach().clone() for p in self.parameters]

    def states(self, ids: Tensor) -> Tensor:
        """As :meth:`soramame.safety.encoder.Encoder.states`: the fused kernel that it takes is eight times as slow backwards, on a CPU,
        for texts as short as these.
        """
        encoder, there = self.encoder, ids != 0
        x = encoder.norm(encoder.words(ids) + encoder.places.weight[: ids.shape[1]])
        left_out = torch.where(there, 0.0, -1e4)[:, None, None]
        for layer in encoder.layers.layers:
            own = layer.self_attn
            heads = F.linear(x, own.in_proj_weight, own.in_proj_bias).unflatten(-1, (3, enc.HEADS, -1)).transpose(1, 3)
            query, key, value = heads.unbind(2)
            shares = (query @ key.mT / key.shape[-1] ** 0.5 + left_out).softmax(-1)
            x = layer.norm1(x + own.out_proj((shares.to(value.dtype) @ value).transpose(1, 2).flatten(2)))
            x = layer.norm2(x + layer.linear2(F.gelu(layer.linear1(x))))
        mean: Tensor = (x * (there / there.sum(1, keepdim=True))[..., None]).sum(1)
        return mean

    def step(self, loss: Tensor, number: int, of: int) -> None:
        """One step of so many, with the rate warming up, then falling over the last 70 %."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * group["peak"] * min(1.0, (number + 1) / 200, (of - number) / (0.7 * of))
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        share = 1 - min(AVERAGE, (1 + number) / (10 + number))
        torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], share)

    def finished(self) -> enc.Encoder:
        """The encoder with the average of what was fitted."""
        with torch.no_grad():
            for p, average in zip(self.parameters, self.average, strict=True):
                p.copy_(average)
        words = torch.cat([self.words.english, self.words.japanese.detach()])
        self.encoder.words = nn.Embedding.from_pretrained(words)
        return self.encoder.eval().requires_grad_(False)


def targets(some: Sequence[Sentence]) -> tuple[Tensor, Tensor]:
    """Wanted scores and weights ``(N, 9)``: harm of another category says little about this one."""
    wanted, weight = torch.zeros(len(some), ANY + 1), torch.full((len(some), ANY + 1), 0.5)
    for row, one in enumerate(some):
        weight[row, ANY] = 2.0
        if one.harmful:
            weight[row, :ANY] = 0.1
            wanted[row, [one.category, ANY]] = 1.0
        if one.category >= 0:
            weight[row, one.category] = 2.0
    return wanted, weight


def batches(lengths: Sequence[int], draw: random.Random) -> list[list[int]]:
    """Every row once, in batches of like length."""
    order = sorted(range(len(lengths)), key=lambda row: lengths[row] * draw.uniform(0.8, 1.2))
    some = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    draw.shuffle(some)
    return some


def begin(data: Sequence[Sentence]) -> tuple[enc.Encoder, Tokenizer]:
    """Nothing fitted yet: pieces of Japanese, and where their rows begin."""
    tokenizer = learnt_pieces([one.text for one in data if one.language == "ja"])
    words = enc.published(torch.zeros(0, enc.SIZE))["words.weight"]
    return enc.begun(beginnings(data, tokenizer, words), ANY + 1), tokenizer


def before() -> tuple[enc.Encoder, Tokenizer]:
    """What was fitted before."""
    return enc.trained(), Tokenizer.from_file(str(enc.JAPANESE_PIECES))


def fit(
    encoder: enc.Encoder, tokenizer: Tokenizer, data: Sequence[Sentence], *, epochs: int, rate: float = 1.0
) -> enc.Encoder:
    """The encoder, fitted to some sentences; ``rate``: of the highest learning rates."""
    torch.manual_seed(SEED)
    dtype = decide("cpu").dtype
    loose = Tokenizer.from_str(tokenizer.to_str())
    loose.model.dropout = 0.1
    published = enc.begun(encoder.words.weight.detach()[enc.WORDS :], ANY + 1)
    fitting = Fitting(encoder, rate)
    with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
        known = known_states(Fitting(published, rate), data, tokenizer)
    draw, dress, began, step, mean = random.Random(SEED), Dresser(data), time.time(), 0, 0.0
    steps = epochs * -(-len(data) // BATCH)
    for _ in range(epochs):
        cut = [framed(dress(one, draw), loose) for one in data]
        for rows in batches([len(ids) for ids in cut], draw):
            with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
                loss = loss_of(fitting, [data[row] for row in rows], [cut[row] for row in rows], known)
            fitting.step(loss, step, steps)
            step, mean = step + 1, 0.98 * mean + 0.02 * float(loss.detach())
            if step % 50 == 0:
                print(f"step {step} of {steps}, {time.time() - began:.0f} s, loss {mean:.4f}", flush=True)
    return fitting.finished()


def loss_of(
    fitting: Fitting, some: Sequence[Sentence], cut: Sequence[Sequence[int]], known: dict[str, Tensor]
) -> Tensor:
    """Cross entropy of the scores; and a Japanese sentence has to be known by what it says in English."""
    wanted, weight = targets(some)
    states = fitting.states(enc.padded(cut))
    logits = fitting.encoder.head(F.dropout(states, 0.1))
    loss = F.binary_cross_entropy_with_logits(logits.float(), wanted, weight)
    rows = [row for row, one in enumerate(some) if one.language == "ja" and one.other]
    if rows:
        english = torch.stack([known[some[row].other] for row in rows])
        loss = loss + 0.5 * (1 - F.cosine_similarity(fitting.back(states[rows]).float(), english)).mean()
    return loss


@torch.no_grad()
def known_states(fitting: Fitting, data: Sequence[Sentence], tokenizer: Tokenizer) -> dict[str, Tensor]:
    """The states that the published encoder has for English sentences that are there in Japanese too."""
    texts = sorted({one.other for one in data if one.language == "ja" and one.other})
    cut = [framed(text, tokenizer) for text in texts]
    known: dict[str, Tensor] = {}
    for rows in batches([len(ids) for ids in cut], random.Random(SEED)):
        states = fitting.states(enc.padded([cut[row] for row in rows])).float()
        known |= zip([texts[row] for row in rows], states, strict=True)
    return known


@torch.no_grad()
def judged(encoder: enc.Encoder, texts: Sequence[str], tokenizer: Tokenizer) -> Tensor:
    """Scores ``(N, 9)``."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    result = torch.zeros(len(texts), ANY + 1)
    for at in range(0, len(order), BATCH):
        rows = order[at : at + BATCH]
        result[rows] = encoder(enc.padded([framed(texts[row], tokenizer) for row in rows])).sigmoid()
    return result


def kept(encoder: enc.Encoder) -> dict[str, Tensor]:
    """What :func:`soramame.safety.encoder.trained` loads."""
    japanese = encoder.words.weight[enc.WORDS :]
    scale = (japanese.abs().amax(1, keepdim=True) / 127).clamp(min=1e-8)
    tensors = {"japanese": (japanese / scale).round().to(torch.int8), "japanese.scale": scale.half()}
    tensors |= {f"head.{name}": value.half() for name, value in encoder.head.state_dict().items()}
    published = enc.begun(japanese, ANY + 1).layers.state_dict()
    for name, value in encoder.layers.state_dict().items():
        difference = value - published[name]
        if difference.ndim == 1:
            tensors[name] = difference.half()
        else:
            tensors[name], scale = enc.packed(difference)
            tensors[f"{name}.scale"] = scale.half()
    return {name: value.contiguous() for name, value in tensors.items()}


def tell(scores: Tensor, data: Sequence[Sentence]) -> None:
    """Caught at some shares of false alarms, by language."""
    best = (scores[:, :ANY] * scores[:, ANY:]).sqrt().amax(1)
    harm = torch.tensor([one.harmful for one in data])
    for language in ("en", "ja"):
        own = torch.tensor([one.language == language for one in data])
        for alarms in (0.005, 0.01, 0.02):
            threshold = best[own & ~harm].quantile(1 - alarms)
            print(
                f"  {language}, false alarms {alarms:.1%}: caught {(best[own & harm] > threshold).float().mean():.1%}"
            )


def main() -> None:
    """Fit, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--without", default="", help="authors, by what stands before the first _ of their files: l,o,za"
    )
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--go-on", action="store_true", help="from what was fitted before")
    parser.add_argument("--rate", type=float, default=1.0, help="of the highest learning rates")
    parser.add_argument("--whole", default="", help="authors of whom all is taken")
    parser.add_argument("--share", type=float, default=1.0, help="of what the others wrote")
    parser.add_argument(
        "--mix", type=float, default=1.0, help="share of the new in the mean of it and of what it began with"
    )
    told = parser.parse_args()
    authors, whole = (tuple(f"{name}_" for name in names.split(",") if name) for names in (told.without, told.whole))
    draw = random.Random(SEED)
    data = [one for one in everything() if one.author.startswith(whole) or draw.random() < told.share]
    data = [one for one in data if not one.author.startswith(authors)]
    print(len(data), Counter((one.language, one.harmful) for one in data))
    encoder, tokenizer = before() if told.go_on else begin(data)
    old = {name: value.clone() for name, value in encoder.state_dict().items()}
    encoder = fit(encoder, tokenizer, data, epochs=told.epochs, rate=told.rate)
    # the mean keeps more of what either knows (Wortsman et al. 2022)
    encoder.load_state_dict(
        {name: torch.lerp(old[name], value, told.mix) for name, value in encoder.state_dict().items()}
    )
    if authors:
        left = [one for one in everything() if one.author.startswith(authors)]
        tell(judged(encoder, [one.text for one in left], tokenizer), left)
    else:
        save_file(kept(encoder), enc.WEIGHTS)
        tokenizer.save(str(enc.JAPANESE_PIECES), pretty=False)


if __name__ == "__main__":
    main()
