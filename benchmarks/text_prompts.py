"""Free-worded prompts with what they mean in the paper world; most of their words are in no caption's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Meant:
    """A prompt and the labels that a reader would give it; "" where the prompt does not say."""

    text: str
    place: str
    subject: str
    count: str


def _rows(table: str) -> tuple[Meant, ...]:
    return tuple(Meant(*(cell.strip() for cell in row.split("|"))) for row in table.strip().splitlines())


ENGLISH = _rows("""
My grandma crosses a glittering boulevard of billboards at midnight, umbrella up | neon_street | woman | 1
a ballerina twirls beneath flickering signage | neon_street | woman | 1
two detectives in trench coats under buzzing neon tubes | neon_street | man | 2
yellow cab splashing through puddles in Shinjuku | neon_street | car | 1
a stray mutt sniffs around a neon arcade | neon_street | dog | 1
a herd of three hairy tuskers marching across the permafrost | snowfield | mammoth | 3
prehistoric elephants with long tusks stomp over the icy steppe | snowfield | mammoth |
four wild canines howl in the blizzard | snowfield | wolf | 4
five growling predators with grey fur on the glacier | snowfield | wolf | 5
cosmonaut hopping around craters | moon | astronaut | 1
Neil Armstrong plants his boots in the lunar powder | moon | astronaut | 1
two space travellers bouncing near the rim of a crater | moon | astronaut | 2
a sloop heads out to the open ocean | beach | boat | 1
three little yachts on turquoise water | beach | boat | 3
a terrier paddles in the surf | beach | dog | 1
beachball tossed about on the dunes by the sea | beach | ball | 1
a seagull hovering over the breakers | beach | bird | 1
sunbather in a sundress looks at the tide | beach | woman | 1
the shoreline, completely uninhabited | beach | none | 0
two sparrows flutter above daisies | meadow | bird | 2
a retriever fetching sticks in the countryside | meadow | dog | 1
four puppies tumble in the clover | meadow | dog | 4
a wolf prowls between the oaks | meadow | wolf | 1
not a soul in the grassy vale | meadow | none | 0
convertible speeding past storefronts | city | car | 1
three taxis in rush-hour traffic | city | car | 3
a businessman hurrying to the office past the skyscrapers | city | man | 1
a lady shopping downtown with her handbag | city | woman | 1
half-eaten biscuit beside a teacup on the dining table | kitchen_table | cookie | 1
someone nibbles two oatmeal cookies in the kitchen | kitchen_table | cookie | 2
a marble rolls off the desk in the kitchen | kitchen_table | ball | 1
""")

JAPANESE = _rows("""
傘をさした奥さんが電飾看板の下を急ぐ | neon_street | woman | 1
歌舞伎町を歩くスーツの刑事 | neon_street | man | 1
ネオン瞬く路地に野良犬が一匹 | neon_street | dog | 1
きらびやかな歓楽街を走り抜けるタクシー | neon_street | car | 1
夜の繁華街に佇む二人の紳士 | neon_street | man | 2
吹雪の中を行く三頭の毛深い巨象 | snowfield | mammoth | 3
氷河期の雪原、牙の長いけもの | snowfield | mammoth |
遠吠えする野獣の群れ、しんしんと降る雪 | snowfield | wolf |
新雪に足跡を残すオオカミ四匹 | snowfield | wolf | 4
ゲレンデでころがるボール | snowfield | ball | 1
無重力っぽくふわふわ跳ぶ飛行士、クレーターの縁 | moon | astronaut | 1
アポロ計画の二人組が月を探検 | moon | astronaut | 2
月にはだれもおらず静寂だけ | moon | none | 0
沖合に浮かぶ三隻のヨット | beach | boat | 3
夕陽の水平線へ出航する帆掛け船 | beach | boat | 1
浜で波とたわむれる柴犬 | beach | dog | 1
かもめが一羽、潮風に乗って | beach | bird | 1
ワンピース姿の婦人が渚にたたずむ | beach | woman | 1
ビーチボールが砂の上をころころ | beach | ball | 1
無人島の浜辺、人っ子ひとりいない | beach | none | 0
たんぽぽ畑の上を舞う二羽のすずめ | meadow | bird | 2
原っぱを駆け回る子犬たち四匹 | meadow | dog | 4
木立の間にひそむ一匹狼 | meadow | wolf | 1
誰も見当たらない野原 | meadow | none | 0
高層ビルの谷間を飛ばすスポーツカー | city | car | 1
渋滞する三台の乗用車、都心 | city | car | 3
通勤途中のサラリーマン、駅前通り | city | man | 1
買い物帰りのお姉さんが歩道を行く | city | woman | 1
食べかけのビスケット、紅茶のある食卓 | kitchen_table | cookie | 1
おやつの時間、皿にクッキー三枚 | kitchen_table | cookie | 3
ちゃぶ台の上をころがるビー玉 | kitchen_table | ball | 1
""")
