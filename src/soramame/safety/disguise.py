"""Tricks undone: a prompt as a reader would read it, whatever letters it is written in.

Letters that only look right, letters that are not seen, figures for letters, letters apart, doubled or backwards, and texts in
base64 or rot13. A word that is known as it stands is never touched, so that "50 cent" and "4k" stay what they are.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import unquote

from soramame.safety.lexicon import Lexicon
from soramame.safety.match import JAPANESE, KATAKANA

_LOOKS = str.maketrans(
    "авсԁеёғԍһнніїјкӏмпорԛгѕтуѵԝхҳьєийяцшщүѡαβγδεζηικλμνοπρσςτυχωϲϳθօսհոզցքւաեի"
    "АВСЕЁНІЇЈКМОРЅТУХҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ",
    "abcdeefghhhiijklmnopqrstyvwxxbennruwwywabydeznikluvonpostuxwcjoouhnqgfiweh"
    "ABCEEHIIJKMOPSTYXYABEZHIKMNOPTYXABCDEHJKLMPRSTVWZ",
)
"""What looks like a Latin letter: Cyrillic, Greek, Armenian, Cherokee."""
_NAMED = re.compile(
    r"(?:LATIN|REGIONAL|NEGATIVE|SQUARED|CIRCLED|PARENTHESIZED).*?LETTER (?:SMALL CAPITAL )?([A-Z])(?: |$)"
)
_OTHER_LATIN = {"ı": "i", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ɛ": "e", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
_LEET: dict[str, str] = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g", "@": "a",
    "$": "s", "!": "i", "|": "li", "+": "t", "(": "c", "€": "e", "£": "l", "¡": "i", "¢": "c", "§": "s",
}  # fmt: skip
_UNIT = re.compile(
    r"\d+(?:st|nd|rd|th|s|k|d|g|m|mm|cm|km|ft|in|kg|lb|fps|p|i|x|yo|am|pm|hz|mph|kmh|min|sec|h|hr|hrs|px|mp|mb|gb|v|w|c|f|a|b)"
    r"|[a-z]{1,2}\d+|\d+x\d+"
)
"""Figures with letters that are meant: 2nd, 4k, 35mm, mp4, 16x9."""
_SMALL = frozenset(
    {
        "of",
        "to",
        "in",
        "on",
        "at",
        "it",
        "as",
        "so",
        "do",
        "is",
        "me",
        "my",
        "up",
        "by",
        "us",
        "he",
        "no",
        "an",
        "be",
        "we",
    }
)
_JA_LOOKS = str.maketrans("口二力工夕卜八一", "ロニカエタトハー")
_APART = r"[ .\-_*/|,~·•+'=:;]"
_SPACED = re.compile(rf"(?<![^\W_])(?:[^\W_]|[@$!|])(?:{_APART}{{1,4}}(?:[^\W_]|[@$!|])(?![^\W_@$])){{2,}}")
_BETWEEN_JA = re.compile(rf"(?<={JAPANESE.pattern})[\s.・·•*_\-~|/＝=+'’…○●◯〇×]+(?={JAPANESE.pattern})")
_EDGES = re.compile(r"^([\"'(\[{<«“‘*#.,;:!?…~-]*)(.*?)([\"')\]}>»”’.,;:!?…*~-]*)$", re.DOTALL)
_FRAMES = re.compile(
    r"(?:please\s+)?(?:ignore|forget|disregard|bypass|override)\s+(?:(?:all|any|the|your|of|previous|prior|above|earlier|safety|"
    r"content|these|those|and|instructions?|rules?|polic(?:y|ies)|filters?|guidelines?|restrictions?)\s*)+[.,:;!]*|"
    r"(?:this|it)(?:\s+is|['’]s)\s+(?:only|just|merely|purely)?\s*(?:a|for)\s+(?:test|research|safety test|educational purposes?)"
    r"(?:\s+of\s+(?:the|your)\s+(?:safety\s+|content\s+)?filters?)?(?:\s+only)?[.,:;!]*|"
    r"for\s+(?:a|my|our)\s+(?:school|university|college|history|art)\s+(?:project|class|assignment|homework)[.,:;!]*|"
    r"(?:purely\s+|only\s+|strictly\s+)?for\s+(?:educational|research|scientific|academic|safety)\s+(?:purposes?|reasons?)"
    r"(?:\s+only)?[.,:;!]*|"
    r"(?:これまで|今まで|前|以前|上)の(?:すべての|全ての)?(?:指示|命令|ルール|規則|制限)(?:や(?:指示|命令|ルール|規則|制限))?を"
    r"(?:すべて|全て|全部)?(?:無視|忘れ)(?:して|て)?(?:ください|下さい)?[、。]?|"
    r"(?:すべて|全て)?の?(?:安全)?(?:ルール|規則|フィルター|制限)(?:と(?:ルール|規則|フィルター|制限))?を(?:すべて|全て|全部)?無視して"
    r"(?:ください|下さい)?[、。]?|"
    r"(?:学校|大学|授業)の(?:課題|宿題|研究)(?:なので|です(?:から|ので)?|のため(?:に)?)[、。]?|教育目的(?:なので|です(?:から|ので)?|で)[、。]?",
    re.IGNORECASE,
)
"""What is said around a prompt so that it passes; the rest is judged by itself."""
_CODED = re.compile(r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/_-]{16,}={0,2})(?![A-Za-z0-9+/=])")


def clean(text: str) -> str:
    """The text in plain letters: one form of each letter, nothing invisible, no look-alikes, no accents on Latin letters."""
    if "&" in text:
        text = html.unescape(text)
    if re.search(r"%[0-9A-Fa-f]{2}", text):
        text = unquote(text)
    text = "".join(
        letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc", "Co") or letter.isspace()
    )
    text = unicodedata.normalize("NFKC", text)
    if text.isascii():
        return text
    return "".join(_plain(letter) for letter in text.translate(_LOOKS))


def _plain(letter: str) -> str:
    if letter.isascii() or JAPANESE.match(letter):
        return letter
    if letter in _OTHER_LATIN:
        return _OTHER_LATIN[letter]
    category = unicodedata.category(letter)
    if category in ("Mn", "Me") and letter not in "\u3099\u309a":
        return ""
    bare = unicodedata.normalize("NFKD", letter)[0]
    if bare.isascii() and bare.isalpha():
        return bare
    if category[0] in "LS":
        named = _NAMED.match(unicodedata.name(letter, ""))
        if named:
            return named[1] if letter.isupper() else named[1].lower()
    return letter


def folded(text: str) -> str:
    """Japanese with all kana as hiragana, for comparison."""
    looks = text.translate(_JA_LOOKS)
    return "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in looks)


def joined_japanese(text: str) -> str:
    """Nothing between Japanese letters that only keeps them apart."""
    return _BETWEEN_JA.sub("", text)


def _kept_apart(gap: re.Match[str]) -> str:
    """A blank between two words in katakana, which would be read as one; nothing between other letters."""
    text, word = gap.string, re.compile(rf"{KATAKANA.pattern}{{2}}")
    before, after = text[max(0, gap.start() - 2) : gap.start()], text[gap.end() : gap.end() + 2]
    return " " if word.fullmatch(before) and word.fullmatch(after) else ""


def readings(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The texts to judge, the most likely reading first: without tricks, and decoded where all of it was encoded."""
    plain = _decoded(clean(text), lexicon)
    undone = _words_undone(_spaced_undone(plain, lexicon), lexicon)
    read = unframed(joined_japanese(undone))
    found = [read, unframed(_BETWEEN_JA.sub(_kept_apart, undone))]
    if _share(plain, lexicon) < 0.6:
        for undo in (lambda told: codecs.decode(told, "rot13"), lambda told: told[::-1]):
            other = undo(plain)
            if _share(other, lexicon) > max(0.75, _share(read, lexicon)):
                found.insert(0, other)
    return tuple(dict.fromkeys(found))


def literal(text: str) -> str:
    """The text in plain letters and otherwise as it stands: a name may look like a trick."""
    return joined_japanese(clean(text))


def unframed(text: str) -> str:
    """The text without what is said around it ("ignore the rules", "this is only a test"); itself if nothing is left."""
    return _FRAMES.sub(" ", text).strip() or text


def _share(text: str, lexicon: Lexicon) -> float:
    """How many of the words are known."""
    words = re.findall(r"[a-z]{2,}", text.lower())
    return sum(lexicon.knows(word) for word in words) / len(words) if len(words) > 2 else 1.0


def _decoded(text: str, lexicon: Lexicon) -> str:
    """Words in base64 or hexadecimal, as what they say."""

    def told(match: re.Match[str]) -> str:
        for decode in (bytes.fromhex, _from_base64):
            try:
                inner = decode(match[0]).decode("utf-8")
            except (ValueError, binascii.Error):
                continue
            if inner.isprintable() and (_share(inner + " a a a", lexicon) > 0.6 or JAPANESE.search(inner)):
                return clean(inner)
        return match[0]

    return _CODED.sub(told, text)


def _from_base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _spaced_undone(text: str, lexicon: Lexicon) -> str:
    """Letters apart as words: the most frequent thing between them is the spacing, anything else ends a word."""

    def told(match: re.Match[str]) -> str:
        letters = re.findall(rf"[^\W_]|[@$!|](?!{_APART})|[@$!|]", match[0])
        if any(JAPANESE.match(letter) for letter in letters) or not any(letter.isalpha() for letter in letters):
            return match[0]
        gaps = re.findall(rf"{_APART}+", match[0])
        usual = max(dict.fromkeys(reversed(gaps)), key=gaps.count)
        groups = re.split(rf"(?<!{_APART}){_APART}+(?!{_APART})", match[0])
        words, word = [], ""
        for letter, gap in zip(groups, [*gaps, ""], strict=False):
            word += letter
            if gap != usual:
                words.append(word)
                word = ""
        words = [*words, word] if word else words
        return " ".join(_whole(word, lexicon) for word in words)

    return _SPACED.sub(told, text)


def _whole(letters: str, lexicon: Lexicon) -> str:
    """Letters that stood apart as one word, or as the words that they make."""
    for candidate in _leet(letters.lower()):
        if lexicon.knows(candidate):
            return candidate
    for candidate in _leet(letters.lower()):
        cut = lexicon.cut(candidate, least=1)
        if cut:
            return cut
    return letters


def _leet(word: str) -> Iterator[str]:
    """The word with letters for figures and marks, in every way (at most 16)."""
    options = [_LEET.get(letter, letter) for letter in word]
    for number, choice in enumerate(product(*options)):
        if number == 16:
            return
        yield "".join(choice)


def _words_undone(text: str, lexicon: Lexicon) -> str:
    return "".join(
        part if part.isspace() or not part else _word_undone(part, lexicon) for part in re.split(r"(\s+)", text)
    )


def _word_undone(part: str, lexicon: Lexicon) -> str:
    if JAPANESE.search(part) or not any(letter.isalpha() for letter in part):
        return part
    match = _EDGES.match(part)
    before, core, after = match.groups() if match else ("", part, "")
    if re.fullmatch(r"(?:[a-z]\.){1,2}[a-z]?", core.lower()):  # U.S.
        return part
    bare = re.sub(r"['’](?:s|t|re|ll|ve|d|m)\b", "", core.lower())
    pieces = [piece for piece in re.split(r"[^\w@$!|+*]|_", bare) if piece]
    if all(lexicon.knows(piece) or piece.isdigit() for piece in pieces):
        return before + core.replace("_", " ") + after
    for undo in (_by_figures, _by_marks, _backwards, _by_cut):
        found = undo(core.lower(), lexicon)
        if found:
            return before + found + after
    if after.startswith("!") and (found := _by_figures(core.lower() + "!", lexicon)):
        return before + found + after[1:]
    return part


Undo = Callable[[str, Lexicon], str]


def _by_figures(word: str, lexicon: Lexicon) -> str:
    """Figures and marks for letters, letters doubled, marks between letters."""
    short = bool(_UNIT.fullmatch(word))
    bare = re.sub(r"[^a-z0-9@$!|+(€£¡¢§]", "", word)
    for base in dict.fromkeys((word, bare, re.sub(r"[^a-z0-9]", "", word))):
        for letters in _leet(base):
            for candidate in (letters, _single(letters, 2), _single(letters, 1)):
                long_enough = len(candidate) > 2 or candidate in _SMALL
                if candidate != word and long_enough and candidate.isalpha() and lexicon.knows(candidate):
                    if short and not lexicon.minds(candidate):
                        continue
                    return candidate
    return ""


def _single(word: str, most: int) -> str:
    return re.sub(r"(.)\1+", lambda match: match[1] * most, word)


def _by_marks(word: str, lexicon: Lexicon) -> str:
    """A letter or two hidden behind marks: a word that the rules mind, if there is one of that shape."""
    return lexicon.masked(word) if re.fullmatch(r"[a-z]+[*#_.%?-]+[a-z]+", word) else ""


def _backwards(word: str, lexicon: Lexicon) -> str:
    return word[::-1] if len(word) > 3 and word.isalpha() and lexicon.knows(word[::-1]) else ""


def _by_cut(word: str, lexicon: Lexicon) -> str:
    """Words run together."""
    bare = re.sub(r"[^a-z0-9@$]", "", word)
    for candidate in _leet(bare):
        cut = lexicon.cut(candidate, least=3) if len(candidate) > 6 and candidate.isalpha() else ""
        if cut:
            return cut
    return ""
