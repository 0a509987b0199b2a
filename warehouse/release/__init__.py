"""Write, audit, publish: a release is a numbered folder that never changes once ``current`` points to it.

Contains the checks before publishing (``gate``), the content of the build (``catalog``, ``macros``, ``marts``),
the public part (``disclosure``, ``suppression``), the files (``writing``, ``changes``, ``sharing``), the folders and
the atomic switch of ``current`` (``folders``), and their order (``publishing``). dbt builds the marts; the audit's
verdict is verified here against the build, because a failed check does not stop a separate run from publishing. No
clock: the day is an argument.
"""

from warehouse.release.disclosure import DisclosurePolicy, read_policy
from warehouse.release.folders import Release, ReleaseError, current_release, list_releases
from warehouse.release.publishing import publish

__all__ = [
    "DisclosurePolicy",
    "Release",
    "ReleaseError",
    "current_release",
    "list_releases",
    "publish",
    "read_policy",
]
