"""Splits a text into tokens: figures with their units, times, places, organisations, sectors, words that say metrics.

Numbers that are not facts are recognised here, too, and marked void, so that rules skip them: numbers of laws,
articles and terms, telephone numbers, addresses, times of day, enumerators. No grammar beyond that: which figure
belongs to which metric is decided in :mod:`ingestion.news.claims.rules`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from ingestion.news.claims.vocabulary import PIECE, Vocabulary, key_of, words_of
from ingestion.vietnamese.numbers import (
    NUMBER_WORDS,
    SCALE_WORDS,
    NumberFormatError,
    parse_number,
    parse_number_words,
)
from ingestion.vietnamese.times import TimeExpression, recognise, recognise_months, recognise_report_months


@dataclass(frozen=True)
class Figure:
    """A number with its unit. ``unit`` is "" (a count), money, percent, ha or tonne.

    ``value_max`` is the upper end of a range, ``denominator`` the whole of "29/34"; ``per`` what it is per
    ("htx", "năm", "tháng", ...). Money is in đồng. ``may_be_year`` marks a bare 1900 to 2100.
    """

    value: Decimal
    value_max: Decimal | None = None
    denominator: Decimal | None = None
    unit: str = ""
    per: tuple[str, ...] = ()
    may_be_year: bool = False


@lru_cache(maxsize=10_000)
def _by_category(tags: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Codes by category, in order."""
    found: dict[str, tuple[str, ...]] = {}
    for tag in sorted(tags):
        category, _, code = tag.partition(":")
        found[category] = (*found.get(category, ()), code)
    return found


@dataclass(slots=True, eq=False)
class Token:
    """A stretch of text with what was recognised in it; ``key`` is the word or mark in lower case. Never changed.

    ``tags`` are ``category:code`` of the vocabulary; ``mark`` is true for punctuation; ``void`` for a number that is
    not a fact.
    """

    start: int
    end: int
    key: str
    tags: frozenset[str] = frozenset()
    figure: Figure | None = None
    time: TimeExpression | None = None
    mark: bool = False
    void: bool = False
    capital: bool = False

    def code(self, category: str) -> str | None:
        """The code the token carries in ``category`` (the first in order if several), or None."""
        codes = _by_category(self.tags).get(category) if self.tags else None
        return codes[0] if codes else None

    def codes(self, category: str) -> tuple[str, ...]:
        """All codes in ``category``, in order."""
        return _by_category(self.tags).get(category, ()) if self.tags else ()

    def has(self, *tags: str) -> bool:
        """Whether the token carries one of ``tags``."""
        return not self.tags.isdisjoint(tags)


_CODE = r"\d+\s?(?:/\s?(?:19|20)\d\d)?\s?(?:/\s?[A-ZĐ][\wĐ]*(?:[-–/&][A-ZĐ][\wĐ]*)*|-[A-ZĐ]{1,4}/[A-ZĐ]+)(?:-\w+)*"
_KIND = (
    r"(?:Quyết\s+định|Nghị\s+định|Nghị\s+quyết|Chỉ\s+thị|Thông\s+tư(?:\s+liên\s+tịch)?|Văn\s+bản|Công\s+văn|"
    r"Kế\s+hoạch|Chương\s+trình|Thông\s+báo|Hướng\s+dẫn|Kết\s+luận|Tờ\s+trình|Công\s+điện|Luật|Báo\s+cáo|Đề\s+án)"
)
_DATED = r"(?:,?\s+ngày\s+(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}))?"
_DOCUMENT = re.compile(
    rf"(?:{_KIND}\s+(?:số\s+)?)?(?:số\s+)?{_CODE}{_DATED}"
    rf"|{_KIND}\s+số\s+\d+{_DATED}"
    rf"|(?:Quyết\s+định|Nghị\s+định|Nghị\s+quyết|Chỉ\s+thị|Thông\s+tư)\s+\d+(?:[/-][\w/-]+)?{_DATED}"
    r"|Luật\s+(?:HTX|Hợp\s+tác\s+xã|[\w\s]{0,20}?)\s*(?:(?:năm\s+)?(?:19|20)\d\d|năm\s+\d{4})"
    rf"|{_KIND}\s+(?:này\s+)?\d+(?=\s*[/-]\s?[A-ZĐ])",
    re.IGNORECASE,
)
# Only its capitals distinguish a code from a fraction, so it alone is matched with case.
_BARE_CODE = re.compile(rf"(?:[Ss]ố\s+)?{_CODE}{_DATED}")
_ORDINAL = re.compile(
    r"(?:Điều|khoản|điểm|khóa|khoá|lần\s+thứ|thứ|chương|mục|phụ\s+lục|trang|tuần|hạng|số|hotline|kỳ|quy\s+mô\s+cấp|"
    r"nhóm\s+nợ|nhóm|công\s+nghiệp|điện\s+thoại|đt|fax|zalo)\s*[:.]?\s*(?:\d[\d.,]*+|[IVX]+(?!\w))(?!\s*(?:HTX|hợp\s+tác\s+xã))",
    re.IGNORECASE,
)
#: "nhóm 3, 4, 5" of debts.
_MORE_ORDINALS = re.compile(r"(?:\s*(?:,|và)\s*\d{1,2}(?![\d%.,]*\s*(?:HTX|%|tỷ|triệu|dự|khách)))+", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+84|0)\d(?:[ .-]?\d){7,10}(?!\d)")
_CLOCK = re.compile(r"\d{1,2}(?::\d{2}|\s?(?:h|giờ)\s?\d{0,2})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_ENUMERATOR_AT_START = re.compile(r"(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)](?=\s|[^\W\d])")
_ENUMERATOR_IN_TEXT = re.compile(r"\((?:\d{1,2}|[ivx]{1,4}|[a-zđ])\)")
_UNTYPED = re.compile(r"\s*(?:lần|%?\s*điểm|giây|phút|tuổi|km|m2|m²|kg)\b", re.IGNORECASE)

_NUMBER = r"\d+(?:[.,]\d+)*"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:[-–—]|(?:đến|tới)(?=\s))\s*({_NUMBER})")
_FRACTION = re.compile(r"(\d{1,7})\s?/\s?(\d{1,7})(?![\d/])")
_SINGLE = re.compile(_NUMBER)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCALE = re.compile(r"\s*(nghìn|ngàn|vạn|triệu|tỷ|tỉ)\b(?:\s+(tỷ|tỉ|triệu)\b)?", re.IGNORECASE)
_SECOND_AMOUNT = re.compile(rf"\s+({_NUMBER})\s*(nghìn|ngàn|triệu)\b", re.IGNORECASE)
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ)\b", re.IGNORECASE)
_UNITS = (
    ("percent", re.compile(r"\s*(?:%|phần\s+trăm\b)", re.IGNORECASE)),
    ("ha", re.compile(r"\s*(?:ha|hecta|héc-?\s?ta|hec-?ta)\b", re.IGNORECASE)),
    ("tonne", re.compile(r"\s*tấn\b", re.IGNORECASE)),
)
_PER = re.compile(
    r"\s?/\s?(htx|hợp tác xã|năm|tháng|người|lao động|thành viên|hộ|đơn vị|tổng dư nợ|dư nợ)(?!\s*/?\d)", re.IGNORECASE
)

#: Larger than any real figure; the raw zone has 22 digits before the comma.
_TOO_LARGE = Decimal(10) ** 18

_TIME_BEGINNINGS = frozenset(
    words_of(
        "ngày tháng quý quí năm cuối đầu đến tới tính so hết tại trong cùng cả giai nhiệm thời từ hiện "
        "nửa sáng trưa chiều tối đêm từ hằng hàng mỗi hai ba bốn sáu bảy tám chín mười"
    )
)
_VOID_BEGINNINGS = frozenset(
    words_of(
        "quyết nghị chỉ thông văn công kế chương hướng kết tờ luật báo đề số điều khoản điểm khóa lần thứ mục phụ "
        "nhóm trang tuần hạng hotline kỳ quy điện đt fax zalo https http www"
    )
)
_COUNTS_OF_MONTHS = frozenset({*"23456789", *words_of("ba sáu chín hai bốn năm bảy tám mười"), "10", "11"})
#: "thời hạn 6 tháng", "quá 9 tháng" are durations and not dates.
_OF_DURATIONS = frozenset(words_of("hạn quá sau vay dài trên dưới mỗi"))
#: "thực hiện", "phát hiện" and the like hold no "hiện".
_GROUP = key_of("nhóm")
_NOW = key_of("hiện")
_BEFORE_NOW = frozenset(words_of("thực phát xuất biểu thể tái"))
_BEGINNINGS = _TIME_BEGINNINGS | _VOID_BEGINNINGS | {key_of(word) for word in NUMBER_WORDS}


def tokenise(text: str, vocabulary: Vocabulary) -> list[Token]:
    """Tokens of the NFC ``text`` in order, positions in ``text``; a line end is a token with key ``\\n``."""
    pieces = [(m.start(), m.end(), m.group()) for m in re.finditer(rf"\n|{PIECE.pattern}", text)]
    keys = [key_of(piece) for _, _, piece in pieces]
    tokens: list[Token] = []
    has_addresses = "@" in text
    index = 0
    while index < len(pieces):
        start, end, piece = pieces[index]
        if piece == "\n":
            tokens.append(Token(start, end, "\n", mark=True))
            index += 1
            continue
        key = keys[index]
        begins = key in vocabulary.phrases or key in _BEGINNINGS or not piece.isalpha() or has_addresses
        if not begins and tokens and tokens[-1].key != "\n":
            # Most words: nothing begins with them.
            tokens.append(Token(start, end, key, capital=piece[0].isupper()))
            index += 1
            continue
        token = (
            _enumerator(text, start, tokens)
            or _void(text, start, keys[index], piece, tokens)
            or _time(text, start, keys[index], piece, tokens)
            or _figure(text, start, piece, tokens)
            or _written_number(pieces, keys, index, vocabulary)
            or _phrase(text, pieces, keys, index, vocabulary)
            or Token(start, end, keys[index], mark=not (piece[0].isalnum() or piece == "%"), capital=piece[0].isupper())
        )
        tokens.append(token)
        index += 1
        while index < len(pieces) and pieces[index][0] < token.end:
            index += 1
    return tokens


def _enumerator(text: str, start: int, before: list[Token]) -> Token | None:
    at_start = not before or before[-1].key == "\n"
    pattern = _ENUMERATOR_AT_START if at_start else _ENUMERATOR_IN_TEXT
    match = pattern.match(text, start) or _ENUMERATOR_IN_TEXT.match(text, start)
    return Token(start, match.end(), "(1)", mark=True, void=True) if match else None


def _void(text: str, start: int, key: str, piece: str, before: list[Token]) -> Token | None:
    if piece[0].isdecimal():
        glued = bool(before) and before[-1].end == start and before[-1].key in {"-", "–"}
        if glued and len(before) > 1 and before[-2].end == before[-1].start and not before[-2].figure:
            return Token(start, start + len(piece), key, void=True)  # "Covid-19", "A-25"
        for pattern in (_BARE_CODE, _PHONE, _CLOCK):
            if match := pattern.match(text, start):
                return Token(start, match.end(), key, void=True)
        return None
    if key in _VOID_BEGINNINGS:
        for pattern in (_ADDRESS, _DOCUMENT, _ORDINAL):
            if match := pattern.match(text, start):
                if pattern is _DOCUMENT and not _is_document(match.group()):
                    continue
                end = match.end()
                if key == _GROUP and (more := _MORE_ORDINALS.match(text, end)):
                    end = more.end()
                return Token(start, end, key, void=True)
    if "@" in text[start : start + 60] and (match := _ADDRESS.match(text, start)):
        return Token(start, match.end(), key, void=True)
    return None


def _is_document(text: str) -> bool:
    """Whether the match names a document by its code, its number or its year (a law), not a plan's figures."""
    return bool(_BARE_CODE.search(text)) or bool(re.search(r"số\s+\d|luật|\D\d+$|ngày", text, re.IGNORECASE))


def _time(text: str, start: int, key: str, piece: str, before: list[Token]) -> Token | None:
    if key not in _TIME_BEGINNINGS and not piece[0].isdecimal():
        return None
    found = recognise(text, start)
    if found is None and before and before[-1].code("accumulation"):
        found = recognise_months(text, start)
    if found is None and key in _COUNTS_OF_MONTHS and not (before and before[-1].key in _OF_DURATIONS):
        found = recognise_report_months(text, start, within=bool(before) and before[-1].key == "trong")
    if found is None or (key == _NOW and before and before[-1].key in _BEFORE_NOW):
        return None
    expression, end = found
    if expression.grain == "years" and _belongs_to_title(before):
        return Token(start, end, key, time=replace(expression, role="other"))
    is_origin = bool(before) and before[-1].has("link:from") and expression.role == "period"
    if before and (before[-1].code("plan") or is_origin):
        expression = replace(
            expression, role="other"
        )  # the year of a plan dates nothing but the plan, "từ tháng 12" an origin
    return Token(start, end, key, time=expression)


def _belongs_to_title(before: list[Token]) -> bool:
    """Whether a stretch of years is part of a document's or programme's name in running text."""
    if not any(token.key == "\n" for token in before):
        return False  # in the title of an article it dates the article
    for token in reversed(before[-15:]):
        if token.key in {"\n", ".", ",", ":", ";"} or token.figure:
            return False
        if token.void or token.code("plan") or token.has("programmes:"):
            return True
    return False


def _figure(text: str, start: int, piece: str, before: list[Token]) -> Token | None:
    if not piece[0].isdecimal():
        return None
    try:
        figure, end = _read_figure(text, start, before)
    except NumberFormatError:
        match = _SINGLE.match(text, start)
        return Token(start, match.end() if match else start + len(piece), piece, void=True)
    if untyped := _UNTYPED.match(text, end):
        return Token(start, untyped.end(), piece, void=True)
    return Token(start, end, piece, figure=figure)


def _read_figure(text: str, start: int, before: list[Token]) -> tuple[Figure, int]:
    value_max = denominator = None
    after_from = bool(before) and before[-1].has("link:from")
    if (match := _FRACTION.match(text, start)) and Decimal(match[2]) > 0:
        value, denominator, end = Decimal(match[1]), Decimal(match[2]), match.end()
    elif (match := _RANGE.match(text, start)) and (match[0][len(match[1]) :].strip()[0] in "-–—" or after_from):
        value, value_max, end = parse_number(match[1]), parse_number(match[2]), match.end()
        if value_max <= value:
            raise NumberFormatError(match[0], "an ascending range")
    else:
        single = _SINGLE.match(text, start)
        assert single is not None  # noqa: S101 - the caller saw a digit
        value, end = parse_number(single.group()), single.end()
    bare = text[start:end]
    factor, end = _scale(text, end)
    value, value_max = value * factor, value_max * factor if value_max is not None else None
    if factor > 1 and (second := _SECOND_AMOUNT.match(text, end)) and SCALE_WORDS[second[2].lower()] < factor:
        value, end = value + parse_number(second[1]) * SCALE_WORDS[second[2].lower()], second.end()
    if max(value, value_max or value) >= _TOO_LARGE:
        raise NumberFormatError(bare, "a figure that fits the raw zone")
    unit = ""
    if match := _CURRENCY.match(text, end):
        unit, end = "money", match.end()
    elif factor == 1:
        for name, pattern in _UNITS:
            if match := pattern.match(text, end):
                unit, end = name, match.end()
                break
    per: list[str] = []
    while unit and (match := _PER.match(text, end)):
        per.append(match[1].lower())
        end = match.end()
    is_year = not unit and factor == 1 and bare.isdigit() and len(bare) == 4 and 1900 <= int(bare) <= 2100
    return Figure(value, value_max, denominator, unit, tuple(per), is_year), end


def _scale(text: str, position: int) -> tuple[int, int]:
    match = _SCALE.match(text, position)
    if not match:
        return 1, position
    return SCALE_WORDS[match[1].lower()] * (SCALE_WORDS[match[2].lower()] if match[2] else 1), match.end()


def _written_number(
    pieces: list[tuple[int, int, str]], keys: list[str], index: int, vocabulary: Vocabulary
) -> Token | None:
    """A number in words, only before something countable: many of these words mean other things alone."""
    last = index
    while last < len(pieces) and pieces[last][2].lower() in NUMBER_WORDS:
        last += 1
    if last == index or last >= len(pieces):
        return None
    words = [piece.lower() for _, _, piece in pieces[index:last]]
    if len(words) == 1 and words[0] in {"một", "năm", "không", "tư", "linh", "lẻ", "mốt", "lăm", "nghìn", "triệu"}:
        return None
    found = vocabulary.longest_phrase(keys, last)
    if not found or not any(tag.startswith(("org:", "noun:")) for tag in found[1]):
        return None
    try:
        value = parse_number_words(words)
    except NumberFormatError:
        return None
    return Token(pieces[index][0], pieces[last - 1][1], keys[index], figure=Figure(Decimal(value)))


def _phrase(
    text: str, pieces: list[tuple[int, int, str]], keys: list[str], index: int, vocabulary: Vocabulary
) -> Token | None:
    found = vocabulary.longest_phrase(keys, index)
    if found is None:
        return None
    count, tags = found
    if "plan:year" in tags and index + count < len(pieces) and _YEAR.fullmatch(pieces[index + count][2]):
        # "kế hoạch năm 2018": the plan is one token, its year the next.
        count, tags = count - 1, (tags - {"plan:year"}) | {"plan:any"}
    capitals = [piece[0].isupper() for _, _, piece in pieces[index : index + count] if piece[0].isalpha()]
    if not all(capitals):
        # "hòa bình" is peace, "Hòa Bình" the province; "Bắc Trung bộ" and "đồng bằng sông Hồng" are written both ways.
        tags = frozenset(tag for tag in tags if not tag.startswith("place:"))
        if not any(capitals):
            tags = frozenset(tag for tag in tags if not tag.startswith("region:"))
    if not tags:
        return None
    start, end = pieces[index][0], pieces[index + count - 1][1]
    return Token(start, end, " ".join(keys[index : index + count]), tags, capital=pieces[index][2][0].isupper())
