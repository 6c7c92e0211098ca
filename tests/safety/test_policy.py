"""The policy: a default that is whole, an operator's file over it, and one sentence for whatever is wrong with that file."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from soramame.errors import ConfigError
from soramame.safety.policy import ACTIONS, SEVERITIES, Policy


def over(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return Policy.load(path)


def test_the_default_has_eight_whole_categories() -> None:
    policy = Policy.load()
    assert set(policy.categories) == {
        "sexual", "minors", "violence", "hate", "self-harm", "people", "brands", "instructions",
    }  # fmt: skip
    for category in policy.categories.values():
        assert category.about
        assert category.instead_en
        assert category.instead_ja
        assert category.severity in SEVERITIES
        assert category.action in ACTIONS
        assert 0 < category.warn_at < category.refuse_at < 1
    assert policy.switches.watermark
    assert policy.switches.credentials
    assert policy.switches.frames


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    policy = over(tmp_path, '[category.brands]\naction = "warn"\n[switches]\nwatermark = false\n')
    default = Policy.load()
    assert policy.categories["brands"].action == "warn"
    assert policy.categories["brands"].instead_en == default.categories["brands"].instead_en
    assert policy.categories["sexual"] == default.categories["sexual"]
    assert not policy.switches.watermark
    assert policy.switches.credentials


def test_scores_between_the_thresholds_warn() -> None:
    category = Policy.load().categories["violence"]
    assert category.action_for(category.refuse_at) == "refuse"
    assert category.action_for((category.refuse_at + category.warn_at) / 2) == "warn"
    assert category.action_for(category.warn_at / 2) == "allow"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[category.sexual]\ncolour = 1", "category.sexual.colour"),
        ("[category.cooking]\naction = 'allow'", "category.cooking"),
        ("speed = 3", "speed"),
        ("[switches]\nwatermark = 1", "switches.watermark"),
        ("[category.hate]\nrefuse_at = true", "category.hate.refuse_at"),
        ("[category.hate]\nrefuse_at = 1.5", "category.hate.refuse_at"),
        ("[category.hate]\nrefuse_at = nan", "category.hate.refuse_at"),
        ("[category.hate]\nwarn_at = 0.9", "category.hate.warn_at"),
        ("[category.hate]\naction = 'shout'", "category.hate.action"),
        ("[category.hate]\nseverity = 'absolute'", "category.hate.severity"),
        ("[category]\nhate = 3", "category.hate"),
        ("[upstream]\ntimeout = 0", "upstream.timeout"),
        ("[record]\nlog_prompt = 'some'", "record.log_prompt"),
    ],
)
def test_what_is_wrong_is_told_with_key_and_file(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        over(tmp_path, text)
    told = str(caught.value)
    assert key in told
    assert "mine.toml" in told
    assert "\n" not in told


@pytest.mark.parametrize(
    "change", ["action = 'warn'", "action = 'allow'", "severity = 'high'", "refuse_at = 0.9", "warn_at = 0.6"]
)
def test_minors_cannot_be_lowered(tmp_path: Path, change: str) -> None:
    with pytest.raises(ConfigError, match="cannot be lowered"):
        over(tmp_path, f"[category.minors]\n{change}\n")


def test_minors_can_be_made_stricter(tmp_path: Path) -> None:
    assert over(tmp_path, "[category.minors]\nrefuse_at = 0.3\nwarn_at = 0.2\n").categories["minors"].refuse_at == 0.3


@pytest.mark.parametrize("content", [b"[switches", b"\xff\xfe"])
def test_what_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"mine\.toml is not TOML"):
        Policy.load(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Policy.load(tmp_path / "none.toml")


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Policy.load().switches.watermark = False  # type: ignore[misc]
