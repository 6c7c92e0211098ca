"""Clips of the world as files: pictures, captions in both languages and lengths, and the exact truth of every frame."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from PIL import Image

from soramame.errors import OutputError
from soramame.media import Clip, contact_sheet
from soramame.world.captions import caption
from soramame.world.render import render, render_many
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import Scene
from soramame.world.truth import truth

LENGTHS: tuple[Literal["short", "long"], ...] = ("short", "long")
LANGUAGES: tuple[Literal["en", "ja"], ...] = ("en", "ja")


def captions(scene: Scene, *, wordings: int = 2) -> list[dict[str, str]]:
    """Several true captions of a scene in each language and length."""
    return [
        {"language": language, "length": length, "text": caption(scene, seed=seed, length=length, language=language)}
        for language in LANGUAGES
        for length in LENGTHS
        for seed in range(wordings)
    ]


def write_clips(
    folder: Path,
    seeds: Iterable[int],
    curriculum: Curriculum,
    *,
    size: tuple[int, int],
    num_frames: int,
    fps: int,
    workers: int = 1,
) -> Iterator[Path]:
    """Write ``SEED.mp4`` and ``SEED.json`` (captions, truth) for each seed, drawn by so many processes; yields the videos."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror or error}.") from error
    for clip in render_many(seeds, curriculum, size=size, num_frames=num_frames, fps=fps, workers=workers):
        seed = clip.scene.seed
        told = captions(clip.scene)
        content = {"seed": seed, "captions": told, "truth": truth(clip.scene, clip.states, aspect=size[0] / size[1])}
        path = folder / f"{seed:06d}.mp4"
        path.with_suffix(".json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        yield Clip(frames=clip.frames, fps=fps, metadata={"prompt": told[0]["text"], "world_seed": seed}).save(path)


def sheet(seeds: Iterable[int], curriculum: Curriculum) -> Image.Image:
    """A contact sheet of scenes, four frames each, with a short caption beneath."""
    scenes = [sample_scene(seed, curriculum) for seed in seeds]
    clips = [render(scene).frames for scene in scenes]
    labels = [caption(scene, seed=0, length="short", language="en") for scene in scenes]
    return contact_sheet(clips, columns=2 if len(clips) > 8 else 1, labels=labels)
