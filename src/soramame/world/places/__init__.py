"""The places of the paper world. A new one is a small file like these and a name in the tuple below."""

from __future__ import annotations

from types import MappingProxyType

from soramame.world.places.base import Place
from soramame.world.places.beach import BEACH
from soramame.world.places.city import CITY
from soramame.world.places.kitchen_table import KITCHEN_TABLE
from soramame.world.places.meadow import MEADOW
from soramame.world.places.moon import MOON
from soramame.world.places.neon_street import NEON_STREET
from soramame.world.places.snowfield import SNOWFIELD

__all__ = ["PLACES", "Place"]

_ALL = (NEON_STREET, SNOWFIELD, BEACH, MEADOW, CITY, MOON, KITCHEN_TABLE)

PLACES: MappingProxyType[str, Place] = MappingProxyType({place.name: place for place in _ALL})
