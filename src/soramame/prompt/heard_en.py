"""English words in a prompt, and what each says something about. Broad on purpose: what might have been said is not added.

The keys are tags: ``place:NAME``, ``time:NAME`` and ``weather:NAME`` where a word means one that the world has, the bare
aspect where it means another; ``like:KIND`` for what the world has only something like. See :mod:`soramame.prompt.said`.
"""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # Places of the world. Longer words win over shorter ones inside them, here and below.
    "place:neon_street scenery time": (
        "glowing street|illuminated street|street full of bright signboard|street full of bright sign|neon street|"
        "neon lit street|neon lit city street|neon city street|neon alley|neon road|neon avenue|neon city|"
        "neon sign|neon light|street of neon sign|street of neon light|street glowing with neon|glowing sign|"
        "glowing signboard|neon signboard|neon billboard|street lit by neon sign|street with neon billboard|"
        "neon signboards|cyberpunk street|street full of glowing sign|city street full of glowing sign|"
        "neon lit city|neon lit road|neon lit alley|street with colourful neon sign|glowing with neon|"
        "glows with neon|neon glow"
    ),
    "place:snowfield": (
        "snowfield|snow field|snowy field|snowy meadow|snowy plain|snowy landscape|snowy wilderness|"
        "snow covered plain|snow covered field|snow covered valley|field of snow|white plain|icy plain|"
        "frozen tundra|tundra|wintry field|frozen field|snowy place|snowy valley|snowy ground"
    ),
    "place:snowfield weather": (  # whether it falls or lies is left open
        "in the cold snow|in cold snow|in the fluffy snow|in the snow|in the deep snow|in deep snow|"
        "through the snow|through deep snow|through the deep snow|on the snow|across the snow|over the snow|"
        "in white snow|in the white snow|through snow|in snow|powder snow|deep snow|in the fresh snow|in fresh snow"
    ),
    "place:snowfield scenery": (
        "snowy mountain|snow covered mountain|snowy mountain landscape|snow capped mountain|mountain of ice"
    ),
    "place:beach": (
        "waterfront|beach|sandy beach|tropical beach|palm beach|seaside|seashore|shore|sandy shore|shoreline|coast|"
        "seafront|sand|strand|by the sea|by the ocean|ocean beach|beside the sea|near the sea|by the water"
    ),
    "place:beach water": (
        "sea|ocean|open sea|blue sea|bay|on the water|over the water|across the water|through the water|"
        "in the water|high sea"
    ),
    "place:beach water scenery": "wave|ocean wave|on the wave|surf|over the wave|breaker",
    "place:meadow": (
        "meadow|forest meadow|green meadow|grassy field|green field|grassland|grass|green grass|lawn|glade|pasture|"
        "clearing in the forest|clearing in the wood|forest clearing|wood clearing|woods clearing|"
        "woodland clearing|clearing"
    ),
    "place:meadow scenery": (
        "trees and flower|tree and flower|among the blossom|among blossom|among the tree|among tree|"
        "among trees and flower|among the trees and flower|among the grass|flowery meadow|flower meadow|"
        "wildflower meadow|field of flower|among the flower|among flower|among the wildflower|flowery field|"
        "flowery forest meadow|flowery grass|meadow full of flower|flower field|field of wildflower"
    ),
    "place:city": (
        "city|cities|city street|city centre|city center|downtown|town|street|sidewalk|pavement|downtown street|"
        "city road|urban street|street of the city|boulevard|avenue|metropolis|road in the city|town street|"
        "residential street|road|city sidewalk|downtown area"
    ),
    "place:moon": (
        "barren moon|cratered moon|dusty moon|grey moon|gray moon|moon among crater|among the crater|"
        "dark side of the moon|on the moon|across the moon|over the moon|surface of the moon|moon surface|"
        "lunar surface|lunar landscape|lunar plain|lunar soil|lunar dust|lunar ground|moonscape|moon grey dust|"
        "moon dust|dust of the moon|on the dusty moon|grey dust of the moon|gray dust of the moon|on the grey moon|"
        "on the surface of the moon|ground of the moon|on the cratered moon|on the barren moon"
    ),
    "place:moon scenery": "crater of the moon|moon crater|lunar crater",
    "place:kitchen_table": (
        "kitchen table|table in the kitchen|wooden table|table top|tabletop|wooden tabletop|dining table|"
        "dinner table|wood table|table|wooden kitchen table|table in a kitchen|on the kitchen table|table at home|"
        "dinner table at home"
    ),
    # Places that the world has not, and whatever stands in them. Nothing about place and air is added to these.
    "elsewhere": (
        "cyberpunk|nowhere|somewhere|anywhere|mud|hole|tar|moon|dotonbori|kabukicho|red light district|"
        "entertainment district|cabaret|chinatown|harajuku|roppongi|nightlife area|lapland|switzerland|snowdrift|"
        "polar region|finland|sweden|scandinavia|nepal|tibet|cold place|freezing wasteland|mongolia|denali|"
        "avalanche|icefield|yukon|caribbean|mediterranean|bali|sandbank|cove|gulf|open water|pacific|atlantic|"
        "lighthouse|boardwalk|coastline|atoll|bahamas|florida|fiji|maui|shipyard|strait|sandcastle|promenade|"
        "bamboo grove|plantation|hayfield|grove|serengeti|foothills|grazing land|acre|barnyard|greenery|shrubs|"
        "foliage|heath|moor|moorland|campus|block|crosswalk|urban area|uptown|expressway|municipality|district|"
        "detroit|manchester|milan|glasgow|parkway|roundabout|curb|cosmos|solar system|exoplanet|comet|lunar base|"
        "moon base|zero gravity|another world|mercury|neptune|pluto|uranus|comets|galaxies|celestial body|"
        "martian surface|satellite|meteor|apollo landing site|weightlessness|low gravity|airless world|cupboard|"
        "countertop|buffet|cutting board|canteen|napkin|saucer|cafeteria|pantry|microwave|parlor|parlour|household|"
        "cabinet|drawer|appliances|chopping board|tablecloth|placemat|teapot|mug|barbecue|grill|lunchbox|"
        "snowy city|snow covered city|snowy street|snowy road|snowy town|snowy forest|snowy village|"
        "snow covered street|snow|snowy|snow clad|snow covered|forest|wood|woods|woodland|jungle|rainforest|garden|"
        "farm|farmyard|barn|park|hill|hilltop|hillside|countryside|savannah|savanna|prairie|valley|orchard|"
        "playground|field|farmland|bush|swamp|marsh|bog|mountain|mountaintop|peak|summit|cliff|canyon|gorge|cave|"
        "cavern|desert|dune|oasis|island|islet|harbour|harbor|lake|lakeside|river|riverside|riverbank|stream|creek|"
        "brook|pier|lagoon|pool|swimming pool|pond|port|marina|quay|dock|wharf|jetty|reef|waterfall|fjord|canal|"
        "estuary|underwater|under the sea|under water|deep sea|bottom of the sea|sea bottom|ocean floor|sea floor|"
        "seabed|aquarium|iceberg|glacier|antarctica|arctic|north pole|south pole|alps|himalaya|siberia|alaska|"
        "ski slope|slope|igloo|volcano|lava|room|bedroom|bathroom|living room|dining room|classroom|kitchen|hall|"
        "hallway|corridor|lobby|attic|basement|cellar|balcony|rooftop|roof|terrace|porch|veranda|patio|courtyard|"
        "backyard|yard|driveway|garage|parking lot|car park|house|home|hut|cabin|cottage|apartment|flat|mansion|"
        "villa|palace|castle|tower|temple|shrine|church|cathedral|mosque|monastery|ruin|dungeon|prison|jail|cell|"
        "museum|gallery|library|bookshop|school|university|office|factory|warehouse|workshop|laboratory|lab|"
        "hospital|clinic|hotel|inn|restaurant|cafe|café|bar|pub|bakery|diner|shop|store|supermarket|mall|market|"
        "bazaar|marketplace|theatre|theater|cinema|stage|studio|concert|nightclub|club|disco|casino|arcade|stadium|"
        "arena|gym|court|pitch|football field|soccer field|basketball court|golf course|racetrack|race track|rink|"
        "ice rink|station|train station|subway|metro|platform|airport|runway|bridge|tunnel|highway|motorway|"
        "freeway|crossroads|intersection|crossing|plaza|square|village|suburb|neighbourhood|neighborhood|alley|"
        "alleyway|lane|path|trail|footpath|mountain road|country road|dirt road|forest road|desert road|"
        "mountain path|village street|tokyo street|street in tokyo|rainy tokyo street|staircase|stairs|stairway|"
        "elevator|escalator|carousel|circus|zoo|aviary|stable|kennel|cage|nest|graveyard|cemetery|battlefield|"
        "trench|camp|campsite|tent|space|outer space|deep space|spaceship|spacecraft|space station|rocket|planet|"
        "mars|venus|jupiter|saturn|asteroid|galaxy|universe|nebula|orbit|heaven|hell|paradise|dreamland|wonderland|"
        "void|in the wild|table tennis|ping pong table|operating table|pool table|coffee table|picnic table|indoor|"
        "indoors|inside|interior|nature|wilderness|outback|steppe|paddock|vineyard|rice field|paddy|cornfield|"
        "wheat field|greenhouse|gazebo|fountain|fireplace|hearth|counter|desk|shelf|bed|sofa|couch|armchair|chair|"
        "bench|stool|rug|carpet|floor|ceiling|plate|bowl|tray|oven|stove|fridge|refrigerator|bath|bathtub|shower|"
        "sink|window|windowsill|door|doorway|tv|television|computer|laptop|piano|curtain|mirror|train|tram|"
        "bus stop|train car|plane|airplane|aeroplane|helicopter|submarine|paris|london|tokyo|kyoto|osaka|new york|"
        "berlin|rome|venice|moscow|shanghai|beijing|hong kong|seoul|bangkok|delhi|mumbai|sydney|los angeles|"
        "chicago|san francisco|las vegas|miami|hawaii|shibuya|shinjuku|akihabara|ginza|japan|china|india|africa|"
        "america|europe|england|france|italy|germany|spain|russia|canada|australia|egypt|norway|iceland|greenland|"
        "sahara|mount fuji|fuji|everest|manhattan|brooklyn|broadway|times square|hokkaido|okinawa|ice|ice cream|"
        "ice floe|frozen lake|frozen river|wall of|raft|cloud city|ocean of|sea of|medieval|ancient|futuristic|"
        "post apocalyptic|apocalyptic|ruined|alien world|fairy tale|fairytale|wild west|steampunk|ski|skis|skiing|"
        "skier|sled|sledge|sledding|sleigh|snowboard|snowboarding|skating|skates|ice skating|camping|hiking|bakes|"
        "baking|cooks|cooking|montage|cut to|cuts to|shots"
    ),
    "outdoors": "sky|skies|outside|outdoor|outdoors|open air|fresh air",
    # Times of day
    "time:dawn": "dawn|sunrise|daybreak|early morning|morning|first light|sun rises|rising sun|morning light|breakfast",
    "time:day": "day|daytime|daylight|noon|midday|midday sun|by day|broad daylight|lunchtime",
    "time:day weather:clear": (
        "sunny|sunny day|sunshine|sunlight|bright sunlight|sunlit|blue sky|bright day|clear day|under the sun"
    ),
    "time:dusk": (
        "dusk|sunset|evening|twilight|sundown|nightfall|golden hour|sun sets|setting sun|evening light|dinnertime"
    ),
    "time:night": (
        "moonless|moonless night|pitch black night|night|nighttime|night time|midnight|at night|after dark|"
        "late at night|night sky|by night|overnight"
    ),
    "time:night weather scenery": (
        "star|starry|starlit|starlight|stargazing|milky way|constellation|starry sky|starry night"
    ),
    "time:night weather": (
        "at the moon|under the moon|beneath the moon|by the moon|in the moonlight|light of the moon|moon rises|"
        "moon shines|full moon|crescent moon|moonlight|moonlit|moonrise|aurora|northern light"
    ),
    "time": (
        "cyberpunk|headlight|fire|firelight|afternoon|late afternoon|clock|o'clock|dark|darkness|dim|bright|"
        "brightly|gloomy|gloom|light|lights|lit|lamp|lamplight|street lamp|streetlight|lantern|candle|candlelight|"
        "torch|torchlight|spotlight|backlit|shadow|shade|shady|shining|shines|bonfire|campfire|firework|sleep|"
        "sleeps|sleeping|asleep|dream|dreams|dreaming|lunch|dinner|supper|bedtime|tonight|today|yesterday|tomorrow|"
        "hour|late|timelapse|time lapse|all day|day and night|eclipse|glow|glows|glowing|neon|silhouette|sun|suns|"
        "blue hour|am|pm"
    ),
    # Weather
    "weather:rain": (
        "storm|stormy|thunder|thunderstorm|lightning|hail|monsoon|torrent|rain|rains|raining|rainy|rainfall|"
        "drizzle|drizzling|downpour|shower of rain|rain shower|raindrop|pouring rain|in the rain"
    ),
    "weather:snow": (
        "blizzard|snowstorm|snow storm|snowing|snows|snowfall|falling snow|snowflake|flurry of snow|snow flurries|"
        "snow falls|snow is falling|snow falling|falling snowflake"
    ),
    "weather:fog": "fog|foggy|mist|misty|haze|hazy|in the fog|in the mist",
    "weather:cloudy": "cloudy|overcast|cloud|clouds|grey sky|gray sky|cloudy sky",
    "weather:clear": "clear sky|cloudless|cloudless sky|fine weather|clear weather|good weather|clear blue sky",
    "weather": (
        "weather|sky|skies|snow|snowy|snow covered|wind|winds|windy|breeze|breezy|gale|gust|hurricane|tornado|"
        "typhoon|rainbow|wet|damp|dry|drought|puddle|umbrella|raincoat|flood|flooded|smoke|smoky|dusty|dust storm|"
        "sandstorm|ash|steam|soaked|drenched|dripping|splash|splashes|splashing"
    ),
    "season:warm weather": (
        "summer|summertime|summery|spring|springtime|hot|heat|heatwave|warm|tropical|sunbathing|sunbathes"
    ),
    "season:cold weather": (
        "winter|wintry|wintertime|autumn|autumnal|in fall|in the fall|fall leaves|fall leaf|fall foliage|cold|"
        "chilly|freezing|frozen|frost|frosty|icy|christmas|xmas|halloween|snowman|snowball|new year|hanami|"
        "cherry blossom"
    ),
    # Looks of the subject: colours, clothes, kinds with colours of their own
    "look": (
        "dark|light coloured|jersey|shades|carrying|carries|holding|holds|sporting|with a hat|red|orange|yellow|"
        "green|blue|purple|pink|brown|black|white|grey|gray|gold|golden|silver|silvery|teal|beige|violet|scarlet|"
        "crimson|ruby|tangerine|emerald|azure|cobalt|sapphire|lilac|rosy|rose coloured|chestnut|cream|tan|"
        "turquoise|navy|maroon|olive|lavender|magenta|cyan|indigo|bronze|copper|ivory|amber|coral|khaki|mauve|"
        "peach|pastel|reddish|bluish|greenish|yellowish|pinkish|colour|color|coloured|colored|colourful|colorful|"
        "multicoloured|rainbow coloured|monochrome|black and white|pale|tinted|shiny|sparkling|glittering|metallic|"
        "chrome|rusty|transparent|translucent|see through|glass|crystal|stone|steel|iron|marble|ice blue|clay|"
        "furry|fluffy|shaggy|striped|stripes|spotted|dotted|checkered|plaid|patterned|polka dot|camouflage|painted|"
        "albino|piebald|tabby|dalmatian|golden retriever|retriever|labrador|husky|poodle|corgi|shiba|shiba inu|"
        "terrier|beagle|dachshund|collie|spaniel|bulldog|chihuahua|greyhound|shepherd|sheepdog|pug|pomeranian|"
        "arctic wolf|timber wolf|arctic|polar|police car|police|patrol|fire|ambulance|taxi|cab|army|military|"
        "race car|dress|dressed|gown|ball gown|frock|skirt|coat|overcoat|jacket|leather|shirt|t shirt|tee|blouse|"
        "sweater|jumper|pullover|hoodie|cardigan|trousers|pants|jeans|shorts|slacks|suit|tuxedo|uniform|kimono|"
        "yukata|robe|cloak|cape|hat|cap|hood|helmet|scarf|glove|mitten|boot|shoe|sneaker|sandal|sock|stocking|"
        "sunglasses|glasses|goggles|mask|bag|handbag|backpack|rucksack|costume|armour|armor|apron|bikini|swimsuit|"
        "swimwear|underwear|lingerie|naked|nude|topless|barefoot|bald|beard|bearded|moustache|mustache|hair|haired|"
        "blonde|blond|brunette|redhead|ponytail|braid|pigtail|freckles|wearing|wears|wear|wore|clad|outfit|clothes|"
        "clothing|clothed|garment|fashion|fashionable|stylish|elegant|veil|crown|jewellery|jewelry|necklace|"
        "spacesuit|space suit|pressure suit|silk|wool|woollen|denim|lace|velvet|satin|sari|turban|hijab|pyjamas|"
        "pajamas|poncho|vest|tie|sails|sail cloth|sailcloth|trim|skin|tattoo|makeup|bride|nun|nurse|soldier|"
        "firefighter|policeman|policewoman|businesswoman|businessman|another|other|both|basketball|football|"
        "soccer ball|tennis ball|beach ball|golf ball|baseball|volleyball|bowling ball|crystal ball|disco ball|"
        "eight ball|snow ball"
    ),
    # Things in the background, and pictures that have none
    "scenery": (
        "log|pine|palm|house|building|skyscraper|tall building|foam|horizon|earth|crater|windows|tile|tiles|"
        "background|backdrop|distance|behind a wall|signboard|billboard|shop window|in the distance|only|just|"
        "nothing but|plain|empty background|minimal|minimalist|blank|bare|barren|aerial view|from above|top down|"
        "overhead|bird eye view|birds eye view|bird eye|birdseye|close up|closeup|macro|extreme close up|"
        "portrait of|isolated|bokeh|blurred|mountains behind|abandoned|destroyed|burning|demolished"
    ),
    "scenery green": "flower|wildflower|tree|treetop|branch|blossom|bloom",
    "style": (
        "cyberpunk|style|photo|photograph|photography|photographic|photorealistic|realistic|realism|hyperrealistic|"
        "lifelike|real life|live action|documentary|footage|film|movie|cinematic|cinema style|35mm|16mm|vhs|imax|"
        "4k|8k|hd|anime|manga|cartoon|comic|animation|animated|claymation|stop motion|pixar|disney|ghibli|lego|"
        "pixel art|pixel|8 bit|3d|2d|cgi|render|rendered|rendering|unreal engine|low poly|voxel|watercolour|"
        "watercolor|oil painting|painting|acrylic|gouache|sketch|drawing|draw|drawn|pencil|charcoal|crayon|ink|pen|"
        "line art|engraving|woodcut|ukiyo e|mosaic|stained glass|collage|cutout|cut out|paper|papercraft|origami|"
        "illustration|illustrated|illustrate|art|artwork|artistic|abstract|surreal|impressionist|impressionism|"
        "cubist|van gogh|picasso|monet|art deco|retro|vintage|noir|sepia|gothic|fantasy art|concept art|storybook|"
        "picture book|children book|embroidery|felt|felted|plasticine|puppet|poster|logo|icon|vector|flat design"
    ),
    # What goes only where there is water, or air to fly in
    "water": (
        "swim|swims|swam|swimming|dive|dives|diving|sail|sailing|sailed|rowing|rows|floats|floating|drifts|"
        "drifting|surfs|surfing|surfer|paddles|paddling|fishing|shark|whale|dolphin|fish"
    ),
    "flies": "fly|flies|flying|flew|soar|soars|soaring|glide|glides|gliding|in flight|flap|flaps|flapping|air",
    # What the world has only something like
    "like:woman": "girl|mother|grandmother|old woman|daughter|queen|princess|ballerina|waitress|actress",
    "like:man": "boy|father|grandfather|son|salaryman|old man|child|children|kid|person|people|couple|tourist",
    "like:dog": "cat|kitten|rabbit|bunny|horse|pony|cow|sheep|lamb|goat|deer|fox|foxes|squirrel|hedgehog|donkey|pig",
    "like:bird": "butterfly|butterflies|bee|sparrow|robin|swallow|finch|bluebird",
    "like:car": "bus|buses|truck|lorry|lorries|van|motorcycle|motorbike|bicycle|bike|scooter|vehicle|sports car",
    "like:boat": "ship|ferry|ferries|canoe|kayak|fishing boat|galleon|pirate ship|sailing vessel|rowboat|rowing boat",
    "like:cookie": "cake|donut|doughnut|muffin|bread|cupcake|pie|sandwich|pancake",
    # Words that only look like something else, and what a preposition may be followed by
    "safe": (
        "scene|hot dog|dogfight|left|right|left side|right side|left hand side|right hand side|middle|centre|"
        "center|front|foreground|back|hind leg|leg|foot|feet|paw|hand|arm|head|mouth|face|eye|tail|wing|tusk|trunk|"
        "wheel|ground|circle|row|line|group|pair|pack|herd|flock|way|side|full speed|high speed|top speed|speed|"
        "slow motion|motion|hurry|joy|fear|silence|peace|love|anger|surprise|once|least|last|first|time|times|"
        "same time|moment|it|him|her|them|me|us|you|itself|himself|herself|themselves|each other|one another|"
        "everything|something|anything|camera|the camera|viewer|picture|frame|view|scenic|wall|it all|top of it|"
        "behind a wall|behind the wall|play|no one|nobody|ball gown|bird house|birdhouse|dog food|dog house|"
        "doghouse|car key|car door|bird cage|boat race|man made|top|bottom|bite|piece|morsel|bits|direction|place|"
        "again|there|here"
    ),
}
