"""Fit the detector (src/soramame/safety/weights/detector.npz), in steps that each keep what they made in the folder ``--to``.

    python -m recipes.detector.make --to runs/detector --films FOLDER --photos FOLDER --latents FILE --prompts FILE

1. ``sources``: clips of each kind (recipes/detector/sources.py says which, and where films come from).
2. ``cuts``: of each clip to fit on, several changed copies, of each some cut-outs, as bytes.
3. ``fit``: the network, on bags of cut-outs of one copy, so that it may say nothing of those that show nothing.
4. ``set``: on other clips and films, the curve from answers to probabilities, and the thresholds: "likely" from where one in a hundred
   changed copies that are not ours would be called so, and by one film no more than one in ten.

About an hour on one core. Everything is drawn from seeds; the threads of a machine may change the last digits.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recipes.detector import changes, sources
from recipes.detector.net import Net, fitted
from recipes.detector.sources import Source
from soramame.safety import detector
from soramame.weights.store import Model, load_model

COPIES = {"own": 8, "through": 8, "world": 2, "film": 6, "graphics": 6, "photo": 4}
"""Changed copies of a clip of each kind."""
THROUGH = {"fit": 64, "set": 24, "test": 40}
NAMES = ("own", "through", "world", "films", "photos")
BAG, FRAMES = 6, 13
"""Cut-outs of a copy; frames of a clip that are changed to make one."""


def main() -> None:
    """Run what has not been run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--films", type=Path)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--latents", type=Path)
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--model", default="mame")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.to.mkdir(parents=True, exist_ok=True)
    collect(options)
    for name in NAMES:
        if not (options.to / f"cuts-{name}.npz").exists():
            cut(options.to, name)
    net = fitted(*stored(options.to), epochs=options.epochs)
    net.save(detector.WEIGHTS, slope=1.0, offset=0.0, likely=2.0, none=-1.0)  # says nothing before it is calibrated
    calibrate(options.to, net)


def collect(options: argparse.Namespace) -> None:
    """Keep the clips of each kind as one array."""
    model = load_model(options.model)
    prompts = json.loads(options.prompts.read_text()) if options.prompts else []
    keep(options.to, "own", lambda: sources.own(model, options.latents, prompts))
    keep(options.to, "world", lambda: sources.rendered({"fit": 320, "set": 64, "test": 32}))
    keep(options.to, "films", lambda: sources.films(options.films, {"fit": 16, "set": 12, "test": 12}))
    keep(options.to, "photos", lambda: sources.photos(options.photos, 3))
    keep(options.to, "through", lambda: _through(options.to, model))


def keep(folder: Path, name: str, made: Callable[[], Iterable[Source]]) -> None:
    """Keep clips, unless there are some."""
    if (folder / f"{name}.json").exists():
        return
    clips = list(made())
    np.save(folder / f"{name}.npy", np.stack([one.frames for one in clips]))
    told = [{"part": one.part, "kind": one.kind, "name": one.name, "ours": one.ours} for one in clips]
    (folder / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=0))
    print(f"{name}: {len(clips)} clips", flush=True)


def kept(folder: Path, part: str, names: Sequence[str] = NAMES) -> list[Source]:
    """The clips of a part, their frames still on the disk."""
    made = []
    for name in names:
        frames = np.load(folder / f"{name}.npy", mmap_mode="r")
        told = json.loads((folder / f"{name}.json").read_text())
        made += [Source(frames=frames[n], **one) for n, one in enumerate(told) if one["part"] == part]
    return made


def _through(folder: Path, model: Model) -> Iterator[Source]:
    """Films, photos and a few scenes, as our VAE makes them again."""
    for part, count in THROUGH.items():
        random = np.random.default_rng(zlib.crc32(part.encode()))
        real, drawn = kept(folder, part, ("films", "photos")), kept(folder, part, ("world",))
        picked = chain(
            random.choice(np.array(real, object), min(len(real), count * 3 // 4), replace=False),
            random.choice(np.array(drawn, object), count // 4, replace=False),
        )
        for one in picked:
            frames = sources.through(model, np.asarray(one.frames))
            yield Source(part=part, kind="through", name=one.name, ours=True, frames=frames)


def cut(folder: Path, name: str) -> None:
    """Keep cut-outs of changed copies of the clips to fit on that are of one name."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    bags, ours, kinds = [], [], []
    for one in kept(folder, "fit", (name,)):
        for _ in range(COPIES[one.kind]):
            start = random.integers(len(one.frames) - FRAMES + 1)
            frames = changes.at_random(np.asarray(one.frames[start : start + FRAMES]), random)
            bags.append(bag(frames, random))
            ours.append(one.ours)
            kinds.append(one.kind)
    np.savez(folder / f"cuts-{name}.npz", cuts=np.stack(bags), ours=np.array(ours), kinds=np.array(kinds))
    print(f"cuts of {name}: {len(bags)} copies", flush=True)


def bag(frames: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Some cut-outs of a copy, ``(BAG, STACK, SIDE, SIDE)``."""
    side, made = detector.SIDE, []
    shown = detector.brightness(frames)
    for _ in range(BAG):
        t, y, x = (int(random.integers(n)) for n in (np.array(shown.shape) - (detector.STACK, side, side) + 1))
        made.append(shown[t : t + detector.STACK, y : y + side, x : x + side])
    return np.stack(made)


def stored(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.str_]]:
    """All bags, whether they are ours, and their kinds."""
    files = [np.load(folder / f"cuts-{name}.npz") for name in NAMES]
    return tuple(np.concatenate([one[key] for one in files]) for key in ("cuts", "ours", "kinds"))  # type: ignore[return-value]


def copies(
    clips: Sequence[Source], names: Iterable[str], *, each: int = 3, frames: int = 2 * FRAMES
) -> Iterator[tuple[NDArray[np.uint8], Source, str]]:
    """Changed copies of clips, half of them marked, with the clip and the name of the change: ``each`` of a clip, drawn by its name."""
    names = list(names)
    for number, one in enumerate(clips):
        random = np.random.default_rng([number, zlib.crc32(one.name.encode())])
        for name in random.choice(names, min(each, len(names)), replace=False):
            shown = np.asarray(one.frames[:frames])
            shown = changes.marked(shown, random) if random.random() < 0.5 else shown
            yield changes.CHANGES[str(name)](shown), one, str(name)


def calibrate(folder: Path, net: Net) -> None:
    """The curve and the thresholds, on clips that the network has not seen."""
    told, truth, names = judged(copies(kept(folder, "set"), changes.CHANGES))
    slope, offset = platt(told, truth)
    share = 1 / (1 + np.exp(-(slope * told + offset)))
    likely = max(float(np.quantile(share[~truth], 0.99)), 0.9)
    for name in np.unique(names[~truth]):
        likely = max(likely, float(np.quantile(share[~truth & (names == name)], 0.9)))
    none = min(float(np.quantile(share[truth], 0.05)), 0.4)
    print(f"slope {slope:.3f}, offset {offset:.3f}; likely from {likely:.3f}, no sign up to {none:.3f}")
    found, falsely = np.mean(share[truth] >= likely), np.mean(share[~truth] >= likely)
    print(f"found {found:.3f} of {truth.sum()}, falsely {falsely:.4f} of {(~truth).sum()}")
    net.save(detector.WEIGHTS, slope=slope, offset=offset, likely=likely, none=none)


def judged(
    made: Iterable[tuple[NDArray[np.uint8], Source, str]],
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.str_]]:
    """Scores of copies that can be judged, whether they are ours, and from where: the film, or the kind of the others."""
    rows = [(scored(frames), one) for frames, one, _ in made]
    rows = [(score, one) for score, one in rows if score is not None]
    names = [one.name if one.kind in ("film", "graphics") else one.kind for _, one in rows]
    return np.array([score for score, _ in rows]), np.array([one.ours for _, one in rows]), np.array(names)


def scored(frames: NDArray[np.uint8]) -> float | None:
    """The mean that :func:`soramame.safety.detector.detect` goes by; None if it would not judge."""
    if min(frames.shape[1:3]) < detector.SIDE:
        return None
    left = detector.residual(detector.cuts(frames))
    left = left[np.abs(left).mean((1, 2, 3)) >= detector.FLAT / detector.SCALE]
    return float(detector.judge(left).mean()) if len(left) >= detector.FEWEST else None


def platt(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the logistic curve that fits best, both sides counting alike (Platt 1999, with his softened targets)."""
    yes, no = truth.sum(), (~truth).sum()
    target = torch.tensor(np.where(truth, (yes + 1) / (yes + 2), 1 / (no + 2)))
    weight = torch.tensor(np.where(truth, 0.5 / yes, 0.5 / no))
    x, values = torch.tensor(scores), torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([values], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        solver.zero_grad()
        logit = values[0] * x + values[1]
        loss = (torch.nn.functional.binary_cross_entropy_with_logits(logit, target, reduction="none") * weight).sum()
        loss.backward()
        return loss

    solver.step(closure)
    return float(values[0].detach()), float(values[1].detach())


if __name__ == "__main__":
    main()
