"""The known portals: the register (seed ``portals``) with the settings of ``portals.yml``. Nothing is fetched here."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ingestion.portals.kinds import GENERIC, Kind, KindError, described, load_kinds
from warehouse.reference import reference_rows

PORTALS_FILE = Path(__file__).with_name("portals.yml")

#: Rest between requests where nothing else is configured; a portal on this machine needs no rest.
PAUSE_SECONDS = 1.0
LOOPBACK_PAUSE_SECONDS = 0.02
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = {"http": 80, "https": 443}
#: Parameters that say where a reader came from, not which page it is.
_TRACKING = frozenset({"fbclid", "gclid", "zarsrc", "ref"})


class PortalError(ValueError):
    """A portal that is configured or named wrongly; the message says what is expected."""


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username:
        raise ValueError(f"{url!r} is not a web address such as https://vca.org.vn/")
    return url


def _known_kind(name: str) -> str:
    if name not in load_kinds():
        raise ValueError(f"{name!r} is no kind of portal; known are {', '.join(load_kinds())}")
    return name


class Portal(BaseModel):
    """One portal; see the head of ``portals.yml`` and docs/portals.md for the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    base_url: Annotated[str, AfterValidator(_address)]
    title: str | None = None
    kind: Annotated[str, AfterValidator(_known_kind)] = GENERIC
    licence: str | None = None
    hosts: tuple[str, ...] = ()
    listings: tuple[str, ...] | None = None
    feeds: tuple[str, ...] | None = None
    sitemaps: tuple[str, ...] | None = None
    pause_seconds: float = Field(default=PAUSE_SECONDS, ge=0)
    concurrency: int = Field(default=1, ge=1, le=8)
    max_articles: int = Field(default=500, ge=1)
    max_listing_pages: int = Field(default=30, ge=1)
    max_sitemaps: int = Field(default=20, ge=0)
    recheck_days: int = Field(default=7, ge=0)
    recheck_hours: int = Field(default=12, ge=0)
    max_rechecks: int = Field(default=100, ge=0)
    #: Whether the address was seen in stored material; it need not answer today.
    confirmed: bool = True
    #: Its addresses are in a private network, and requests to them are allowed.
    allow_private: bool = False
    enabled: bool = False

    @cached_property
    def rules(self) -> Kind:
        """The patterns of its addresses."""
        return load_kinds()[self.kind]

    @cached_property
    def _places(self) -> frozenset[tuple[str, int]]:
        """Hosts and ports that belong to this portal."""
        base = urlsplit(self.base_url)
        name, port = base.hostname or "", base.port
        names = [name, *(host.lower() for host in self.hosts)]
        if not _is_ip(name):
            names.append(name.removeprefix("www.") if name.startswith("www.") else f"www.{name}")
        places = set()
        for entry in names:
            host, _, own_port = entry.rpartition(":") if _has_port(entry) else (entry, "", "")
            ports = [int(own_port)] if own_port else [port] if port else list(_PORTS.values())
            places |= {(host, number) for number in ports}
        return frozenset(places)

    def owns(self, url: str) -> bool:
        """Whether an address lies on a host and port of this portal."""
        try:
            parts = urlsplit(url)
            place = (parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0))
        except ValueError:
            return False
        return parts.scheme in _PORTS and not parts.username and place in self._places

    def address(self, url: str) -> str:
        """The address as it is requested and recorded: normalised, and https if the portal's own address is."""
        found = normalised(url, self.rules)
        if self.base_url.startswith("https:") and found.startswith("http:") and urlsplit(found).port is None:
            return f"https:{found.removeprefix('http:')}"
        return found

    def identity(self, url: str) -> str:
        """The key of an address in all spellings: scheme and ``www.`` do not distinguish pages."""
        parts = urlsplit(self.address(url))
        return f"{parts.netloc.removeprefix('www.')}{parts.path}?{parts.query}"

    def starting_points(self, what: str) -> list[str]:
        """Addresses of its ``listings``, ``feeds`` or ``sitemaps``: its own, else those of its kind."""
        own: tuple[str, ...] | None = getattr(self, what)
        paths: tuple[str, ...] = getattr(self.rules, what) if own is None else own
        return list(dict.fromkeys(self.address(urljoin(self.base_url, path)) for path in paths))


def normalised(url: str, rules: Kind | None = None) -> str:
    """An address without fragment, tracking parameters and those that its kind ignores: one page has one address."""
    parts = urlsplit(url.strip())
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key.lower() not in _TRACKING
        and not key.lower().startswith("utm_")
        and not (rules is not None and rules.is_noise(key))
    ]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", urlencode(query), ""))


@cache
def load_portals() -> tuple[Portal, ...]:
    """All portals: those of the register with an address, in its order, then others. Raises :class:`PortalError`."""
    return read_portals(PORTALS_FILE.read_text(encoding="utf-8"), _registered())


def _registered() -> dict[str, dict[str, Any]]:
    """Entries of the register by name. An alliance whose address was not found has none."""
    return {
        row["portal"]: {
            "name": row["portal"],
            "title": row["name_vi"],
            "base_url": row["base_url"],
            "kind": row["kind"],
            "confirmed": row["is_confirmed"] == "true",
        }
        for row in reference_rows("portals")
    }


def read_portals(text: str, registered: Mapping[str, Mapping[str, Any]] | None = None) -> tuple[Portal, ...]:
    """The portals of a file like ``portals.yml``, whose entries complete those of the register with the same name.

    A registered portal without an address is left out until an entry states one. Raises :class:`PortalError` with all
    problems at once.
    """
    entries: dict[str | int, dict[str, Any]] = {name: dict(entry) for name, entry in (registered or {}).items()}
    portals: list[Portal] = []
    problems: list[str] = []
    try:
        stated = (yaml.safe_load(text) or {}).get("portals") or []
        named = [entry.get("name") for entry in stated]
        problems += [f"portal {name!r} is named twice" for name in dict.fromkeys(named) if named.count(name) > 1]
        for number, entry in enumerate(stated, start=1):
            name = entry.get("name") or number
            entries[name] = {**entries.get(name, {}), **entry}
        for name, entry in entries.items():
            if entry.get("base_url") == "" and not entry.get("enabled"):
                continue
            try:
                portals.append(Portal.model_validate(entry))
            except ValidationError as error:
                problems += [f"portal {name!r}: {line}" for line in described(error)]
    except (yaml.YAMLError, AttributeError, KindError) as error:
        raise PortalError(f"{PORTALS_FILE.name}: {error}") from error
    if problems:
        raise PortalError(f"{PORTALS_FILE.name}: " + "; ".join(problems))
    return tuple(portals)


def enabled_portals() -> tuple[Portal, ...]:
    """The portals that are fetched without being named."""
    return tuple(portal for portal in load_portals() if portal.enabled)


def portal_for(name_or_url: str) -> Portal:
    """The portal of that name or address, or one made from the address. Raises :class:`PortalError` for neither."""
    for portal in load_portals():
        if name_or_url in {portal.name, portal.base_url} or f"{name_or_url}/" == portal.base_url:
            return portal
    try:
        url = _address(name_or_url)
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        known = [portal.name for portal in load_portals()] if "://" not in name_or_url else []
        names = ", ".join(difflib.get_close_matches(name_or_url, known, cutoff=0.3) or known[:3])
        raise PortalError(
            f"{name_or_url!r} is not a portal: give an address such as https://vca.org.vn/"
            + (f" or a configured name ({names})" if names else "")
        ) from error
    is_loopback = (parts.hostname or "") in LOOPBACK_HOSTS
    # The port of a portal on this machine is arbitrary; the name must not depend on it.
    return Portal(
        name="loopback" if is_loopback else (parts.hostname or url),
        base_url=url,
        pause_seconds=LOOPBACK_PAUSE_SECONDS if is_loopback else PAUSE_SECONDS,
    )


def is_private_address(url: str) -> bool:
    """Whether an address names this machine, or a private network by number: such an address is explicit."""
    name = urlsplit(url).hostname or ""
    return name in LOOPBACK_HOSTS or (_is_ip(name) and not ipaddress.ip_address(name).is_global)


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _has_port(entry: str) -> bool:
    return entry.rpartition(":")[2].isdigit() and not _is_ip(entry)
