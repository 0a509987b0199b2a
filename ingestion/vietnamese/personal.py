"""Personal data in free text: identity numbers, telephone numbers, e-mail addresses, and names beside them.

Contains recognition and masking. The callers choose the texts: the readers (:mod:`ingestion.submissions.reader`,
:mod:`ingestion.news.tables`) and the check before a release (:mod:`expectations.personal_data`). Pure: no file, no
configuration.

Forms of the numbers: the citizen's identity card has 12 digits, the first three a province of birth from 001 to 096
(Circular 59/2021/TT-BCA, article 3); the older card has 9. Telephone numbers have 10 digits beginning with 03, 05,
07, 08 or 09, or +84 in place of the zero. A tax code has 10 digits of which the last is a check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from ingestion.vietnamese.text import fold

HIDDEN = "(đã che: dữ liệu cá nhân)"


class PersonalKind(StrEnum):
    """The kinds of personal data that are recognised."""

    IDENTITY = "identity number"
    PHONE = "telephone number"
    EMAIL = "e-mail address"
    NAME = "name of a person"


#: A fast filter: texts that do not match contain none of the numbers and addresses below. Also valid in DuckDB (RE2).
CANDIDATE = "@|(?:^|[^0-9A-Za-z_])[0-9](?:[ .\u00a0-]?[0-9]){8}|[0-9][.][0-9]+[eE][+]?(?:0?8|1[01])"
_CANDIDATE = re.compile(CANDIDATE)

#: Digits as people write such numbers, together or in groups of three and four; not part of a longer word, code or
#: hash.
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z_])(?<!\w-)(?<![0-9][.,/-])"
    r"(?:[0-9]{9,12}(?:\.0)?|\+84[ .\u00a0-]?[0-9]{2,9}(?:[ .\u00a0-]?[0-9]{3,4}){0,2}"
    r"|[0-9]{2,4}(?P<gap>[ .\u00a0-])[0-9]{3,4}(?P=gap)[0-9]{3,4}(?:(?P=gap)[0-9]{3,4})?)"
    r"(?![0-9A-Za-z_])(?![.,/-][0-9])"
)
_SCIENTIFIC = re.compile(r"(?<![0-9A-Za-z_])[0-9]\.[0-9]{4,}[eE]\+?(?:0?8|1[01])(?![0-9])")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: "1.250.000.000", "123,456,789": a figure with its thousands marked.
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")
#: Words beside a number that identifies an organisation or a document.
_OTHER_NUMBER = re.compile(r"(?:mst|ma so thue|ma so doanh nghiep|so tai khoan|stk|gcn|giay chung nhan)\s*$")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)

#: The family names of more than 95 % of Vietnamese people, folded.
_FAMILY_NAMES = frozenset(
    re.findall(
        r"\w+",
        "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao doan vuong trinh truong dinh lam "
        "mai cao luong luu ha chau ta thai phung to quach la tang nghiem kieu nong trieu lo hua giang mac khong tong "
        "lai van chu tu sung giap vang bach diep thach kim lu",
    )
)
_CAPITAL = "[" + "".join(filter(str.isupper, map(chr, range(0x41, 0x1EFA)))) + "]"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}[^\W\d_]*(?:\s+{_CAPITAL}[^\W\d_]*){{1,4}}(?!\w)")
#: The largest distance, in characters, at which a name counts as that of a number's owner.
_BESIDE = 40


def is_tax_code(digits: str) -> bool:
    """Whether ten digits end in the check digit of a tax code."""
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, digits, strict=False))
    return len(digits) == 10 and (10 - total % 11) % 10 == int(digits[9]) and total % 11 != 0


def is_person_name(text: str) -> bool:
    """Whether the whole of ``text`` reads as a Vietnamese person's name: family name first, two to five words."""
    words = fold(text).split()
    return (
        2 <= len(words) <= 5
        and words[0] in _FAMILY_NAMES
        and _NAME.fullmatch(" ".join(text.split())) is not None
        and (len(words) >= 3 or words[1] not in _FAMILY_NAMES)
    )


def personal_data(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    """Every piece of personal data in ``text``: kind, start, end (half-open), in order, without overlaps.

    Names are reported beside a number or address only: alone, a name may be an organisation's.
    """
    if not _CANDIDATE.search(text):
        return
    found = sorted([*_addresses(text), *_numbers(text)], key=lambda item: item[1])
    names = [
        (PersonalKind.NAME, match.start(), match.end())
        for match in _NAME.finditer(text)
        if any(start - _BESIDE <= match.end() and match.start() <= end + _BESIDE for _, start, end in found)
        and is_person_name(match.group())
    ]
    last = 0
    for kind, start, end in sorted([*found, *names], key=lambda item: item[1]):
        if start >= last:
            yield kind, start, end
            last = end


def _addresses(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    for match in _EMAIL.finditer(text):
        yield PersonalKind.EMAIL, match.start(), match.end()


def _numbers(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    for match in _SCIENTIFIC.finditer(text):
        yield PersonalKind.IDENTITY, match.start(), match.end()
    for match in _NUMBER.finditer(text):
        kind = _kind_of(match.group(), fold(text[max(0, match.start() - 30) : match.start()]))
        if kind is not None:
            yield kind, match.start(), match.end()


def _kind_of(written: str, before: str) -> PersonalKind | None:
    plain = written.removesuffix(".0")
    if _THOUSANDS.fullmatch(plain) or _OTHER_NUMBER.search(before):
        return None
    international = plain.startswith("+")
    digits = re.sub(r"\D", "", plain)
    # An amount of money or a count that is written without marks ends in zeros; personal numbers do not.
    if digits.endswith("000") and not international and not digits.startswith("0"):
        return None
    if international:
        return PersonalKind.PHONE if len(digits) == 11 else None
    if len(digits) == 12:
        return PersonalKind.IDENTITY if _is_identity(digits) else None
    if len(digits) == 11:
        if digits.startswith("84") and digits[2] in "35789":
            return PersonalKind.PHONE
        # A spreadsheet that stores the text as a number drops the leading zero.
        return PersonalKind.IDENTITY if _is_identity("0" + digits) else None
    if len(digits) == 10:
        return PersonalKind.PHONE if digits[0] == "0" and digits[1] in "35789" and not is_tax_code(digits) else None
    if len(digits) == 9:
        return PersonalKind.PHONE if digits[0] in "5789" else PersonalKind.IDENTITY
    return None


def _is_identity(digits: str) -> bool:
    return digits[0] == "0" and 1 <= int(digits[1:3]) <= 96


def masked(text: str, *, keep_length: bool = False) -> str:
    """``text`` with every piece of personal data replaced by :data:`HIDDEN`; the same object where there is none.

    ``keep_length``: replaced by the same number of characters, so that positions in the text stay valid.
    """
    pieces, at = [], 0
    for _, start, end in personal_data(text):
        pieces += [text[at:start], "█" * (end - start) if keep_length else HIDDEN]
        at = end
    return "".join([*pieces, text[at:]]) if pieces else text
