"""Plants the catalogue of faults in a world: each kind in every size, and pairs of two in one workbook."""

from __future__ import annotations

import random
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

from ingestion.samples.catalogue import RECIPES, Recipe
from ingestion.samples.world import Statement, World


@dataclass(frozen=True)
class Planted:
    """One fault in its place: province key and period where its anomaly must appear."""

    recipe: Recipe
    size: str
    province_key: str | None
    period: str
    together: bool = False


def plant(world: World, seed: int = 11, each: int = 2, together: int = 20, *, printed: bool = False) -> list[Planted]:
    """Plant every recipe in every size ``each`` times alone, and ``together`` pairs of two; ``world`` is changed.

    With ``printed`` those that the press prints of the whole country, else all others: where a report is held or
    missing, the country is not comparable, so both kinds have a world of their own.

    Faults do not overlap: no other fault is in the same province in the same month or the two next to it. Faults of
    national figures are in different months.
    """
    rng = random.Random(seed)
    months = sorted({s.period for s in world.statements if len(s.period) == 7 and s.period[5] not in "QH"})
    taken: set[tuple[str, str]] = set()
    planted: list[Planted] = []
    chosen = [recipe for recipe in RECIPES if (recipe.kind == "country") == printed]
    # Every kind in one size, then every kind in the next: a small world shows all kinds.
    rounds = range(max(len(recipe.sizes) for recipe in chosen))
    jobs = [(r, r.sizes[n]) for n in rounds for r in chosen if n < len(r.sizes) for _ in range(each)]
    # Faults with few possible places go first; sheets are copied last, when their contents are final.
    jobs.sort(key=lambda job: _urgency(job[0]))
    alone_first = [job for job in jobs if job[0].kind != "copied"]
    for recipe, size in alone_first:
        planted += _plant_one(world, recipe, size, rng, months, taken)
    families = ("fund", "membership", "stock_continuity", "life_cycle")
    lone = [r for r in RECIPES if r.kind == "month" and r.sizes and _family(r) in families]
    for _ in range(0 if printed else together):
        planted += _plant_pair(world, lone, rng, months, taken)
    for recipe, size in jobs[len(alone_first) :]:
        planted += _plant_one(world, recipe, size, rng, months, taken)
    return planted


def _family(recipe: Recipe) -> str:
    return (recipe.rule_id or "").split(".")[0]


def _urgency(recipe: Recipe) -> tuple[bool, ...]:
    return recipe.kind == "copied", recipe.kind != "long", recipe.history < 8, _family(recipe) != "fair"


def _candidates(world: World, recipe: Recipe, rng: random.Random, months: Sequence[str]) -> list[Statement]:
    newest = {s.place: s for s in sorted(world.statements, key=lambda s: s.revision)}
    found = []
    for s in newest.values():
        long = s.period not in months
        if (recipe.kind == "long") != long:
            continue
        # The first month of the merged map and the one before it show the merger; they are left clean.
        if not long and (months.index(s.period) < recipe.history or s.period in ("2025-06", "2025-07", months[-1])):
            continue
        if not long and recipe.history > 1 and s.period > "2025-06":
            continue
        found.append(s)
    found.sort(key=lambda s: s.place)
    rng.shuffle(found)
    return found


def _zone(s: Statement, recipe: Recipe, months: Sequence[str]) -> set[tuple[str, str]]:
    if recipe.kind == "country":
        return {(f"country {recipe.rule_id.split('.')[0]}", s.period)}
    if recipe.kind == "long":
        return {(s.place[0], s.period)}
    at = months.index(s.period)
    return {(s.place[0], m) for m in months[max(0, at - 1) : at + 2]}


def _plant_one(
    world: World, recipe: Recipe, size: str, rng: random.Random, months: Sequence[str], taken: set[tuple[str, str]]
) -> list[Planted]:
    for s in _candidates(world, recipe, rng, months):
        zone = _zone(s, recipe, months)
        if zone & taken:
            continue
        # Provinces that report quarters, too, are kept for the faults of quarters.
        if recipe.kind not in ("long", "country") and (s.province_map, int(s.province) % 8) == ("63", 1):
            continue
        # A shifted stock shows in the next longer period, too; faults of one row keep to provinces without such.
        if recipe.kind == "long" and (_family(recipe) == "additivity") != (int(s.province) // 8 % 3 == 0):
            continue
        kept = deepcopy(s.rows)
        if not recipe.change(world, s, size):
            s.rows = kept
            continue
        taken |= zone
        key = None if recipe.kind == "country" else s.place[0]
        return [Planted(recipe, size, key, s.period)]
    return []


def _plant_pair(
    world: World, recipes: Sequence[Recipe], rng: random.Random, months: Sequence[str], taken: set[tuple[str, str]]
) -> list[Planted]:
    """Two faults of different families in one workbook."""
    one = rng.choice(recipes)
    other = rng.choice([r for r in recipes if _family(r) != _family(one)])
    sizes = rng.choice(one.sizes), rng.choice(other.sizes)
    for s in _candidates(world, one, rng, months):
        zone = _zone(s, one, months)
        if zone & taken:
            continue
        kept = deepcopy(s.rows)
        if not (one.change(world, s, sizes[0]) and other.change(world, s, sizes[1])):
            s.rows = kept
            continue
        taken |= zone
        return [Planted(r, size, s.place[0], s.period, True) for r, size in zip((one, other), sizes, strict=True)]
    return []
