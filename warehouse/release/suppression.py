"""Cell suppression: which counts of persons must be blank so that no count below ``k`` can be recovered.

Contains the method only, on plain numbers: cells, sums that relate them, and the attack of a reader who knows all
published cells and all sums. The tables are in :mod:`warehouse.release.disclosure`. The method is that of statistical
offices (A. Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, chapter 4): counts from 1 to k - 1 are
blank (primary suppression); for each of them an integer program finds the cheapest other table in which it is k or
more and all sums are the same, and what differs in it is blank, too (secondary suppression). So every blank cell can
have two values and be k or more, however a reader recombines totals. Zeros are published: they count nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, hstack

#: A reader's range of a cell without an upper limit.
UNLIMITED = 2**53


@dataclass(frozen=True)
class Sum:
    """A relation that readers know: cell ``whole`` is the sum of the cells ``parts``."""

    whole: int
    parts: tuple[int, ...]

    @property
    def cells(self) -> tuple[int, ...]:
        """All cells of the relation."""
        return (self.whole, *self.parts)


@dataclass(frozen=True)
class Range:
    """Values of a blank cell that agree with everything published: ``low`` and ``high`` are possible."""

    low: int
    high: int

    def protects(self, k: int) -> bool:
        """Whether the cell can be ``k`` or more, and is not determined."""
        return self.high >= k and self.low < self.high


@dataclass(frozen=True)
class Protection:
    """A choice of blank cells: those below ``k``, and those that protect them."""

    primary: frozenset[int]
    secondary: frozenset[int]

    @property
    def blank(self) -> frozenset[int]:
        """All blank cells."""
        return self.primary | self.secondary


class SuppressionError(ValueError):
    """The cells contradict their sums; the message names a sum by the numbers of its cells."""


def protect(
    values: Sequence[int],
    sums: Sequence[Sum],
    k: int,
    *,
    hidden: frozenset[int] = frozenset(),
    sensitive: Iterable[int] = (),
    siblings: Sequence[tuple[int, ...]] = (),
) -> Protection:
    """Cells to leave blank: those of 1 to ``k`` - 1 persons, ``sensitive`` ones, and what gives neither back.

    ``hidden`` cells are never published (a complement, a row that is withheld) and need protection where they are below
    ``k``. ``siblings`` are statements of one count at different times: all of them are blank or none. Raises
    SuppressionError if ``values`` contradict ``sums``.
    """
    _check(values, sums)
    families = {cell: family for family in siblings for cell in family}
    small = {cell for cell, value in enumerate(values) if 0 < value < k}
    primary = _with_siblings((small | set(sensitive)) - hidden, families, hidden)
    blank = set(primary)
    ranges: dict[int, Range] = {}
    component_of = {cell: found for found in _components([None] * len(values), sums) for cell in found.unknown}
    regions: dict[int, _Region] = {}
    waiting = sorted(blank | (small & hidden), key=lambda cell: (values[cell], cell))
    while waiting:
        for cell in waiting:
            if ranges.get(cell, Range(values[cell], values[cell])).protects(k):
                continue
            more = max(1, k - values[cell])
            if component := component_of.get(cell):
                name = component.sums[0].whole
                if name not in regions:
                    regions[name] = _Region(values, component, hidden)
                other = regions[name].other_values(cell, more, blank)
            else:
                other = {cell: values[cell] + more}
            for moved, value in other.items():
                ranges[moved] = _widened(_widened(ranges.get(moved), values[moved]), value)
            blank |= _with_siblings(other, families, hidden)
        waiting = sorted(c for c in blank if c not in ranges or not ranges[c].protects(k))
    return Protection(frozenset(primary), frozenset(blank - primary))


def attack(
    published: Sequence[int | None],
    sums: Sequence[Sum],
    k: int,
    *,
    world: Sequence[int],
    hidden: frozenset[int] = frozenset(),
) -> dict[int, Range]:
    """What a reader can find out about each blank cell, ``hidden`` or not.

    A range is widened only until it protects (contains ``k`` and two values): then both its ends are possible values;
    else they are the limits. ``hidden`` cells may be 0, the other blank ones are at least 1, because zeros are
    published. ``world`` is one table that agrees with ``published``: the programs look for differences from it, which
    stay small where counts are large. Raises SuppressionError if it does not agree.
    """
    for cell, value in enumerate(published):
        if value is not None and value != world[cell]:
            raise SuppressionError(f"cell {cell} is published as another value")
    _check(world, sums)
    found: dict[int, Range] = {}
    for component in _components(published, sums):
        found |= _attack(world, component, k, hidden)
    related = {cell for known in sums for cell in known.cells}
    alone = (cell for cell, value in enumerate(published) if value is None and cell not in related)
    return found | {cell: Range(0 if cell in hidden else 1, UNLIMITED) for cell in alone}


@dataclass(frozen=True)
class _Component:
    """Blank cells that sums connect with each other, and these sums."""

    unknown: frozenset[int]
    sums: tuple[Sum, ...]


def _with_siblings(cells: Iterable[int], families: Mapping[int, tuple[int, ...]], hidden: frozenset[int]) -> set[int]:
    return {sibling for cell in cells for sibling in families.get(cell, (cell,))} - hidden


def _widened(before: Range | None, value: int) -> Range:
    return Range(value, value) if before is None else Range(min(before.low, value), max(before.high, value))


def _components(published: Sequence[int | None], sums: Sequence[Sum]) -> list[_Component]:
    parent: dict[int, int] = {}

    def root(cell: int) -> int:
        while parent.setdefault(cell, cell) != cell:
            parent[cell] = cell = parent[parent[cell]]
        return cell

    open_sums = []
    for known in sums:
        unknown = [cell for cell in known.cells if published[cell] is None]
        if unknown:
            open_sums.append((unknown[0], known))
            for cell in unknown[1:]:
                parent[root(cell)] = root(unknown[0])
    cells: dict[int, set[int]] = defaultdict(set)
    related: dict[int, list[Sum]] = defaultdict(list)
    for first, known in open_sums:
        cells[root(first)].update(cell for cell in known.cells if published[cell] is None)
        related[root(first)].append(known)
    return [_Component(frozenset(cells[first]), tuple(related[first])) for first in cells]


def _check(values: Sequence[int], sums: Sequence[Sum]) -> None:
    for known in sums:
        if values[known.whole] != sum(values[part] for part in known.parts):
            raise SuppressionError(f"cell {known.whole} is not the sum of {known.parts}")


def _attack(world: Sequence[int], component: _Component, k: int, hidden: frozenset[int]) -> dict[int, Range]:
    """Ranges of the blank cells of a component."""
    ranges = {cell: Range(world[cell], world[cell]) for cell in component.unknown}
    if len(component.unknown) == 1:
        return ranges
    program = _Program(world, component, hidden, k)

    def look(weights: Mapping[int, float], *, up_to_k: bool = False) -> None:
        for cell, value in program.solve(weights, up_to_k=up_to_k).items():
            ranges[cell] = _widened(ranges[cell], value)

    # One solution is evidence for many cells: first as many as possible at once, then the remaining ones by themselves.
    exposed = component.unknown
    while exposed:
        if small := [cell for cell in exposed if ranges[cell].high < k]:
            look(dict.fromkeys(small, 1.0), up_to_k=True)
        look(dict.fromkeys(exposed, -1.0))
        left = frozenset(cell for cell in exposed if not ranges[cell].protects(k))
        if left == exposed:
            break
        exposed = left
    for cell in sorted(exposed):
        for direction in (1.0, -1.0):
            if not ranges[cell].protects(k):
                look({cell: direction})
    return ranges


class _Region:
    """All cells that sums connect, blank or not, as a program that finds other values of them."""

    def __init__(self, values: Sequence[int], component: _Component, hidden: frozenset[int]) -> None:
        self.cells = sorted(component.unknown)
        self._at = {cell: number for number, cell in enumerate(self.cells)}
        entries = [
            (sign, row, self._at[cell])
            for row, known in enumerate(component.sums)
            for cell, sign in [(known.whole, -1), *((part, 1) for part in known.parts)]
        ]
        signs, rows, columns = zip(*entries, strict=True)
        matrix = coo_array((signs, (rows, columns)), shape=(len(component.sums), len(self.cells)))
        # A change is the difference of a rise and a fall, for its cost is that of its size.
        self._equal = LinearConstraint(hstack([matrix, -matrix]).tocsc(), 0, 0)
        self._exact = [values[cell] for cell in self.cells]
        self._values = np.array(self._exact, dtype=float)
        may_be_zero = np.array([cell in hidden for cell in self.cells])
        self._changes = (self._values > 0) | may_be_zero
        # No blank cell is 0: zeros are published, and stay.
        self._fall = np.where(self._changes, self._values - np.where(may_be_zero, 0, 1), 0).clip(0, 2.0**31)
        self._cost = np.where(may_be_zero, 1e-6, 1 + np.log1p(self._values))

    def other_values(self, cell: int, more: int, blank: Set[int]) -> dict[int, int]:
        """Other values of ``cell`` (``more`` than it has) and of the cells that must change with it.

        All sums hold. Cells that are not ``blank`` yet cost more the larger they are.
        """
        count, position = len(self.cells), self._at[cell]
        cost = np.where([other in blank for other in self.cells], 1e-6, self._cost)
        low = np.zeros(2 * count)
        high = np.concatenate([np.where(self._changes, more * (1.0 + count), 0), self._fall])
        low[position] = high[position] = more
        high[count + position] = 0
        for whole_numbers in (0, 1):
            # Most of these programs have whole solutions without asking for them, and then in a fraction of the time.
            found = milp(
                np.concatenate([cost, cost]),
                integrality=np.full(2 * count, whole_numbers),
                bounds=Bounds(low, high),
                constraints=self._equal,
            )
            if found.x is None:
                raise SuppressionError(f"cell {cell} cannot be protected: {found.message}")
            change = found.x[:count] - found.x[count:]
            if np.abs(change - change.round()).max() < 1e-6:
                break
        return {self.cells[n]: self._exact[n] + int(change[n].round()) for n in np.flatnonzero(change.round())}


class _Program:
    """Integer programs over the blank cells of a component, as a reader can write them: differences from one table."""

    def __init__(self, world: Sequence[int], component: _Component, hidden: frozenset[int], k: int) -> None:
        self._cells = sorted(component.unknown)
        self._position = {cell: number for number, cell in enumerate(self._cells)}
        self._world, self._k = world, k
        # Where no sum limits a cell, this does.
        self._most = float(1_000 * k * len(self._cells))
        self._low = [max((0 if cell in hidden else 1) - world[cell], -self._most) for cell in self._cells]
        self._entries = [
            (sign, row, self._position[cell])
            for row, known in enumerate(component.sums)
            for cell, sign in [(known.whole, -1), *((part, 1) for part in known.parts)]
            if cell in self._position
        ]
        self._rows = len(component.sums)

    def solve(self, weights: Mapping[int, float], *, up_to_k: bool = False) -> dict[int, int]:
        """Values of all cells with the largest weighted sum; with ``up_to_k`` a cell counts no more than k."""
        count, capped = len(self._cells), sorted(weights) if up_to_k else []
        entries, low, high = list(self._entries), [0.0] * self._rows, [0.0] * self._rows
        for number, cell in enumerate(capped):
            # What is counted is at most the value.
            entries += [(1, len(low), self._position[cell]), (-1, len(low), count + number)]
            low.append(float(-self._world[cell]))
            high.append(np.inf)
        goal = np.zeros(count + len(capped))
        for number, (cell, weight) in enumerate(sorted(weights.items())):
            goal[count + number if capped else self._position[cell]] = -weight
        signs, rows, columns = zip(*entries, strict=True)
        matrix = coo_array((signs, (rows, columns)), shape=(len(low), len(goal)))
        found = milp(
            goal,
            integrality=np.ones(len(goal)),
            bounds=Bounds(
                [*self._low, *np.zeros(len(capped))], [*[self._most] * count, *[float(self._k)] * len(capped)]
            ),
            constraints=LinearConstraint(matrix.tocsc(), low, high),
        )
        if found.x is None:
            raise SuppressionError(f"no program for {count} cells was solved: {found.message}")
        return {cell: self._world[cell] + round(found.x[number]) for cell, number in self._position.items()}
