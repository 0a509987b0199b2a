"""Kinds of portals: ``kinds.yml``. What an address is (article, section, further page), by the patterns of its engine.

Pure: addresses in, answers out. :mod:`.portals` assigns kinds to portals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

KINDS_FILE = Path(__file__).with_name("kinds.yml")
GENERIC = "generic"


class KindError(ValueError):
    """A kind that cannot be used; the message names every kind and field at fault."""


def _compiled(pattern: object) -> object:
    """Patterns see addresses as readers type them: case is ignored."""
    if not isinstance(pattern, str):
        return pattern
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no pattern ({error})") from error


Pattern = Annotated[re.Pattern[str], BeforeValidator(_compiled)]


WayBack = Literal["pages", "offsets", "portlet_pages", "sitemaps", "feeds"]
#: Ways back that a listing page must show: a link to its next page.
_PAGED = frozenset({"pages", "offsets", "portlet_pages"})


class Kind(BaseModel):
    """One kind; see the head of ``kinds.yml`` for the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    articles: tuple[Pattern, ...]
    article_id: Pattern | None
    sections: tuple[Pattern, ...]
    section_names: frozenset[str]
    pages: tuple[Pattern, ...]
    first_page: int = 1
    never: tuple[Pattern, ...]
    noise: Pattern | None = None
    items: tuple[str, ...] = ()
    menus: tuple[str, ...] = ()
    way_back: tuple[WayBack, ...] = ()
    listings: tuple[str, ...]
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    posts: Pattern | None
    other_sitemaps: Pattern | None

    def is_article(self, url: str) -> bool:
        """Whether an address looks like one article."""
        return not self.is_never(url) and not self.is_listing(url) and _any(self.articles, url)

    def is_listing(self, url: str) -> bool:
        """Whether an address looks like a list of articles, or a further page of one."""
        return self.is_section(url) or self.page_number(url) is not None

    def is_section(self, url: str) -> bool:
        """Whether an address looks like the first page of a list of articles."""
        return not _any(self.never, url) and _any(self.sections, url)

    def is_never(self, url: str) -> bool:
        """Whether an address is neither article nor list: a picture, a form, a copy to print."""
        return _any(self.never, url)

    def page_number(self, url: str) -> int | None:
        """The number of a further page of a list; None if the address is none."""
        match = self._page(url)
        return int(match["n"]) if match else None

    def page_stem(self, url: str) -> str:
        """The common part of the addresses of all pages of one list: without the page number."""
        match = self._page(url)
        if match is None:
            return url
        return f"{urlsplit(url).netloc}{match.string[: match.start()]}#{match.string[match.end() :]}"

    def number_of(self, url: str) -> int | None:
        """The number that grows with time in an article's address; None if this kind has none there."""
        match = self.article_id.search(urlsplit(url).path) if self.article_id else None
        return int(match[1]) if match else None

    @property
    def is_paged(self) -> bool:
        """Whether its lists have further pages, which a listing that is read must name."""
        return bool(_PAGED.intersection(self.way_back))

    def is_noise(self, parameter: str) -> bool:
        """Whether a parameter of an address does not say which page it is."""
        return self.noise is not None and self.noise.fullmatch(parameter) is not None

    def _page(self, url: str) -> re.Match[str] | None:
        target = _path_and_query(url)
        if _any(self.never, url):
            return None
        return next((match for pattern in self.pages if (match := pattern.search(target))), None)


def _any(patterns: tuple[re.Pattern[str], ...], url: str) -> bool:
    path, whole = urlsplit(url).path, _path_and_query(url)
    return any(pattern.search(path) or pattern.search(whole) for pattern in patterns)


def _path_and_query(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@cache
def load_kinds() -> Mapping[str, Kind]:
    """All kinds by name. Raises :class:`KindError`."""
    return read_kinds(KINDS_FILE.read_text(encoding="utf-8"))


def read_kinds(text: str) -> Mapping[str, Kind]:
    """The kinds of a file like ``kinds.yml``. Raises :class:`KindError` with all problems at once."""
    entries = (yaml.safe_load(text) or {}).get("kinds") or {}
    basis = entries.get(GENERIC) or {}
    kinds: dict[str, Kind] = {}
    problems: list[str] = []
    for name, entry in entries.items():
        try:
            kinds[name] = Kind.model_validate({**basis, **entry, "name": name})
        except ValidationError as error:
            problems += [f"kind {name!r}: {line}" for line in described(error)]
    if problems:
        raise KindError(f"{KINDS_FILE.name}: " + "; ".join(problems))
    return kinds


def described(error: ValidationError) -> list[str]:
    """The problems of an entry, a line each: field and what is wrong with it."""
    return [f"{'.'.join(map(str, item['loc'])) or 'entry'}: {item['msg']}" for item in error.errors()]
