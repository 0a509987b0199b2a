"""Texts of the font encodings that Vietnamese offices typed in before Unicode: TCVN3 (ABC, .VnTime) and VNI.

Such a file holds Latin letters that only look Vietnamese in their font: ``Hîp t¸c x·`` and ``Hôïp taùc xaõ`` are
both "Hợp tác xã". The bytes do not name the encoding: it is recognised by the share of words that become Vietnamese
syllables. Capitals of TCVN3's capital fonts (.VnTimeH) are stored as small letters and stay so. Source of the TCVN3
table: TCVN 5712:1993; of the formats: domain brief, part 4.4.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Literal

Encoding = Literal["TCVN3", "VNI"]

#: Letters of the bytes A1 to FE of TCVN 5712, tone marks (B0 to B4) as combining characters.
_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉ"
    "ỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
_TCVN3 = {0xA1 + place: letter for place, letter in enumerate(_TCVN3_LETTERS)}

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
#: VNI writes a mark as a letter of its own behind the vowel.
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}
_VNI_BOTH = {**_VNI_LETTERS, **{key.upper(): letter.upper() for key, letter in _VNI_LETTERS.items()}}
_VNI_MARKED = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])|[{''.join(_VNI_BOTH)}]", re.IGNORECASE)

#: Letters that only Unicode Vietnamese has: a text with one of them is not in an old font.
_UNICODE_ONLY = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u0323\u1ea0-\u1ef9]")
#: TCVN3 uses signs such as "®" and "·" for letters.
_WORD = re.compile(r"(?:[^\W\d_]|[\u00a1-\u00bf\u00d7\u00f7])+")

_ONSETS = ("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x", "kr kl đr br bl pl")
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt ăk â âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uan uang uach uai uanh uat uay uăc uăn uăng uăt uâ uân uâng uât
    uây uc ue uen ueo uet uê uên uêch uênh uêt ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt
    uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ym yn ynh yt
    """
#: A syllable may begin with its vowel.
_ONSET_SET = frozenset(("", *" ".join(_ONSETS).split()))
_RHYME_SET = frozenset(_RHYMES.split())
_NO_ETH = str.maketrans("Ðð", "Dd")
_TONES = {_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT}
#: The share of a text that must become Vietnamese for it to count as typed in an old font.
_ENOUGH = 0.8
_ENOUGH_WITH_FONT = 0.5


def from_tcvn3(text: str) -> str:
    """``"Hîp t¸c x·"`` -> ``"Hợp tác xã"``."""
    return unicodedata.normalize("NFC", text.translate(_TCVN3))


def from_vni(text: str) -> str:
    """``"Hôïp taùc xaõ"`` -> ``"Hợp tác xã"``."""
    return unicodedata.normalize("NFC", _VNI_MARKED.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    if match[1] is None:
        return _VNI_BOTH[match[0]]
    return _VNI_BOTH.get(match[1], match[1]) + _VNI_MARKS[match[2].lower()]


DECODERS: Mapping[Encoding, Callable[[str], str]] = {"TCVN3": from_tcvn3, "VNI": from_vni}


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Whether ``word`` can be a Vietnamese syllable: a known onset and rhyme, and a tone that the rhyme may bear."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in letters if c in _TONES]
    if len(tones) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    if plain.endswith(("c", "ch", "p", "t")) and not {_ACUTE, _DOT}.issuperset(tones):
        return False
    return any(plain[:cut] in _ONSET_SET and plain[cut:] in _RHYME_SET for cut in range(4))


def _marked_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not word.isascii()]


@lru_cache(maxsize=1 << 14)
def vietnamese_share(text: str) -> float | None:
    """The part of ``text``'s words beyond ASCII that are Vietnamese syllables; None if it has no such word."""
    words = _marked_words(text)
    return sum(map(is_syllable, words)) / len(words) if words else None


def detect(texts: Collection[str], fonts: Iterable[str] = ()) -> Encoding | None:
    """The old encoding that some of ``texts`` (cells of a sheet) are typed in, or None.

    ``fonts`` are names that the file mentions; a font of an encoding is an additional indication, never sufficient
    alone.
    """
    # Ð alone is the look-alike of Đ far oftener than a letter of an old font.
    odd = [t for t in texts if _may_be_legacy(t.translate(_NO_ETH)) and (vietnamese_share(t) or 0) < 1]
    words = [word for text in odd for word in _marked_words(text)]
    if not words:
        return None
    named = {_font_encoding(font) for font in fonts}
    best: tuple[float, Encoding] | None = None
    for encoding, decode in DECODERS.items():
        decoded = [word for text in odd for word in _marked_words(decode(text))]
        share = sum(map(is_syllable, decoded)) / len(decoded) if decoded else 0.0
        if share >= (_ENOUGH_WITH_FONT if encoding in named else _ENOUGH) and (best is None or share > best[0]):
            best = (share, encoding)
    before = sum(map(is_syllable, words)) / len(words)
    return best[1] if best and best[0] > before else None


def decode_text(text: str, encoding: Encoding, *, throughout: bool = True) -> str:
    """``text`` in Unicode if it is typed in ``encoding``, else as it is.

    A text that is Vietnamese in both readings (``"cã"``) is read in the old encoding if all texts around it are
    (``throughout``).
    """
    if not _may_be_legacy(text):
        return text
    before = vietnamese_share(text) or 0.0
    decoded = DECODERS[encoding](text)
    after = vietnamese_share(decoded) or 0.0
    return decoded if after > before or (throughout and after == before) else text


def is_unicode_vietnamese(text: str) -> bool:
    """Whether ``text`` has letters that no old font encoding could have put there."""
    return _UNICODE_ONLY.search(text) is not None


def _may_be_legacy(text: str) -> bool:
    return not text.isascii() and not is_unicode_vietnamese(text)


def _font_encoding(font: str) -> Encoding | None:
    name = font.strip().lower()
    return "TCVN3" if name.startswith(".vn") else "VNI" if name.startswith("vni") else None
