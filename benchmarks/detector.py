"""How well the detector knows clips of this system whose credentials and mark are gone, and how often it takes others for such.

    python -m benchmarks.detector measure --to runs/detector     # judge changed copies of the clips to test with
    python -m benchmarks.detector tables --to runs/detector      # print what was found
    python -m benchmarks.detector picture --to runs/detector     # write gallery/detector.png
    python -m benchmarks.detector cost [--clip FILE …]           # seconds a file

The clips are those of recipes/detector (run ``python -m recipes.detector.make`` first) in its part ``test``: their prompts, scenes,
films and photos were not seen before, neither by the network nor by curve and thresholds. Half of the copies, of either side, are marked.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recipes.detector.baseline import area
from recipes.detector.changes import CHANGES
from recipes.detector.make import copies, kept
from soramame.media import glimpses
from soramame.safety.detector import Answer, detect

Row = dict[str, Any]
KINDS = {
    "own": "painted here",
    "through": "through the VAE",
    "world": "paper world, drawn",
    "film": "films",
    "graphics": "moving graphics",
    "photo": "photos",
}
SHOWN = ("none", "H.264 crf 23", "H.264 crf 28", "H.264 crf 33", "half size, crf 23")
COLOURS = ("#1b4f72", "#117a65", "#d68910", "#a93226", "#7d3c98")


def measure(options: argparse.Namespace) -> None:
    """Keep a row for each copy."""
    clips = [one for kind in KINDS for one in _some(kept(options.to, "test"), kind, options.count)]
    rows = []
    for frames, one, change in copies(clips, CHANGES, each=len(CHANGES), frames=33):
        found = detect([frames])
        share = np.nan if found.probability is None else found.probability
        rows.append((one.kind, one.name, change, one.ours, share, str(found.answer)))
    kinds, names, changed, ours, shares, answers = (np.array(column) for column in zip(*rows, strict=True))
    np.savez(options.to / "test.npz", kind=kinds, name=names, change=changed, ours=ours, share=shares, answer=answers)


def _some(clips: Sequence[Any], kind: str, count: int) -> Iterator[Any]:
    """At most so many of a kind, of each film or photo as many as of the others."""
    here = [one for one in clips if one.kind == kind]
    if kind in ("film", "graphics"):
        for name in sorted({one.name for one in here}):
            yield from [one for one in here if one.name == name][: count // 3]
    else:
        yield from here[:count]


def tables(options: argparse.Namespace) -> None:
    """Print them."""
    data = _read(options.to)
    _by_change(data)
    _by_kind(data)
    _by_film(data)
    _reliability(data)


def _read(folder: Path) -> dict[str, NDArray[Any]]:
    with np.load(folder / "test.npz") as stored:
        return {name: stored[name] for name in stored.files}


def _by_change(data: dict[str, NDArray[Any]]) -> None:
    print(
        "| change | area under the curve | ours found | others taken for ours | nothing said |\n|---|---|---|---|---|"
    )
    for change in CHANGES:
        here = data["change"] == change
        ours, others = (_answers(data, here & side) for side in (data["ours"], ~data["ours"]))
        judged = here & ~np.isnan(data["share"])
        roc = area(data["share"][judged], data["ours"][judged])
        silent = np.mean(data["answer"][here] == Answer.UNSURE)
        print(
            f"| {change} | {roc:.3f} | {_share(ours, Answer.LIKELY)} | {_share(others, Answer.LIKELY)} | {silent:.0%} |"
        )


def _by_kind(data: dict[str, NDArray[Any]]) -> None:
    print("\n| clips | copies | likely | cannot say | no sign |\n|---|---|---|---|---|")
    for kind, words in KINDS.items():
        answers = _answers(data, data["kind"] == kind)
        cells = [_share(answers, answer) for answer in (Answer.LIKELY, Answer.UNSURE, Answer.NONE)]
        print(f"| {words} | {len(answers)} | {' | '.join(cells)} |")


def _by_film(data: dict[str, NDArray[Any]]) -> None:
    print("\n| film | copies | taken for ours | highest probability |\n|---|---|---|---|")
    filmed = np.isin(data["kind"], ("film", "graphics"))
    for name in np.unique(data["name"][filmed]):
        here = filmed & (data["name"] == name)
        answers = _answers(data, here)
        print(f"| {name} | {len(answers)} | {_share(answers, Answer.LIKELY)} | {np.nanmax(data['share'][here]):.2f} |")


def _reliability(data: dict[str, NDArray[Any]]) -> None:
    print("\n| probability told | copies | mean told | ours among them |\n|---|---|---|---|")
    for low, count, told, real in bins(data):
        print(f"| {low:.1f} to {low + 0.1:.1f} | {count} | {told:.2f} | {real:.2f} |")


def bins(data: dict[str, NDArray[Any]]) -> Iterator[tuple[float, int, float, float]]:
    """Tenths of the probability: their beginning, copies, the mean that was told, and the share that was ours, both sides weighed alike."""
    judged = ~np.isnan(data["share"])
    share, ours = data["share"][judged], data["ours"][judged]
    weight = np.where(ours, 0.5 / ours.sum(), 0.5 / (~ours).sum())
    for number in range(10):
        here = np.minimum((share * 10).astype(int), 9) == number
        if here.any():
            told = np.average(share[here], weights=weight[here])
            yield number / 10, int(here.sum()), float(told), float(weight[here & ours].sum() / weight[here].sum())


def _answers(data: dict[str, NDArray[Any]], here: NDArray[np.bool_]) -> NDArray[np.str_]:
    found: NDArray[np.str_] = data["answer"][here]
    return found


def _share(answers: NDArray[np.str_], answer: Answer) -> str:
    """How many answers are this one, with the interval that 95 of 100 such counts allow (Wilson 1927)."""
    count, total, z = int(np.sum(answers == answer)), len(answers), 1.96
    middle, size = (count + z * z / 2) / (total + z * z), z / (total + z * z)
    half = size * (count * (total - count) / total + z * z / 4) ** 0.5
    return f"{count} of {total} ({max(0, middle - half):.0%} to {middle + half:.0%})"


def picture(options: argparse.Namespace) -> None:
    """Draw ROC and reliability side by side, twice as large as they are kept."""
    data = _read(options.to)
    sheet = Image.new("RGB", (1920, 1000), "#fbfaf6")
    draw = ImageDraw.Draw(sheet)
    _axes(draw, 130, "others taken for ours", "ours found")
    _axes(draw, 1070, "probability told", "share that is ours")
    for number, change in enumerate(SHOWN):
        here = (data["change"] == change) & ~np.isnan(data["share"])
        _curve(draw, data["share"][here], data["ours"][here], COLOURS[number])
        draw.line([(430, 580 + 46 * number), (480, 580 + 46 * number)], COLOURS[number], 6)
        draw.text((500, 580 + 46 * number), change, "#333333", _font(28), "lm")
    draw.line([(1070, 840), (1830, 80)], "#bbbbbb", 3)
    points = [(1070 + 760 * told, 840 - 760 * real, count) for _, count, told, real in bins(data)]
    draw.line([point[:2] for point in points], COLOURS[0], 5)
    for x, y, count in points:
        draw.ellipse([x - 9, y - 9, x + 9, y + 9], COLOURS[0])
        draw.text((x + 14, y + 20), str(count), "#777777", _font(22), "lm")
    small = sheet.resize((960, 500), Image.Resampling.LANCZOS).quantize(64)
    small.save(options.picture, optimize=True)
    print(f"{options.picture}: {options.picture.stat().st_size} bytes")


def _axes(draw: ImageDraw.ImageDraw, left: int, across: str, up: str) -> None:
    draw.rectangle([left, 80, left + 760, 840], "#ffffff", "#888888", 3)
    for step in range(6):
        at = 152 * step
        draw.line([(left + at, 840), (left + at, 80)], "#e6e6e6", 2)
        draw.line([(left, 840 - at), (left + 760, 840 - at)], "#e6e6e6", 2)
        draw.text((left + at, 866), f"{step / 5:.1f}", "#555555", _font(26), "mm")
        draw.text((left - 16, 840 - at), f"{step / 5:.1f}", "#555555", _font(26), "rm")
    draw.text((left + 380, 920), across, "#333333", _font(32), "mm")
    draw.text((left, 46), up, "#333333", _font(32), "lm")


def _curve(draw: ImageDraw.ImageDraw, share: NDArray[np.float64], ours: NDArray[np.bool_], colour: str) -> None:
    limits = np.concatenate([[np.inf], np.unique(share)[::-1]])
    points = [(np.mean(share[~ours] >= limit), np.mean(share[ours] >= limit)) for limit in limits]
    draw.line([(130 + 760 * x, 840 - 760 * y) for x, y in points], colour, 6)


def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def cost(options: argparse.Namespace) -> None:
    """Print seconds of a core and the most memory, for files of any length."""
    for path in options.clip:
        start = time.process_time()
        found = detect(frames for _, frames in glimpses(path))
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{path.name}: {time.process_time() - start:.2f} s, {used:.0f} MiB; {found.answer} ({found.probability})")


def main() -> None:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=["measure", "tables", "picture", "cost"])
    parser.add_argument("--to", type=Path, default=Path("runs/detector"))
    parser.add_argument("--count", type=int, default=12, help="clips of a kind, three times as many as of a film")
    parser.add_argument("--picture", type=Path, default=Path("gallery/detector.png"))
    parser.add_argument("--clip", type=Path, action="append", default=[])
    options = parser.parse_args()
    {"measure": measure, "tables": tables, "picture": picture, "cost": cost}[options.what](options)


if __name__ == "__main__":
    main()
