"""Everything that actors can do. A new action is one small file like these and a name in the tuple below."""

from __future__ import annotations

from types import MappingProxyType

from soramame.world.actions.base import Action, Context, Motion, Verb
from soramame.world.actions.bite import BITE
from soramame.world.actions.bounce import BOUNCE
from soramame.world.actions.drive import DRIVE
from soramame.world.actions.fall import FALL
from soramame.world.actions.fly import FLY
from soramame.world.actions.hide import HIDE
from soramame.world.actions.idle import IDLE
from soramame.world.actions.jump import JUMP
from soramame.world.actions.play import PLAY
from soramame.world.actions.roll import ROLL
from soramame.world.actions.run import RUN
from soramame.world.actions.sail import SAIL
from soramame.world.actions.swim import SWIM
from soramame.world.actions.turn import TURN
from soramame.world.actions.walk import WALK

__all__ = ["ACTIONS", "Action", "Context", "Motion", "Verb"]

_ALL = (IDLE, WALK, RUN, JUMP, BOUNCE, ROLL, FALL, SWIM, SAIL, FLY, DRIVE, TURN, BITE, HIDE, PLAY)

ACTIONS: MappingProxyType[str, Action] = MappingProxyType({action.name: action for action in _ALL})
