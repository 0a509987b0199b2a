"""Form definitions: the data files beside this module, one per form and version, versions side by side with validity.

The reader, its checks, the sample and template, the receipt's wording, the raw schema and the documentation of the dbt
source are derived from this one file. To add a form, add a file; no code changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator
from pydantic_core import ErrorDetails

from ingestion.forms.checks import Check
from ingestion.vietnamese.periods import Period, PeriodType
from ingestion.vietnamese.text import fold
from warehouse.reference import reference_rows

FORMS_DIR = Path(__file__).parent
#: Code lists that have a seed each; the small ones share ``code_values.csv``.
OWN_LISTS = ("organisation_types", "sectors", "statuses", "dissolution_stages")
PERIOD_TYPES: tuple[PeriodType, ...] = ("month", "quarter", "half_year", "year")

#: Types whose values can be added.
NUMBERS = ("integer", "decimal", "money", "percent", "year")

ColumnType = Literal["text", "integer", "decimal", "money", "percent", "date", "year", "code", "period"]

_ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "period": pa.string(),
    "integer": pa.int64(),
    "year": pa.int32(),
    "money": pa.decimal128(24, 0),
    "decimal": pa.decimal128(24, 6),
    "percent": pa.decimal128(12, 6),
    "date": pa.date32(),
}

#: First columns of every form table: evidence of each row down to file, sheet and row.
LINEAGE: tuple[pa.Field, ...] = (
    *(pa.field(name, pa.string()) for name in ("row_id", "artifact_sha256", "sheet")),
    pa.field("row_number", pa.int32()),
    *(pa.field(name, pa.string()) for name in ("form", "form_version", "submitter", "period")),
    pa.field("revision", pa.int32()),
    pa.field("received_at", pa.timestamp("us")),
    pa.field("reading", pa.int32()),
    pa.field("batch_id", pa.string()),
)


class FormError(ValueError):
    """A form definition that cannot be used; says which file and why."""


class Column(BaseModel):
    """A column of a form (or a field of a key-value sheet)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern="^[a-z][a-z0-9_]*$")
    type: ColumnType
    #: Header texts from top to bottom; the last is the column's own.
    header: tuple[str, ...]
    #: Other spellings of the column's own header.
    aliases: tuple[str, ...] = ()
    unit: Literal["million_vnd", "percent_per_month"] | None = None
    code_list: str | None = None
    required: bool = False
    key: bool = False
    #: The value of a vertically merged cell applies to all its rows.
    fill_merged: bool = False
    #: ``drop``: never leaves the archive; ``pseudonym``: keyed hash before the raw zone.
    personal: Literal["drop", "pseudonym"] | None = None
    #: The official number of an organisation or a document: it may look like a person's, and is not masked.
    identifier: bool = False
    minimum: int | None = None
    maximum: int | None = None
    #: Filled if and only if that other column is filled.
    needs: str | None = None
    #: How the template computes it from numbers of its row, ``a + b - c``: a closing stock from opening and flows.
    computed: str | None = Field(default=None, pattern=r"^[a-z]\w*( [+-] [a-z]\w*)*$")
    #: What the column must satisfy in every row, and why a column that is no free text has no such check.
    checks: tuple[Check, ...] = ()
    unchecked: str | None = None
    vi: str
    en: str

    @model_validator(mode="after")
    def _code_needs_list(self) -> Column:
        if (self.type == "code") != (self.code_list is not None):
            raise ValueError("a column of type code, and only such a one, names a code_list")
        if self.type == "money" and self.unit is None:
            raise ValueError("a money column names its unit")
        if self.checks and self.unchecked:
            raise ValueError("a column has checks, or a reason why it is unchecked")
        return self

    @property
    def label(self) -> str:
        """The header as a person would name it: parts joined by an en dash."""
        return " – ".join(self.header)

    @property
    def staged_name(self) -> str:
        """Name in staging models and downstream: codes end in ``_code``, pseudonyms in ``_key``."""
        if self.personal == "pseudonym":
            return f"{self.name.removesuffix('_id')}_key"
        return f"{self.name.removesuffix('_code')}_code" if self.type == "code" else self.name

    @property
    def choices(self) -> Mapping[str, str]:
        """Labels by code that a cell may hold: a total is a row of a table, never the sector of one organisation."""
        listed = code_list(self.code_list or "")
        return {code: label for code, label in listed.labels.items() if self.key or code not in listed.totals}

    @property
    def arrow_type(self) -> pa.DataType:
        """Type in the raw zone."""
        return _ARROW[self.type]


class Form(BaseModel):
    """One form in one version. ``kind`` is ``table`` (rows below a header) or ``fields`` (label, value)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern="^(THONG_TIN|BIEU_[0-9]{2}[A-D]?)$")
    version: str
    valid_from: str
    valid_to: str | None = None
    #: Types of reports that must contain the form; in others it is optional. Empty: none.
    expected_in: tuple[PeriodType, ...] = PERIOD_TYPES
    kind: Literal["table", "fields"]
    #: Materialization of the staging model. ``incremental``: only rows of new files are added, for forms of many rows;
    #: ``view``: rows are not copied, for millions of rows that a fact stores.
    staged_as: Literal["table", "incremental", "view"] = "table"
    title: str
    unit_line: str | None = None
    vi: str
    en: str
    columns: tuple[Column, ...] = Field(min_length=1)
    #: The columns of all versions: the raw table has all of them, null where a version has no such column.
    _all_versions: tuple[Column, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _consistent(self) -> Form:
        for code in filter(None, (self.valid_from, self.valid_to)):
            Period(code)
        lineage = {field.name for field in LINEAGE}
        names = [c.name for c in self.columns]
        staged = [c.staged_name for c in self.columns]
        faults = [f"two columns are called {name}" for name in {*names} if names.count(name) > 1]
        faults += [f"two columns are called {name} in staging" for name in {*staged} if staged.count(name) > 1]
        faults += [
            f"{c.name} needs {c.needs}, which is no column" for c in self.columns if c.needs not in (None, *names)
        ]
        faults += [
            f"{c.name} is computed from {name}, which is no number of the row"
            for c in self.columns
            for name in (c.computed or "").replace("+", " ").replace("-", " ").split()
            if name not in {other.name for other in self.columns if other.type in NUMBERS}
        ]
        if self.kind == "table":
            faults += [f"a column cannot be called {name}: every row has one already" for name in lineage & {*names}]
            faults += [] if self.key_columns else ["no column is a key (key: true)"]
        if faults:
            raise ValueError("; ".join(sorted(faults)))
        return self

    @property
    def table(self) -> str:
        """Name of its raw table."""
        return self.code.lower()

    @property
    def staging(self) -> str:
        """Name of its staging model."""
        return f"stg_{self.table}"

    @property
    def recorded(self) -> str:
        """Name of the intermediate model with its accepted rows and their recorded ranges: what facts read."""
        return f"int_{self.table}_recorded"

    @property
    def findings(self) -> str:
        """Name of its intermediate model with what the checks of rows found."""
        return f"int_{self.table}_finding"

    @property
    def key_columns(self) -> tuple[Column, ...]:
        """Columns that identify a row within a sheet."""
        return tuple(c for c in self.columns if c.key)

    @property
    def holds_personal_data(self) -> bool:
        """Whether it has columns with personal data."""
        return any(c.personal for c in self.columns)

    @property
    def has_pseudonyms(self) -> bool:
        """Whether reading it requires the pseudonym key."""
        return any(c.personal == "pseudonym" for c in self.columns)

    @property
    def raw_columns(self) -> tuple[Column, ...]:
        """Columns of the raw table after the lineage columns, which include the sender's period and revision.

        Without personal columns that are dropped. Every version of a form has the same ones, by name.
        """
        lineage = {field.name for field in LINEAGE}
        return tuple(c for c in self._all_versions or self.columns if c.personal != "drop" and c.name not in lineage)

    def raw_schema(self) -> pa.Schema:
        """Arrow schema of its raw table: lineage, then the form's columns."""
        return pa.schema([*LINEAGE, *(pa.field(c.name, c.arrow_type) for c in self.raw_columns)])


class CodeList:
    """Codes with their Vietnamese labels; texts are matched after folding."""

    def __init__(
        self,
        name: str,
        rows: list[tuple[str, str, tuple[str, ...]]],
        totals: frozenset[str] = frozenset(),
        parts: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self.name = name
        #: Codes of sums over other codes of the list.
        self.totals = totals
        #: The codes that a code is the sum of, for the codes that are sums.
        self.parts = parts
        self.labels: Mapping[str, str] = MappingProxyType({code: label for code, label, _ in rows})
        self._by_text: dict[str, str] = {}
        for code, label, aliases in rows:
            for text in (label, code, *aliases):
                self._by_text.setdefault(fold(text), code)

    def code(self, text: str) -> str | None:
        """The code of a text, or None if no entry matches."""
        return self._by_text.get(fold(text))

    def label(self, code: str) -> str:
        """The Vietnamese label of a code."""
        return self.labels[code]


@cache
def code_list(name: str) -> CodeList:
    """The list called ``name``: a seed, or a list within ``code_values``."""
    if name in OWN_LISTS:
        rows = reference_rows(name)
    else:
        rows = tuple(r for r in reference_rows("code_values") if r["list"] == name)
    if not rows:
        raise FormError(f"no code list {name!r}: write its codes to dbt_project/seeds/code_values.csv")
    labelled = [(r["code"], r["name_vi"], tuple(a for a in r["aliases"].split("|") if a)) for r in rows]
    parts: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if parent := row.get("parent_code"):
            parts[parent] = (*parts.get(parent, ()), row["code"])
    return CodeList(name, labelled, frozenset(r["code"] for r in rows if r.get("level") == "total"), parts)


def load_form(path: Path) -> Form:
    """The definition in ``path``. Raises :class:`FormError` naming the file and every fault."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and "fields" in data:
            data["columns"] = data.pop("fields")
        form = Form.model_validate(data)
        for column in form.columns:
            if column.code_list:
                code_list(column.code_list)
    except ValidationError as error:
        raise FormError("\n".join(f"{path.name}: {_fault(data, fault)}" for fault in error.errors())) from error
    except (yaml.YAMLError, FormError) as error:
        raise FormError(f"{path.name}: {error}") from error
    return form


def _fault(data: Any, fault: ErrorDetails) -> str:
    """One fault of a definition: where, what, and what was found there."""
    match fault["loc"]:
        case ("columns", int(at), *rest):
            column = data["columns"][at]
            name = column.get("name", "without a name") if isinstance(column, dict) else column
            where = ".".join([f"column {at + 1} ({name})", *map(str, rest)])
        case loc:
            where = ".".join(map(str, loc))
    found = fault["input"]
    shown = f", found {found!r}" if isinstance(found, str | int | float) else ""
    return ": ".join(filter(None, (where, fault["msg"].removeprefix("Value error, ")))) + shown


@cache
def form_versions() -> Mapping[str, tuple[Form, ...]]:
    """Every version of every form, newest first, by code; in code order with ``THONG_TIN`` first.

    Raises :class:`FormError` for versions whose validity overlaps, or that define one column differently.
    """
    loaded = [load_form(path) for path in sorted(FORMS_DIR.glob("*.yml"))]
    by_code: dict[str, list[Form]] = {}
    for form in sorted(loaded, key=lambda f: (f.code != "THONG_TIN", f.code, Period(f.valid_from).start)):
        by_code.setdefault(form.code, []).insert(0, form)
    for code, forms in by_code.items():
        for newer, older in pairwise(forms):
            if older.valid_to is None or Period(older.valid_to).end >= Period(newer.valid_from).start:
                raise FormError(f"{code}: version {older.version} must end before {newer.version} begins")
        columns: dict[str, Column] = {}
        for form in forms:
            for column in form.columns:
                known = columns.setdefault(column.name, column)
                if _MEANING(known) != _MEANING(column):
                    raise FormError(
                        f"{code}: column {column.name} differs in type, unit, list or privacy in {form.version}"
                    )
        for form in forms:
            form._all_versions = tuple(columns.values())
    return MappingProxyType({code: tuple(forms) for code, forms in by_code.items()})


_MEANING = attrgetter("type", "unit", "code_list", "personal")


@cache
def load_forms() -> Mapping[str, Form]:
    """The newest version of every form by code, in code order with ``THONG_TIN`` first."""
    return MappingProxyType({code: forms[0] for code, forms in form_versions().items()})


def forms_for(period: Period) -> tuple[Form, ...]:
    """The forms that may be sent for ``period``: the versions valid over all of it, ``THONG_TIN`` first."""
    return tuple(form for forms in form_versions().values() for form in forms if is_valid(form, period))


def expected_forms(period: Period) -> tuple[Form, ...]:
    """Those of :func:`forms_for` that a report for ``period`` must contain."""
    return tuple(form for form in forms_for(period) if period.type in form.expected_in)


def is_valid(form: Form, period: Period) -> bool:
    """Whether ``form`` is the version for all of ``period``."""
    return Period(form.valid_from).start <= period.start and (
        form.valid_to is None or period.end <= Period(form.valid_to).end
    )


def candidates(code: str, period: Period) -> tuple[Form, ...]:
    """Versions of a form in the order in which a sheet for ``period`` is matched with them: the valid one first."""
    return tuple(sorted(form_versions()[code], key=lambda form: not is_valid(form, period)))
