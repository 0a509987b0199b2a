"""Who publishes at an address, and for which province: the register of portals (seed ``portals``).

A host does not stand for one province for ever: since July 2025 some serve a merged province, and some got
another name. An article outside of a portal's validity has no province here. The publisher is not the place of a
figure; its province stands in where the text names none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlsplit

from ingestion.news.article import Article
from ingestion.news.layouts import load_layouts
from ingestion.vietnamese.places import Basis, basis_on, provinces
from ingestion.vietnamese.text import fold
from warehouse.reference import reference_rows


@dataclass(frozen=True)
class Publisher:
    """A portal of the register: its id, what it is, and its province on both maps (codes; None for the nation)."""

    portal: str
    kind: str
    code_before_2025_07: str | None
    code_from_2025_07: str | None
    valid_from: date | None
    valid_to: date | None

    @property
    def is_provincial(self) -> bool:
        """Whether it publishes for one province."""
        return self.code_before_2025_07 is not None

    def province_on(self, day: date | None) -> str | None:
        """Its province on ``day`` by the name that the province had before July 2025 (see :func:`named_province`).

        None for the nation and outside of its validity; without a day None if validity or the maps leave it open.
        """
        before, after = self._name(self.code_before_2025_07, "before_2025_07"), self._name_today()
        if day is None:
            is_always = self.valid_from is None and self.valid_to is None
            return before if is_always and before == after else None
        if not (self.valid_from or day) <= day <= (self.valid_to or day):
            return None
        return before if basis_on(day) == "before_2025_07" else after

    def _name(self, code: str | None, basis: Basis) -> str | None:
        return provinces(basis)[code].name if code else None

    def _name_today(self) -> str | None:
        """Of today's province; only Huế has a name that no province had before."""
        name = self._name(self.code_from_2025_07, "from_2025_07")
        known = {province.name for province in provinces("before_2025_07").values()}
        return name if name in known else self._name(self.code_from_2025_07, "before_2025_07")


def publisher_of(url: str | None) -> Publisher | None:
    """The publisher at an address; None for a host that is not in the register."""
    place = _place(url) if url else ""
    found = max((known for known in _register() if place.startswith(known)), key=len, default=None)
    return _register()[found] if found else None


def is_off_topic(article: Article, url: str) -> bool:
    """Whether an article of a newspaper is not about cooperatives, by its title and lead."""
    publisher, layouts = publisher_of(url), load_layouts()
    if publisher is None or publisher.kind not in layouts.topic_publishers:
        return False
    return layouts.topic.search(fold(f"{article.title} {article.lead or ''}")) is None


@cache
def _register() -> dict[str, Publisher]:
    """Publishers by host and path of their portals."""
    return {
        _place(row["base_url"]): Publisher(
            row["portal"],
            row["publisher_kind"],
            row["province_code_before_2025_07"] or None,
            row["province_code_from_2025_07"] or None,
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in reference_rows("portals")
        if row["base_url"]
    }


def _place(url: str) -> str:
    """Host without ``www.``, and path with its final slash."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return f"{host}{parts.path.rpartition('/')[0]}/" if host else ""
