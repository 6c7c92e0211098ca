"""What is refused and what is switched on, as data: the default of this package, with an operator's TOML laid over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soramame.errors import ConfigError

DEFAULT = Path(__file__).with_name("policy.toml")
SEVERITIES = ("low", "medium", "high", "absolute")
ACTIONS = ("allow", "warn", "refuse")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "severity": SEVERITIES,
    "action": ACTIONS,
    "recipe_prompt": ("whole", "hash"),
    "log_prompt": ("whole", "hash"),
    "when_down": ("allow", "refuse"),
    "faces": ("allow", "refuse"),
}
RANGES: Mapping[str, tuple[float, float]] = {
    "refuse_at": (0.0, 1.0),
    "warn_at": (0.0, 1.0),
    "exposed_at": (0.0, 1.0),
    "nsfw_at": (0.0, 1.0),
    "timeout": (0.1, 60.0),
}


@dataclass(frozen=True, kw_only=True)
class Category:
    """One kind of content. Scores are in [0, 1]; ``instead_*`` end the sentence of a refusal."""

    name: str
    about: str
    severity: str
    action: str
    refuse_at: float
    warn_at: float
    instead_en: str
    instead_ja: str

    def action_for(self, score: float) -> str:
        """What to do about a score: the category's action from ``refuse_at`` on, a warning from ``warn_at`` on."""
        if self.action == "allow" or score < self.warn_at:
            return "allow"
        return self.action if score >= self.refuse_at else "warn"


@dataclass(frozen=True, kw_only=True)
class Switches:
    """Which further parts are on."""

    watermark: bool
    credentials: bool
    frames: bool


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """From which score on what a picture shows is refused: naked parts of bodies, and the whole of it; and whether pictures that
    are given may show people's ``faces``.
    """

    exposed_at: float
    nsfw_at: float
    faces: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is kept of a prompt in a file's recipe and in the log; no log where ``log_file`` is empty."""

    recipe_prompt: str
    log_file: str
    log_prompt: str


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """A moderation endpoint to ask as well; none where ``url`` is empty. ``timeout`` is in seconds."""

    url: str
    model: str
    key_variable: str
    timeout: float
    when_down: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All of it."""

    switches: Switches
    pictures: Pictures
    record: Record
    upstream: Upstream
    categories: Mapping[str, Category] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Policy:
        """The default policy, with the operator's file laid over it.

        :class:`~soramame.errors.ConfigError`, naming key and file, for an unknown key, a wrong type, a value out of range,
        and anything laxer for what is absolute.
        """
        default = _read(DEFAULT)
        if path is None:
            return _built(default)
        laid = _laid(default, _read(path), path=path, above="")
        _check_absolute(default, laid, path)
        return _built(laid)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the policy {path} cannot be read ({error.strerror}); name a TOML file.") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise ConfigError(f"the policy {path} is not TOML ({error}); mend it.") from error


def _laid(default: Mapping[str, Any], over: Mapping[str, Any], *, path: Path, above: str) -> dict[str, Any]:
    """The default with what the file changes; both are walked together."""
    merged = dict(default)
    for key, value in over.items():
        name = f"{above}{key}"
        if key not in default:
            known = ", ".join(default)
            raise ConfigError(f"the policy {path} has an unknown key {name}; there are {known}.")
        if isinstance(default[key], dict):
            if not isinstance(value, dict):
                raise ConfigError(f"the policy {path} gives {name} a value; it has to be a table, [{name}].")
            merged[key] = _laid(default[key], value, path=path, above=f"{name}.")
        else:
            merged[key] = _checked(default[key], value, key=key, where=f"the policy {path} has {name} = {value!r}")
    return merged


def _checked(default: Any, value: Any, *, key: str, where: str) -> Any:
    wanted = type(default)
    number = wanted is float and isinstance(value, int | float) and not isinstance(value, bool)
    if not number and type(value) is not wanted:
        told = {bool: "true or false", float: "a number", str: "a text"}[wanted]
        raise ConfigError(f"{where}; it has to be {told}.")
    if key in CHOICES and value not in CHOICES[key]:
        raise ConfigError(f"{where}; it has to be one of {', '.join(CHOICES[key])}.")
    if key in RANGES:
        low, high = RANGES[key]
        if not low <= value <= high:  # also refuses nan
            raise ConfigError(f"{where}; it has to be from {low:g} to {high:g}.")
    return float(value) if number else value


def _check_absolute(default: Mapping[str, Any], laid: Mapping[str, Any], path: Path) -> None:
    for name, wanted in default["category"].items():
        told = laid["category"][name]
        if told["warn_at"] > told["refuse_at"]:
            raise ConfigError(f"the policy {path} has category.{name}.warn_at above refuse_at; lower it.")
        if told["severity"] == "absolute" != wanted["severity"]:
            raise ConfigError(
                f"the policy {path} has category.{name}.severity = 'absolute'; only the default may say so."
            )
        if wanted["severity"] != "absolute":
            continue
        for key in ("severity", "action"):
            if told[key] != wanted[key]:
                raise ConfigError(
                    f"the policy {path} has category.{name}.{key} = {told[key]!r}; this category cannot be lowered."
                )
        for key in ("refuse_at", "warn_at"):
            if told[key] > wanted[key]:
                raise ConfigError(
                    f"the policy {path} has category.{name}.{key} = {told[key]:g}; this category cannot be lowered, "
                    f"so it is at most {wanted[key]:g}."
                )


def _built(data: Mapping[str, Any]) -> Policy:
    return Policy(
        switches=Switches(**data["switches"]),
        pictures=Pictures(**data["pictures"]),
        record=Record(**data["record"]),
        upstream=Upstream(**data["upstream"]),
        categories={name: Category(name=name, **told) for name, told in data["category"].items()},
    )
