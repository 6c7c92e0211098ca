"""Loose words: what the world lacks, by the nearest thing it has; for a text encoder's training, not for true captions."""

from __future__ import annotations


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


NOUNS_EN: dict[str, tuple[str, ...]] = {
    "woman": _w(
        "girl|princess|queen|mother|grandmother|nurse|actress|bride|witch|ballerina|waitress|"
        "lady in her thirties|wife|sister|businesswoman|person|pedestrian|young woman|she|dancer|singer|"
        "model|teacher|aunt|daughter|student|goddess|maid|hostess|heroine|female runner|housewife|"
        "fashion model|tourist|skater|geisha|mermaid"
    ),
    "man": _w(
        "boy|king|father|grandfather|doctor|businessman|soldier|policeman|detective|salaryman|samurai|cowboy|"
        "brother|old man|young man|wizard|farmer|hiker|he|someone|uncle|son|husband|worker|cook|chef|"
        "fisherman|pirate|knight|prince|thief|clown|musician|runner|sailor|scientist|student|monk|ninja|"
        "tourist|hero|guard|postman|painter|skier"
    ),
    "wolf": _w(
        "fox|coyote|husky|jackal|werewolf|hyena|bear|tiger|lion|polar bear|leopard|canine predator|wolfhound|"
        "wildcat|panther|cougar|lynx|beast|wild animal|raccoon|badger|arctic fox|puma|wild dog|dingo"
    ),
    "dog": _w(
        "cat|kitten|poodle|labrador|corgi|shiba inu|terrier|rabbit|pig|sheep|goat|beagle|golden retriever|"
        "dachshund|horse|pony|deer|pet|collie|spaniel|bulldog|dalmatian|chihuahua|greyhound|shepherd dog|"
        "sheepdog|cow|lamb|mouse|squirrel|hamster|guinea pig|donkey|piglet|hedgehog|turtle|animal|kitty"
    ),
    "mammoth": _w(
        "elephant|rhino|rhinoceros|mastodon|bison|hippo|dinosaur|giant beast|yak|buffalo|big animal|camel|"
        "monster|bull|ox|moose|reindeer|gorilla|triceratops|tyrannosaurus|ancient beast|behemoth|"
        "ice age animal|tusked beast|whale|giraffe|creature|grizzly"
    ),
    "bird": _w(
        "eagle|sparrow|parrot|seagull|gull|robin|crow|pigeon|duck|penguin|owl|hawk|swallow|chicken|butterfly|"
        "dragon|bat|crane|bee|canary|dove|plane|finch|bluebird|cardinal|goose|swan|heron|pelican|stork|"
        "flamingo|hummingbird|kingfisher|turkey|rooster|hen|magpie|raven|vulture|falcon|toucan|puffin|"
        "dragonfly|kite|airplane|helicopter|ostrich"
    ),
    "astronaut": _w(
        "robot|alien|moon explorer|lunar explorer|space pilot|android|spacewoman|space ranger|rocket pilot|"
        "adventurer in a helmet|spacefarer|lunar visitor|taikonaut|stormtrooper|cyborg|man in a space suit|"
        "moon walker|space traveler|starman|crew member"
    ),
    "car": _w(
        "truck|bus|taxi|sports car|lorry|van|sedan|limousine|motorcycle|bicycle|train|cab|pickup|convertible|"
        "racing car|minivan|jeep|tank|scooter|hatchback|coupe|roadster|station wagon|SUV|ambulance|"
        "fire engine|police car|tractor|cart|carriage|sportscar|race car|Ferrari|Toyota|tram|motorbike|bike|"
        "electric car|delivery van"
    ),
    "boat": _w(
        "ship|ferry|canoe|raft|rowboat|fishing boat|cruise ship|steamer|submarine|galleon|pirate ship|dinghy|"
        "gondola|catamaran|schooner|kayak|trawler|steamboat|speedboat|motorboat|junk|barge|tugboat|frigate|"
        "warship|liner|skiff|vessel|windsurfer|surfboard|clipper|cutter|tall ship|ocean liner|lifeboat"
    ),
    "ball": _w(
        "football|basketball|soccer ball|beach ball|balloon|orange|apple|marble|tennis ball|globe|sphere|"
        "bubble|tomato|planet|orb|bead|peach|baseball|volleyball|golf ball|ping-pong ball|bowling ball|"
        "snowball|melon|watermelon|egg|lemon|pearl|moon ball|bauble|round stone|pebble|wheel|coin|toy|plum|"
        "cherry"
    ),
    "cookie": _w(
        "cake|doughnut|donut|pancake|cracker|bread|muffin|pie|sandwich|pizza|snack|macaron|brownie|burger|"
        "toast|pastry|dessert|sweet|gingerbread|shortbread|oat biscuit|wafer|waffle|cupcake|tart|croissant|"
        "bagel|bun|candy|chocolate|rice cracker|slice of cake|treat|meal|food|cheese|plate of food|"
        "oatmeal biscuit"
    ),
}
PLACES_EN: dict[str, tuple[str, ...]] = {
    "neon_street": _w(
        "nightclub|Shinjuku|Shibuya|Akihabara|Osaka|Dotonbori|arcade|Las Vegas|casino|Times Square|Hong Kong|"
        "bar|night market|theatre district|Kabukicho|futuristic city|Ginza|Seoul|red-light district|"
        "entertainment district|downtown at night|night city|club district|disco|cabaret|Broadway|"
        "strip of bars|karaoke street|Chinatown|Bangkok|neon city|night street|lantern street|"
        "lit-up shopping street"
    ),
    "snowfield": _w(
        "ski slope|Antarctica|North Pole|glacier|Alps|Siberia|Alaska|Arctic|iceberg|Himalayas|frozen lake|"
        "blizzard|Lapland|Hokkaido|icy mountain|frost|Greenland|Iceland|Canada|Switzerland|winter forest|"
        "ski resort|snowy forest|mountain top|mountain peak|summit|snowdrift|snowy hill|igloo|polar region|"
        "winter wonderland|frozen river|Mount Everest|Norway"
    ),
    "beach": _w(
        "desert|island|harbour|harbor|lake|river|pier|lagoon|swimming pool|Hawaii|Okinawa|dune|"
        "cliff by the sea|sea bottom|reef|riverside|pond|port|Caribbean|Mediterranean|Miami|California coast|"
        "Bali|fjord|stream|waterfall|marina|quay|dock|oasis|Sahara|sandbank|cove|gulf|open water|Pacific|"
        "Atlantic|lighthouse|boardwalk|wharf"
    ),
    "meadow": _w(
        "forest|woods|jungle|garden|farm|park|hill|countryside|savannah|prairie|valley|orchard|playground|"
        "field|rice field|bamboo grove|backyard|woodland|steppe|village green|wood|pine forest|rainforest|"
        "zoo|fields|hillside|vineyard|pasture land|farmland|plantation|nature|spring field|hayfield|"
        "golf course|football field|cemetery|country lane|tulip field|grove|swamp|marsh|Serengeti|Africa"
    ),
    "city": _w(
        "village|bridge|square|market|New York|Paris|London|crossroads|parking lot|highway|school|station|"
        "suburb|skyscrapers|plaza|mall|campus|shopping street|Berlin|Rome|San Francisco|Chicago|Manhattan|"
        "Kyoto|Venice|alley|lane|neighbourhood|block|crosswalk|zebra crossing|bus stop|garage|petrol station|"
        "racetrack|shopping mall|museum|old town|office district|high street|main street"
    ),
    "moon": _w(
        "space|outer space|Mars|planet|asteroid|galaxy|spaceship|universe|alien planet|Venus|cosmos|orbit|"
        "space station|crater|stars|Jupiter|Saturn|solar system|deep space|cosmic void|red planet|exoplanet|"
        "dwarf planet|comet|lunar base|moon base|zero gravity|Milky Way|another world|dark side of the moon|"
        "Sea of Tranquility|starry void"
    ),
    "kitchen_table": _w(
        "desk|plate|restaurant|cafe|bakery|kitchen|living room|shelf|house|home|indoor room|bedroom|"
        "dining room|tray|kitchen counter|office|oven|cupboard|countertop|buffet|picnic table|coffee table|"
        "bench|cutting board|baking tray|tea room|diner|canteen|hotel room|windowsill|floor at home|"
        "grandma's kitchen|bowl|napkin|saucer"
    ),
}
NOUNS_JA: dict[str, tuple[str, ...]] = {
    "woman": _w(
        "女の子|少女|お姫様|母親|おばあさん|看護師|花嫁|魔女|お母さん|彼女|人|若い女性|OL|妻|姉|歌手|踊り子|"
        "ダンサー|先生|おばさん|娘|女子学生|女子高生|モデル|女王|人魚|舞妓|芸者|奥様|主婦|ヒロイン|観光客"
    ),
    "man": _w(
        "男の子|少年|王様|父親|おじいさん|医者|侍|会社員|警官|お父さん|彼|若い男性|サラリーマン|刑事|老人|"
        "誰か|おじさん|息子|夫|労働者|料理人|シェフ|漁師|海賊|騎士|王子|泥棒|ピエロ|音楽家|忍者|僧侶|学生|"
        "先生|旅人|ランナー|船乗り|男子"
    ),
    "wolf": _w(
        "狐|キツネ|熊|クマ|虎|トラ|ライオン|ハスキー|コヨーテ|シロクマ|豹|ウルフ|ヒョウ|野犬|山犬|ピューマ|"
        "猛獣|けだもの|タヌキ|狸|北極狐|野生動物"
    ),
    "dog": _w(
        "猫|ネコ|子猫|柴犬|プードル|うさぎ|ウサギ|馬|羊|豚|鹿|コーギー|レトリバー|ヤギ|ペット|ダックスフント|"
        "チワワ|ブルドッグ|シェパード|ダルメシアン|牛|子羊|ねずみ|リス|ハムスター|ロバ|亀|動物|秋田犬|番犬|"
        "ねこ|うま"
    ),
    "mammoth": _w(
        "象|ゾウ|サイ|カバ|恐竜|バイソン|ラクダ|怪獣|巨大な獣|牛|水牛|ナウマンゾウ|トナカイ|ゴリラ|"
        "ティラノサウルス|古代の獣|古代生物|キリン|クジラ|大きな動物|ヘラジカ|ぞう|怪物"
    ),
    "bird": _w(
        "鷲|ワシ|すずめ|スズメ|オウム|カモメ|カラス|鳩|ハト|アヒル|ペンギン|フクロウ|ツバメ|にわとり|蝶|鶴|"
        "飛行機|青い鳥|ガチョウ|白鳥|サギ|ペリカン|フラミンゴ|ハチドリ|カワセミ|孔雀|ニワトリ|トンビ|タカ|鷹|"
        "オオルリ|雀|文鳥|インコ|トンボ|蜂|ヘリコプター"
    ),
    "astronaut": _w(
        "ロボット|宇宙人|エイリアン|月の探検家|アンドロイド|探検家|パイロット|宇宙旅行者|月面歩行者|"
        "サイボーグ|乗組員|宇宙船の乗員|宇宙の旅人|月の旅人"
    ),
    "car": _w(
        "トラック|バス|タクシー|スポーツカー|バイク|自転車|電車|ワゴン|オープンカー|パトカー|ジープ|救急車|"
        "消防車|トラクター|馬車|フェラーリ|路面電車|ワゴン車|軽自動車|レーシングカー|高級車|自家用車|バン|"
        "オートバイ|スクーター|愛車|新車"
    ),
    "boat": _w(
        "フェリー|カヌー|いかだ|漁船|客船|潜水艦|海賊船|汽船|ゴンドラ|カヤック|船舶|モーターボート|"
        "タグボート|軍艦|屋形船|サーフボード|クルーザー|ディンギー|大型船|救命ボート|帆掛|商船|渡し船"
    ),
    "ball": _w(
        "サッカーボール|バスケットボール|風船|りんご|みかん|ビー玉|テニスボール|地球儀|球体|シャボン玉|まり|"
        "野球ボール|バレーボール|ゴルフボール|ピンポン玉|雪玉|スイカ|メロン|卵|レモン|真珠|石ころ|車輪|"
        "コイン|おもちゃ|さくらんぼ|毛糸玉|水晶玉|手まり"
    ),
    "cookie": _w(
        "ケーキ|ドーナツ|パンケーキ|パン|せんべい|ピザ|お菓子|パイ|マカロン|サンドイッチ|スイーツ|おやつ|"
        "ワッフル|カップケーキ|タルト|クロワッサン|キャンディ|チョコレート|チョコ|飴|おまんじゅう|和菓子|"
        "洋菓子|サブレ|ウエハース|食べ物|ごはん|料理|チーズ"
    ),
}
PLACES_JA: dict[str, tuple[str, ...]] = {
    "neon_street": _w(
        "新宿|渋谷|秋葉原|大阪|道頓堀|ゲームセンター|ラスベガス|香港|バー|夜市|未来都市|居酒屋|銀座|ソウル|"
        "六本木|池袋|歓楽街の夜|ナイトクラブ|ディスコ|カラオケ店|バンコク|横丁|飲み屋街|夜の商店街|"
        "ライトアップされた街|イルミネーション"
    ),
    "snowfield": _w(
        "スキー場|南極|北極|氷河|アルプス|シベリア|アラスカ|凍った湖|吹雪|北海道|雪国|氷山|グリーンランド|"
        "アイスランド|カナダ|冬の森|スキーリゾート|雪の森|山頂|富士山|流氷|氷原|雪道|かまくら|極地|凍土|"
        "雪の丘|ヒマラヤ"
    ),
    "beach": _w(
        "砂漠|島|港|湖|川|プール|ハワイ|沖縄|砂丘|岬|川辺|池|海中|桟橋|カリブ海|地中海|太平洋|マリーナ|埠頭|"
        "オアシス|サハラ|滝|入江の村|灯台|防波堤|リゾート|水辺|池のほとり|日本海|瀬戸内海|堤防"
    ),
    "meadow": _w(
        "森|ジャングル|庭|農場|公園|丘|田舎|サバンナ|谷|果樹園|畑|田んぼ|竹林|山|里山|林|松林|動物園|山の中|"
        "丘の上|ぶどう畑|高原|春の野|ゴルフ場|サッカー場|河原|花園|ひまわり畑|チューリップ畑|沼|アフリカ|"
        "自然の中|裏庭|茶畑|麦畑"
    ),
    "city": _w(
        "村|橋|広場|市場|ニューヨーク|パリ|ロンドン|交差点|駐車場|高速道路|学校|駅前|商店街|東京|京都|"
        "大阪の街|名古屋|ローマ|ベルリン|横断歩道|バス停|ガソリンスタンド|路地裏|車道|国道|オフィス街|"
        "ショッピングモール|博物館|下町|目抜き通り|空港|サーキット"
    ),
    "moon": _w(
        "宇宙|火星|惑星|小惑星|銀河|宇宙船|金星|宇宙空間|宇宙ステーション|星空|木星|土星|太陽系|深宇宙|彗星|"
        "月面基地|無重力|天の川|別の星|遠い惑星|静かの海|星の世界|地球の外"
    ),
    "kitchen_table": _w(
        "机|皿|レストラン|カフェ|パン屋|台所|リビング|棚|家|部屋|寝室|お盆|オーブン|食器棚|まな板|お皿|"
        "ピクニックテーブル|ティールーム|喫茶店|居間|窓辺|床|こたつ|お茶の間|キッチン|食堂|テーブルクロス"
    ),
}
