"""What an installation configures through its environment: every variable ``HTX_*``, its default and its meaning.

Read when a run starts, never at import. The other packages are given values; none of them reads the environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, Json, PositiveInt, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from warehouse.layout import PROJECT_ROOT, Layout

PREFIX = "HTX_"


class SettingsError(ValueError):
    """A variable has a value that cannot be used; the message names it."""


class Settings(BaseSettings):
    """Variables ``HTX_*``; each may also stand in a file ``.env`` in the working folder."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", use_attribute_docstrings=True
    )

    home: Path = PROJECT_ROOT / "data"
    """where everything lies"""
    inbox: str = ""
    """where workbooks wait, if not in `HTX_HOME/inbox`: a folder, an HTTP index or an fsspec URL"""
    inbox_token: SecretStr | None = None
    """sent to an HTTP inbox as a bearer token"""
    inbox_options: Json[dict[str, Any]] | None = None
    """what the inbox's file system needs (host, key, secret …), as JSON by fsspec's names"""
    pseudonym_key: SecretStr | None = None
    """the secret that replaces identity numbers by pseudonyms; without it sheets that identify persons are refused"""
    contact: str = "HTX Data Bank"
    """how a portal's operator reaches you; part of the user agent"""
    workers: PositiveInt = 2
    """processes that parse workbooks"""
    dbt_memory: str = "2500MB"
    """memory DuckDB may use while it builds and releases"""
    public_k: Annotated[int, Field(ge=2)] = 5
    """the public release shows no count of fewer persons; a new value takes effect with the next release"""
    keep_days: PositiveInt = 31
    """`htx prune` keeps every release of so many days before the newest one"""
    keep_months: PositiveInt | None = None
    """and the last release of so many months; without a number, of every month"""
    keep_run_days: PositiveInt = 90
    """and Dagster's records of runs of so many days"""
    cited_in: str = ""
    """more files and folders whose texts cite releases to keep, separated by `:` (reports, exports)"""

    @property
    def layout(self) -> Layout:
        """The folders below ``HTX_HOME``."""
        return Layout(self.home.absolute())

    @property
    def key(self) -> bytes | None:
        """The pseudonym key as bytes, or None if it is not configured."""
        return self.pseudonym_key.get_secret_value().encode() if self.pseudonym_key else None

    def export(self) -> None:
        """Put into the environment what dbt's profile reads from there."""
        os.environ |= {f"{PREFIX}HOME": str(self.layout.home), f"{PREFIX}DBT_MEMORY": self.dbt_memory}


def read_settings() -> Settings:
    """The settings of this process. Raises :class:`SettingsError`."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = (f"{PREFIX}{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError("; ".join(wrong)) from error


def variables() -> dict[str, tuple[str, str]]:
    """Meaning and default of every variable, by name."""
    return {
        PREFIX + name.upper(): (str(field.description), "data/" if name == "home" else str(field.default or ""))
        for name, field in Settings.model_fields.items()
    }
