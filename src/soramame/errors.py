"""Everything that can go wrong for a user, as one tree. Each class has a stable code, an exit status and an HTTP status.

The message is one sentence that says what is wrong and the way out. Errors are raised deep and translated once, at the edge.
"""

from __future__ import annotations

from typing import ClassVar


class SoramameError(Exception):
    """Base of all errors that are told to the user in one sentence."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class OptionError(SoramameError):
    """An option that does not exist here, or with a value it cannot have."""

    code = "invalid_option"
    exit_status = 2
    http_status = 400


class PromptError(OptionError):
    """An empty or endless prompt."""

    code = "invalid_prompt"


class SizeError(OptionError):
    """Width and height that a model cannot paint."""

    code = "invalid_size"


class DurationError(OptionError):
    """A length that is not more than 0 and at most 60 seconds."""

    code = "invalid_duration"


class ConfigError(OptionError):
    """A configuration that contradicts itself or has unknown keys."""

    code = "invalid_config"


class MediaError(SoramameError):
    """A picture or clip that cannot be read, or is outside the limits."""

    code = "invalid_media"
    exit_status = 3
    http_status = 400


class ModelNotFoundError(SoramameError):
    """No model by that name or in that folder."""

    code = "model_not_found"
    exit_status = 4
    http_status = 404


class WeightsError(SoramameError):
    """Weights that are incomplete, altered, or of another architecture."""

    code = "invalid_weights"
    exit_status = 4


class OutputError(SoramameError):
    """A result that cannot be written: no permission, no space, an unknown kind of file."""

    code = "output_failed"
    exit_status = 5


class TrainingError(SoramameError):
    """A run that cannot start or go on."""

    code = "training_failed"
    exit_status = 6


class ExtraNeededError(SoramameError):
    """A command whose packages are not installed: the paper world, training."""

    code = "extra_needed"
    exit_status = 7


class RefusedError(SoramameError):
    """A prompt, picture or video that the policy refuses; the message says why, and what would be fine instead."""

    code = "moderation_blocked"
    exit_status = 8
    http_status = 400


class TrustError(SoramameError):
    """Keys and certificates that cannot sign, or a file that cannot be signed."""

    code = "trust_failed"
    exit_status = 9


class CancelledError(SoramameError):
    """Work that was stopped from outside."""

    code = "cancelled"
    exit_status = 130
    http_status = 400
