"""The colours of the paper world: fifteen names that every subject, garment and caption shares."""

from __future__ import annotations

from dataclasses import dataclass

from soramame.world.words import Words

RGB = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Colour:
    """A named colour: sRGB 0..255, and its words. Japanese words are attributive: they stand before a noun."""

    name: str
    rgb: RGB
    words: Words


def _colour(name: str, rgb: RGB, *, en: tuple[str, ...] = (), ja: tuple[str, ...]) -> Colour:
    english = (name, *en)
    return Colour(name=name, rgb=rgb, words=Words(en=english, en_plural=english, ja=ja))


_ALL = (
    _colour("red", (214, 44, 52), ja=("赤い", "赤色の")),
    _colour("orange", (242, 132, 42), ja=("オレンジ色の", "だいだい色の")),
    _colour("yellow", (250, 206, 52), ja=("黄色い", "黄色の")),
    _colour("green", (56, 152, 86), ja=("緑色の", "緑の")),
    _colour("blue", (44, 106, 206), ja=("青い", "青色の")),
    _colour("purple", (128, 76, 178), en=("violet",), ja=("紫色の", "紫の")),
    _colour("pink", (246, 138, 172), ja=("ピンクの", "ピンク色の")),
    _colour("brown", (134, 84, 52), ja=("茶色い", "茶色の")),
    _colour("black", (46, 45, 56), ja=("黒い", "黒色の")),
    _colour("white", (246, 243, 236), ja=("白い", "白色の")),
    _colour("grey", (136, 143, 156), en=("gray",), ja=("灰色の", "グレーの")),
    _colour("gold", (222, 168, 58), en=("golden",), ja=("金色の",)),
    _colour("silver", (192, 200, 210), en=("silvery",), ja=("銀色の",)),
    _colour("teal", (30, 146, 150), ja=("青緑色の",)),
    _colour("beige", (226, 200, 164), ja=("ベージュの", "ベージュ色の")),
)

COLOURS: dict[str, Colour] = {colour.name: colour for colour in _ALL}


def rgb_of(name: str) -> RGB:
    """The sRGB value of a colour name. Raises :class:`KeyError` for a name that the palette lacks."""
    return COLOURS[name].rgb
