"""What the invisible watermark survives, how well it hides, what it costs, and how often it sees what is not there.

    python benchmarks/watermark.py attacks [--size 256x160] [--frames 33] [--count 8] [--clip FILE ...] [--only WORDS]
    python benchmarks/watermark.py lengths [--size 256x160] …
    python benchmarks/watermark.py cost [--size 256x160] …
    python benchmarks/watermark.py again [--size 256x160] …
    python benchmarks/watermark.py false [--trials 20000] [--keys 500] [--count 2]
    python benchmarks/watermark.py sheet --to FOLDER

Clips are scenes of the paper world drawn in the size asked for, and footage given with ``--clip``, of which the middle is cut out.
A mark counts as read only if the payload is the one that was put in. Everything is decoded again from a coded file.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from soramame.media import Clip, psnr, save_picture
from soramame.safety.code import CHECK_BITS, Payload, check, words
from soramame.safety.watermark import Watermark
from soramame.safety.watermark_evidence import Evidence
from soramame.safety.watermark_off import unmarked
from soramame.safety.watermark_read import PLACES, Found, read
from soramame.safety.watermark_search import Search, Spectrum
from soramame.train.clips import HELD_OUT
from soramame.world.render import render
from soramame.world.sample import Curriculum, sample_scene

Frames = NDArray[np.uint8]
KEY = b"the key of the benchmark, not of a product"
MARK, PAYLOAD = Watermark(KEY), Payload.of(1, "benchmark")
SMOOTH = Image.Resampling.BICUBIC


def coded(frames: Frames, crf: int) -> tuple[Frames, int]:
    """Frames as x264 (preset medium, 8 frames a second, 4:2:0, BT.709) leaves them, and the bytes of the file."""
    height, width = (side // 2 * 2 for side in frames.shape[1:3])
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=8, options={"crf": str(crf), "preset": "medium", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame[:height, :width]), format="rgb24")
            picture = picture.reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    size = file.tell()
    file.seek(0)
    with av.open(file) as container:
        pictures = [
            frame.reformat(format="rgb24", src_colorspace=Colorspace.ITU709, src_color_range=ColorRange.MPEG)
            for frame in container.decode(video=0)
        ]
    return np.stack([picture.to_ndarray() for picture in pictures]), size


def saved(frames: Frames) -> Frames:
    """As the package's own file holds them."""
    with TemporaryDirectory() as folder:
        return Clip.load(Clip(frames=frames, fps=8).save(Path(folder) / "clip.mp4")).frames


def each(frames: Frames, change: Callable[[Image.Image], Image.Image]) -> Frames:
    """Every frame changed as a picture."""
    return np.stack([np.asarray(change(Image.fromarray(frame))) for frame in frames])


def scaled(frames: Frames, factor: float) -> Frames:
    """Every frame larger or smaller, with even sides."""
    height, width = (round(side * factor / 2) * 2 for side in frames.shape[1:3])
    return each(frames, lambda picture: picture.resize((width, height), SMOOTH))


def cropped(frames: Frames, share: float) -> Frames:
    """This share of each side, off the middle."""
    height, width = (round(side * share / 2) * 2 for side in frames.shape[1:3])
    y, x = round((frames.shape[1] - height) * 0.3), round((frames.shape[2] - width) * 0.7)
    return frames[:, y : y + height, x : x + width]


def toned(frames: Frames, gamma: float, lift: float = 0.0) -> Frames:
    """Brighter or darker."""
    table = (255 * (np.arange(256) / 255) ** gamma + lift).clip(0, 255).round().astype(np.uint8)
    return table[frames]


def recorded(frames: Frames) -> Frames:
    """A screen recording: enlarged, a little turned, blurred, noisy, of another gamma."""
    random = np.random.default_rng(0)

    def taken(picture: Image.Image) -> Image.Image:
        size = (round(picture.width * 1.37 / 2) * 2, round(picture.height * 1.37 / 2) * 2)
        turned = picture.resize(size, SMOOTH).rotate(0.6, SMOOTH).filter(ImageFilter.GaussianBlur(0.7))
        noisy = np.asarray(turned) + random.normal(0, 2, (size[1], size[0], 3))
        return Image.fromarray(noisy.round().clip(0, 255).astype(np.uint8))

    return coded(toned(each(frames, taken), 1.1), 28)[0]


def grey(frames: Frames) -> Frames:
    """Without colour."""
    return each(frames, lambda picture: picture.convert("L").convert("RGB"))


ATTACKS: dict[str, Callable[[Frames], Frames]] = {
    "none": lambda frames: frames,
    "own file (crf 14)": saved,
    "crf 18": lambda frames: coded(frames, 18)[0],
    "crf 23": lambda frames: coded(frames, 23)[0],
    "crf 28": lambda frames: coded(frames, 28)[0],
    "crf 33": lambda frames: coded(frames, 33)[0],
    "half size, crf 23": lambda frames: coded(scaled(frames, 0.5), 23)[0],
    "3/4 size, crf 23": lambda frames: coded(scaled(frames, 0.75), 23)[0],
    "1.5 times, crf 23": lambda frames: coded(scaled(frames, 1.5), 23)[0],
    "twice, crf 23": lambda frames: coded(scaled(frames, 2), 23)[0],
    "crop to 80 % of the sides, crf 23": lambda frames: coded(cropped(frames, 0.8), 23)[0],
    "crop to 60 % of the area, crf 23": lambda frames: coded(cropped(frames, 0.6**0.5), 23)[0],
    "crop to 60 % of the sides, crf 23": lambda frames: coded(cropped(frames, 0.6), 23)[0],
    "crop to 80 %, enlarged again, crf 23": lambda frames: coded(scaled(cropped(frames, 0.8), 1.25), 23)[0],
    "8 → 60 fps, crf 23": lambda frames: coded(frames.repeat(7, 0), 23)[0],
    "60 → 8 fps, crf 23": lambda frames: coded(frames[::7], 23)[0],
    "gamma 0.8 and brighter by 10, crf 23": lambda frames: coded(toned(frames, 0.8, 10), 23)[0],
    "gamma 1.3, crf 23": lambda frames: coded(toned(frames, 1.3), 23)[0],
    "without colour, crf 23": lambda frames: coded(grey(frames), 23)[0],
    "mirrored, crf 23": lambda frames: coded(frames[:, :, ::-1], 23)[0],
    "turned by 0.7°, crf 23": lambda frames: coded(each(frames, lambda picture: picture.rotate(0.7, SMOOTH)), 23)[0],
    "messenger: 3/4 size, crf 28, crf 30": lambda frames: coded(coded(scaled(frames, 0.75), 28)[0], 30)[0],
    "messenger, same size: crf 28, crf 30": lambda frames: coded(coded(frames, 28)[0], 30)[0],
    "screen recording, crf 28": recorded,
}


def clips(options: argparse.Namespace, frames: int) -> Iterator[tuple[str, Frames]]:
    """Scenes of the world, then the footage: names and frames."""
    width, height = (int(side) for side in options.size.split("x"))
    for seed in range(HELD_OUT + 500, HELD_OUT + 500 + options.count):
        scene = sample_scene(seed, Curriculum.mame())
        yield f"scene {seed}", render(scene, size=(width, height), num_frames=frames, fps=8).frames
    for path in options.clip:
        yield path.stem, footage(path, (width, height), frames)


def footage(path: Path, size: tuple[int, int], count: int) -> Frames:
    """``count`` frames of a video, every third, the middle of them in another size."""
    made = []
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % 3 == 0:
                picture = frame.to_image()
                factor = max(size[0] / picture.width, size[1] / picture.height)
                whole = picture.resize((round(picture.width * factor), round(picture.height * factor)), SMOOTH)
                x, y = (whole.width - size[0]) // 2, (whole.height - size[1]) // 2
                made.append(np.asarray(whole.crop((x, y, x + size[0], y + size[1]))))
            if len(made) == count:
                break
    return np.stack(made)


def right(found: Found | None) -> bool:
    """Whether it is the mark that was put in."""
    return found is not None and found.payload == PAYLOAD


def attacks(options: argparse.Namespace) -> None:
    """Print the table of attacks."""
    marked = [(MARK.mark(frames, PAYLOAD), name) for name, frames in clips(options, options.frames)]
    print(f"{options.size}, {options.frames} frames, {len(marked)} clips ({options.count} of the world)\n")
    print("| attack | read | of the world | footage | seconds to read |\n|---|---|---|---|---|")
    for name, attack in ATTACKS.items():
        if options.only not in name:
            continue
        results, began = [], 0.0
        for frames, _ in marked:
            attacked = attack(frames)
            start = time.perf_counter()
            results.append(right(read([attacked], [MARK])) if min(attacked.shape[1:3]) >= 64 else False)
            began += time.perf_counter() - start
        world, other = results[: options.count], results[options.count :]
        print(
            f"| {name} | {np.mean(results):.0%} | {sum(world)} of {len(world)} | {sum(other)} of {len(other)} "
            f"| {began / len(results):.2f} |",
            flush=True,
        )


def lengths(options: argparse.Namespace) -> None:
    """Print how much more frames help."""
    sources = list(clips(options, 96))
    print(
        f"{options.size}, {len(sources)} clips\n\n| frames | crf 18 | crf 23 | crf 28 | crf 33 |\n|---|---|---|---|---|"
    )
    for count in (1, 8, 33, 96):
        row = []
        for crf in (18, 23, 28, 33):
            marked = (MARK.mark(frames[:count], PAYLOAD) for _, frames in sources)
            results = [right(read([coded(frames, crf)[0]], [MARK])) for frames in marked]
            row.append(f"{sum(results)} of {len(results)}")
        print(f"| {count} | {' | '.join(row)} |", flush=True)


def cost(options: argparse.Namespace) -> None:
    """Print what a mark costs: visibility, bits, time."""
    random = np.random.default_rng(0)
    width, height = (int(side) for side in options.size.split("x"))
    still = np.full((options.frames, height, width, 3), (120, 170, 220), np.uint8)
    noise = random.integers(0, 256, still.shape).astype(np.uint8)
    sources = [*clips(options, options.frames), ("flat", still), ("black", still * 0), ("noise", noise)]
    print(f"{options.size}, {options.frames} frames\n")
    print(
        "| clip | PSNR | worst | file at crf 14 | at crf 23 | mark, ms of CPU a frame | read, s of CPU |\n|---|---|---|---|---|---|---|"
    )
    for name, frames in sources:
        start = time.process_time()
        marked = MARK.mark(frames, PAYLOAD)
        marking = (time.process_time() - start) / len(frames) * 1000
        start = time.process_time()
        found = read([marked], [MARK])
        reading = time.process_time() - start
        worst = min(psnr(one, other) for one, other in zip(frames, marked, strict=True))
        more = [f"{coded(marked, crf)[1] / coded(frames, crf)[1] - 1:+.0%}" for crf in (14, 23)]
        print(
            f"| {name} | {psnr(frames, marked):.1f} | {worst:.1f} | {more[0]} | {more[1]} | {marking:.1f} "
            f"| {reading:.2f}{'' if right(found) else ', not read'} |",
            flush=True,
        )


def again(options: argparse.Namespace) -> None:
    """Print whether the last of several marks, one put on after the other and coded at CRF 14 between, is read at CRF 23."""
    print(f"{options.size}, {options.frames} frames; PSNR against the frame without any mark\n")
    print(
        "| clip | marks | on top of one another: last read, others read, dB | in one another's place |\n|---|---|---|---|"
    )
    for name, frames in clips(options, options.frames):
        above = placed = MARK.mark(frames, PAYLOAD)
        for count in (2, 3, 4, 5):
            new = Payload.of(1, f"job {count}")
            above = MARK.mark(coded(above, 14)[0], new)
            placed = MARK.mark(unmarked(coded(placed, 14)[0], [MARK]), new)
            cells = []
            for shown in (above, placed):
                found = read([coded(shown, 23)[0]], [MARK])
                said = {found.payload, *found.also} if found else set()
                cells.append(f"{'yes' if new in said else 'no'}, {len(said - {new})}, {psnr(frames, shown):.1f}")
            print(f"| {name} | {count} | {' | '.join(cells)} |", flush=True)


def false(options: argparse.Namespace) -> None:
    """Print how often words that no mark says pass the first bits of the check: what 32 bits do is too rare to be seen."""
    random = np.random.default_rng(0)
    print("| source of the words | words | pass 8 bits (expected) | 12 | 16 | all 32 |\n|---|---|---|---|---|---|")
    batches = (random.standard_normal((100, 288)).astype(np.float32) for _ in range(options.trials // 100))
    _print_passed("noise", ((MARK, soft) for soft in batches))
    for name, frames in clips(options, options.frames):
        for kind, shown in (
            ("unmarked", frames),
            ("marked, coded at crf 23", coded(MARK.mark(frames, PAYLOAD), 23)[0]),
        ):
            _print_passed(f"{options.keys} other keys, {name}, {kind}", _other_keys(shown, options.keys))


def _other_keys(frames: Frames, count: int) -> Iterator[tuple[Watermark, NDArray[np.float32]]]:
    """What keys that never marked these frames read at their likeliest places, as :func:`read` does."""
    evidence = Evidence(size=(frames.shape[1], frames.shape[2]))
    for frame in frames:
        evidence.add(frame)
    spectrum = Spectrum(evidence.sums[0])
    middle = tuple((side - 1) / 2 for side in spectrum.size)
    for number in range(count):
        other = Watermark(b"another key, number %06d" % number)
        search = Search(other.tile, spectrum)
        yield other, np.stack([search.soft(view) for view in search.uncropped(1.0, (middle[0], middle[1]), PLACES)])


def _print_passed(source: str, batches: Iterator[tuple[Watermark, NDArray[np.float32]]]) -> None:
    passed, total = dict.fromkeys((8, 12, 16, CHECK_BITS), 0), 0
    for mark, soft in batches:
        for word in words(soft):
            total += 1
            wrong = check(Payload.from_number(word >> CHECK_BITS), mark.tile.key) ^ word & (1 << CHECK_BITS) - 1
            for count in passed:
                passed[count] += wrong >> CHECK_BITS - count == 0
    cells = [f"{seen} ({total / 2**count:.2g})" for count, seen in passed.items()]
    print(f"| {source} | {total} | {' | '.join(cells)} |", flush=True)


def sheet(options: argparse.Namespace) -> None:
    """Write unmarked, marked, and the difference 16 times as strong, side by side."""
    rows = []
    for _, frames in clips(options, 1):
        marked = MARK.mark(frames, PAYLOAD)
        apart = (128 + 16 * (marked[0].astype(int) - frames[0])).clip(0, 255).astype(np.uint8)
        rows.append(np.concatenate([frames[0], marked[0], apart], 1))
    print(save_picture(Image.fromarray(np.concatenate(rows)), options.to))


def main() -> None:
    """Print the table that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=["attacks", "lengths", "cost", "again", "false", "sheet"])
    parser.add_argument("--size", default="256x160")
    parser.add_argument("--frames", type=int, default=33)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--trials", type=int, default=20_000)
    parser.add_argument("--only", default="", help="attacks whose name has this in it")
    parser.add_argument("--keys", type=int, default=500)
    parser.add_argument("--clip", type=Path, action="append", default=[])
    parser.add_argument("--to", type=Path, default=Path("watermark.png"))
    options = parser.parse_args()
    {"attacks": attacks, "lengths": lengths, "cost": cost, "again": again, "false": false, "sheet": sheet}[
        options.what
    ](options)


if __name__ == "__main__":
    main()
