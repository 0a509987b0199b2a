"""Official documents that an article cites: kind, number and symbol, date, issuer, title and quote.

Reads text only. A part the text does not state stays empty: which document a bare "Quyết định 461" means, and which of
two dates is right, is decided in the warehouse (``int_document_citation``). Kinds, issuers and the register of known
documents are data (seeds ``document_kinds``, ``document_issuers``, ``documents``). Source of the formats: domain brief,
part 1.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingestion.vietnamese.periods import parse_date_text
from ingestion.vietnamese.text import composed_with_offsets, fold, nfc
from warehouse.reference import reference_rows

_CODE = r"[A-ZĐ][A-Za-zĐđÂâĂăÊêÔôƠơƯư&]*\d{0,2}"
_YEAR = r"(?:19|20)\d\d"
_DAY = rf"\d{{1,2}}\s*(?P<sep>[/.-])\s*\d{{1,2}}\s*(?P=sep)\s*{_YEAR}|\d{{1,2}}\s+tháng\s+\d{{1,2}}\s+năm\s+{_YEAR}"
_DATE = re.compile(
    rf"\s*,?\s*(?P<open>\(\s*)?(?:(?:ký|ban\s+hành)\s+)?"
    rf"(?:(?:ngày\s+)?(?P<day>{_DAY})|ngày\s+\d{{1,2}}/\d{{1,2}}(?!/?\d))(?(open)\s*\)?)"
)
#: "Ngày 19/7, Chủ tịch … ký ban hành" in front of a document's name.
_SIGNED = re.compile(
    r"(?P<printed>[Nn]gày\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?)(?!/)[^.;\n]{0,150}\b(?:ký|ban\s+hành)\s*$"
)
_OWN = re.compile(r"kèm\s+theo\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:\s+(?:của|do)\s+(?P<issuer>[^.;:()\n]{2,60}?))?\s*,?\s*(?:số)?\s*:?\s*$")
_TITLE = re.compile(
    r"\s*,?\s*(?:(?:về(?:\s+việc)?|V/v)\s+|(?=(?:phê\s+duyệt|quy\s+định|ban\s+hành)\s))"
    r"(?P<title>(?:[^.;:(\n]|\.(?=\d)){3,200})",
    re.IGNORECASE,
)
#: "Luật HTX năm 2012", "Luật Hợp tác xã 2023": a name of a few words and a year behind it.
_LAW = re.compile(rf"\bLuật\s+(?P<name>[^\W\d_](?:[^\W\d_]|\s(?!năm\s)){{1,40}}?)\s+(?:năm\s+)?(?P<year>{_YEAR})\b")
_NO_NAME = re.compile(
    r"\b(?:có|được|từ|ngày|hiệu|lực|sửa|đổi|đến|theo|trong|cho|đã|số|thông|qua|vào|kể|tại|khi|sau)\b", re.IGNORECASE
)
#: "Luật Hợp tác xã số 17/2023/QH15": a law's name stands between its kind and its number.
_LAW_NUMBERED = re.compile(r"^(?:\s+[^\W\d_]+){1,8}?\s+số\s*:?\s*$")
#: Words after a number that is a count, not the number of a document.
_COUNTED = re.compile(r"\s*(?:%|[,.]\d|(?:tháng|năm|ngày|nội|vấn|nhóm|tỉnh|HTX|điểm|lần|người|tỷ|triệu|mục|bước)\b)")


@dataclass(frozen=True)
class Citation:
    """One place where a text names a document; ``text[start:end]`` is ``quote``.

    ``symbol`` is in its official shape (``340/QĐ-TTg``, ``13-NQ/TW``, ``Luật HTX 2012``), None where the text gives a
    number only; ``symbol_written`` is as printed. ``year`` comes from the symbol, ``cited_on`` from the date beside
    it. ``kind_text`` and ``issuer_text`` are the text's own words. ``is_own`` marks the document that the page itself
    prints ("Kèm theo …").
    """

    kind: str | None
    kind_text: str | None
    number: str | None
    year: int | None
    symbol: str | None
    symbol_written: str
    issuer: str | None
    issuer_text: str | None
    cited_on: date | None
    date_text: str | None
    title: str | None
    is_own: bool
    quote: str
    start: int
    end: int


def find_citations(text: str, published_on: date | None = None) -> tuple[Citation, ...]:
    """Every citation of a document in ``text``, in text order; positions refer to ``text``.

    ``published_on`` completes a date of signing that lacks its year ("Ngày 19/7, … ký ban hành"), and nothing else.
    """
    composed, offsets = composed_with_offsets(text)
    found: list[Citation] = []
    taken = bytearray(len(composed))
    for read in (*_with_symbol(composed, published_on), *_laws(composed), *_with_number_only(composed)):
        if any(taken[read.start : read.end]):
            continue
        taken[read.start : read.end] = b"\1" * (read.end - read.start)
        start, end = offsets[read.start], offsets[read.end]
        found.append(_placed(read, text[start:end], start, end))
    return tuple(sorted(found, key=lambda citation: citation.start))


def _placed(read: Citation, quote: str, start: int, end: int) -> Citation:
    return Citation(**{**read.__dict__, "quote": quote, "start": start, "end": end})


@dataclass(frozen=True)
class _Words:
    """The seeds: abbreviation -> kind code and standard abbreviation, spelling -> kind, symbol -> issuer."""

    kinds: dict[str, tuple[str, str]]
    kind_words: re.Pattern[str]
    kind_by_spelling: dict[str, str]
    short_forms: dict[str, str]
    issuers: dict[str, tuple[str, str]]
    issuer_words: re.Pattern[str]


@cache
def _words() -> _Words:
    kinds: dict[str, tuple[str, str]] = {}
    spellings: dict[str, str] = {}
    short: dict[str, str] = {}
    for row in reference_rows("document_kinds"):
        abbreviations = [a for a in row["abbreviations"].split("|") if a]
        kinds |= dict.fromkeys(abbreviations, (row["code"], (abbreviations or [""])[0]))
        spellings |= {s.lower(): row["code"] for s in row["spellings"].split("|")}
        short[row["code"]] = row["short_form"]
    issuers: dict[str, tuple[str, str]] = {}
    names: list[str] = []
    for row in reference_rows("document_issuers"):
        symbols = row["symbols"].split("|")
        issuers |= dict.fromkeys(symbols, (row["code"], symbols[0]))
        names += row["spellings"].split("|")
    return _Words(kinds, _any_of(spellings, re.IGNORECASE), spellings, short, issuers, _any_of(names, re.IGNORECASE))


def _any_of(texts: Iterator[str] | list[str] | dict[str, str], flags: int) -> re.Pattern[str]:
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    return re.compile(r"\b(?:" + "|".join(re.escape(t).replace(r"\ ", r"\s+") for t in longest_first) + r")\b", flags)


@cache
def _symbol() -> re.Pattern[str]:
    words = _words()
    kinds = "|".join(sorted(map(re.escape, words.kinds), key=len, reverse=True))
    issuers = "|".join(sorted(map(re.escape, words.issuers), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w/.,-])(?P<number>\d{{1,5}})(?:\s?/\s?(?P<year>{_YEAR}))?"
        rf"(?:\s?/\s?(?P<slash>(?:{kinds})(?:\s?[-–]\s?(?:{issuers}))+(?![\w-])|{_CODE}(?:[-–]{_CODE})*)"
        rf"|\s?[-–]\s?(?P<party>(?:{kinds})\s?/\s?T[WƯ])"
        rf"|\s(?P<bare>{_CODE}(?:-{_CODE})+))(?!\w)"
    )


def _with_symbol(text: str, published_on: date | None) -> Iterator[Citation]:
    words = _words()
    for match in _symbol().finditer(text):
        written = match["slash"] or match["party"] or match["bare"]
        parts = [part.strip() for part in re.split(r"[-–/]", written)]
        plain = [_undated(part) for part in parts]
        kind = next((words.kinds[part][0] for part in plain if part in words.kinds), None)
        issuer = next((words.issuers[part][0] for part in reversed(plain) if part in words.issuers), None)
        kind_words = _kind_before(text, match.start())
        # A space in place of the slash is read only where the letters name a kind ("337 KH-LMHTXVN", not "15 HTX-THT").
        if (kind is None and issuer is None and not kind_words.says_number) or (match["bare"] and kind is None):
            continue
        day, date_text, end = _date_after(text, match.end())
        if day is None and date_text is None:
            day, date_text = _signed_before(text, kind_words.start, published_on)
        issuer_text, title = _issuer_and_title(text, end)
        yield Citation(
            kind=kind or kind_words.code,
            kind_text=kind_words.text,
            number=_padded(match["number"]),
            year=int(match["year"]) if match["year"] else None,
            symbol=_official(match, parts),
            symbol_written=nfc(match[0]),
            issuer=issuer,
            issuer_text=issuer_text or kind_words.issuer,
            cited_on=day,
            date_text=date_text,
            title=title,
            is_own=_OWN.search(text, max(0, kind_words.start - 40), kind_words.start) is not None,
            quote="",
            start=kind_words.start,
            end=end,
        )


def _laws(text: str) -> Iterator[Citation]:
    for match in _LAW.finditer(text):
        name = nfc(match["name"])
        if len(name.split()) > 6 or _NO_NAME.search(name):
            continue
        short = "HTX" if fold(name) in {"htx", "hop tac xa"} else name
        day, date_text, end = _date_after(text, match.end())
        yield Citation(
            kind="law",
            kind_text="Luật",
            number=None,
            year=int(match["year"]),
            symbol=f"Luật {short} {match['year']}",
            symbol_written=nfc(match[0]),
            issuer="QH",
            issuer_text=None,
            cited_on=day,
            date_text=date_text,
            title=None,
            is_own=False,
            quote="",
            start=match.start(),
            end=end,
        )


def _with_number_only(text: str) -> Iterator[Citation]:
    words = _words()
    for kind in words.kind_words.finditer(text):
        match = re.compile(r"\s+(?P<so>số\s+)?(?P<number>\d{1,4})(?![\d/]|[.,]\d|\s?[-–/]\s?\w)").match(
            text, kind.end()
        )
        if match is None or _COUNTED.match(text, match.end()):
            continue
        code = words.kind_by_spelling[" ".join(kind[0].lower().split())]
        how = words.short_forms[code]
        if how == "no" or (how == "numbered" and not match["so"]) or re.fullmatch(_YEAR, match["number"]):
            continue
        # A verb, not a name: "ban hành quyết định 5 …"; names of kinds begin with a capital, or say "số".
        if not kind[0][0].isupper() and not match["so"]:
            continue
        day, date_text, end = _date_after(text, match.end())
        issuer_text, title = _issuer_and_title(text, end)
        yield Citation(
            kind=code,
            kind_text=nfc(kind[0]),
            number=_padded(match["number"]),
            year=None,
            symbol=None,
            symbol_written=match["number"],
            issuer=None,
            issuer_text=issuer_text,
            cited_on=day,
            date_text=date_text,
            title=title,
            is_own=False,
            quote="",
            start=kind.start(),
            end=end,
        )


@dataclass(frozen=True)
class _KindWords:
    """The kind in the words before a symbol, where they begin, and an issuer named between them."""

    start: int
    text: str | None = None
    code: str | None = None
    issuer: str | None = None
    says_number: bool = False


def _kind_before(text: str, at: int) -> _KindWords:
    words = _words()
    first = max(0, at - 120)
    for match in reversed(list(words.kind_words.finditer(text, first, at))):
        between = text[match.end() : at]
        code = words.kind_by_spelling[" ".join(match[0].lower().split())]
        if code == "law" and _LAW_NUMBERED.match(between):
            return _KindWords(match.start(), nfc(match[0]), code, None, True)
        plain = _NUMBERED.match(between)
        if plain is None:
            continue
        issuer = nfc(plain["issuer"]) if plain["issuer"] else None
        return _KindWords(match.start(), nfc(match[0]), code, issuer, "số" in between)
    return _KindWords(at)


def _date_after(text: str, at: int) -> tuple[date | None, str | None, int]:
    """The date that follows, its text, and where it ends; a day without a year has a text and no date."""
    match = _DATE.match(text, at)
    if match is None:
        return None, None, at
    if match["day"] is None:
        return None, nfc(match[0]).lstrip(", ("), match.end()
    try:
        return parse_date_text(match["day"]), nfc(match["day"]), match.end()
    except ValueError:  # 31/2 is printed, but not a day
        return None, nfc(match["day"]), match.end()


def _signed_before(text: str, at: int, published_on: date | None) -> tuple[date | None, str | None]:
    match = _SIGNED.search(text, max(0, at - 200), at)
    if match is None:
        return None, None
    printed = nfc(match["printed"])
    month, day = int(match["month"]), int(match["day"])
    if match["year"]:
        year = int(match["year"])
    elif published_on is not None:
        year = published_on.year - ((month, day) > (published_on.month, published_on.day))
    else:
        return None, printed
    try:
        return date(year, month, day), printed
    except ValueError:
        return None, printed


def _issuer_and_title(text: str, at: int) -> tuple[str | None, str | None]:
    issuer = None
    if of := re.compile(r"\)?\s*(?:của|do)\s+").match(text, at):
        name = _words().issuer_words.match(text, of.end())
        if name is None:
            return None, None
        issuer, at = nfc(name[0]), name.end()
    match = _TITLE.match(text, at)
    if match is None:
        return issuer, None
    title = match["title"]
    # A title ends where the next document is named.
    for kind in _words().kind_words.finditer(title, 1):
        if re.match(r"\s+(?:số\s+)?\d", title[kind.end() :]):
            title = title[: kind.start()]
            break
    return issuer, re.sub(r"[\s,]+(?:và)?\s*$", "", nfc(title)) or None


def _padded(number: str) -> str:
    """``1`` -> ``01``: official numbers below ten carry a zero (NĐ 30/2020/NĐ-CP)."""
    return number.lstrip("0").zfill(2)


def _undated(part: str) -> str:
    """``QH13`` -> ``QH``: the term of the National Assembly is not part of its name."""
    return part.rstrip("0123456789")


def _official(match: re.Match[str], parts: list[str]) -> str:
    words = _words()
    standard = [_standard(part, words) for part in parts]
    number = _padded(match["number"])
    if standard[-1] == "TW":
        return f"{number}-{'-'.join(standard[:-1])}/TW"
    return "/".join(filter(None, (number, match["year"], "-".join(standard))))


def _standard(part: str, words: _Words) -> str:
    letters = _undated(part)
    known = words.kinds.get(letters) or words.issuers.get(letters)
    return (known[1] if known else letters) + part[len(letters) :]
