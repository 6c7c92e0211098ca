"""``python -m soramame.serve.samples recipes/samples.toml``: the clips that the studio's gallery ships with, and their index.

A plan names the clips, in rows; what is there already is not painted again. ``--seeds 1 2 3 --studio FOLDER`` paints each with
several seeds and lays them side by side in ``FOLDER/sheet.png``, for somebody to choose from.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from soramame.engine import Request, Soramame, tasks
from soramame.errors import ConfigError, SizeError
from soramame.geometry import parse_size
from soramame.media import Clip, contact_sheet
from soramame.media.encode import mp4

STUDIO = Path(__file__).with_name("studio")
FOLDER, INDEX = "samples", "samples.json"
"""Under the studio: the clips with their posters, and what the gallery reads."""
MOST = 3 << 19
"""Bytes that all of them may take."""
CRF = 18
"""Two thirds of the bytes of what is made otherwise."""
POSTER = 0.5
"""Which part of a clip has passed when its poster is seen."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A clip of the gallery: ``prompt`` as somebody would say it, ``shows`` what to look at, in the languages of the studio."""

    name: str
    prompt: str
    shows: Mapping[str, str]
    seed: int = 0
    seconds: float = 4.0
    size: str = "256x160"

    def __post_init__(self) -> None:
        if not (self.name.isascii() and self.name.replace("-", "").isalnum()):
            raise ConfigError(f"{self.name!r} is not a name for a sample: letters, digits and dashes.")
        parse_size(self.size)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Samples that stand side by side, under a title."""

    title: Mapping[str, str]
    clips: tuple[Sample, ...]


def plan(path: Path) -> tuple[Row, ...]:
    """The rows of a plan; :class:`ConfigError` says what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = tuple(
            Row(title=row["title"], clips=tuple(Sample(**clip) for clip in row["clips"])) for row in told["rows"]
        )
    except (OSError, ValueError, KeyError, TypeError, SizeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    names = [clip.name for row in rows for clip in row.clips]
    if len(names) > len(set(names)):
        raise ConfigError(f"{path} gives a name to two samples.")
    for words in (*(row.title for row in rows), *(clip.shows for row in rows for clip in row.clips)):
        if set(words) != {"en", "ja"}:
            raise ConfigError(f"{path}: titles and shows are said in en and ja, not {', '.join(words)}.")
    return rows


def paint(sora: Soramame, sample: Sample, folder: Path) -> Path:
    """A sample as a file, made as the studio makes it for the same prompt and seed; and its poster beside it."""
    request = Request(prompt=sample.prompt, seconds=sample.seconds, size=parse_size(sample.size), seed=sample.seed)
    path = folder / f"{sample.name}.mp4"
    clip = sora.show(tasks.generate(sora, request, expand="auto"))
    frames, told = clip.frames, json.dumps(dict(clip.metadata), sort_keys=True)
    mp4(path, iter(frames), clip.fps, told, None, crf=CRF)
    if clip.seal is not None:
        clip.seal(path)
    picture = Image.fromarray(frames[round(POSTER * (len(frames) - 1))])
    picture.save(path.with_suffix(".webp"), "WEBP", quality=80, method=6)
    return path


def index(rows: Sequence[Row], studio: Path) -> dict[str, Any]:
    """What the gallery reads: of the samples those that are there. :class:`ConfigError` for one that was made for other words."""
    found = ((row, [_entry(clip, studio) for clip in row.clips if _file(studio, clip).exists()]) for row in rows)
    return {"rows": [{"title": dict(row.title), "clips": clips} for row, clips in found if clips]}


def _file(studio: Path, sample: Sample) -> Path:
    return studio / FOLDER / f"{sample.name}.mp4"


def _entry(sample: Sample, studio: Path) -> dict[str, Any]:
    path = _file(studio, sample)
    clip = Clip.load(path)
    told = clip.metadata
    if (told.get("said", told.get("prompt")), told.get("seed")) != (sample.prompt, sample.seed):
        raise ConfigError(f"{path} was made for another prompt or seed: remove it, and it is painted again.")
    height, width = clip.frames.shape[1:3]
    return {
        "video": f"{FOLDER}/{path.name}",
        "poster": f"{FOLDER}/{path.with_suffix('.webp').name}",
        "prompt": sample.prompt,
        "shows": dict(sample.shows),
        "model": told["model"],
        "seed": sample.seed,
        "seconds": sample.seconds,
        "size": f"{width}x{height}",
    }


def _tried(sora: Soramame, samples: Sequence[Sample], seeds: Sequence[int], folder: Path) -> None:
    """Each with each seed, and a picture of them all."""
    several = [replace(one, name=f"{one.name}-{seed}", seed=seed) for one in samples for seed in seeds]
    clips = []
    for sample in several:
        path = folder / f"{sample.name}.mp4"
        clips.append(Clip.load(path if path.exists() else paint(sora, sample, folder)).frames)
        print(sample.name, flush=True)
        labels = [f"{one.name}: {one.prompt}" for one in several[: len(clips)]]
        contact_sheet(clips, columns=len(seeds), per_clip=4, labels=labels).save(folder / "sheet.png")


def _missing(rows: Sequence[Row], studio: Path) -> Iterator[Sample]:
    for row in rows:
        yield from (clip for clip in row.clips if not _file(studio, clip).exists())


def main(words: Sequence[str] | None = None) -> None:
    """Paint what a plan has and the folder has not, and write the index."""
    parser = argparse.ArgumentParser(prog="python -m soramame.serve.samples", description="The gallery's samples.")
    parser.add_argument("plan", type=Path, help="a TOML file like recipes/samples.toml")
    parser.add_argument(
        "--studio", type=Path, default=STUDIO, help="folder of the studio, this package's own unless given"
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these samples alone")
    parser.add_argument("--seeds", nargs="+", type=int, help="try these seeds; needs a --studio of its own")
    parser.add_argument("--model", default="mame")
    parser.add_argument("--device", default="auto")
    told = parser.parse_args(words)
    rows, folder = plan(told.plan), told.studio / FOLDER
    if told.seeds and told.studio.resolve() == STUDIO:
        parser.error("what is only tried does not belong into the package: name a --studio.")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in _missing(rows, told.studio) if not told.only or one.name in told.only]
    if wanted:
        sora = Soramame.load(told.model, device=told.device)
        if told.seeds:
            _tried(sora, wanted, told.seeds, folder)
            return
        for sample in wanted:
            print(paint(sora, sample, folder), flush=True)
    text = json.dumps(index(rows, told.studio), ensure_ascii=False, indent=1) + "\n"
    (told.studio / INDEX).write_text(text, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{size / (1 << 20):.2f} of at most {MOST / (1 << 20):.2f} MiB")


if __name__ == "__main__":
    main()
