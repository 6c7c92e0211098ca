"""English: what expansion adds, in wordings of the training captions, and nouns with their plurals."""

from __future__ import annotations

from collections.abc import Mapping

from soramame.prompt.words import words

NOUNS: Mapping[str, Mapping[str, str]] = {
    "woman": {"woman": "women", "lady": "ladies"},
    "man": {"man": "men", "guy": "guys", "gentleman": "gentlemen"},
    "wolf": {"wolf": "wolves", "wolf pup": "wolf pups", "wolf cub": "wolf cubs"},
    "dog": {"dog": "dogs", "hound": "hounds", "doggy": "doggies", "puppy": "puppies"},
    "mammoth": {"mammoth": "mammoths", "woolly mammoth": "woolly mammoths", "mammoth calf": "mammoth calves"},
    "bird": {"bird": "birds", "songbird": "songbirds"},
    "astronaut": {"astronaut": "astronauts", "spaceman": "spacemen", "cosmonaut": "cosmonauts"},
    "car": {"car": "cars", "automobile": "automobiles"},
    "boat": {"boat": "boats", "sailboat": "sailboats", "sailing boat": "sailing boats", "yacht": "yachts"},
    "ball": {"ball": "balls", "rubber ball": "rubber balls", "toy ball": "toy balls", "bouncy ball": "bouncy balls"},
    "cookie": {"cookie": "cookies", "chocolate chip cookie": "chocolate chip cookies"},
}

WORN: Mapping[str, tuple[str, ...]] = {
    "woman": words(
        "a black leather jacket and a long red dress|a black leather jacket and a long red dress|"
        "a white coat and a long red dress|a beige coat and a long blue dress"
    ),
    "man": words(
        "a black leather jacket and blue trousers|a black leather jacket and blue trousers|"
        "a black coat and blue trousers|a grey suit and black trousers"
    ),
    "astronaut": words("a white space suit with blue trim|a white space suit with red trim"),
}
"""The usual clothes more than once."""
COLOURS: Mapping[str, tuple[str, ...]] = {
    "wolf": words("grey|grey|white"),
    "dog": words("brown|brown|white|black"),
    "mammoth": words("brown|brown|grey"),
    "bird": words("red|blue|yellow|white"),
    "car": words("red|blue|yellow|white"),
    "boat": words("red|blue|green"),
    "ball": words("red|blue|yellow|green"),
}
SAILS = "with white sails"

PLACES: Mapping[str, tuple[str, ...]] = {
    "neon_street": words("on a neon street|on a neon-lit street|on a street of neon signs"),
    "snowfield": words("in the snow|in the deep snow|in the snowy wilderness"),
    "beach": words("on the beach|on the sandy beach|by the sea"),
    "beach:water": words("on the sea|on the blue sea|on the waves"),
    "meadow": words("in a meadow|in a forest meadow|in a flowery meadow"),
    "city": words("in the city|on a city street|in the town"),
    "moon": words("on the moon|on the surface of the moon|on the lunar surface"),
    "kitchen_table": words("on the kitchen table|on the wooden table"),
}
TIMES: Mapping[str, tuple[str, ...]] = {
    "dawn": words("at dawn|in the early morning|at daybreak"),
    "day": words("by day|in the daytime|in the middle of the day"),
    "dusk": words("at dusk|in the evening|at twilight"),
    "night": words("at night|after dark|late at night"),
}
WEATHERS: Mapping[str, tuple[str, ...]] = {
    "clear": words("under a clear sky|in clear weather|under a cloudless sky"),
    "cloudy": words("under a cloudy sky|in cloudy weather"),
    "rain": words("in the rain|while it rains|in the pouring rain"),
    "snow": words("in falling snow|while it snows|as snowflakes drift down"),
    "fog": words("in the fog|in the mist|in foggy weather"),
}
TIME_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "dawn": words("it is early morning|dawn is breaking"),
    "day": words("it is daytime|it is the middle of the day"),
    "dusk": words("it is evening|dusk is falling"),
    "night": words("it is night|night has fallen|it is late at night"),
}
"""Only what fits every weather: no sun that sets behind rain."""
WEATHER_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "clear": words("the sky is clear|there is not a cloud in the sky|the weather is fine"),
    "cloudy": words("the sky is cloudy|clouds cover the sky"),
    "rain": words("it is raining|rain falls|the rain pours down|rain comes down in streaks"),
    "snow": words("it is snowing|snow is falling|snowflakes drift down"),
    "fog": words("it is foggy|mist hangs in the air"),
}
DETAILS: Mapping[str, tuple[str, ...]] = {
    "neon_street": words("neon signs glow in many colours|glowing signs line the street"),
    "snowfield": words(
        "white mountains rise in the distance|pine trees stand in the background|"
        "snow-covered pines and mountains fill the background"
    ),
    "beach": words("waves roll in behind|the surf comes and goes|white foam lines the water"),
    "beach:water": words("the sea stretches to the horizon"),
    "meadow": words("flowers dot the grass|green trees stand in the background|round trees line the meadow"),
    "city": words("colourful houses line the street|tall buildings stand in the background"),
    "moon": words("the earth hangs in the black sky|stars shine in the black sky|craters cover the grey ground"),
    "kitchen_table": words("there is a window behind the table|a lamp hangs above the table"),
}
STYLES = words(
    "paper cutout style|layered paper|paper art|papercraft|cut-paper animation|in the style of a paper collage|"
    "paper illustration"
)
