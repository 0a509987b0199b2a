"""Inboxes of workbooks: a folder, any fsspec URL (sftp, s3, webdav ...), or an HTTP address that lists files.

An inbox lists and returns files; it deletes nothing and marks nothing. Known files are recognised by content hash in
the raw zone, so an inbox may be listed repeatedly.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import quote, urljoin, urlsplit

import fsspec
import requests
import urllib3
from pydantic import AfterValidator, BaseModel, Field, NonNegativeInt, ValidationError

from ingestion.timed_http import session, time_limited
from warehouse.files import written_aside

#: The intake log beside the files: name, size, sha256, received_at (UTC).
INDEX_NAME = "index.json"
INDEX_SHAPE = '{"files": [{"name": ..., "size": ..., "sha256": ..., "received_at": ...}]}'
MAX_INDEX_BYTES = 64 * 2**20
MAX_FILE_BYTES = 256 * 2**20
ATTEMPTS = 4
#: Limits of an HTTP inbox for its index, and for one file with all attempts.
MAX_SECONDS = 600
_LEFT_BEHIND = re.compile(
    rf"{re.escape(INDEX_NAME)}|~\$.*|\.~lock\..*#|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini", re.IGNORECASE
)
_TIMEOUT = (10, 60)
_CHUNK = 2**18


class InboxError(Exception):
    """An inbox that cannot be listed, or a file that cannot be fetched; the message says what to do."""


class Refusal(StrEnum):
    """Why a file in an inbox is not archived."""

    LINK = "link"
    NOT_A_FILE = "not_a_file"
    HIDDEN = "hidden"
    TOO_LARGE = "too_large"
    NOT_DELIVERED = "not_delivered"
    KILLED_RECEIVER = "killed_receiver"


@dataclass(frozen=True)
class Arrival:
    """A file in an inbox. ``sha256`` where the inbox states it; ``received_at`` is UTC without zone.

    ``untouched``: size and time identify the content (remote file systems), so that a file is fetched only once.
    ``refused``: why the inbox does not return it, if so.
    """

    name: str
    size: int
    received_at: datetime | None = None
    sha256: str | None = None
    untouched: bool = False
    address: str = ""
    refused: Refusal | None = None


class Inbox(Protocol):
    """The interface of an inbox for :func:`ingestion.submissions.receiving.receive`."""

    def arrivals(self) -> list[Arrival]:
        """Every file that waits, in name order. Raises :class:`InboxError`."""
        ...

    def fetch(self, arrival: Arrival) -> bytes:
        """Its bytes, checked against size and hash where stated. Raises :class:`InboxError`."""
        ...

    def received_times(self) -> Mapping[str, datetime]:
        """When content was received, by SHA-256, where a log of the inbox says so."""
        ...


def open_inbox(
    url: str | Path, *, token: str | None = None, options: Mapping[str, Any] | None = None, partial: Path | None = None
) -> Inbox:
    """The inbox that ``url`` names.

    A path or ``file://`` URL is a folder, ``http(s)://`` an index of files, everything else goes to fsspec with
    ``options`` (host, key, secret ... as its file system names them). ``token`` is sent to HTTP inboxes as a bearer
    token; incomplete downloads are kept in ``partial``. Raises :class:`InboxError` for a URL that cannot be opened.
    """
    text = str(url)
    scheme = urlsplit(text).scheme if "://" in text else ""
    if scheme in ("http", "https"):
        return HttpInbox(text, token=token, partial=partial)
    if scheme in ("", "file", "local"):
        return FolderInbox(Path(fsspec.core.strip_protocol(text) if scheme else text).absolute(), text)
    try:
        system, root = fsspec.core.url_to_fs(text, **dict(options or {}))
    except (ValueError, ImportError, TypeError, OSError) as error:
        raise InboxError(
            f"inbox {text}: {error}. A folder, an http(s):// index or a URL that fsspec knows is expected; "
            "some kinds need a package of their own (sftp: paramiko, s3: s3fs) and HTX_INBOX_OPTIONS."
        ) from error
    return FileSystemInbox(system, root, text)


class FolderInbox:
    """A folder of this machine with its subfolders: its regular files, and no links to other places."""

    def __init__(self, root: Path, shown: str) -> None:
        self._root, self._shown = root, shown

    def arrivals(self) -> list[Arrival]:
        """Every file but the index and temporary files of office programs; links, pipes and hidden files as refused."""
        if not self._root.is_dir():
            raise InboxError(f"inbox {self._shown} is not a folder; create it, or name another with --inbox")
        try:
            return sorted(self._found(self._root), key=lambda arrival: arrival.address)
        except OSError as error:
            raise InboxError(f"inbox {self._shown} cannot be listed: {error}") from error

    def _found(self, folder: Path) -> Iterator[Arrival]:
        for entry in os.scandir(folder):
            if is_ours(entry.path):
                continue
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield from self._found(Path(entry.path))
                continue
            status = entry.stat(follow_symlinks=False)
            refused = _refusal_of(entry.name, status)
            moment = datetime.fromtimestamp(status.st_mtime, UTC).replace(tzinfo=None)
            name = Path(entry.path).relative_to(self._root).as_posix()
            yield Arrival(name, status.st_size, moment, address=entry.path, refused=refused)

    def fetch(self, arrival: Arrival) -> bytes:
        """The whole file, if it is still a regular file that lies in the inbox."""
        try:
            # Links are not followed, and a pipe that has replaced the file does not block.
            descriptor = os.open(arrival.address, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise InboxError(f"{arrival.name} is no regular file")
                if not Path(arrival.address).resolve().is_relative_to(self._root.resolve()):
                    raise InboxError(f"{arrival.name} lies outside of {self._shown}")
                data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise InboxError(f"cannot be read from {self._shown}: {error.strerror or error}") from error
        if len(data) > MAX_FILE_BYTES:
            raise InboxError(f"{arrival.name} grew beyond {MAX_FILE_BYTES} bytes while it was read")
        return data

    def received_times(self) -> Mapping[str, datetime]:
        """The times of receipt in ``index.json`` beside the files. Raises :class:`InboxError` if it is not an index."""
        path = self._root / INDEX_NAME
        try:
            text = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        except OSError as error:
            raise InboxError(f"{path} cannot be read: {error}") from error
        return _times(_entries(text, str(path))) if text else {}


def _refusal_of(name: str, status: os.stat_result) -> Refusal | None:
    if stat.S_ISLNK(status.st_mode):
        return Refusal.LINK
    if name.startswith("."):
        return Refusal.HIDDEN
    if not stat.S_ISREG(status.st_mode):
        return Refusal.NOT_A_FILE
    return Refusal.TOO_LARGE if status.st_size > MAX_FILE_BYTES else None


class FileSystemInbox:
    """A folder of another machine with its subfolders, through fsspec."""

    def __init__(self, system: Any, root: str, shown: str) -> None:
        self._system, self._root, self._shown = system, root.rstrip("/"), shown

    def arrivals(self) -> list[Arrival]:
        """Every file but the index and the temporary files of office programs."""
        try:
            self._system.invalidate_cache()
            if not self._system.isdir(self._root):
                raise InboxError(f"inbox {self._shown} is not a folder; create it, or name another with --inbox")
            found: dict[str, dict[str, Any]] = self._system.find(self._root, detail=True)
        except (OSError, ValueError) as error:
            raise InboxError(f"inbox {self._shown} cannot be listed: {error}") from error
        prefix = len(self._root) + 1
        return [
            Arrival(path[prefix:], int(info.get("size") or 0), _time_of(info), untouched=True, address=path)
            for path, info in sorted(found.items())
            if not is_ours(path)
        ]

    def fetch(self, arrival: Arrival) -> bytes:
        """The whole file."""
        try:
            return bytes(self._system.cat_file(arrival.address))
        except OSError as error:
            raise InboxError(f"cannot be read from {self._shown}: {error}") from error

    def received_times(self) -> Mapping[str, datetime]:
        """The times of receipt in ``index.json`` beside the files. Raises :class:`InboxError` if it is not an index."""
        path = f"{self._root}/{INDEX_NAME}"
        try:
            text = self._system.cat_file(path) if self._system.isfile(path) else b""
        except OSError as error:
            raise InboxError(f"{path} cannot be read: {error}") from error
        return _times(_entries(text, path)) if text else {}


class HttpInbox:
    """An address that answers with a JSON index of files (:data:`INDEX_SHAPE`).

    Files lie below the index's own address, under their ``url`` if stated, else under their name. A download that
    was interrupted resumes where it stopped (Range); the result is compared with size and hash.
    """

    def __init__(self, url: str, *, token: str | None = None, partial: Path | None = None) -> None:
        self._url, self._partial = url, partial
        self._session = session()
        # Ranges refer to the bytes of the file, not of a compressed response.
        self._session.headers["Accept-Encoding"] = "identity"
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def arrivals(self) -> list[Arrival]:
        """The files of the index."""
        listed = _entries(self._index(), self._url)
        times = _times(listed)
        return sorted((self._arrival(entry, times) for entry in listed), key=lambda arrival: arrival.name)

    def _index(self) -> bytes:
        with time_limited(MAX_SECONDS) as limit:
            try:
                with self._get(self._url, {}) as answer:
                    if answer.status_code != 200:
                        raise InboxError(f"inbox {self._url}: {_refusal(answer.status_code)}")
                    text = bytes(answer.raw.read(MAX_INDEX_BYTES + 1, decode_content=True))
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise InboxError(f"inbox {self._url}: the index broke off ({error})") from error
            finally:
                if limit.expired:
                    raise InboxError(f"inbox {self._url}: the index was not there after {MAX_SECONDS} seconds")
        if len(text) > MAX_INDEX_BYTES:
            raise InboxError(f"inbox {self._url}: the index is larger than {MAX_INDEX_BYTES} bytes")
        return text

    def _arrival(self, entry: _Entry, times: Mapping[str, datetime]) -> Arrival:
        if entry.size is None:
            raise InboxError(f"{self._url} states no size of {entry.name!r}. Expected {INDEX_SHAPE}; correct the index")
        address = urljoin(self._url, entry.url or quote(entry.name))
        if urlsplit(address)[:2] != urlsplit(self._url)[:2]:
            raise InboxError(
                f"{self._url} lists {entry.name!r} on another host ({urlsplit(address).netloc}); that is not followed"
            )
        return Arrival(entry.name, entry.size, times.get(entry.sha256), entry.sha256, address=address)

    def fetch(self, arrival: Arrival) -> bytes:
        """Its bytes; bytes of an earlier attempt are not requested again."""
        kept = self._partial / f"{arrival.sha256}.part" if self._partial and arrival.sha256 else None
        data = kept.read_bytes() if kept and kept.is_file() else b""
        # One limit for all attempts: a server that sends a byte now and then must not keep the other files waiting.
        with time_limited(MAX_SECONDS) as limit:
            for attempt in range(ATTEMPTS):
                try:
                    data = self._download(arrival, data)
                except requests.RequestException as error:
                    fault: Exception = error
                except _BrokenOffError as error:
                    data, fault = error.data, error
                else:
                    break
                if kept and data:
                    # As the archive: readable by its owner only.
                    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    with written_aside(kept) as aside:
                        aside.write_bytes(data)
                if limit.expired or attempt + 1 == ATTEMPTS:
                    why = f"{MAX_SECONDS} seconds are over" if limit.expired else str(fault)
                    raise InboxError(
                        f"{arrival.address}: broken off after {len(data)} of {arrival.size} bytes ({why}); "
                        "the next run resumes from there"
                    )
                time.sleep(0.2 * 2**attempt * (1 + random.random()))  # noqa: S311 - jitter is no secret
        if kept:
            kept.unlink(missing_ok=True)
        found = hashlib.sha256(data).hexdigest()
        if len(data) != arrival.size or found != arrival.sha256:
            raise InboxError(
                f"{arrival.address}: {len(data)} bytes with SHA-256 {found} arrived, the index says {arrival.size} and "
                f"{arrival.sha256}. Not received; the sender must correct the index or the file."
            )
        return data

    def _download(self, arrival: Arrival, had: bytes) -> bytes:
        answer = self._get(arrival.address, {"Range": f"bytes={len(had)}-"} if had else {})
        with answer:
            if had and answer.status_code == 416:
                return had
            if answer.status_code not in (200, 206):
                raise InboxError(f"{arrival.address}: {_refusal(answer.status_code)}")
            # A server without support for ranges sends the whole file.
            data = bytearray(had if answer.status_code == 206 else b"")
            # What came before an interruption counts; the size is compared with the index below.
            answer.raw.enforce_content_length = False
            try:
                while chunk := answer.raw.read1(_CHUNK):
                    data += chunk
                    if len(data) > arrival.size:
                        raise InboxError(f"{arrival.address}: more than the {arrival.size} bytes that the index states")
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise _BrokenOffError(bytes(data), error) from error
        if len(data) < arrival.size:
            raise _BrokenOffError(bytes(data), None)
        return bytes(data)

    def _get(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        """One response; a busy server is requested again after its Retry-After. Redirects could leak the token."""
        for attempt in range(ATTEMPTS):
            try:
                answer = self._session.get(
                    url, headers=dict(headers), stream=True, timeout=_TIMEOUT, allow_redirects=False
                )
            except requests.RequestException as error:
                if attempt + 1 == ATTEMPTS:
                    raise InboxError(f"{url} does not answer: {error}") from error
                time.sleep(0.2 * 2**attempt)
                continue
            if answer.status_code not in (429, 500, 502, 503, 504) or attempt + 1 == ATTEMPTS:
                return answer
            wait = 0.2 * 2**attempt
            with suppress(ValueError):
                wait = min(float(answer.headers.get("Retry-After", "")), 60.0)
            answer.close()
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def received_times(self) -> Mapping[str, datetime]:
        """Already part of the arrivals."""
        return {}


class _BrokenOffError(Exception):
    def __init__(self, data: bytes, error: Exception | None) -> None:
        super().__init__(str(error) if error else "the answer ended early")
        self.data = data


def is_ours(path: str) -> bool:
    """Whether a path is the index or a temporary file, and not a file to receive."""
    return _LEFT_BEHIND.fullmatch(path.rpartition("/")[2]) is not None


def _refusal(status: int) -> str:
    if status in (401, 403):
        return f"answered {status}; is HTX_INBOX_TOKEN set, and still good?"
    if 300 <= status < 400:
        return f"answered {status}; redirects are not followed (the token would go elsewhere): name the address itself"
    return f"answered {status}"


class _Entry(BaseModel):
    """One file of an index; other fields are ignored."""

    name: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$"), AfterValidator(str.lower)]
    size: NonNegativeInt | None = None
    received_at: datetime | None = None
    url: str | None = None


class _Index(BaseModel):
    files: list[_Entry]


def _entries(text: bytes, where: str) -> list[_Entry]:
    try:
        return _Index.model_validate_json(text).files
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        raise InboxError(
            f"{where} is not an intake index: {found}. Expected {INDEX_SHAPE}; correct it or remove it "
            "(beside a folder's files, their modification times count then)."
        ) from error


def _times(entries: list[_Entry]) -> dict[str, datetime]:
    moments: dict[str, datetime] = {}
    for entry in entries:
        if entry.received_at:
            moment = _utc(entry.received_at)
            # Bytes that are sent again keep their first time of receipt.
            moments[entry.sha256] = min(moment, moments.get(entry.sha256, moment))
    return moments


def _time_of(info: Mapping[str, Any]) -> datetime | None:
    """When a file arrived, by the metadata of its file system."""
    for name in ("mtime", "LastModified", "last_modified", "modified", "created"):
        stated = info.get(name)
        if isinstance(stated, int | float):
            return datetime.fromtimestamp(stated, UTC).replace(tzinfo=None)
        if isinstance(stated, datetime):
            return _utc(stated)
    return None


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
