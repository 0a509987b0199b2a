"""One cell to one value of its column's type, or a refusal that says what was found and what was expected.

Zero, missing and unreadable are three different things; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from ingestion.forms.definition import Column, code_list
from ingestion.submissions.workbook import Cell
from ingestion.vietnamese.numbers import (
    MISSING,
    NumberFormatError,
    format_number,
    is_missing,
    parse_number,
    parse_scaled,
)
from ingestion.vietnamese.periods import ImpossibleDateError, parse_date_text, parse_period_text
from ingestion.vietnamese.text import fold, nfc

Value = str | int | Decimal | date | None

_MILLION = Decimal(10**6)
_MILLIONTH = Decimal("0.000001")
#: Larger than any figure of a report, in any unit.
_LIMIT = Decimal(10**15)
#: Larger than any amount, in đồng: a hundred times what the whole country produces in a year.
_MONEY_LIMIT = Decimal(10**18)
_MONEY_UNIT = re.compile(r"\b(?:(nghin|ngan|trieu|tr|ty|ti) )?(?<!hop )(?:dong|d|vnd)\b")
#: The currency behind an amount; a bare "đ" only where a number or a scale stands before it.
_OWN_UNIT = re.compile(r"\s*(?:đồng|vnđ|vnd|đ)\.?$", re.IGNORECASE)
_MONEY_FACTORS = {"": 1, "nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9}


class CellError(ValueError):
    """A cell that cannot be taken; ``expected`` is Vietnamese, for the sender."""

    def __init__(self, found: object, expected: str, kind: str | None = None, proposal: str | None = None) -> None:
        super().__init__(f"found {found!r}, expected {expected}")
        self.cell = found
        self.found = show(found)
        self.expected = expected
        #: The kind of fault (``faults.yml``) and the value that may be meant, where they are known at once.
        self.kind = kind
        self.proposal = proposal


def show(cell: object) -> str:
    """A cell as its sender sees it: ``20767.0`` -> ``20767``, dates as dd/mm/yyyy."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def money_factor(texts: Iterable[str]) -> Decimal | None:
    """Đồng in one of the money unit that ``texts`` (a header, a unit line) name; None if they name none or several.

    ``"Đơn vị tính: triệu đồng, người"`` -> 1000000, ``"Vốn vay (tỷ đồng)"`` -> 1000000000.
    """
    named = {_MONEY_FACTORS[unit] for text in texts for unit in _MONEY_UNIT.findall(fold(text))}
    return Decimal(named.pop()) if len(named) == 1 else None


def converter(column: Column, factor: Decimal | None = None, *, since_1904: bool = False) -> Callable[[Cell], Value]:
    """A function from a cell to a value of ``column``; it raises :class:`CellError`.

    ``factor`` is what one of the sheet's money unit is in đồng, where the sheet states it (:func:`money_factor`);
    else money is in the form's unit. ``since_1904``: the workbook counts its days from 1904.
    """
    if column.type == "money":
        convert = _money(factor or _MILLION)
    elif column.type == "date":
        convert = _date(since_1904)
    else:
        convert = _BY_TYPE[column.type](column)
    required, low, high = column.required, column.minimum, column.maximum

    def checked(cell: Cell) -> Value:
        if isinstance(cell, str) and is_missing(cell):
            if required:
                raise CellError(
                    cell,
                    "một giá trị (cột bắt buộc; không có thì ghi 0)"
                    if may_be_zero(column)
                    else "một giá trị (cột bắt buộc)",
                )
            return None
        value = convert(cell)
        if low is not None and isinstance(value, int | Decimal) and value < low:
            raise CellError(cell, f"giá trị từ {low} trở lên")
        if high is not None and isinstance(value, int | Decimal) and value > high:
            raise CellError(cell, f"giá trị không quá {high}")
        return value

    return _quickly(column, factor or _MILLION, checked)


def _quickly(column: Column, factor: Decimal, checked: Callable[[Cell], Value]) -> Callable[[Cell], Value]:
    """``checked`` with a fast path for the most frequent cells of a register: plain texts, dates and whole numbers."""
    low = column.minimum if column.minimum is not None else -_LIMIT
    high = column.maximum if column.maximum is not None else _LIMIT - 1

    def text(cell: Cell) -> Value:
        if type(cell) is str and (plain := nfc(cell)) not in MISSING:
            return plain
        return checked(cell)

    def date_(cell: Cell) -> Value:
        return cell.date() if type(cell) is datetime else checked(cell)

    def integer(cell: Cell) -> Value:
        return int(cell) if type(cell) is float and cell.is_integer() and low <= cell <= high else checked(cell)

    dong = int(factor)

    def money(cell: Cell) -> Value:
        # Below this, the product of a binary number is off by less than half a đồng.
        if type(cell) is float and 0 <= cell * dong < _LIMIT:
            return Decimal(round(cell * dong))
        return checked(cell)

    ways: dict[str, Callable[[Cell], Value]] = {"text": text, "date": date_, "integer": integer}
    if column.identifier:
        return checked
    if column.type == "money" and not column.minimum and column.maximum is None:
        return money
    return ways.get(column.type, checked)


def may_be_zero(column: Column) -> bool:
    """Whether 0 can say that there is none: not in a year, nor in what counts from 1."""
    return column.type in ("integer", "decimal", "money", "percent") and (column.minimum or 0) <= 0


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, bool):
        raise CellError(cell, "một số")
    if isinstance(cell, int):
        return _bounded(cell, Decimal(cell))
    if isinstance(cell, float):
        # Excel shows and keeps fifteen digits; beyond is binary noise (2867.9999999999995 is 2868 on the screen).
        return _bounded(cell, Decimal(f"{cell:.15g}"))
    if isinstance(cell, str):
        try:
            return _bounded(cell, parse_number(cell))
        except NumberFormatError as error:
            plain = error
        try:
            scaled = parse_scaled(cell)
        except NumberFormatError as error:
            raise CellError(cell, error.expected) from error
        if scaled is None:
            raise CellError(cell, plain.expected)
        return _bounded(cell, scaled)
    raise CellError(cell, "một số")


def _bounded(cell: Cell, number: Decimal) -> Decimal:
    """``number`` if it can be a figure of a report: beyond are infinities, keys typed twice, and identity numbers."""
    if not number.is_finite() or abs(number) >= _LIMIT:
        raise CellError(cell, "một số nhỏ hơn một triệu tỷ (kiểm tra lại đơn vị tính)")
    return number


def _integer(_: Column) -> Callable[[Cell], Value]:
    def convert(cell: Cell) -> int:
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LIMIT:
            return int(cell)
        number = _number(cell)
        if number != number.to_integral_value():
            raise CellError(cell, "một số nguyên")
        return int(number)

    return convert


def _decimal(_: Column) -> Callable[[Cell], Value]:
    def convert(cell: Cell) -> Decimal:
        return _six_places(cell, _number(cell))

    return convert


def _six_places(cell: Cell, number: Decimal) -> Decimal:
    """A number with at most six decimals. A binary number is rounded, because it is inexact; a text is not."""
    if isinstance(cell, float):
        return number.quantize(_MILLIONTH)
    if number != number.quantize(_MILLIONTH):
        raise CellError(cell, "một số có nhiều nhất sáu chữ số sau dấu phẩy")
    return number


def _money(factor: Decimal) -> Callable[[Cell], Value]:
    one_dong = 1 / factor

    def convert(cell: Cell) -> Decimal:
        if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LIMIT:
            return _bounded_money(cell, int(cell) * factor)
        # A text that ends in a digit has no unit.
        if isinstance(cell, str) and not cell[-1:].isdigit() and (amount := _money_with_unit(cell)) is not None:
            return amount
        number = _number(cell)
        # A binary number is inexact by far less than one đồng; a text is exact.
        if isinstance(cell, float):
            number = number.quantize(one_dong)
        dong = number * factor
        if dong != dong.to_integral_value():
            raise CellError(cell, "số tiền không lẻ dưới một đồng (biểu tính bằng triệu đồng nếu không ghi khác)")
        return _bounded_money(cell, dong.to_integral_value())

    return convert


def _bounded_money(cell: Cell, dong: Decimal) -> Decimal:
    if abs(dong) >= _MONEY_LIMIT:
        raise CellError(cell, "một số tiền nhỏ hơn một tỷ tỷ đồng (kiểm tra lại đơn vị tính)")
    return dong


def _money_with_unit(text: str) -> Decimal | None:
    """An amount that names its own unit, in đồng: ``"6,5 triệu"``, ``"350 triệu đồng"``, ``"500.000 đ"``; else None."""
    amount = _OWN_UNIT.sub("", nfc(text))
    try:
        scaled = parse_scaled(amount)
        if scaled is None:
            if len(amount) == len(nfc(text)):
                return None
            scaled = parse_number(amount)
    except NumberFormatError as error:
        raise CellError(text, error.expected) from error
    if scaled != scaled.to_integral_value():
        raise CellError(text, "số tiền không lẻ dưới một đồng")
    return _bounded_money(text, scaled)


#: Numbers up to these may be meant as a share of one hundred percent as well as in percent.
_LARGEST_SHARE = {"percent_per_month": 0.05}


def ambiguous_percent(column: Column, cell: Cell) -> CellError | None:
    """The refusal of a number that has two readings where a file does not tell which cells are percentages."""
    if not isinstance(cell, float) or not 0 < abs(cell) <= _LARGEST_SHARE.get(column.unit or "", 1):
        return None
    stated = Decimal(f"{cell:.15g}")
    shown, whole = format_number(stated), format_number(stated * 100)
    return CellError(cell, "một tỷ lệ phần trăm rõ ràng", "percent_unknown", f"{whole}% hay {shown}%")


def _percent(column: Column) -> Callable[[Cell], Value]:
    factor = 12 if column.unit == "percent_per_month" else 1

    def convert(cell: Cell) -> Decimal:
        stated = cell.rstrip().removesuffix("%") if isinstance(cell, str) else cell
        share = _six_places(stated, _number(stated)) * factor
        if abs(share) >= _MILLION:
            raise CellError(cell, "một tỷ lệ phần trăm")
        return share

    return convert


#: The day from which Excel counts. Numbers before the first are not days of a report (Excel's 1900 is wrong).
_SERIAL_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_SERIALS = range(1_000, 80_000)


def serial_date(serial: float, *, since_1904: bool = False) -> date | None:
    """The day that Excel shows for a number: 44530 -> 2021-11-30; None for a number that is not a day of a report."""
    if not float(serial).is_integer() or int(serial) not in _SERIALS:
        return None
    return _SERIAL_EPOCHS[since_1904] + timedelta(days=int(serial))


def _date(since_1904: bool) -> Callable[[Cell], Value]:
    def convert(cell: Cell) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            day = serial_date(cell, since_1904=since_1904)
            if day is not None:
                return day
        if isinstance(cell, str):
            try:
                return parse_date_text(cell)
            except ImpossibleDateError as error:
                raise CellError(cell, error.expected) from error
            except ValueError:
                pass
        raise CellError(cell, "ngày đầy đủ dạng ngày/tháng/năm, ví dụ 30/11/2021")

    return convert


def _year(column: Column) -> Callable[[Cell], Value]:
    integer = _integer(column)

    def convert(cell: Cell) -> Value:
        year = integer(cell)
        if not isinstance(year, int) or not 1900 <= year <= 2100:
            raise CellError(cell, "một năm có bốn chữ số, ví dụ 1985")
        return year

    return convert


def _text(column: Column) -> Callable[[Cell], Value]:
    def convert(cell: Cell) -> str:
        text = nfc(cell) if isinstance(cell, str) else nfc(show(cell))
        # Beyond fifteen digits a number has lost its last ones.
        if column.identifier and isinstance(cell, float) and abs(cell) >= _LIMIT:
            raise CellError(cell, "đủ các chữ số của mã, ô kiểu văn bản", "lost_digits")
        return text

    return convert


def _code(column: Column) -> Callable[[Cell], Value]:
    codes, choices = code_list(column.code_list or ""), column.choices

    def convert(cell: Cell) -> str:
        code = codes.code(show(cell))
        if code is not None and code not in choices:
            raise CellError(cell, "một trong: " + "; ".join(choices.values()), "total_no_sector")
        if code is None:
            raise CellError(cell, "một trong: " + "; ".join(choices.values()))
        return code

    return convert


def _period(_: Column) -> Callable[[Cell], Value]:
    def convert(cell: Cell) -> str:
        # "11/2021" typed into Excel becomes the first of that month.
        if isinstance(cell, date):
            if cell.day == 1:
                return f"{cell:%Y-%m}"
            raise CellError(cell, "kỳ báo cáo viết bằng chữ, ví dụ Tháng 11/2021")
        try:
            return parse_period_text(show(cell)).code
        except ValueError as error:
            raise CellError(cell, "kỳ báo cáo có cả năm, ví dụ Tháng 11/2021 hoặc Quý I/2026") from error

    return convert


_BY_TYPE: dict[str, Callable[[Column], Callable[[Cell], Value]]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "percent": _percent,
    "year": _year,
    "code": _code,
    "period": _period,
}
