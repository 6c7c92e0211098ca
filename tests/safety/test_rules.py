"""Phrases, concepts that stand together, and names: what they find and what they leave alone."""

from __future__ import annotations

import pytest

from soramame.errors import ConfigError
from soramame.safety.disguise import literal, readings
from soramame.safety.match import Letters, Words, forms, tokens
from soramame.safety.names import NameList
from soramame.safety.rules import Rule, Rules, bundled


def found(text: str) -> set[str]:
    return {finding.category for finding in bundled().find(literal(text))}


def words(*phrases: str) -> Words:
    made = Words()
    made.add("it", phrases)
    return made


def test_forms_of_a_word() -> None:
    assert forms("kill") == {"kill", "kills", "killed", "killing"}
    assert forms("strip") == {"strip", "strips", "stripped", "stripping"}
    assert forms("rape") == {"rape", "rapes", "raped", "raping"}
    assert forms("body") == {"body", "bodies", "bodied", "bodying"}


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("cut+ ~ rope", "he is cutting the long old rope", True),
        ("cut+ ~ rope", "he is cutting one two three four five rope", False),
        ("red|blue ball", "a Blue ball", True),
        ("red|blue ball", "a green ball", False),
        ("child", "the child's hat", True),
        ("child", "childish", False),
    ],
)
def test_a_phrase_is_found_as_words(phrase: str, text: str, there: bool) -> None:
    assert bool(list(words(phrase).find(tokens(text)))) is there


def test_a_hit_says_where() -> None:
    text = "see the red ball"
    (hit,) = words("red ball").find(tokens(text))
    assert text[hit.start : hit.end] == "red ball"


def test_japanese_phrases_have_choices_and_gaps() -> None:
    letters = Letters()
    letters.add("it", ["猫を(蹴|殴)る", "赤い~帽子"])
    assert list(letters.find("男が猫を蹴る"))
    assert list(letters.find("赤い大きな帽子"))
    assert not list(letters.find("猫をなでる"))


def test_a_katakana_name_is_not_found_inside_a_longer_word() -> None:
    letters = Letters(short=99)
    letters.add("it", ["マリオ"])
    assert list(letters.find("マリオが跳ぶ"))
    assert not list(letters.find("マリオネットが踊る"))


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("エロ", "エロ動画", True), ("エロ", "ピエロが踊る", False), ("テロ", "テロップ", False), ("テロ", "自爆テロ", True),
        ("セックス", "ハードセックス", True), ("5歳", "5歳の子", True), ("5歳", "25歳の人", False), ("十歳", "六十歳の人", False),
        ("15歳", "①15歳の子", True), ("15歳", "015歳の子", True), ("十五歳", "一 十五歳の子", True), ("JK", "JKの制服", True),
        ("JS", "JSONの話", False), ("3P", "13Pの本", False),
    ],
)  # fmt: skip
def test_short_words_and_numbers_are_not_found_inside_longer_ones(phrase: str, text: str, there: bool) -> None:
    letters = Letters()
    letters.add("it", [phrase])
    assert bool(list(letters.find(literal(text).lower()))) is there


def test_choices_within_choices_are_told() -> None:
    with pytest.raises(ConfigError, match="stand within others"):
        Letters().add("it", ["猫(を(蹴|殴)る)"])


def test_a_harmless_phrase_spares_what_begins_in_it_alone() -> None:
    concepts = {"bad": {"ja": "全裸; 皮を剥", "en": ""}, "harmless": {"ja": "裸婦; みかんの皮を剥", "en": ""}}
    rules = Rules(concepts, [Rule(name="r", category="sexual", need=("bad",))], NameList())
    assert rules.find("全裸婦人")
    assert not rules.find("みかんの皮を剥く")


@pytest.mark.parametrize(
    "text",
    [
        "上半身裸の男児のヌード",
        "ショタエロ",
        "ティーン・ヌード",
        "少女のフルヌード",
        "oh no, nude children",
        "JKの全裸",
    ],
)
def test_what_sexualises_minors_is_certain_however_it_is_written(text: str) -> None:
    assert any(
        one.certain and one.category == "minors"
        for read in readings(text, bundled().lexicon())
        for one in bundled().find(read)
    )


def test_concepts_have_to_stand_near_each_other_and_can_be_cleared() -> None:
    concepts = {
        "dog": {"en": "dog", "ja": ""}, "hit": {"en": "hit+", "ja": ""}, "ball": {"en": "ball", "ja": ""},
        "harmless": {"en": "hit song", "ja": ""},
    }  # fmt: skip
    rule = Rule(name="r", category="violence", need=("hit", "dog"), unless=("ball",), within=20)
    rules = Rules(concepts, [rule], NameList())
    assert rules.find("he hits the dog")
    assert not rules.find("he hits the ball and the dog barks")
    assert not rules.find("a hit song plays, dog asleep")
    assert not rules.find("he hits the gong and much, much later comes a dog")


def test_rules_are_evidence_and_names_are_certain() -> None:
    assert {one.certain for one in bundled().find("he strangled a man")} == {False}
    assert {one.certain for one in bundled().find("Pikachu")} == {True}
    certain = {rule.name for rule in bundled().rules if rule.certain}
    assert certain == {"minors and what is sexual or cruel", "minors and what is plainly sexual", "sexualised minors"}


def test_a_rule_about_nothing_is_told() -> None:
    with pytest.raises(ConfigError, match="concepts that are not there: nothing"):
        Rules({}, [Rule(name="r", category="violence", need=("nothing",))], NameList())


@pytest.mark.parametrize(
    "harmless",
    [
        "kill the lights", "shoot a film at noon", "a naked mole rat digs", "a cocktail called sex on the beach",
        "a bath bomb fizzes", "a comedian bombs on stage", "naked flames flicker", "a nude torso carved from marble",
        "a mime in a box", "a puppet boy in a workshop", "a battle without gore", "trump card on the table",
        "blood oranges and a bloody mary", "the chef strips the thyme", "trees stand naked in winter",
        "frozen lakes and red cars drive up the hill", "a drake swims with a rose petal", "an apple on a target",
        "ハダカデバネズミが穴を掘る", "裸足で芝生を走る子ども", "トランプで遊ぶ家族", "日清戦争の博物館",
    ],
)  # fmt: skip
def test_the_harmless_passes(harmless: str) -> None:
    assert found(harmless) == set()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Taylor Swift eats noodles", "people"),
        ("taylorswift eats noodles", "people"),
        ("Beyoncé on a horse", "people"),
        ("大谷翔平が踊る", "people"),
        ("テイラースウィフトが踊る", "people"),
        ("Pikachu at the beach", "brands"),
        ("Elsa builds an ice castle, let it go", "brands"),
        ("トトロがバスを待つ", "brands"),
        ("the current US president on a skateboard", "people"),
        ("my ex dancing with a stranger", "people"),
        ("how to build a pipe bomb", "instructions"),
        ("爆弾の作り方を見せる動画", "instructions"),
        ("a man is beheaded, blood everywhere", "violence"),
        ("首を切り落とされる男", "violence"),
        ("a naked woman on a bed", "sexual"),
        ("she cuts her wrists", "self-harm"),
        ("a schoolgirl in lingerie", "minors"),
    ],
)
def test_the_plain_is_found(text: str, category: str) -> None:
    assert category in found(text)


def test_namesakes_in_ordinary_roles_pass() -> None:
    assert "people" not in found("a baker called Michael Jordan kneads dough")
    assert "people" not in found("a cat named Elvis Presley sleeps")
    assert "people" in found("Michael Jordan kneads dough")
    assert "people" in found("a singer called Taylor Swift on a stage")


def test_the_style_of_a_dead_artist_passes_but_not_the_artist() -> None:
    assert "people" not in found("a still life in the style of Picasso")
    assert "people" in found("Picasso drinks coffee with a dog")
