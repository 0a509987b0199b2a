"""How pages are read, by engine: ``pages.yml``. Data and its typed reader; nothing is read from pages here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

PAGES_FILE = Path(__file__).with_name("pages.yml")
GENERIC = "generic"


class Engine(BaseModel):
    """The selectors of one engine; see the head of ``pages.yml`` for the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: tuple[str, ...]
    lead: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    address_date: str | None = None
    body: tuple[str, ...]
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layouts:
    """All engines in the order in which they are tried, and the words and forms that hold for every page."""

    engines: tuple[Engine, ...]
    dropped_names: re.Pattern[str]
    related_heading: re.Pattern[str]
    dates: tuple[re.Pattern[str], ...]
    month_names: tuple[str, ...]
    date_words: re.Pattern[str]
    site_name: re.Pattern[str]
    topic_publishers: frozenset[str]
    topic: re.Pattern[str]

    @property
    def generic(self) -> Engine:
        """The engine of pages of no known one."""
        return self.engines[-1]


@cache
def load_layouts() -> Layouts:
    """The layouts of ``pages.yml``. Raises :class:`pydantic.ValidationError` and :class:`re.error`."""
    content: dict[str, Any] = yaml.safe_load(PAGES_FILE.read_text(encoding="utf-8"))
    entries = content["engines"]
    generic = entries.pop(GENERIC)
    engines = [
        Engine.model_validate({"address_date": generic["address_date"], **entry, "name": name})
        for name, entry in entries.items()
    ]
    dropped = "|".join(content["dropped_names"])
    related = "|".join(content["related_headings"])
    return Layouts(
        engines=(*engines, Engine.model_validate({**generic, "name": GENERIC})),
        dropped_names=re.compile(rf"(?:^|[\s_-])(?:{dropped})(?:$|[\s_-])", re.IGNORECASE),
        related_heading=re.compile(rf"(?:{related})"),
        dates=tuple(re.compile(pattern, re.IGNORECASE) for pattern in content["dates"]),
        month_names=tuple(content["month_names"]),
        date_words=re.compile(content["date_words"], re.IGNORECASE),
        site_name=re.compile(content["site_names"], re.IGNORECASE),
        topic_publishers=frozenset(content["topic_publishers"]),
        topic=re.compile(rf"\b(?:{'|'.join(content['topic_words'])})\b"),
    )
