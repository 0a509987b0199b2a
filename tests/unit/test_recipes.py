"""The cookbook as a whole: every file states its question and its variables, and orders its rows."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from warehouse import recipes as module
from warehouse.recipes import Recipe, RecipeError, cook, cookbook_files, find_recipe, recipes


def test_numbers_run_without_a_gap_and_names_are_one() -> None:
    assert [r.number for r in recipes()] == list(range(1, len(recipes()) + 1))
    assert len({r.name for r in recipes()}) == len(recipes()) >= 25


@pytest.mark.parametrize("recipe", recipes(), ids=lambda r: r.name)
def test_a_recipe_says_what_it_asks_and_what_may_be_set(recipe: Recipe) -> None:
    assert recipe.question_vi.endswith("?") and recipe.question_en.endswith("?")
    assert recipe.grain.startswith("one row per ")
    said = " ".join(recipe.settings)
    assert all(re.search(rf"\b{name}\b", said) for name in recipe.variables), recipe.variables
    assert bool(recipe.settings) == bool(recipe.variables)
    # The last statement of a query that people compare is in an order of its own.
    assert re.search(r"^order by ", recipe.sql, re.MULTILINE)
    assert not re.search(r"\b(now\(\)|current_date|today\(\)|random\()", recipe.sql)


def test_the_release_holds_every_recipe_and_an_index() -> None:
    files = cookbook_files()
    assert len(files) == len(recipes()) + 1
    assert all(
        f"]({path.removeprefix('cookbook/')})" in files["cookbook/README.md"] for path in files if path.endswith("sql")
    )


def test_a_variable_is_set_for_one_question_only() -> None:
    con = duckdb.connect()
    recipe = Recipe(1, "x", "?", "?", "", (), (), "select getvariable('period') as period")
    assert cook(con, recipe, {"period": "2021-11' --"}).rows == (("2021-11' --",),)
    assert cook(con, recipe).rows == ((None,),)
    with pytest.raises(RecipeError, match="period"):
        cook(con, recipe, {"perod": "2021-11"})


def test_unknown_recipes_and_unfinished_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_recipe("01") == find_recipe("1") == find_recipe(recipes()[0].name)
    with pytest.raises(RecipeError, match="lists them all"):
        find_recipe("0")
    (tmp_path / "01-x.sql").write_text("-- vi: a\nselect 1", encoding="utf-8")
    (tmp_path / "x.sql").write_text("-- vi: a?\n-- en: a?\n-- grain: one row per a\nselect 1", encoding="utf-8")
    monkeypatch.setattr(module, "COOKBOOK_DIR", tmp_path)
    with pytest.raises(RecipeError) as error:
        recipes.__wrapped__()
    lacking_english, lacking_grain, misnamed = str(error.value).splitlines()
    assert "01-x.sql: its first lines lack '-- en: " in lacking_english and "'-- grain: " in lacking_grain
    assert "/x.sql: a recipe is called NN-name.sql" in misnamed
