"""Loose words: what the world lacks, by the nearest thing it has; for a text encoder's training, not for true captions."""

from __future__ import annotations


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


NOUNS_EN: dict[str, tuple[str, ...]] = {
    "woman": _w(
        "girl|princess|queen|mother|grandmother|nurse|actress|bride|witch|ballerina|waitress|lady in her thirties|"
        "wife|sister|businesswoman|person|pedestrian|young woman|she|dancer|singer|model|teacher|aunt|daughter|"
        "student|goddess|maid|hostess|heroine|female runner|housewife|fashion model|tourist|skater|geisha|mermaid|"
        "niece|granddaughter|mommy|priestess|girlfriend|nanny|countess|madam|housekeeper|maiden|diva|stepmother|"
        "empress|baroness|fiancee|widow|vocalist|mama|schoolgirl|cheerleader|gymnast|Cinderella|Mary|Anna"
    ),
    "man": _w(
        "boy|king|father|grandfather|doctor|businessman|soldier|policeman|detective|salaryman|samurai|cowboy|"
        "brother|old man|young man|wizard|farmer|hiker|he|someone|uncle|son|husband|worker|cook|chef|fisherman|"
        "pirate|knight|prince|thief|clown|musician|runner|sailor|scientist|student|monk|ninja|tourist|hero|guard|"
        "postman|painter|skier|officer|criminal|robber|physician|constable|grandson|lieutenant|surgeon|warrior|"
        "carpenter|sergeant|lawyer|veteran|sheriff|buddy|engineer|inspector|nobleman|guitarist|emperor|mayor|dad|"
        "daddy|dude|chap|john|barber|mechanic|blacksmith|lumberjack"
    ),
    "wolf": _w(
        "fox|coyote|husky|jackal|werewolf|hyena|bear|tiger|lion|polar bear|leopard|canine predator|wolfhound|"
        "wildcat|panther|cougar|lynx|beast|wild animal|raccoon|badger|arctic fox|puma|wild dog|dingo|jaguar|"
        "wolverine|cheetah|predator"
    ),
    "dog": _w(
        "cat|kitten|poodle|labrador|corgi|shiba inu|terrier|rabbit|pig|sheep|goat|beagle|golden retriever|"
        "dachshund|horse|pony|deer|pet|collie|spaniel|bulldog|dalmatian|chihuahua|greyhound|shepherd dog|sheepdog|"
        "cow|lamb|mouse|squirrel|hamster|guinea pig|donkey|piglet|hedgehog|turtle|animal|kitty|bunny|stallion|"
        "mare|pomeranian|mule|piggy|kitty cat|mongrel|dogs and cats|foal|ram|llama|alpaca|pug|boxer|setter"
    ),
    "mammoth": _w(
        "elephant|rhino|rhinoceros|mastodon|bison|hippo|dinosaur|giant beast|yak|buffalo|big animal|camel|monster|"
        "bull|ox|moose|reindeer|gorilla|triceratops|tyrannosaurus|ancient beast|behemoth|ice age animal|"
        "tusked beast|whale|giraffe|creature|grizzly|fossil beast|godzilla|sabre-tooth|shark|ape|primate|"
        "stegosaurus|brontosaurus|colossus|titan beast"
    ),
    "bird": _w(
        "eagle|sparrow|parrot|seagull|gull|robin|crow|pigeon|duck|penguin|owl|hawk|swallow|chicken|butterfly|"
        "dragon|bat|crane|bee|canary|dove|plane|finch|bluebird|cardinal|goose|swan|heron|pelican|stork|flamingo|"
        "hummingbird|kingfisher|turkey|rooster|hen|magpie|raven|vulture|falcon|toucan|puffin|dragonfly|kite|"
        "airplane|helicopter|ostrich|chick|peacock|cuckoo|lark|fledgling|condor|biplane|drone|feathered friend|"
        "nightingale|blackbird|woodpecker|wren|tit|starling|budgie|cockatoo|albatross|ibis|moth|fly|angel|pegasus"
    ),
    "astronaut": _w(
        "robot|alien|moon explorer|lunar explorer|space pilot|android|spacewoman|space ranger|rocket pilot|"
        "adventurer in a helmet|spacefarer|lunar visitor|taikonaut|stormtrooper|cyborg|man in a space suit|"
        "moon walker|space traveler|starman|crew member|Buzz Aldrin|Gagarin|robot explorer|figure in a spacesuit|"
        "martian|droid|mecha|moon visitor"
    ),
    "car": _w(
        "truck|bus|taxi|sports car|lorry|van|sedan|limousine|motorcycle|bicycle|train|cab|pickup|convertible|"
        "racing car|minivan|jeep|tank|scooter|hatchback|coupe|roadster|station wagon|SUV|ambulance|fire engine|"
        "police car|tractor|cart|carriage|sportscar|race car|Ferrari|Toyota|tram|motorbike|bike|electric car|"
        "delivery van|Chevrolet|Ford|Honda|Porsche|Volkswagen|Audi|Volvo|Cadillac|Tesla|Mustang|buggy|wagon|"
        "locomotive|limo|Mercedes|hot rod|go-kart|dragster|bulldozer|forklift|trailer|camper|beetle"
    ),
    "boat": _w(
        "ship|ferry|canoe|raft|rowboat|fishing boat|cruise ship|steamer|submarine|galleon|pirate ship|dinghy|"
        "gondola|catamaran|schooner|kayak|trawler|steamboat|speedboat|motorboat|junk|barge|tugboat|frigate|"
        "warship|liner|skiff|vessel|windsurfer|surfboard|clipper|cutter|tall ship|ocean liner|lifeboat|freighter|"
        "battleship|steamship|tanker|destroyer|cruiser|punt|rowing boat|longship|windjammer|caravel|galley|"
        "houseboat|trimaran|lugger|ketch"
    ),
    "ball": _w(
        "football|basketball|soccer ball|beach ball|balloon|orange|apple|marble|tennis ball|globe|sphere|bubble|"
        "tomato|planet|orb|bead|peach|baseball|volleyball|golf ball|ping-pong ball|bowling ball|snowball|melon|"
        "watermelon|egg|lemon|pearl|moon ball|bauble|round stone|pebble|wheel|coin|toy|plum|cherry|softball|"
        "rugby ball|cricket ball|grape|berry|berry fruit|handball|puck|acorn|walnut|pumpkin|crystal ball|"
        "disco ball|dodgeball|boulder|rock|tangerine|pomegranate|billiard ball|golf"
    ),
    "cookie": _w(
        "cake|doughnut|donut|pancake|cracker|bread|muffin|pie|sandwich|pizza|snack|macaron|brownie|burger|toast|"
        "pastry|dessert|sweet|gingerbread|shortbread|oat biscuit|wafer|waffle|cupcake|tart|croissant|bagel|bun|"
        "candy|chocolate|rice cracker|slice of cake|treat|meal|food|cheese|plate of food|oatmeal biscuit|"
        "sandwiches|hamburger|loaf|cereal|pudding|sausage|salad|popcorn|dough|pancakes|sweets|crisps|flapjack|"
        "scone|éclair|steak|soup|noodles|sushi|rice ball|fruit|apple pie|slice of bread"
    ),
}
PLACES_EN: dict[str, tuple[str, ...]] = {
    "neon_street": _w(
        "nightclub|Shinjuku|Shibuya|Akihabara|Osaka|Dotonbori|arcade|Las Vegas|casino|Times Square|Hong Kong|bar|"
        "night market|theatre district|Kabukicho|futuristic city|Ginza|Seoul|red-light district|"
        "entertainment district|downtown at night|night city|club district|disco|cabaret|Broadway|strip of bars|"
        "karaoke street|Chinatown|Bangkok|neon city|night street|lantern street|lit-up shopping street|theatre|"
        "concert|gaming hall|poker club|rainy Tokyo night|Harajuku|Roppongi|nightlife area|"
        "bright lights of the city|rainy city night|Blade Runner city|holographic street|synthwave city"
    ),
    "snowfield": _w(
        "ski slope|Antarctica|North Pole|glacier|Alps|Siberia|Alaska|Arctic|iceberg|Himalayas|frozen lake|"
        "blizzard|Lapland|Hokkaido|icy mountain|frost|Greenland|Iceland|Canada|Switzerland|winter forest|"
        "ski resort|snowy forest|mountain top|mountain peak|summit|snowdrift|snowy hill|igloo|polar region|"
        "winter wonderland|frozen river|Mount Everest|Norway|Finland|Sweden|Russia|Scandinavia|Nepal|Tibet|"
        "Himalaya|Everest|snowfall|winters|cold place|freezing wasteland|Mongolia|Denali|avalanche|icefield|"
        "ice sheet|ice floe|alpine slope|snow cave|Yukon"
    ),
    "beach": _w(
        "desert|island|harbour|harbor|lake|river|pier|lagoon|swimming pool|Hawaii|Okinawa|dune|cliff by the sea|"
        "sea bottom|reef|riverside|pond|port|Caribbean|Mediterranean|Miami|California coast|Bali|fjord|stream|"
        "waterfall|marina|quay|dock|oasis|Sahara|sandbank|cove|gulf|open water|Pacific|Atlantic|lighthouse|"
        "boardwalk|wharf|coastline|estuary|atoll|aquarium|puddle|Bahamas|Florida|Fiji|Maui|underwater|creek|canal|"
        "shipyard|riverbank|lakeside|sea cave|high seas|strait|fountain|sandcastle|promenade|cape"
    ),
    "meadow": _w(
        "forest|woods|jungle|garden|farm|park|hill|countryside|savannah|prairie|valley|orchard|playground|field|"
        "rice field|bamboo grove|backyard|woodland|steppe|village green|wood|pine forest|rainforest|zoo|fields|"
        "hillside|vineyard|pasture land|farmland|plantation|nature|spring field|hayfield|golf course|"
        "football field|cemetery|country lane|tulip field|grove|swamp|marsh|Serengeti|Africa|wilderness|pines|"
        "cedar forest|foothills|botanic garden|flower bed|hilltop|grazing land|yard|acre|barnyard|greenery|shrubs|"
        "bushes|trees|foliage|heath|moor|moorland|paddock|cornfield|wheat field|sunflower field|mountain pasture"
    ),
    "city": _w(
        "village|bridge|square|market|New York|Paris|London|crossroads|parking lot|highway|school|station|suburb|"
        "skyscrapers|plaza|mall|campus|shopping street|Berlin|Rome|San Francisco|Chicago|Manhattan|Kyoto|Venice|"
        "alley|lane|neighbourhood|block|crosswalk|zebra crossing|bus stop|garage|petrol station|racetrack|"
        "shopping mall|museum|old town|office district|high street|main street|neighborhood|urban area|uptown|"
        "suburbs|expressway|freeway|motorway|lanes|municipality|district|Brooklyn|Detroit|Manchester|Milan|"
        "Glasgow|parkway|roundabout|curb|driveway|corridor of houses|Moscow|Beijing|Shanghai|Los Angeles|Sydney"
    ),
    "moon": _w(
        "space|outer space|Mars|planet|asteroid|galaxy|spaceship|universe|alien planet|Venus|cosmos|orbit|"
        "space station|crater|stars|Jupiter|Saturn|solar system|deep space|cosmic void|red planet|exoplanet|"
        "dwarf planet|comet|lunar base|moon base|zero gravity|Milky Way|another world|dark side of the moon|"
        "Sea of Tranquility|starry void|Mercury|Neptune|Pluto|Uranus|comets|galaxies|nebula|celestial body|"
        "martian surface|spacecraft|satellite|meteor|constellation|heavens|Apollo landing site|weightlessness|"
        "low gravity|airless world|alien world|asteroid belt|black sky full of stars"
    ),
    "kitchen_table": _w(
        "desk|plate|restaurant|cafe|bakery|kitchen|living room|shelf|house|home|indoor room|bedroom|dining room|"
        "tray|kitchen counter|office|oven|cupboard|countertop|buffet|picnic table|coffee table|bench|"
        "cutting board|baking tray|tea room|diner|canteen|hotel room|windowsill|floor at home|grandma's kitchen|"
        "bowl|napkin|saucer|cafeteria|pantry|fridge|refrigerator|stove|microwave|apron|parlor|parlour|household|"
        "cabinet|drawer|appliances|breakfast room|chopping board|tablecloth|placemat|teapot|mug|chair|stool|"
        "barbecue|grill|snack bar|lunchbox"
    ),
}
NOUNS_JA: dict[str, tuple[str, ...]] = {
    "woman": _w(
        "女の子|少女|お姫様|母親|おばあさん|看護師|花嫁|魔女|お母さん|彼女|人|若い女性|OL|妻|姉|歌手|踊り子|"
        "ダンサー|先生|おばさん|娘|女子学生|女子高生|モデル|女王|人魚|舞妓|芸者|奥様|主婦|ヒロイン|観光客|乙女|"
        "令嬢|嬢|母|祖母|叔母|女神|巫女|尼さん|女将|スチュワーデス|ギャル|美女|淑女|彼女たち|花子|チアリーダー|"
        "看護婦|婦警|ママ|姫"
    ),
    "man": _w(
        "男の子|少年|王様|父親|おじいさん|医者|侍|会社員|警官|お父さん|彼|若い男性|サラリーマン|刑事|老人|誰か|"
        "おじさん|息子|夫|労働者|料理人|シェフ|漁師|海賊|騎士|王子|泥棒|ピエロ|音楽家|忍者|僧侶|学生|先生|旅人|"
        "ランナー|船乗り|男子|父|祖父|叔父|男子学生|青年|若者|兵士|武士|武将|社長|部長|板前|大工|農夫|神父|パパ|"
        "ヒーロー|太郎|おっさん|王|皇帝|探偵|運転手|釣り人|スキーヤー|登山家"
    ),
    "wolf": _w(
        "狐|キツネ|熊|クマ|虎|トラ|ライオン|ハスキー|コヨーテ|シロクマ|豹|ウルフ|ヒョウ|野犬|山犬|ピューマ|猛獣|"
        "けだもの|タヌキ|狸|北極狐|野生動物|ジャッカル|リンクス|ホッキョクグマ|白熊|ハイエナ|パンサー|豺|野良の獣|"
        "犬神"
    ),
    "dog": _w(
        "猫|ネコ|子猫|柴犬|プードル|うさぎ|ウサギ|馬|羊|豚|鹿|コーギー|レトリバー|ヤギ|ペット|ダックスフント|"
        "チワワ|ブルドッグ|シェパード|ダルメシアン|牛|子羊|ねずみ|リス|ハムスター|ロバ|亀|動物|秋田犬|番犬|ねこ|"
        "うま|パグ|ビーグル|マルチーズ|ポメラニアン|土佐犬|ポニー|仔馬|バニー|モルモット|ヒツジ|シカ|子豚|"
        "アルパカ|たぬき|盲導犬|猟犬|イヌたち"
    ),
    "mammoth": _w(
        "象|ゾウ|サイ|カバ|恐竜|バイソン|ラクダ|怪獣|巨大な獣|牛|水牛|ナウマンゾウ|トナカイ|ゴリラ|"
        "ティラノサウルス|古代の獣|古代生物|キリン|クジラ|大きな動物|ヘラジカ|ぞう|怪物|トリケラトプス|ゴジラ|"
        "原始の獣|先史時代の動物|ヤク|バッファロー|アフリカゾウ|アジアゾウ|猛牛|巨獣|大型獣"
    ),
    "bird": _w(
        "鷲|ワシ|すずめ|スズメ|オウム|カモメ|カラス|鳩|ハト|アヒル|ペンギン|フクロウ|ツバメ|にわとり|蝶|鶴|飛行機|"
        "青い鳥|ガチョウ|白鳥|サギ|ペリカン|フラミンゴ|ハチドリ|カワセミ|孔雀|ニワトリ|トンビ|タカ|鷹|オオルリ|雀|"
        "文鳥|インコ|トンボ|蜂|ヘリコプター|ひよこ|ヒヨコ|うぐいす|ウグイス|メジロ|キツツキ|ムクドリ|ヒバリ|"
        "コンドル|コウノトリ|朱鷺|雁|ドローン|蛾|蜜蜂|天使|セキセイインコ|アホウドリ|ハヤブサ|カッコウ|千鳥"
    ),
    "astronaut": _w(
        "ロボット|宇宙人|エイリアン|月の探検家|アンドロイド|探検家|パイロット|宇宙旅行者|月面歩行者|サイボーグ|"
        "乗組員|宇宙船の乗員|宇宙の旅人|月の旅人|宇宙服を着た人物|ガガーリン|火星人|異星人|宇宙船員|メカ|"
        "アンドロイド飛行士|月の訪問者|宇宙の探検者"
    ),
    "car": _w(
        "トラック|バス|タクシー|スポーツカー|バイク|自転車|電車|ワゴン|オープンカー|パトカー|ジープ|救急車|消防車|"
        "トラクター|馬車|フェラーリ|路面電車|ワゴン車|軽自動車|レーシングカー|高級車|自家用車|バン|オートバイ|"
        "スクーター|愛車|新車|ミニバン|四輪駆動車|マイカー|ダンプカー|ブルドーザー|カート|機関車|新幹線|霊柩車|"
        "リムジン|ハイブリッド車|電気自動車|クラシックカー|トヨタ|ホンダ|ベンツ|ポルシェ|乗り物|キャンピングカー"
    ),
    "boat": _w(
        "フェリー|カヌー|いかだ|漁船|客船|潜水艦|海賊船|汽船|ゴンドラ|カヤック|船舶|モーターボート|タグボート|"
        "軍艦|屋形船|サーフボード|クルーザー|ディンギー|大型船|救命ボート|帆掛|商船|渡し船|豪華客船|タンカー|"
        "貨物船|巡洋艦|戦艦|手漕ぎボート|川船|筏|連絡船|遊覧船|水上バス|釣り船|帆舟|双胴船|ロングシップ"
    ),
    "ball": _w(
        "サッカーボール|バスケットボール|風船|りんご|みかん|ビー玉|テニスボール|地球儀|球体|シャボン玉|まり|"
        "野球ボール|バレーボール|ゴルフボール|ピンポン玉|雪玉|スイカ|メロン|卵|レモン|真珠|石ころ|車輪|コイン|"
        "おもちゃ|さくらんぼ|毛糸玉|水晶玉|手まり|ドッジボール|ラグビーボール|ハンドボール|ボウリングの球|水風船|"
        "鞠|桃|梅の実|ぶどう|岩|石|どんぐり|くるみ|かぼちゃ|惑星の模型|ピンポン球|スーパーボール|円い物"
    ),
    "cookie": _w(
        "ケーキ|ドーナツ|パンケーキ|パン|せんべい|ピザ|お菓子|パイ|マカロン|サンドイッチ|スイーツ|おやつ|ワッフル|"
        "カップケーキ|タルト|クロワッサン|キャンディ|チョコレート|チョコ|飴|おまんじゅう|和菓子|洋菓子|サブレ|"
        "ウエハース|食べ物|ごはん|料理|チーズ|食パン|ホットケーキ|プリン|ゼリー|おにぎり|寿司|ラーメン|サラダ|"
        "ハンバーガー|スープ|果物|フルーツ|煎餅|饅頭|どら焼き|シュークリーム|スコーン|ポテトチップス|ポップコーン|"
        "グミ|朝食|昼食"
    ),
}
PLACES_JA: dict[str, tuple[str, ...]] = {
    "neon_street": _w(
        "新宿|渋谷|秋葉原|大阪|道頓堀|ゲームセンター|ラスベガス|香港|バー|夜市|未来都市|居酒屋|銀座|ソウル|六本木|"
        "池袋|歓楽街の夜|ナイトクラブ|ディスコ|カラオケ店|バンコク|横丁|飲み屋街|夜の商店街|ライトアップされた街|"
        "イルミネーション|原宿|夜の新宿|夜の渋谷|道玄坂|雨の東京|雨の夜の都会|夜の大都会|クラブ|パチンコ屋|"
        "スナック|ホログラムの街|近未来の街|夜の盛り場|きらめく夜景|夜景"
    ),
    "snowfield": _w(
        "スキー場|南極|北極|氷河|アルプス|シベリア|アラスカ|凍った湖|吹雪|北海道|雪国|氷山|グリーンランド|"
        "アイスランド|カナダ|冬の森|スキーリゾート|雪の森|山頂|富士山|流氷|氷原|雪道|かまくら|極地|凍土|雪の丘|"
        "ヒマラヤ|フィンランド|ロシア|ネパール|エベレスト|チベット|雪崩|氷床|氷の洞窟|雪道の先|冬の北海道|冬景色|"
        "樹氷|霜|寒い場所|極寒の地|白い大地|札幌"
    ),
    "beach": _w(
        "砂漠|島|港|湖|川|プール|ハワイ|沖縄|砂丘|岬|川辺|池|海中|桟橋|カリブ海|地中海|太平洋|マリーナ|埠頭|"
        "オアシス|サハラ|滝|入江の村|灯台|防波堤|リゾート|水辺|池のほとり|日本海|瀬戸内海|堤防|サンゴ礁|"
        "アクアリウム|小川|運河|造船所|泉|噴水|湾|海峡|潮だまり|波止場|遊歩道|湘南|江ノ島|バハマ|フロリダ|離島|"
        "湖畔|河口|水中|海底"
    ),
    "meadow": _w(
        "森|ジャングル|庭|農場|公園|丘|田舎|サバンナ|谷|果樹園|畑|田んぼ|竹林|山|里山|林|松林|動物園|山の中|"
        "丘の上|ぶどう畑|高原|春の野|ゴルフ場|サッカー場|河原|花園|ひまわり畑|チューリップ畑|沼|アフリカ|自然の中|"
        "裏庭|茶畑|麦畑|荒野|野山|山道|木陰|木の下|雑木林|杉林|植物園|花壇|薔薇園|草っぱら|とうもろこし畑|"
        "菜の花畑|湿原|里|牧場|ふもと|茂み|藪|緑地|北の大地の牧場|樹海"
    ),
    "city": _w(
        "村|橋|広場|市場|ニューヨーク|パリ|ロンドン|交差点|駐車場|高速道路|学校|駅前|商店街|東京|京都|大阪の街|"
        "名古屋|ローマ|ベルリン|横断歩道|バス停|ガソリンスタンド|路地裏|車道|国道|オフィス街|ショッピングモール|"
        "博物館|下町|目抜き通り|空港|サーキット|近所|団地|郊外|街道|区役所前|地下鉄の駅|マンション前|銀行の前|"
        "デパート前|坂道|環状線|モスクワ|上海|北京|ロサンゼルス|シドニー|大都市|首都|中心街|街路|踏切"
    ),
    "moon": _w(
        "宇宙|火星|惑星|小惑星|銀河|宇宙船|金星|宇宙空間|宇宙ステーション|星空|木星|土星|太陽系|深宇宙|彗星|"
        "月面基地|無重力|天の川|別の星|遠い惑星|静かの海|星の世界|地球の外|水星|海王星|冥王星|流星|星雲|星座|"
        "人工衛星|火星の表面|ロケット|宇宙ロケット|重力の弱い場所|地球が見える場所|天体|宇宙の果て|異星|ほかの惑星"
    ),
    "kitchen_table": _w(
        "机|皿|レストラン|カフェ|パン屋|台所|リビング|棚|家|部屋|寝室|お盆|オーブン|食器棚|まな板|お皿|"
        "ピクニックテーブル|ティールーム|喫茶店|居間|窓辺|床|こたつ|お茶の間|キッチン|食堂|テーブルクロス|冷蔵庫|"
        "電子レンジ|コンロ|流し台|戸棚|引き出し|椅子|ランチョンマット|お弁当箱|食器|湯のみ|マグカップ|"
        "朝ごはんの席|給食室|バイキング|ビュッフェ|スナックバー|調理台"
    ),
}
