"""What an installation configures through its environment. Read when a run starts, never at import."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Variables ``HTX_*``; each may also stand in a file ``.env`` in the working folder."""

    model_config = SettingsConfigDict(env_prefix="HTX_", env_file=".env", extra="ignore")

    #: Secret that turns identity numbers into pseudonyms; without it the sheets of members are refused.
    pseudonym_key: SecretStr | None = None
    #: Where workbooks wait, if not in ``HTX_HOME/inbox``: a folder, an fsspec URL, an http(s) index.
    inbox: str = ""
    #: Sent to an http(s) inbox as a bearer token.
    inbox_token: SecretStr | None = None
    #: What the inbox's file system needs to be opened, as JSON: host, key, secret ... by fsspec's names.
    inbox_options: dict[str, Any] = {}
    #: Processes that parse workbooks.
    workers: int = 2

    @property
    def key(self) -> bytes | None:
        """The pseudonym key as bytes, or None if it is not configured or empty."""
        secret = self.pseudonym_key.get_secret_value() if self.pseudonym_key else ""
        return secret.encode() or None
