from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from soramame.world.captions import Language, Length, caption, caption_with_facts, facts_of, loose, words_en, words_ja
from soramame.world.captions.choose import Chooser, held_out
from soramame.world.captions.english import article, many_of
from soramame.world.captions.verbs_en import ing, third
from soramame.world.palette import COLOURS
from soramame.world.places import PLACES
from soramame.world.sample import Curriculum, sample_scene
from soramame.world.scene import Camera, Cast, Event, Relation, Scene, Shot
from soramame.world.subjects import SUBJECTS

WAYS: tuple[tuple[Length, Language], ...] = (("short", "en"), ("long", "en"), ("short", "ja"), ("long", "ja"))
SCENES = [
    sample_scene(seed, curriculum) for seed in range(120) for curriculum in (Curriculum.mame(), Curriculum.world())
]
WOLVES = Cast(kind="wolf", count=5, look=(("fur", "grey"),))
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "pair": 2, "couple": 2, "trio": 3}


def one(shot: Shot, **changes: object) -> Scene:
    return replace(Scene(seed=1, shots=(shot,)), **changes)  # type: ignore[arg-type]


def many(scene: Scene, length: Length, language: Language, count: int = 60) -> list[str]:
    return [caption(scene, seed=seed, length=length, language=language) for seed in range(count)]


@pytest.mark.parametrize(("length", "language"), WAYS)
def test_a_caption_is_decided_by_its_seed_and_varies_with_it(length: Length, language: Language) -> None:
    scene = SCENES[2]
    assert many(scene, length, language) == many(scene, length, language)
    assert len(set(many(scene, length, language))) > 50


@pytest.mark.parametrize(("length", "language"), WAYS)
def test_every_caption_is_clean_text_in_its_language(length: Length, language: Language) -> None:
    for number, scene in enumerate(SCENES):
        text = caption(scene, seed=number, length=length, language=language)
        assert text == text.strip()
        assert not re.search(r"[{}|~]|  |None|\(|、、|。。|, ,|\.\.", text), text
        assert bool(re.search(r"[ぁ-んァ-ヶ一-龠]", text)) == (language == "ja"), text


@pytest.mark.parametrize(("length", "language"), WAYS)
def test_what_is_stated_is_a_fact_of_the_scene(length: Length, language: Language) -> None:
    for number, scene in enumerate(SCENES):
        told = caption_with_facts(scene, seed=number, length=length, language=language)
        assert told.stated <= facts_of(scene).keys()
        assert "subject" in told.stated


def test_the_place_is_mostly_kept_and_short_captions_leave_things_out() -> None:
    told = [caption_with_facts(scene, seed=3, length="short", language="en") for scene in SCENES]
    assert sum("place" in one.stated for one in told) > 0.85 * len(told)
    assert sum("weather" in one.stated for one in told) < 0.8 * len(told)


def test_english_never_names_another_kind_colour_or_number() -> None:
    nouns = {kind: {many_of(n) for n in words_en.NOUNS[kind]} | set(words_en.NOUNS[kind]) for kind in SUBJECTS}
    for number, scene in enumerate(SCENES):
        casts = [cast for shot in scene.shots for cast in shot.casts]
        kinds, counts = {cast.kind for cast in casts}, {cast.count for cast in casts}
        colours = {word for cast in casts for _, word in cast.look}
        for length in ("short", "long"):
            text = caption(scene, seed=number, length=length, language="en").lower()
            words = set(re.findall(r"[a-z]+", text))
            for kind in ("wolf", "mammoth", "astronaut", "boat", "cookie"):
                assert kind in kinds or not (words & {n for n in nouns[kind] if " " not in n}), text
            for word, value in NUMBERS.items():
                assert word not in words or value in counts, text
            for name in ("purple", "pink", "yellow", "teal"):
                allowed = name in colours or length == "long" or "neon" in text
                assert name not in words or allowed, text


def test_japanese_never_names_another_number() -> None:
    for number, scene in enumerate(SCENES):
        counts = {cast.count for shot in scene.shots for cast in shot.casts}
        for seed in range(3):
            text = caption(scene, seed=number + seed, length="short", language="ja")
            for told in re.findall(r"([一二三四五1-5])(?:人|匹|頭|羽|台|艘|個|枚)", text):
                assert ("一二三四五".find(told) + 1 or int(told)) in counts, text


def test_counts_are_told_in_words_and_digits() -> None:
    scene = one(Shot(place="snowfield", casts=(WOLVES,)))
    english, japanese = " ".join(many(scene, "short", "en")).lower(), " ".join(many(scene, "short", "ja"))
    assert "five" in english
    assert "5 " in english
    assert "wolves" in english
    assert "wolfs" not in english
    assert "五匹" in japanese
    assert "5匹" in japanese


def test_an_empty_place_is_told_as_empty() -> None:
    scene = one(Shot(place="beach"))
    assert facts_of(scene)["subject"] == "none"
    assert facts_of(scene)["count"] == "0"
    for text in many(scene, "short", "en", 30):
        assert (
            re.search(r"empty|desert|nobody|no one|nothing|abandon|unpeopled|no people|without anyone", text.lower())
            or len(text) < 60
        )
    assert any("誰もいない" in text for text in many(scene, "short", "ja", 30))


def test_a_scene_with_someone_is_never_called_empty() -> None:
    for number, scene in enumerate(SCENES):
        if scene.shots[0].casts:
            text = caption(scene, seed=number, length="long", language="en").lower()
            assert not re.search(r"\bempty|deserted|nobody|no one\b", text), text
            assert "誰もいない" not in caption(scene, seed=number, length="long", language="ja")


def test_sides_and_relations_are_not_swapped() -> None:
    dog = Cast(kind="dog", side="left", look=(("fur", "brown"),))
    ball = Cast(kind="ball", side="right", look=(("body", "red"),))
    scene = one(Shot(place="meadow", casts=(dog, ball), relations=(Relation(subject=0, name="left of", other=1),)))
    told = 0
    for text in (t.lower() for t in many(scene, "short", "en", 150)):
        found = re.search(
            r"(?:dog|hound|doggy|pooch|mutt)[^.;]{0,40}?\b(left|right) of (?!the (?:picture|frame))", text
        )
        if found:
            told += 1
            assert found.group(1) == "left", text
    assert told > 5
    for text in many(scene, "short", "ja", 150):
        assert not re.search(
            r"(右|右側|画面右|向かって右|右手|右の方|画面の右側)の[^、。]{0,12}(犬|イヌ|いぬ|ワンちゃん|わんこ)", text
        ), text


def test_events_are_told_in_the_order_of_time() -> None:
    events = (Event(cast=0, action="jump", start=0.5), Event(cast=0, action="idle", end=0.5))
    scene = one(Shot(place="moon", casts=(Cast(kind="astronaut"),), events=events))
    assert facts_of(scene)["action"] == "idle"
    assert facts_of(scene)["then"] == "jump"
    for seed in range(80):
        told = caption_with_facts(scene, seed=seed, length="long", language="en")
        text = told.text.lower()
        jump = re.search(r"\b(jump|leap|hop|bound|spring)", text)
        still = re.search(r"\b(stand|wait|linger|rest)", text)
        if jump and still:
            assert still.start() < jump.start(), text


def test_a_pursuit_names_who_is_pursued() -> None:
    casts = (Cast(kind="dog", side="left"), Cast(kind="ball", side="right"))
    events = (Event(cast=0, action="run", direction="right", target=1), Event(cast=1, action="idle"))
    scene = one(Shot(place="beach", casts=casts, events=events))
    assert any(re.search("(to|towards?|of) the ball", text.lower()) for text in many(scene, "short", "en"))
    assert any(
        re.search("ボール(に向かって|のところへ|の方へ|めがけて|のそばへ)", text) for text in many(scene, "short", "ja")
    )


def test_hiding_and_bites_and_cuts_have_words() -> None:
    hide = Event(cast=0, action="hide", direction="right")
    scene = one(Shot(place="city", casts=(Cast(kind="man"),), events=(hide,)))
    assert all("wall" in t.lower() or "wal" in t.lower() for t in many(scene, "long", "en", 30))
    assert all(re.search("壁|塀", t) for t in many(scene, "long", "ja", 30))
    bite = Shot(place="kitchen_table", casts=(Cast(kind="cookie"),), events=(Event(cast=0, action="bite"),))
    assert any("bite" in t.lower() for t in many(one(bite), "short", "en", 30))
    two = Scene(seed=1, shots=(bite, Shot(place="moon", casts=(Cast(kind="astronaut"),))))
    assert any("cut to" in t.lower() for t in many(two, "long", "en", 30))
    assert facts_of(two)["shots"] == "2"
    assert facts_of(two)["place2"] == "moon"


def test_the_camera_and_style_are_told_truly() -> None:
    shot = Shot(place="city", casts=(Cast(kind="car"),), camera=Camera(move="zoom out"))
    texts = " ".join(many(one(shot, style="ink"), "long", "en")).lower()
    assert re.search("zooms? out|pulls? back", texts)
    assert not re.search("zooms? in|static camera|paper", texts)
    assert "ink" in texts


def test_unseen_looks_are_not_facts() -> None:
    cast = Cast(kind="woman", look=(("accessory", "none"), ("accessory_colour", "red"), ("hair", "gold")))
    facts = facts_of(one(Shot(place="city", casts=(cast,))))
    assert "look.accessory_colour" not in facts
    assert facts["look.hair"] == "gold"
    crowd = Cast(kind="mammoth", count=3, size="small")
    assert "size" not in facts_of(one(Shot(place="snowfield", casts=(crowd,))))
    assert facts_of(one(Shot(place="snowfield", casts=(replace(crowd, count=1),))))["size"] == "small"


def test_a_kept_wording_is_never_in_the_seen_split_and_mostly_in_the_unseen() -> None:
    wordings = words_en.NOUNS["astronaut"]
    kept = {word for word in wordings if held_out(word)}
    assert kept
    picks = {
        split: Counter(Chooser(s, split=split).pick(wordings) for s in range(200))
        for split in ("seen", "unseen", "all")
    }
    assert not kept & picks["seen"].keys()
    assert picks["unseen"].keys() == kept
    assert picks["all"].keys() == set(wordings)


def test_loose_words_only_when_asked() -> None:
    scene = one(Shot(place="city", casts=(Cast(kind="car"),)))
    loose = [
        caption_with_facts(scene, seed=s, length="short", language="en", loose=True).text.lower() for s in range(80)
    ]
    assert any("truck" in t or "taxi" in t or "bus" in t for t in loose)
    assert not any(re.search(r"truck|taxi|\bbus\b", t.lower()) for t in many(scene, "short", "en", 80))


def test_no_wording_is_empty() -> None:
    for table in (words_en, words_ja, loose):
        for name, entries in vars(table).items():
            if name.isupper():
                for wordings in entries.values() if isinstance(entries, dict) else [entries]:
                    assert all(wordings), (name, wordings)


def test_every_name_of_the_world_can_be_told() -> None:
    assert set(words_en.COLOURS) == set(words_ja.COLOURS) == set(COLOURS)
    for place, where in PLACES.items():
        for kind, subject in SUBJECTS.items():
            if place in subject.places:
                for action in subject.actions:
                    event = Event(cast=0, action=action)
                    shot = Shot(
                        place=place,
                        time=where.times[0],
                        weather=where.weathers[0],
                        casts=(Cast(kind=kind),),
                        events=(event,),
                    )
                    for length, language in WAYS:
                        assert caption(one(shot), seed=5, length=length, language=language)


@pytest.mark.parametrize(
    ("base", "thirds", "ings"),
    [
        ("walk", "walks", "walking"),
        ("run", "runs", "running"),
        ("fly", "flies", "flying"),
        ("lie still", "lies still", "lying still"),
        ("pass by and come out", "passes by and comes out", "passing by and coming out"),
        ("be parked", "is parked", "being parked"),
        ("strut", "struts", "strutting"),
    ],
)
def test_verbs_are_inflected(base: str, thirds: str, ings: str) -> None:
    assert third(base) == thirds
    assert ing(base) == ings


@pytest.mark.parametrize(
    ("noun", "plurals"),
    [("woolly mammoth", "woolly mammoths"), ("wolf", "wolves"), ("woman", "women"), ("box", "boxes")],
)
def test_nouns_have_plurals(noun: str, plurals: str) -> None:
    assert many_of(noun) == plurals


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("orange car", "an orange car"),
        ("urban street", "an urban street"),
        ("unhappy man", "an unhappy man"),
        ("red car", "a red car"),
    ],
)
def test_articles(phrase: str, told: str) -> None:
    assert article(phrase) == told
