"""English synonyms beyond those of the registries. Tables only: every entry is true of what its key names."""

from __future__ import annotations


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


NOUNS: dict[str, tuple[str, ...]] = {
    "woman": _w("woman|lady|female|adult woman|female figure"),
    "man": _w("man|guy|gentleman|fellow|male|bloke|male figure"),
    "wolf": _w("wolf|wild wolf|timber wolf|forest wolf"),
    "dog": _w("dog|hound|doggy|pet dog|pooch|mutt"),
    "mammoth": _w("mammoth|woolly mammoth|wooly mammoth|ice-age mammoth|shaggy mammoth|hairy mammoth"),
    "bird": _w("bird|birdie|songbird|feathered bird|wild bird"),
    "astronaut": _w("astronaut|spaceman|cosmonaut|space explorer|space traveller|spacewalker|moonwalker"),
    "car": _w("car|automobile|vehicle|motorcar|auto|motor car"),
    "boat": _w("boat|sailboat|sailing boat|sailing ship|vessel|sailing vessel|small ship|yacht"),
    "ball": _w("ball|round ball|toy ball|bouncy ball|rubber ball|play ball"),
    "cookie": _w("cookie|chocolate chip cookie|biscuit|choc-chip cookie|baked cookie|chocolate cookie"),
}
IRREGULAR = {
    "woman": "women", "man": "men", "wolf": "wolves", "lady": "ladies", "doggy": "doggies", "spaceman": "spacemen",
    "gentleman": "gentlemen", "calf": "calves", "ferry": "ferries", "lorry": "lorries", "puppy": "puppies",
    "boy": "boys",
    "person": "people", "fox": "foxes", "bus": "buses", "foot": "feet", "child": "children", "monkey": "monkeys",
}  # fmt: skip
YOUNG = {"wolf": _w("wolf pup|wolf cub|pup|young wolf"), "dog": _w("puppy|pup|little doggy|young dog"),
         "mammoth": _w("mammoth calf|baby mammoth|young mammoth")}  # fmt: skip
"""Names of small ones. Only where the size is "small"."""
GROUPS = {"wolf": _w("a pack of|a group of"), "dog": _w("a pack of|a group of"), "mammoth": _w("a herd of|a group of"),
          "bird": _w("a flock of|a group of")}  # fmt: skip
ALONE = _w("a lone|a single|one|one single|just one|a solitary|exactly one")
NUMBERS: dict[int, tuple[str, ...]] = {
    2: _w("two|2|a pair of|a couple of|exactly two|two|2"),
    3: _w("three|3|a trio of|exactly three|three|3"),
    4: _w("four|4|exactly four|four|4|a group of four"),
    5: _w("five|5|exactly five|five|5|a group of five|five"),
}
SIZES = {
    "small": _w("small|little|tiny|smallish|miniature|wee|petite"),
    "large": _w("large|big|huge|giant|enormous|massive|great|gigantic"),
}
MOODS = {
    "happy": _w("happy|cheerful|joyful|smiling|merry|glad|delighted|grinning"),
    "sad": _w("sad|unhappy|sorrowful|gloomy|melancholy|downcast|tearful|miserable"),
    "angry": _w("angry|furious|cross|mad|enraged|grumpy|irritated|annoyed"),
    "surprised": _w("surprised|astonished|amazed|startled|shocked|stunned|wide-eyed"),
}
MOOD_SENTENCES = {
    "happy": _w("{it} {looks} happy|{it} {is} smiling|the mood is cheerful|{it} {seems} joyful"),
    "sad": _w("{it} {looks} sad|{it} {is} unhappy|the mood is melancholy|{it} {seems} sorrowful"),
    "angry": _w("{it} {looks} angry|{it} {is} furious|{it} {seems} cross|{it} {looks} mad"),
    "surprised": _w("{it} {looks} surprised|{it} {is} astonished|{it} {seems} amazed|{it} {looks} startled"),
}
COLOURS = {
    "red": _w("red|scarlet|crimson|bright red|ruby"),
    "orange": _w("orange|bright orange|tangerine"),
    "yellow": _w("yellow|bright yellow|lemon-yellow|sunny yellow"),
    "green": _w("green|emerald|leaf-green"),
    "blue": _w("blue|bright blue|azure|cobalt blue|sapphire"),
    "purple": _w("purple|violet|lilac"),
    "pink": _w("pink|rose-coloured|rosy|hot pink"),
    "brown": _w("brown|chestnut|chocolate-brown|brown-coloured"),
    "black": _w("black|jet-black|coal-black|pitch-black|dark"),
    "white": _w("white|snow-white|pure white|snowy white"),
    "grey": _w("grey|gray|ash-grey|slate-grey"),
    "gold": _w("gold|golden|gold-coloured"),
    "silver": _w("silver|silvery|silver-coloured"),
    "teal": _w("teal|turquoise|blue-green|teal-coloured"),
    "beige": _w("beige|cream|sand-coloured|tan|cream-coloured"),
}
LOOK_SWAPS: dict[str, tuple[str, ...]] = {
    "trousers": _w("trousers|pants|slacks"),
    "leather jacket": _w("leather jacket|jacket of leather|biker jacket|jacket"),
    "t-shirt": _w("t-shirt|tee|T-shirt|tee shirt|shirt"),
    "sweater": _w("sweater|pullover|jumper|knitted sweater|jersey"),
    "coat": _w("coat|overcoat|long coat"),
    "dress": _w("dress|gown|frock"),
    "skirt": _w("skirt|short skirt"),
    "suit": _w("suit|business suit"),
    "space suit": _w("space suit|spacesuit|astronaut suit|pressure suit"),
    "sunglasses": _w("sunglasses|dark glasses|shades"),
    "scarf": _w("scarf|neck scarf|woollen scarf"),
    "bag": _w("bag|handbag|shoulder bag"),
    "hat": _w("hat|brimmed hat"),
    "blonde hair": _w("blonde hair|blond hair|golden hair|fair hair"),
    "carrying": _w("carrying|holding|with"),
    "wearing": _w("wearing|with|sporting"),
    "in": _w("in|wearing|dressed in|clad in"),
    "sails": _w("sails|sailcloth|canvas sails"),
}
PLACES: dict[str, tuple[str, ...]] = {
    "neon_street": _w(
        "on a {}~neon street|neon-lit street|street of neon signs|street glowing with neon|"
        "city street full of glowing signs"
        "|street of neon lights|Tokyo street glowing with neon|Tokyo street|street in Tokyo|"
        "street with colourful neon signs"
        "|glowing street|street with neon billboards|cyberpunk street|neon alley|neon city street"
        "|street full of bright signboards|neon avenue|street lit by neon signs|neon road|illuminated street"
    ),
    "snowfield": _w(
        "in the {}~snow|deep snow|white snow|snowfields|snowy wilderness|ice and snow|winter landscape|"
        "frozen tundra|tundra|powder snow"
        "|snowy mountains|arctic snow|winter|cold snow|ice"
    )
    + _w(
        "across a {}~snowfield|snowy field|snow-covered plain|snowy landscape|snowy plain|white plain|"
        "frozen field|wintry field"
        "|field of snow|snow-covered valley|snowy meadow|icy plain|frozen land|snowy mountain landscape|"
        "wintry landscape|snow-clad plain"
    ),
    "beach": _w(
        "on the {}~beach|sandy beach|sand|shore|seashore|coast|sandy shore|seaside|strand|ocean beach|"
        "sands|palm beach|tropical beach|waterfront|seafront"
    )
    + _w("by the {}~sea|ocean|seaside|waves|water|shore|surf|shoreline|blue sea|bay|breakers|coast"),
    "beach:water": _w("on the {}~sea|ocean|water|waves|blue sea|open sea|bay|sea by the beach")
    + _w("off the {}~beach|coast|shore|sandy beach|seashore"),
    "meadow": _w(
        "in a {}~meadow|forest meadow|flowery meadow|clearing in the forest|grassy field|"
        "field of flowers|green field|woodland clearing|glade"
        "|flower meadow|wildflower meadow|pasture|grassland|grassy meadow|forest clearing|green meadow|grassy glade"
    )
    + _w("on the {}~grass|green grass|lawn|flowery grass|meadow|grassland|countryside grass")
    + _w("among the {}~flowers|wildflowers|trees and flowers|blossoms|grass and flowers"),
    "city": _w(
        "in the {}~city|town|city centre|downtown|city streets|downtown area|streets of the city|"
        "middle of the city|urban streets|metropolis"
    )
    + _w(
        "on a {}~city street|downtown street|street|street in town|town street|pavement in the city|"
        "urban street|sidewalk|street lined with houses"
        "|road in the city|road|boulevard|avenue|street with buildings|residential street|street between houses"
    ),
    "moon": _w(
        "on the {}~moon|surface of the moon|lunar surface|moon's surface|moon's grey dust|cratered moon|"
        "grey lunar soil|dusty moon|moonscape"
        "|lunar landscape|lunar plain|barren moon|lunar dust|moon among craters|lunar ground"
    ),
    "kitchen_table": _w(
        "on the {}~kitchen table|table in the kitchen|wooden table|table top|table|tabletop|wooden kitchen table"
        "|dining table|wooden tabletop|wood table|table at home"
    )
    + _w("on a {}~kitchen table|wooden table|table|table in a kitchen|table of wood|tabletop|dinner table"),
}
"""Prepositional pattern, "~", nouns. A pattern holds for the nouns up to the next pattern."""
DETAILS: dict[str, tuple[str, ...]] = {
    "neon_street": _w(
        "neon signs glow in many colours|glowing signs line the street|colourful signboards shine on the dark houses"
        "|lit windows and neon letters fill the background"
    ),
    "snowfield": _w(
        "white mountains rise in the distance|pine trees stand in the background|"
        "snow-covered pines and mountains fill the background"
        "|the ground is covered with snow"
    ),
    "beach": _w(
        "waves roll in behind|the sea stretches to the horizon|the surf comes and goes|"
        "white foam lines the water|the sand is smooth"
    ),
    "meadow": _w(
        "flowers dot the grass|green trees stand in the background|little flowers bloom everywhere|"
        "round trees line the meadow|hills rise behind the trees"
    ),
    "city": _w(
        "colourful houses line the street|tall buildings stand in the background|"
        "pastel house fronts stand behind|towers rise behind the houses"
    ),
    "moon": _w(
        "the earth hangs in the black sky|stars shine in the black sky|craters cover the grey ground|"
        "the blue earth is in the sky"
    ),
    "kitchen_table": _w(
        "there is a window behind the table|the wall behind is tiled|the table is made of wood|"
        "a lamp hangs above the table"
    ),
}
TIMES = {
    "dawn": _w(
        "at dawn|at sunrise|in the early morning|at daybreak|at first light|as the sun rises|"
        "in the morning light|early in the morning"
    ),
    "day": _w(
        "by day|in the daytime|during the day|in daylight|in broad daylight|at noon|at midday|in the middle of the day"
    ),
    "dusk": _w(
        "at dusk|at sunset|in the evening|at twilight|as the sun sets|at nightfall|in the evening light|"
        "at sundown|at golden hour"
    ),
    "night": _w(
        "at night|by night|after dark|in the dark of night|late at night|in the night|at midnight|"
        "under a night sky|during the night"
    ),
}
TIME_WORDS = {
    "dawn": _w("dawn|sunrise|early morning|morning"), "day": _w("day|daytime|daylight|noon"),
    "dusk": _w("dusk|sunset|evening|twilight"), "night": _w("night|nighttime|dark|night time"),
}  # fmt: skip
WEATHERS = {
    "clear": _w("under a clear sky|in fine weather|in clear weather|under a cloudless sky|in good weather"),
    "cloudy": _w("under a cloudy sky|in cloudy weather|under grey clouds|on an overcast {day}|under an overcast sky"),
    "rain": _w(
        "in the rain|while it rains|on a rainy {day}|in the pouring rain|as rain falls|in rainy weather|"
        "during a rain shower"
    ),
    "snow": _w(
        "in falling snow|while it snows|as snow falls|in a snowfall|during snowfall|"
        "as snowflakes drift down|in a flurry of snow"
    ),
    "fog": _w(
        "in the fog|in the mist|in thick fog|in a haze of mist|in foggy weather|on a misty {day}|shrouded in fog"
    ),
}
WEATHER_WORDS = {
    "clear": _w("clear sky|fine weather|clear weather"), "cloudy": _w("cloudy|overcast|clouds|cloudy sky"),
    "rain": _w("rain|rainy|raining|wet"), "snow": _w("falling snow|snowing|snowfall|snowflakes"),
    "fog": _w("fog|mist|foggy|misty"),
}  # fmt: skip
WEATHER_SENTENCES = {
    "clear": _w("the sky is clear|there is not a cloud in the sky|the weather is fine"),
    "cloudy": _w("the sky is cloudy|clouds cover the sky|it is overcast|the day is grey and cloudy"),
    "rain": _w("it is raining|rain falls|raindrops fall from the sky|the rain pours down|rain comes down in streaks"),
    "snow": _w("it is snowing|snow is falling|snowflakes drift down|flakes of snow fall"),
    "fog": _w("it is foggy|mist hangs in the air|fog softens everything|a thick fog lies over the scene"),
}
SUNNY = _w("on a sunny day|in the sunshine|on a bright sunny day|in bright sunlight|under a blue sky|on a clear day")
"""Day and clear at once."""
TIME_SENTENCES = {
    "dawn": _w(
        "it is early morning|the sun is just rising|soft dawn light fills the scene|dawn is breaking|"
        "the light of sunrise is pink and gold"
    ),
    "day": _w("it is daytime|the light is bright|it is the middle of the day|bright daylight fills the scene"),
    "dusk": _w(
        "the sun is setting|it is evening|warm evening light fills the scene|dusk is falling|"
        "the light of sunset is orange and purple"
    ),
    "night": _w("it is night|night has fallen|it is dark|the scene lies in the dark of night|it is late at night"),
}
SIDES = {
    "left": _w(
        "on the left|on the left side|to the left|at the left of the picture|at left|"
        "in the left part of the frame|on the left-hand side"
    ),
    "centre": _w(
        "in the middle|in the centre|in the center of the frame|at the centre|in the middle of the picture|centred"
    ),
    "right": _w(
        "on the right|on the right side|to the right|at the right of the picture|at right|"
        "in the right part of the frame|on the right-hand side"
    ),
}
DIRECTIONS = {
    "left": _w("to the left|towards the left|leftwards|from right to left|left|toward the left side"),
    "right": _w("to the right|towards the right|rightwards|from left to right|right|toward the right side"),
}
TOWARDS = _w("towards|to|up to|toward|in the direction of")
RELATIONS = {
    "left of": _w("to the left of|on the left of|left of"),
    "right of": _w("to the right of|on the right of|right of"),
    "behind": _w("behind|in back of"),
    "in front of": _w("in front of|before"),
}
CAMERA = {
    "static": _w(
        "static camera|fixed camera|the camera does not move|locked-off shot|still camera|"
        "the camera stays still|tripod shot"
    ),
    "pan left": _w(
        "the camera pans left|camera pan to the left|panning left|the camera moves left|slow pan left|"
        "the view slides to the left"
    ),
    "pan right": _w(
        "the camera pans right|camera pan to the right|panning right|the camera moves right|"
        "slow pan right|the view slides to the right"
    ),
    "zoom in": _w(
        "the camera zooms in|slow zoom in|the camera moves closer|push in|the camera pushes in|"
        "zooming in|the camera comes nearer"
    ),
    "zoom out": _w(
        "the camera zooms out|slow zoom out|the camera pulls back|pull back|the camera moves away|zooming out"
    ),
    "follow": _w(
        "the camera follows {it}|tracking shot|the camera moves along with {it}|following shot|"
        "the camera tracks {it}|a follow shot"
    ),
}
STYLES = {
    "paper": _w(
        "paper cutout style|layered paper|paper art|papercraft|cut-paper animation|"
        "in the style of a paper collage|made of paper|paper illustration"
    ),
    "ink": _w("ink drawing|ink style|drawn in ink|with ink outlines|pen and ink|black ink outlines|inked comic style"),
}
INTROS = _w(
    "a video of {}|show me {}|a clip of {}|video: {}|make a video of {}|I want to see {}|generate {}|"
    "a short film of {}|animate {}|footage of {}"
    "|a scene with {}|an animation of {}|a movie of {}|create a clip showing {}|please show {}|film {}|"
    "a shot of {}|give me {}|draw {}|a picture of {} in motion"
)
EMPTY = _w(
    "an empty {p}|a deserted {p}|nobody {at}|no one {at}|{at}, nobody is there|a {p} without anyone|"
    "an empty scene {at}|an abandoned {p}|nothing moves {at}"
    "|only the {p}, no one around|{at}, no people and no animals|an unpeopled {p}|"
    "a vacant {p}|not a single person {at}|a silent and empty {p}|no living thing {at}|{at}, with no people|"
    "nothing and nobody {at}|a lonely, empty {p}|just the {p}, nobody there"
)
FLOURISHES = _w(
    "beautiful|cinematic|charming|calm|lovely|detailed|high quality|artistic|atmospheric|pretty|stylish|"
    "nice|picturesque"
)
