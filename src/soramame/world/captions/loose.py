"""Loose words: things the world does not have, by what it has instead. For training a text encoder, never for true captions."""

from __future__ import annotations


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


NOUNS_EN = {
    "woman": _w("girl|princess|queen|mother|grandmother|nurse|actress|bride|witch|ballerina|waitress|lady in her thirties|wife|sister|businesswoman|person|pedestrian|young woman|she"),
    "man": _w("boy|king|father|grandfather|doctor|businessman|soldier|policeman|detective|salaryman|samurai|cowboy|brother|old man|young man|wizard|farmer|hiker|he|someone"),
    "wolf": _w("fox|coyote|husky|jackal|werewolf|hyena|bear|tiger|lion|polar bear|leopard|canine predator"),
    "dog": _w("cat|kitten|poodle|labrador|corgi|shiba inu|terrier|rabbit|pig|sheep|goat|beagle|golden retriever|dachshund|horse|pony|deer|pet|collie"),
    "mammoth": _w("elephant|rhino|rhinoceros|mastodon|bison|hippo|dinosaur|giant beast|yak|buffalo|big animal|camel|monster"),
    "bird": _w("eagle|sparrow|parrot|seagull|gull|robin|crow|pigeon|duck|penguin|owl|hawk|swallow|chicken|butterfly|dragon|bat|crane|bee|canary|dove|plane"),
    "astronaut": _w("robot|alien|moon explorer|lunar explorer|space pilot|android|spacewoman|space ranger|rocket pilot|adventurer in a helmet"),
    "car": _w("truck|bus|taxi|sports car|lorry|van|sedan|limousine|motorcycle|bicycle|train|cab|pickup|convertible|racing car|minivan|jeep|tank|scooter"),
    "boat": _w("ship|ferry|canoe|raft|rowboat|fishing boat|cruise ship|steamer|submarine|galleon|pirate ship|dinghy|gondola|catamaran|schooner|kayak"),
    "ball": _w("football|basketball|soccer ball|beach ball|balloon|orange|apple|marble|tennis ball|globe|sphere|bubble|tomato|planet|orb|bead|peach"),
    "cookie": _w("cake|doughnut|donut|pancake|cracker|bread|muffin|pie|sandwich|pizza|snack|macaron|brownie|burger|toast|pastry|dessert|sweet"),
}
PLACES_EN = {
    "neon_street": _w("nightclub|Shinjuku|Shibuya|Akihabara|Osaka|Dotonbori|arcade|Las Vegas|casino|Times Square|Hong Kong|bar|night market|theatre district|Kabukicho|futuristic city"),
    "snowfield": _w("ski slope|Antarctica|North Pole|glacier|Alps|Siberia|Alaska|Arctic|iceberg|Himalayas|frozen lake|blizzard|Lapland|Hokkaido|icy mountain|frost"),
    "beach": _w("desert|island|harbour|harbor|lake|river|pier|lagoon|swimming pool|Hawaii|Okinawa|dune|cliff by the sea|sea bottom|reef|riverside|pond|port"),
    "meadow": _w("forest|woods|jungle|garden|farm|park|hill|countryside|savannah|prairie|valley|orchard|playground|field|rice field|bamboo grove|backyard|woodland|steppe|village green"),
    "city": _w("village|bridge|square|market|New York|Paris|London|crossroads|parking lot|highway|school|station|suburb|skyscrapers|plaza|mall|campus|shopping street"),
    "moon": _w("space|outer space|Mars|planet|asteroid|galaxy|spaceship|universe|alien planet|Venus|cosmos|orbit|space station|crater|stars"),
    "kitchen_table": _w("desk|plate|restaurant|cafe|bakery|kitchen|living room|shelf|house|home|indoor room|bedroom|dining room|tray|kitchen counter|office"),
}
NOUNS_JA = {
    "woman": _w("女の子|少女|お姫様|母親|おばあさん|看護師|花嫁|魔女|お母さん|彼女|人|若い女性|OL|妻|姉"),
    "man": _w("男の子|少年|王様|父親|おじいさん|医者|侍|会社員|警官|お父さん|彼|若い男性|サラリーマン|刑事|老人|誰か"),
    "wolf": _w("狐|キツネ|熊|クマ|虎|トラ|ライオン|ハスキー|コヨーテ|シロクマ|豹"),
    "dog": _w("猫|ネコ|子猫|柴犬|プードル|うさぎ|ウサギ|馬|羊|豚|鹿|コーギー|レトリバー|ヤギ|ペット"),
    "mammoth": _w("象|ゾウ|サイ|カバ|恐竜|バイソン|ラクダ|怪獣|巨大な獣|牛|水牛"),
    "bird": _w("鷲|ワシ|すずめ|スズメ|オウム|カモメ|カラス|鳩|ハト|アヒル|ペンギン|フクロウ|ツバメ|にわとり|蝶|鶴|飛行機"),
    "astronaut": _w("ロボット|宇宙人|エイリアン|月の探検家|アンドロイド|探検家|パイロット"),
    "car": _w("トラック|バス|タクシー|スポーツカー|バイク|自転車|電車|ワゴン|オープンカー|パトカー|ジープ"),
    "boat": _w("フェリー|カヌー|いかだ|漁船|客船|潜水艦|海賊船|汽船|ゴンドラ|カヤック|船舶"),
    "ball": _w("サッカーボール|バスケットボール|風船|りんご|みかん|ビー玉|テニスボール|地球儀|球体|シャボン玉|まり"),
    "cookie": _w("ケーキ|ドーナツ|パンケーキ|パン|せんべい|ピザ|お菓子|パイ|マカロン|サンドイッチ|スイーツ|おやつ"),
}
PLACES_JA = {
    "neon_street": _w("新宿|渋谷|秋葉原|大阪|道頓堀|ゲームセンター|ラスベガス|香港|バー|夜市|未来都市|居酒屋"),
    "snowfield": _w("スキー場|南極|北極|氷河|アルプス|シベリア|アラスカ|凍った湖|吹雪|北海道|雪国|氷山"),
    "beach": _w("砂漠|島|港|湖|川|プール|ハワイ|沖縄|砂丘|岬|川辺|池|海中|桟橋"),
    "meadow": _w("森|ジャングル|庭|農場|公園|丘|田舎|サバンナ|谷|果樹園|畑|田んぼ|竹林|山|里山"),
    "city": _w("村|橋|広場|市場|ニューヨーク|パリ|ロンドン|交差点|駐車場|高速道路|学校|駅前|商店街|東京"),
    "moon": _w("宇宙|火星|惑星|小惑星|銀河|宇宙船|金星|宇宙空間|宇宙ステーション|星空"),
    "kitchen_table": _w("机|皿|レストラン|カフェ|パン屋|台所|リビング|棚|家|部屋|寝室|お盆"),
}
