"""Which portals there are: ``portals.yml``. Only configuration; nothing is fetched here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

PORTALS_FILE = Path(__file__).with_name("portals.yml")

#: Rest between requests where nothing else is configured; a portal on this machine needs no rest.
PAUSE_SECONDS = 1.0
LOOPBACK_PAUSE_SECONDS = 0.02
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class PortalError(ValueError):
    """A portal that is configured or named wrongly; the message says what is expected."""


@dataclass(frozen=True)
class Portal:
    """One portal; see the head of ``portals.yml`` for the fields."""

    name: str
    base_url: str
    listings: tuple[str, ...] = ()
    pause_seconds: float = PAUSE_SECONDS
    max_articles: int = 500
    max_listing_pages: int = 30
    enabled: bool = False


@cache
def load_portals() -> tuple[Portal, ...]:
    """All configured portals in file order. Raises :class:`PortalError` if an entry is incomplete."""
    content = yaml.safe_load(PORTALS_FILE.read_text(encoding="utf-8"))
    portals = []
    for entry in content.get("portals") or []:
        try:
            portals.append(
                Portal(
                    name=entry["name"],
                    base_url=_checked(entry["base_url"]),
                    listings=tuple(entry.get("listings") or ()),
                    pause_seconds=float(entry.get("pause_seconds", PAUSE_SECONDS)),
                    max_articles=int(entry.get("max_articles", 500)),
                    max_listing_pages=int(entry.get("max_listing_pages", 30)),
                    enabled=bool(entry.get("enabled", False)),
                )
            )
        except KeyError as missing:
            raise PortalError(f"{PORTALS_FILE.name}: portal {entry.get('name', '?')!r} lacks {missing}") from missing
    return tuple(portals)


def enabled_portals() -> tuple[Portal, ...]:
    """The portals that are fetched without being named."""
    return tuple(portal for portal in load_portals() if portal.enabled)


def portal_for(name_or_url: str) -> Portal:
    """The portal of that name or address, or one made from the address. Raises :class:`PortalError` for neither."""
    for portal in load_portals():
        if name_or_url in {portal.name, portal.base_url} or f"{name_or_url}/" == portal.base_url:
            return portal
    url = _checked(name_or_url)
    parts = urlsplit(url)
    is_loopback = (parts.hostname or "") in LOOPBACK_HOSTS
    # The port of a portal on this machine is chance; its name must not depend on it.
    name = "loopback" if is_loopback else (parts.hostname or url)
    return Portal(name, url, pause_seconds=LOOPBACK_PAUSE_SECONDS if is_loopback else PAUSE_SECONDS)


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        names = ", ".join(portal.name for portal in load_portals()) if url and "://" not in url else ""
        raise PortalError(
            f"{url!r} is no portal: give an address such as https://vca.org.vn/"
            + (f" or a configured name ({names})" if names else "")
        )
    return url
