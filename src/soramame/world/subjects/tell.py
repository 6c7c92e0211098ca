"""How clothes and hair are told, in English after the noun and in Japanese before it."""

from __future__ import annotations

from soramame.world.palette import COLOURS
from soramame.world.subjects.base import Look, Phrases

HAIR_EN = {"black": "black hair", "brown": "brown hair", "gold": "blonde hair", "red": "red hair", "grey": "grey hair"}
HAIR_JA = {"black": "黒髪", "brown": "茶色い髪", "gold": "金髪", "red": "赤い髪", "grey": "灰色の髪"}
GARMENT_JA = {
    "leather jacket": "革ジャケット", "coat": "コート", "sweater": "セーター", "t-shirt": "Tシャツ", "suit": "スーツ",
    "long dress": "ロングドレス", "skirt": "スカート", "trousers": "ズボン",
}  # fmt: skip


def _en(colour: str) -> str:
    return COLOURS[colour].words.en[0]


def _ja(colour: str) -> str:
    return COLOURS[colour].words.ja[0]


def _article(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def _garment_en(garment: str, colour: str) -> str:
    if garment == "trousers":
        return f"{_en(colour)} trousers"
    if garment == "long dress":
        return f"a long {_en(colour)} dress"
    return _article(f"{_en(colour)} {garment}")


def describe_en(look: Look) -> Phrases:
    """Hair, clothes and accessory of a person, as far as the look tells them."""
    after: list[str] = []
    if "hair" in look:
        style = {"long": "long ", "short": "short "}.get(look.get("hair_style", ""), "")
        tail = " in a ponytail" if look.get("hair_style") == "ponytail" else ""
        bearded = " and a beard" if look.get("beard") == "yes" else ""
        after.append(f"with {style}{HAIR_EN[look['hair']]}{tail}{bearded}")
    elif look.get("beard") == "yes":
        after.append("with a beard")
    worn = [_garment_en(look[s], look[f"{s}_colour"]) for s in ("top", "bottom") if s in look and f"{s}_colour" in look]
    if worn:
        after.append("in " + " and ".join(worn))
    accessory, colour = look.get("accessory", "none"), look.get("accessory_colour")
    if accessory.startswith("sunglasses"):
        after.append("wearing sunglasses")
    if accessory in ("hat", "scarf") and colour:
        after.append(f"wearing {_article(f'{_en(colour)} {accessory}')}")
    if accessory.endswith("bag") and colour:
        after.append(f"carrying {_article(f'{_en(colour)} bag')}")
    return Phrases(after=tuple(after))


def describe_ja(look: Look) -> tuple[str, ...]:
    """Hair, clothes and accessory of a person, each ready to stand before the noun."""
    parts: list[str] = []
    if "hair" in look:
        style = {"long": "長い", "short": "短い"}.get(look.get("hair_style", ""), "")
        tail = "をポニーテールにした" if look.get("hair_style") == "ponytail" else "の"
        parts.append(f"{style}{HAIR_JA[look['hair']]}{tail}")
    if look.get("beard") == "yes":
        parts.append("ひげを生やした")
    accessory, colour = look.get("accessory", "none"), look.get("accessory_colour")
    if accessory.startswith("sunglasses"):
        parts.append("サングラスをかけた")
    if accessory == "hat" and colour:
        parts.append(f"{_ja(colour)}帽子をかぶった")
    if accessory == "scarf" and colour:
        parts.append(f"{_ja(colour)}マフラーを巻いた")
    if accessory.endswith("bag") and colour:
        parts.append(f"{_ja(colour)}バッグを持った")
    parts.extend(_clothes_ja(look))
    return tuple(parts)


def _clothes_ja(look: Look) -> list[str]:
    top = f"{_ja(look['top_colour'])}{GARMENT_JA[look['top']]}" if "top" in look and "top_colour" in look else ""
    bottom = (
        f"{_ja(look['bottom_colour'])}{GARMENT_JA[look['bottom']]}"
        if "bottom" in look and "bottom_colour" in look
        else ""
    )
    if not bottom:
        return [f"{top}を着た"] if top else []
    if look["bottom"] == "long dress":
        return [f"{top}と{bottom}を着た" if top else f"{bottom}を着た"]
    return [f"{top}を着て{bottom}をはいた" if top else f"{bottom}をはいた"]
