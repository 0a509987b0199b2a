"""No count below k can be found out: every reader's recombination of totals, tried on small tables one by one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.release.suppression import Range, Sum, SuppressionError, attack, protect

K = 2
#: Values of the cells, their sums, the numbers of the leaves, and the cells as sums of leaves.
Table = tuple[list[int], list[Sum], list[int], np.ndarray]


def cube(leaves: Sequence[int], sizes: Sequence[int]) -> Table:
    """Cells of a table with all its margins, and the sums between them; ``leaves`` in row-major order."""
    inner = list(itertools.product(*(range(size) for size in sizes)))
    positions = list(itertools.product(*(range(size + 1) for size in sizes)))  # the last one of an axis is its total

    def covers(position: tuple[int, ...], leaf: tuple[int, ...]) -> bool:
        return all(p in (part, size) for p, part, size in zip(position, leaf, sizes, strict=True))

    matrix = np.array([[covers(position, leaf) for leaf in inner] for position in positions], dtype=int)
    number = {position: index for index, position in enumerate(positions)}
    sums = [
        Sum(number[p], tuple(number[(*p[:axis], part, *p[axis + 1 :])] for part in range(sizes[axis])))
        for p in positions
        for axis in range(len(sizes))
        if p[axis] == sizes[axis]
    ]
    return (matrix @ leaves).tolist(), sums, [number[leaf] for leaf in inner], matrix


def published(values: Sequence[int], blank: frozenset[int]) -> list[int | None]:
    return [None if cell in blank else value for cell, value in enumerate(values)]


def worlds(table: Table, blank: frozenset[int]) -> np.ndarray:
    """Every table that agrees with what is shown, a row each: all values of all blank leaves are tried, no solver."""
    values, _, leaves, matrix = table
    most = max(values[leaf] for leaf in leaves) + 2
    tried = [range(1, most + 1) if leaf in blank else [values[leaf]] for leaf in leaves]
    cells = np.array(list(itertools.product(*tried))) @ matrix.T
    shown = [cell for cell in range(len(values)) if cell not in blank]
    return cells[(cells[:, shown] == np.array(values)[shown]).all(axis=1)]


cubes = st.one_of(
    st.lists(st.integers(0, 7), min_size=4, max_size=4).map(lambda leaves: cube(leaves, (2, 2))),
    st.lists(st.integers(0, 4), min_size=6, max_size=6).map(lambda leaves: cube(leaves, (2, 3))),
    st.lists(st.integers(0, 2), min_size=8, max_size=8).map(lambda leaves: cube(leaves, (2, 2, 2))),
)


@settings(max_examples=50, deadline=None)
@given(cubes)
def test_an_attacker_who_tries_every_table_determines_no_blank_cell(table: Table) -> None:
    values, sums, *_ = table
    blank = protect(values, sums, K).blank
    assert {cell for cell, value in enumerate(values) if 0 < value < K} <= blank
    assert all(values[cell] > 0 for cell in blank), "zeros count nobody"
    possible = worlds(table, blank)
    for cell in blank:
        seen = set(possible[:, cell])
        assert len(seen) > 1 and max(seen) >= K, f"cell {cell} of {values} is given back: {seen}"


@settings(max_examples=50, deadline=None)
@given(cubes, st.data())
def test_the_attack_finds_what_trying_every_table_finds(table: Table, data: st.DataObject) -> None:
    """Whatever is blank, also a choice that gives cells back."""
    values, sums, *_ = table
    positive = [cell for cell, value in enumerate(values) if value > 0]
    blank = frozenset(data.draw(st.lists(st.sampled_from(positive), max_size=4)) if positive else [])
    possible = worlds(table, blank)
    for cell, found in attack(published(values, blank), sums, K, world=values).items():
        if not found.protects(K):
            assert (found.low, found.high) == (possible[:, cell].min(), possible[:, cell].max())
        else:
            assert max(possible[:, cell]) >= K


def test_a_single_small_count_takes_a_second_cell_with_it() -> None:
    values, sums, *_ = cube([2, 9, 7, 8], (2, 2))
    found = protect(values, sums, 5)
    assert found.primary == {0}
    assert len(found.secondary) == 3, "a rectangle: every row and every column has two blank cells or none"
    assert attack(published(values, frozenset({0})), sums, 5, world=values)[0] == Range(2, 2)


def test_two_small_counts_whose_total_is_below_k_are_not_enough() -> None:
    values, sums, *_ = cube([1, 2, 30], (3,))
    assert protect(values, sums, 5).secondary, "33 - 30 = 3: both are known to be small"


def test_a_complement_that_nobody_publishes_is_protected_too() -> None:
    """12 participants of whom 10 are women: two men."""
    values, sums = [12, 10, 2], [Sum(0, (1, 2))]
    assert protect(values, sums, 5, hidden=frozenset({2})).blank & {0, 1}
    assert not protect([12, 6, 6], sums, 5, hidden=frozenset({2})).blank


def test_the_same_cell_of_an_earlier_statement_is_blank_as_well() -> None:
    values = [3, 30, 33, 8, 30, 38]
    sums = [Sum(2, (0, 1)), Sum(5, (3, 4))]
    found = protect(values, sums, 5, siblings=[(0, 3), (1, 4), (2, 5)])
    assert {0, 3} <= found.blank
    assert {cell % 3 for cell in found.blank if cell < 3} == {cell % 3 for cell in found.blank if cell >= 3}


def test_a_cell_that_a_few_persons_dominate_is_blank_whatever_its_count() -> None:
    values, sums, *_ = cube([20, 30, 40], (3,))
    found = protect(values, sums, 5, sensitive=[1])
    assert 1 in found.primary and found.secondary


def test_counts_of_any_size_are_protected() -> None:
    large = 2_000_000_000_000_000_000
    for leaves in ([3, 30, large], [3, large, large + 7], [large, large, large]):
        values, sums, *_ = cube(leaves, (3,))
        blank = protect(values, sums, 5).blank
        found = attack(published(values, blank), sums, 5, world=values)
        assert all(seen.protects(5) for seen in found.values()) and bool(blank) == (3 in leaves)


def test_sums_that_the_cells_contradict_are_an_error() -> None:
    with pytest.raises(SuppressionError, match="another value"):
        attack([6, 1, 4], [Sum(0, (1, 2))], 5, world=[5, 1, 4])
    with pytest.raises(SuppressionError, match="cell 0 is not the sum"):
        protect([5, 1, 3], [Sum(0, (1, 2))], 5)
