"""Everything that actors can do. A new action is one more :class:`Action` in one of these files, and its name here."""

from __future__ import annotations

from types import MappingProxyType

from soramame.world.actions.air import FLY, SAIL, SWIM
from soramame.world.actions.base import Action, Context, Motion, Verb
from soramame.world.actions.ground import DRIVE, HIDE, IDLE, JUMP, PLAY, RUN, TURN, WALK
from soramame.world.actions.things import BITE, BOUNCE, FALL, ROLL

__all__ = ["ACTIONS", "Action", "Context", "Motion", "Verb"]

_ALL = (IDLE, WALK, RUN, JUMP, BOUNCE, ROLL, FALL, SWIM, SAIL, FLY, DRIVE, TURN, BITE, HIDE, PLAY)

ACTIONS: MappingProxyType[str, Action] = MappingProxyType({action.name: action for action in _ALL})
