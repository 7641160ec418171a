"""Brings what arrives to one form: digits of all scripts, look-alike signs, accents, invisible characters."""

import re
import unicodedata

BROKEN = "\ufffd"
"""Stands for what no honest message has: control characters, direction overrides, halves of characters."""

JUNK = "^"
"""Stands for signs that make a number something else: fractions, superscripts, crosses."""

_FIXED = {
    "\n": "\n", "\r": "\n", "\x85": "\n", "\t": " ", "ё": "е", "Ё": "Е", "ı": "i", "İ": "I", "ł": "l", "Ł": "L",
    "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "œ": "oe", "№": "№", "−": JUNK, "—": "—", "―": "—",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "´": "'", "′": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‹": '"', "›": '"', "،": ",", "٫": ".", "٬": JUNK, "٪": "%", "·": ".", "⋅": ".", "∙": ".", "‧": ".", "•": " ",
    "→": "->", "⇒": "->", "➡": "->", "➜": "->", "➔": "->", "⟶": "->", "°": JUNK, "❓": "?", "❔": "?",
    "⁉": "?", "➕": "+", "➖": "-", "❌": JUNK, "❎": JUNK, "🚫": JUNK, "👎": JUNK, "⛔": JUNK,
    "🤔": JUNK, "🤷": JUNK, "😕": JUNK, "💰": "$", "💵": "$", "💳": "$", "💸": "$", "🆘": "sos", "🔟": JUNK, "💯": JUNK,
    "🌡": JUNK, "☎": " тел ", "📞": " тел ", "📱": " тел ", "۔": ".", "。": ".", "\ufffd": BROKEN, "\ufffc": " ",
    "¼": JUNK, "½": JUNK, "¾": JUNK,
}  # fmt: skip

_SUNS, _MOONS = frozenset("☀🌞🌅🌤"), frozenset("🌙🌚🌛🌜🌝🌃🌑🌕")
_SKY = {ord(sign): word for signs, word in ((_SUNS, " день "), (_MOONS, " ночь ")) for sign in signs}
"""What a sun and a moon in one text stand for; alone they are decoration."""

_BIDI_CONTROLS = range(0x202A, 0x202F), range(0x2066, 0x206A), range(0xE0000, 0xE0080)
_EMOJI_PLANE = range(0x1F000, 0x1FB00)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


_CHANGED_DIGIT = re.compile(r"\d[\u0300-\u036f\u0483-\u0489\u20d0-\u20e2\u20e4-\u20ff]")
_DIGITS = re.compile(r"\d{2,}")


class _Table(dict[int, str]):
    """The replacement of every character met so far, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def fold(text: str) -> str:
    """The text with one sign for each meaning: ASCII digits, plain quotes and dashes, Latin letters without accents,
    Cyrillic `ё` as `е`; what cannot be seen is gone, what is broken is BROKEN. Letters keep their case.
    A text with digits struck out, or of several scripts in one number, is broken too."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    if _CHANGED_DIGIT.search(composed) or any(_is_mixed(digits) for digits in _DIGITS.findall(composed)):
        composed += BROKEN
    if not (_SUNS.isdisjoint(composed) or _MOONS.isdisjoint(composed)):
        composed = composed.translate(_SKY)
    return composed.translate(_TABLE)


def _is_mixed(digits: str) -> bool:
    """Whether a number is written in digits of several scripts."""
    return not digits.isascii() and len({ord(digit) - unicodedata.decimal(digit) for digit in digits}) > 1


def _fold_character(character: str) -> str:
    fixed = _FIXED.get(character)
    if fixed is not None:
        return fixed
    category = unicodedata.category(character)
    if category[0] == "C":
        return _fold_other(character, category)
    if category[0] == "N":
        return _fold_digit(character, category)
    if category[0] == "M":
        return ""
    if category[0] == "Z":
        return " " if category == "Zs" else "\n"
    if category[0] == "L":
        return _fold_letter(character)
    return _fold_sign(character, category)


def _fold_other(character: str, category: str) -> str:
    code = ord(character)
    if category == "Cf" and not any(code in controls for controls in _BIDI_CONTROLS):
        return ""
    if category == "Cn" and code in _EMOJI_PLANE:
        return " "
    return BROKEN


def _fold_digit(character: str, category: str) -> str:
    if category == "Nd":
        return str(unicodedata.decimal(character))
    drawn = unicodedata.decomposition(character).startswith("<circle>") or "CIRCLED" in unicodedata.name(character, "")
    digit = unicodedata.digit(character, None)
    return str(digit) if drawn and digit is not None else JUNK


def _fold_letter(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    if compatible != character:
        return "".join(_fold_character(each) for each in compatible)
    base = unicodedata.normalize("NFD", character)[0]
    return base if "LATIN" in unicodedata.name(base, "") else character


def _fold_sign(character: str, category: str) -> str:
    code = ord(character)
    if category == "So" and code >= 0x2190:
        return " "
    if category == "Sk" and code in _SKIN_TONES:
        return ""
    compatible = unicodedata.normalize("NFKC", character)
    if compatible != character:
        return "".join(_fold_character(each) for each in compatible)
    return "-" if category == "Pd" else character


_TABLE = _Table()
