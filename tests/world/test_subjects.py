from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, product

import numpy as np
import numpy.typing as npt
import pytest
import skia

from soramame.world.palette import COLOURS
from soramame.world.scene import MOODS, STYLES, Actor, ActorState, Mood, Pose, Style
from soramame.world.subjects import SUBJECTS
from soramame.world.subjects.base import entered
from soramame.world.subjects.beast import youth_of
from soramame.world.subjects.cookie import MOST_BITES
from soramame.world.subjects.gait import joint, step
from soramame.world.subjects.person import skin_of

Pixels = npt.NDArray[np.uint8]
ALL = tuple(SUBJECTS)
MOODY = tuple(name for name, subject in SUBJECTS.items() if subject.moody)
HEIGHTS = {
    "woman": 5.5, "man": 5.5, "wolf": 3.2, "dog": 3.0, "mammoth": 5.5, "bird": 2.8, "astronaut": 5.2, "car": 2.8,
    "boat": 4.0, "ball": 2.6, "cookie": 2.6,
}  # fmt: skip
TOKYO = {
    "hair": "black", "hair_style": "long", "top": "leather jacket", "top_colour": "black", "bottom": "long dress",
    "bottom_colour": "red", "accessory": "sunglasses and bag", "accessory_colour": "black",
}  # fmt: skip


def drawn(name: str, look: dict[str, str] | None = None, *, style: Style = "paper", pose: Pose | None = None) -> Pixels:
    """RGBA of one actor on nothing, 20 pixels a stage unit, feet at row 240 of 280, in the middle of 400 columns."""
    subject = SUBJECTS[name]
    pixels = np.zeros((280, 400, 4), np.uint8)
    surface = skia.Surface(pixels)
    canvas = surface.getCanvas()
    canvas.translate(200, 240)
    canvas.scale(20, 20)
    actor = Actor(cast=0, index=0, kind=name, look=tuple((look or {}).items()), seed=3)
    standing = pose or Pose(x=0, y=0, height=subject.height)
    subject.draw(canvas, ActorState(actor=actor, pose=standing), style)
    assert canvas.getSaveCount() == 1, "a drawing must restore the canvas"
    return pixels


def at(name: str, **changes: object) -> Pose:
    return replace(Pose(x=0, y=0, height=SUBJECTS[name].height), **changes)  # type: ignore[arg-type]


def body(pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Where the figure is: opaque, so without what it casts."""
    mask: npt.NDArray[np.bool_] = pixels[..., 3] > 128
    return mask


def box(pixels: Pixels) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(body(pixels))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def differing(a: Pixels, b: Pixels) -> int:
    return int((np.abs(a.astype(int) - b.astype(int)).max(axis=-1) > 24).sum())


def test_the_eleven_have_their_heights() -> None:
    assert {name: subject.height for name, subject in SUBJECTS.items()} == HEIGHTS


@pytest.mark.parametrize("name", ALL)
def test_words_have_a_plural_each_and_japanese(name: str) -> None:
    words = SUBJECTS[name].words
    assert words.en[0] == name
    assert len(words.en) == len(words.en_plural)
    assert words.ja


@pytest.mark.parametrize(("name", "style"), list(product(ALL, STYLES)))
def test_a_subject_stands_on_its_ground_and_fills_its_box(name: str, style: Style) -> None:
    subject = SUBJECTS[name]
    left, top, right, bottom = box(drawn(name, style=style))
    assert abs(bottom - 240) <= 6, "the lowest point is the ground contact"
    assert bottom - top == pytest.approx(20 * subject.height, rel=0.12, abs=4)
    assert right - left == pytest.approx(20 * subject.height * subject.aspect, rel=0.3)


@pytest.mark.parametrize("name", ALL)
def test_facing_left_is_the_mirror_image(name: str) -> None:
    right, left = body(drawn(name)), body(drawn(name, pose=at(name, facing=-1.0)))
    assert (right[:, ::-1] != left).mean() < 0.004
    if name not in ("ball", "cookie"):
        assert (right != left).sum() > 100


@pytest.mark.parametrize(("facing", "roll"), [(1.0, 0.0), (-1.0, 0.0), (1.0, 2.0), (-1.0, -1.2), (0.3, 0.7)])
def test_light_comes_from_the_upper_left_however_a_figure_is_turned(facing: float, roll: float) -> None:
    canvas = skia.Surface(8, 8).getCanvas()
    with entered(canvas, Pose(x=0, y=0, height=100.0, facing=facing, roll=roll), "paper", narrow=1.0) as pen:
        towards = canvas.getTotalMatrix().mapVector(*pen.light)
    assert towards.x() == pytest.approx(-0.62, abs=0.01)
    assert towards.y() == pytest.approx(-0.78, abs=0.01)


@pytest.mark.parametrize("name", ALL)
def test_every_action_is_periodic_in_phase(name: str) -> None:
    for action in SUBJECTS[name].actions:
        once = drawn(name, pose=at(name, action=action, phase=0.31))
        again = drawn(name, pose=at(name, action=action, phase=2.31))
        assert differing(once, again) <= 12, action


@pytest.mark.parametrize(
    ("name", "action"),
    [(n, a) for n in ALL for a in ("walk", "run", "fly", "drive", "sail", "play") if a in SUBJECTS[n].actions],
)
def test_moving_actions_move_something(name: str, action: str) -> None:
    frames = [drawn(name, pose=at(name, action=action, phase=phase)) for phase in (0.0, 0.3, 0.6)]
    assert all(differing(a, b) > 40 for a, b in combinations(frames, 2))


@pytest.mark.parametrize(("name", "style"), list(product(MOODY, STYLES)))
def test_each_mood_looks_different(name: str, style: Style) -> None:
    moods: dict[Mood, Pixels] = {mood: drawn(name, style=style, pose=at(name, mood=mood)) for mood in MOODS}
    for a, b in combinations(MOODS, 2):
        assert differing(moods[a], moods[b]) > 60, f"{a} and {b}"


@pytest.mark.parametrize(("name", "slot"), [(n, s) for n, subject in SUBJECTS.items() for s in subject.slots])
def test_each_word_of_a_slot_looks_different(name: str, slot: str) -> None:
    look = {"accessory": "bag"} if "accessory" in SUBJECTS[name].slots and slot != "accessory" else {}
    pictures = [drawn(name, {**look, slot: word}) for word in SUBJECTS[name].slots[slot]]
    assert all(differing(a, b) > 25 for a, b in combinations(pictures, 2))


@pytest.mark.parametrize("name", ALL)
def test_lift_moves_the_picture_up_and_nothing_else(name: str) -> None:
    ground, lifted = drawn(name), drawn(name, pose=at(name, lift=0.1))
    assert differing(ground[2:], lifted[:-2]) <= 60


@pytest.mark.parametrize("name", ["ball", "cookie", "car"])
def test_squash_keeps_the_area(name: str) -> None:
    round_, flat = body(drawn(name)), body(drawn(name, pose=at(name, squash=0.75)))
    assert flat.sum() == pytest.approx(round_.sum(), rel=0.04)
    assert np.nonzero(flat.any(axis=1))[0].size < 0.82 * np.nonzero(round_.any(axis=1))[0].size


def test_a_rolling_ball_turns_its_panels_within_one_outline() -> None:
    still, rolled = drawn("ball"), drawn("ball", pose=at("ball", roll=0.6))
    assert (body(still) != body(rolled)).sum() <= 20, "the outline stays"
    assert differing(still, rolled) > 100


def test_the_wheels_of_a_car_turn_with_its_phase() -> None:
    still, driven = drawn("car"), drawn("car", pose=at("car", phase=0.08))
    changed = np.nonzero(np.abs(still.astype(int) - driven.astype(int)).max(axis=-1) > 24)[0]
    assert changed.size > 20
    assert changed.min() > 240 - 20 * 2.8 * 0.45, "only the lower part moves"


def test_bites_take_away_and_stay() -> None:
    whole = [body(drawn("cookie", pose=at("cookie", bitten=float(n))))[:236] for n in range(MOST_BITES + 1)]
    for before, after in pairwise(whole):
        assert not (after & ~before)[:210].any(), "what is gone stays gone"
        assert after.sum() < 0.97 * before.sum(), "each bite shows"
    assert whole[-1].sum() > 0.05 * whole[0].sum(), "something is left"


def test_a_bite_grows_while_it_is_taken() -> None:
    sizes = [int(body(drawn("cookie", pose=at("cookie", bitten=b)))[:200].sum()) for b in (0.0, 0.5, 1.0)]
    assert sizes[0] > sizes[1] > sizes[2]


@pytest.mark.parametrize("name", ["wolf", "dog", "mammoth"])
def test_an_animal_that_turns_round_shows_its_front(name: str) -> None:
    left, _, right, _ = box(drawn(name, pose=at(name, action="turn", facing=0.1)))
    side = box(drawn(name))
    assert 0.25 * (side[2] - side[0]) < right - left < 0.75 * (side[2] - side[0])


def test_a_small_wolf_is_a_pup() -> None:
    grown, small = at("wolf"), at("wolf", height=0.7 * 2.8)
    assert youth_of(grown, "", 2.8) == 0.0
    assert youth_of(small, "", 2.8) == 1.0
    assert youth_of(small, "grown", 2.8) == 0.0
    assert youth_of(grown, "young", 2.8) == 1.0


@pytest.mark.parametrize("name", ALL)
def test_a_look_is_told_by_all_its_colours(name: str) -> None:
    subject = SUBJECTS[name]
    for shift in range(6):
        look = {slot: words[shift % len(words)] for slot, words in subject.slots.items()}
        told = subject.describe_en(look)
        english = " ".join((*told.before, *told.after))
        japanese = "".join(subject.describe_ja(look))
        for slot, word in look.items():
            hidden = slot == "accessory_colour" and look["accessory"] in ("none", "sunglasses")
            if word in COLOURS and slot != "hair" and not hidden:
                assert word in english, (slot, word, english)
                assert COLOURS[word].words.ja[0] in japanese, (slot, word, japanese)
        assert "none" not in english


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_told_of_an_empty_look(name: str) -> None:
    told = SUBJECTS[name].describe_en({})
    assert told.before == ()
    assert told.after == ()
    assert SUBJECTS[name].describe_ja({}) == ()


def test_the_woman_of_the_neon_street_is_told_well() -> None:
    assert SUBJECTS["woman"].describe_en(TOKYO).after == (
        "with long black hair",
        "in a black leather jacket and a long red dress",
        "wearing sunglasses",
        "carrying a black bag",
    )
    assert SUBJECTS["woman"].describe_ja(TOKYO) == (
        "長い黒髪の", "サングラスをかけた", "黒いバッグを持った", "黒い革ジャケットと赤いロングドレスを着た",
    )  # fmt: skip


def test_the_red_of_her_dress_and_the_black_of_her_jacket_are_there_to_see() -> None:
    pixels = drawn("woman", TOKYO).astype(int)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    dress = (red > 150) & (green < 80) & (blue < 90)
    jacket = body(pixels.astype(np.uint8)) & (pixels[..., :3].max(axis=-1) < 70)
    assert dress[190:238].sum() > 4 * dress[130:165].sum() > 0
    assert jacket.sum() > 250


def test_a_foot_is_on_the_ground_for_its_share_of_the_cycle_and_moves_backwards_there() -> None:
    feet = [step(i / 40, stride=10.0, lift=5.0, duty=0.6) for i in range(40)]
    grounded = [foot for foot in feet if foot[1] == 0.0]
    assert len(grounded) in (24, 25)
    assert all(a[0] > b[0] for a, b in pairwise(grounded))


def test_a_knee_keeps_the_length_of_its_bones() -> None:
    hip, foot = (0.0, 0.0), (6.0, 30.0)
    for bend in (1.0, -1.0):
        x, y = joint(hip, foot, 18.0, 20.0, bend=bend)
        assert np.hypot(x, y) == pytest.approx(18.0)
        assert np.hypot(x - 6, y - 30) == pytest.approx(20.0)


def test_a_person_keeps_its_skin_whatever_its_seed() -> None:
    actors = [Actor(cast=0, index=i, kind="woman", look=tuple(TOKYO.items()), seed=i) for i in range(4)]
    assert len({skin_of(ActorState(actor=actor, pose=at("woman"))) for actor in actors}) == 1


def test_people_of_many_looks_have_every_skin() -> None:
    looks = [
        (("top_colour", colour), ("hair", hair)) for colour in ("red", "blue", "white") for hair in ("black", "gold")
    ]
    actors = [Actor(cast=0, index=0, kind="man", look=look, seed=0) for look in looks]
    assert len({skin_of(ActorState(actor=actor, pose=at("man"))) for actor in actors}) > 1
