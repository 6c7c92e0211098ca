"""Whatever way a clip takes out of the engine, it is checked, marked and signed, unless a policy says otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from soramame.engine import Request, Result, Soramame, tasks
from soramame.engine.film import Film
from soramame.errors import RefusedError, TrustError
from soramame.media import Clip, psnr
from soramame.safety.credentials import State
from soramame.safety.frames import Seen
from soramame.safety.guard import Guard
from soramame.safety.policy import Policy
from soramame.safety.verify import Report, Verdict, verify
from tests.policies import OPEN

SIZE = (256, 160)
DEFAULT = Policy.load()
BOARD = """
size = "256x160"
[[shots]]
seconds = 1
prompt = "a dog in the snow"
[[shots]]
seconds = 1
prompt = "a cat on a beach"
"""


def source(first: int = 0) -> Clip:
    """Something busy enough to hide a mark in, that moves."""
    rng = np.random.default_rng(first)
    field = rng.integers(60, 200, (20, 40, 3)).repeat(10, 0).repeat(10, 1)
    frames = [field[:160, n : n + 256] for n in range(13)]
    return Clip(frames=np.stack(frames).astype(np.uint8), fps=8, metadata={"prompt": "a dog"})


@pytest.fixture
def guarded(tiny: Path) -> Soramame:
    """The tiny model under the default policy, but for the detectors."""
    policy = replace(DEFAULT, switches=replace(DEFAULT.switches, frames=False))
    sora = Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=policy)
    sora.card = replace(sora.card, defaults=replace(sora.card.defaults, width=256, height=160))
    return sora


def streamed(sora: Soramame) -> Clip:
    *_, last = sora.stream(Request(prompt="a dog", steps=1))
    assert isinstance(last, Result)
    return last.clip


MASK = np.zeros((160, 256), bool)
MASK[40:100, 60:160] = True
DOORS: dict[str, Callable[[Soramame], Clip]] = {
    "generate": lambda sora: sora.generate("a dog", steps=1),
    "stream": streamed,
    "image": lambda sora: sora.generate("a dog", steps=1, image=source().frames[0]),
    "extend": lambda sora: sora.extend(source(), seconds=1, steps=1),
    "backward": lambda sora: sora.extend(source(), seconds=1, backward=True, steps=1),
    "fill": lambda sora: sora.fill(source(), source(1), seconds=1, steps=1),
    "mend": lambda sora: sora.mend(source(), [(3, 6)], steps=1),
    "loop": lambda sora: sora.loop(source(), seconds=1, steps=1),
    "blend": lambda sora: sora.blend(source(), source(1), seconds=0.5, steps=1),
    "remix": lambda sora: sora.remix(source(), "a cat", steps=1),
    "inpaint": lambda sora: sora.inpaint(source(), MASK, "a ball", steps=1),
    "upres": lambda sora: sora.upres(source(), scale=1.5, steps=1),
}


@pytest.mark.parametrize("door", DOORS)
def test_whatever_is_made_is_marked_and_signed(guarded: Soramame, tmp_path: Path, door: str) -> None:
    report = verify(DOORS[door](guarded).save(tmp_path / "a.mp4"))
    assert report.verdict is Verdict.OURS, report
    assert [mark.payload for mark in report.marks] == [report.credentials.watermark]


def test_so_is_a_film_from_a_storyboard_written_as_it_comes(guarded: Soramame, tmp_path: Path) -> None:
    from soramame.engine import storyboard
    from soramame.prompt.storyboard import read_storyboard

    (tmp_path / "film.toml").write_text(BOARD)
    film = storyboard(guarded, read_storyboard(tmp_path / "film.toml"), steps=1)
    guarded.write(film, tmp_path / "a.mp4")
    assert verify(tmp_path / "a.mp4").verdict is Verdict.OURS
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["a.mp4", "a.webp", "a.gif", "a.webm", "a.png"])
def test_every_kind_of_file_is_signed(guarded: Soramame, tmp_path: Path, name: str) -> None:
    made = guarded.generate("a dog", steps=1, seconds=0.5).save(tmp_path / name)
    assert verify(made).credentials.state is State.TRUSTED


def test_a_policy_that_says_so_marks_and_signs_nothing(tiny: Path, tmp_path: Path) -> None:
    sora = Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=OPEN)
    made = sora.generate("a dog", steps=1).save(tmp_path / "a.mp4")
    assert verify(made).verdict in (Verdict.NOTHING, Verdict.UNCHECKED)


def test_sources_are_told_with_what_was_found_out_about_them(guarded: Soramame, tmp_path: Path) -> None:
    first = guarded.generate("a dog", steps=1, seconds=0.5).save(tmp_path / "first.mp4")
    longer = guarded.extend(Clip.load(first), seconds=1, steps=1).save(tmp_path / "longer.mp4")
    credentials = verify(longer).credentials
    assert [(one.title, one.state) for one in credentials.ingredients] == [("first.mp4", State.TRUSTED)]
    assert credentials.task == "extend"


def test_what_is_made_from_our_own_clips_has_the_last_mark_alone(guarded: Soramame, tmp_path: Path) -> None:
    """From memory and from files, forwards and backwards: marks on top of one another would not be read for long."""
    made = guarded.extend(source(), seconds=0.5, steps=1)
    for backward in (False, True, False):
        made = guarded.extend(made, seconds=0.5, backward=backward, steps=1)
    assert psnr(made.frames[4:17], source().frames) > 43  # 47 after the first; four on top of one another would be 41
    for number in range(2):
        path = made.save(tmp_path / f"{number}.mp4")
        (mark,) = verify(path).marks
        assert mark.payloads == {verify(path).credentials.watermark}
        made = guarded.extend(Clip.load(path), seconds=0.5, steps=1)


def test_a_small_clip_and_one_whose_file_is_gone_can_be_made_from(guarded: Soramame, tmp_path: Path) -> None:
    clip = Clip.load(source().save(tmp_path / "a.mp4"))
    (tmp_path / "a.mp4").unlink()
    assert guarded.guard.unmarked(clip).frames is clip.frames
    small = replace(clip, frames=clip.frames[:, :32, :32])
    assert guarded.guard.unmarked(small) is small


def test_a_source_that_was_changed_is_told(guarded: Soramame, tmp_path: Path) -> None:
    first = guarded.generate("a dog", steps=1, seconds=0.5).save(tmp_path / "first.mp4")
    with first.open("ab") as file:
        file.write(b"\0\0\0\x10free" + b"\1" * 8)
    film = tasks.extend(guarded, Clip.load(first), seconds=1, backward=False, prompt=None, steps=1)
    written = guarded.write(film, tmp_path / "longer.mp4")
    assert [note.partition(":")[0] for note in written.notes] == ["first.mp4"]
    assert [one.state for one in verify(written.path).credentials.ingredients] == [State.TAMPERED]


def test_what_is_stripped_is_known_by_its_mark(guarded: Soramame, tmp_path: Path) -> None:
    clip = guarded.generate("a dog", steps=1)
    bare = Clip(frames=clip.frames, fps=clip.fps)
    assert verify(bare.save(tmp_path / "bare.mp4")).verdict is Verdict.STRIPPED


def test_clips_that_were_cut_together_are_told_and_where(guarded: Soramame, tmp_path: Path) -> None:
    one, other = (guarded.extend(source(n), seconds=0.5, steps=1).frames[:13].repeat(2, 0)[:16] for n in (0, 1))
    report = verify(Clip(frames=np.concatenate([one, other]), fps=8).save(tmp_path / "a.mp4"))
    assert report.verdict is Verdict.SPLICED
    assert [mark.first for mark in report.marks] == [0, 16]


def test_what_is_changed_is_told_from_what_is_not(guarded: Soramame, tmp_path: Path) -> None:
    made = guarded.generate("a dog", steps=1).save(tmp_path / "a.mp4")
    data = bytearray(made.read_bytes())
    data[-9] ^= 1
    made.write_bytes(data)
    report = verify(made)
    assert report.credentials.state is State.TAMPERED
    assert report.verdict in (Verdict.CHANGED, Verdict.TAMPERED)


def test_credentials_of_another_clip_are_told(guarded: Soramame, tmp_path: Path) -> None:
    """Frames that bear one clip's mark, under a statement about another."""
    one, other = guarded.generate("a dog", steps=1), guarded.generate("a cat", steps=1)
    report: Report = verify(replace(one, seal=other.seal).save(tmp_path / "a.mp4"))
    assert report.verdict is Verdict.SPLICED


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "two people having sex"},
        {"prompt": "a woman", "negative": "clothes"},
        {"prompt": "Taylor Swift sings"},
    ],
)
def test_what_is_refused_is_refused_before_anything_is_painted(guarded: Soramame, fields: dict[str, str]) -> None:
    events = guarded.stream(Request(**fields))  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="would be fine"):
        next(events)


def shown(film: Film, **metadata: str) -> Film:
    return replace(film, metadata={**film.metadata, **metadata})


def test_what_was_said_is_checked_as_well_as_what_is_told(guarded: Soramame) -> None:
    film = tasks.generate(guarded, Request(prompt="a dog", steps=1))
    with pytest.raises(RefusedError):
        guarded.show(shown(film, said="Taylor Swift sings"))


def alarm(frame: np.ndarray) -> list[Seen]:
    """A detector that minds bright pictures."""
    return [Seen(detector="nudenet", category="sexual", label="exposed", score=float(frame.mean() / 255))]


alarm.name = "nudenet"  # type: ignore[attr-defined]


def test_a_picture_that_shows_what_is_refused_is_not_painted_from(guarded: Soramame) -> None:
    guarded.guard.__dict__["detectors"] = (alarm,)
    bright = np.full((160, 256, 3), 250, np.uint8)
    with pytest.raises(RefusedError, match="source is refused for sexual content"):
        next(guarded.stream(Request(prompt="a dog", image=bright)))
    with pytest.raises(RefusedError, match="source は「性的な内容」に当たるため作れませんが、"):
        next(guarded.stream(Request(prompt="砂浜の犬", image=bright)))


def test_a_video_that_shows_it_leaves_nothing_behind(guarded: Soramame, tmp_path: Path) -> None:
    guarded.guard.__dict__["detectors"] = (lambda frame: [replace(alarm(frame)[0], score=1.0)],)
    film = tasks.generate(guarded, Request(prompt="a dog", seconds=4.0, steps=1))
    with pytest.raises(RefusedError, match="video is refused"):
        guarded.write(film, tmp_path / "a.mp4")
    with pytest.raises(RefusedError, match="video は「"):
        guarded.write(tasks.generate(guarded, Request(prompt="砂浜の犬", steps=1)), tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_signed_does_not_appear(guarded: Soramame, tmp_path: Path) -> None:
    def broken(path: Path) -> None:
        raise TrustError("the key is gone.")

    clip = replace(guarded.generate("a dog", steps=1), seal=broken)
    with pytest.raises(TrustError, match="gone"):
        clip.save(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_prompts_stay_out_of_files_if_the_policy_says_so(tiny: Path, tmp_path: Path) -> None:
    switches = replace(DEFAULT.switches, frames=False)
    policy = replace(DEFAULT, switches=switches, record=replace(DEFAULT.record, recipe_prompt="hash"))
    sora = Soramame.load(str(tiny), device="cpu", dtype="float32", threads=1, policy=policy)
    made = sora.generate("a dog in a purple hat", steps=1).save(tmp_path / "a.mp4")
    assert b"purple" not in made.read_bytes()
    assert "prompt_sha256" in json.dumps(dict(Clip.load(made).metadata))
    assert verify(made).credentials.recipe is not None


def test_the_guard_of_an_engine_is_the_default_unless_one_is_given(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from soramame.runtime import decide
    from soramame.weights.store import load_model

    monkeypatch.delenv("SORAMAME_POLICY")
    engine = Soramame(load_model(str(tiny)), decide("cpu", "float32", threads=1, attention="sdpa"))
    assert engine.guard.policy == Policy.load()
    assert engine.guard.identity is not None
    assert Guard.load().notice is None  # it was made by then
