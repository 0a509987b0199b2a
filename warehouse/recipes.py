"""The cookbook: frequent questions to a release, each an SQL file with the question in its header.

Contains finding, reading and running recipes. The questions are files in ``warehouse/cookbook/``: a new file with the
next number is a new question. Its parameters are DuckDB variables with defaults (``set variable period = '2021-11'``),
so every file runs unchanged in any DuckDB client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from warehouse.connections import QueryResult, run_query, sql_text

COOKBOOK_DIR = Path(__file__).with_name("cookbook")
#: Recipes that are suggested after a release.
FIRST_QUERIES = (
    "select sector_group, founded_count, dissolved_count, operating_count from mart_national_overview "
    "where period_code = '2021-11' and org_type_code = 'HTX'",
    "select province_name, sum(founded_count) as founded from fct_organisation_count join dim_province using "
    "(province_key) where is_current and period_code = '2021-11' group by all order by founded desc limit 10",
    "select rule_id, severity, count(*) as anomalies from fct_anomaly group by all order by anomalies desc",
)

_FILE = re.compile(r"\d{2}-[a-z0-9-]+\.sql")
_HEAD = re.compile(r"-- (vi|en|grain|set|mind|internal): (.+)")
_REQUIRED = {"vi": "the question in Vietnamese", "en": "the question in English", "grain": "one row per …"}
_VARIABLE = re.compile(r"getvariable\('(\w+)'\)")


class RecipeError(LookupError):
    """No such recipe, or no such variable, or files that are not recipes; the message says what is expected."""


@dataclass(frozen=True)
class Recipe:
    """One question. ``settings`` and ``cautions`` are written "Vietnamese / English"; ``grain`` is a row's meaning.

    ``internal`` is why the public release does not answer it, written in the same way; None if it does.
    """

    number: int
    name: str
    question_vi: str
    question_en: str
    grain: str
    settings: tuple[str, ...]
    cautions: tuple[str, ...]
    sql: str
    internal: str | None = None

    @property
    def variables(self) -> frozenset[str]:
        """Names of the DuckDB variables it reads."""
        return frozenset(_VARIABLE.findall(self.sql))


@cache
def recipes() -> tuple[Recipe, ...]:
    """All recipes by number. Raises :class:`RecipeError` with every fault of the names and heads of their files."""
    paths = sorted(COOKBOOK_DIR.iterdir())
    heads = {path: _head(path.read_text(encoding="utf-8")) for path in paths}
    faults = [f"{_shown(path)}: {fault}" for path in paths for fault in _faults(path, heads[path])]
    if faults:
        raise RecipeError("\n".join(faults))
    return tuple(_recipe(path, heads[path]) for path in paths)


def _head(sql: str) -> dict[str, list[str]]:
    """The lines above the query, by their first word."""
    head: dict[str, list[str]] = {}
    for line in sql.splitlines():
        said = _HEAD.fullmatch(line)
        if said is None:
            break
        head.setdefault(said[1], []).append(said[2])
    return head


def _faults(path: Path, head: Mapping[str, list[str]]) -> Iterator[str]:
    if not _FILE.fullmatch(path.name):
        yield "a recipe is called NN-name.sql, for example 01-founded-and-dissolved.sql"
    for name, meaning in _REQUIRED.items():
        if name not in head:
            yield f"its first lines lack '-- {name}: {meaning}'"


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:])


def _recipe(path: Path, head: Mapping[str, list[str]]) -> Recipe:
    number, _, name = path.stem.partition("-")
    return Recipe(
        number=int(number),
        name=name,
        question_vi=head["vi"][0],
        question_en=head["en"][0],
        grain=head["grain"][0],
        settings=tuple(head.get("set", ())),
        cautions=tuple(head.get("mind", ())),
        sql=path.read_text(encoding="utf-8"),
        internal=head.get("internal", [None])[0],
    )


def find_recipe(wanted: str) -> Recipe:
    """The recipe with the number or name ``wanted``. Raises :class:`RecipeError`."""
    for recipe in recipes():
        if wanted == recipe.name or (wanted.isdigit() and int(wanted) == recipe.number):
            return recipe
    raise RecipeError(f"no recipe {wanted!r}; htx cookbook lists them all, 1 to {len(recipes())}")


def cook(con: duckdb.DuckDBPyConnection, recipe: Recipe, values: Mapping[str, str] | None = None) -> QueryResult:
    """The answer of ``recipe`` on a connection with schema marts on its path; ``values`` by variable.

    Variables are set for this question alone. Raises :class:`RecipeError` for a variable that it does not read, and
    duckdb.Error for a value of another type.
    """
    given = values or {}
    unknown = given.keys() - recipe.variables
    if unknown:
        known = ", ".join(sorted(recipe.variables)) or "none"
        raise RecipeError(f"recipe {recipe.number} has no {', '.join(sorted(unknown))}; what may be set: {known}")
    try:
        for name, value in given.items():
            con.execute(f"set variable {name} = {sql_text(value)}")
        return run_query(con, recipe.sql)
    finally:
        for name in given:
            con.execute(f"reset variable {name}")


def cookbook_files(found: Iterable[Recipe] | None = None) -> dict[str, str]:
    """The files of a release's ``cookbook/``: the recipes and an index of them, by path."""
    listed = tuple(found or recipes())
    files = {f"cookbook/{r.number:02d}-{r.name}.sql": r.sql for r in listed}
    lines = [
        "# Sổ tay câu hỏi / Cookbook",
        "",
        "Mỗi tệp SQL trả lời một câu hỏi; mở `marts.duckdb` chỉ đọc, `set search_path = 'marts.marts'`, rồi chạy. "
        "Tham số đặt bằng `set variable period = '2021-11'`. / Each SQL file answers one question; open `marts.duckdb` "
        "read-only, `set search_path = 'marts.marts'`, and run it. Parameters: `set variable period = '2021-11'`.",
        "",
        "| | câu hỏi / question | một dòng là / a row is | tham số / may be set |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{r.number:02d}]({r.number:02d}-{r.name}.sql) | {r.question_vi}<br>{r.question_en} | {r.grain} | "
        f"{'<br>'.join(r.settings)} |"
        for r in listed
    ]
    return files | {"cookbook/README.md": "\n".join(lines) + "\n"}
