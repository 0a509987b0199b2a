"""Reject words that the field does not use: each tracked text is searched for the patterns of ``words.yml``.

``python -m tests.lint.words`` prints file:line, the word and what to write instead, and exits with 1 if there is any;
``--count`` prints how many there are per file; paths restrict the search to them.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ("*.py", "*.sql", "*.yml", "*.yaml", "*.md", "*.toml", "Makefile", ".ci/run", ".gitignore")
# The list itself and its test; articles annotated by hand; a word quoted to define it.
EXCEPT = (
    "tests/lint/",
    "tests/unit/test_words.py",
    "tests/claims/development/",
    "tests/claims/held_out/",
    "docs/glossary.md",
)

Hit = tuple[str, int, str, str]  # file, line, word found, what to write instead


def patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each forbidden expression with its replacement. Words are divided by blanks or ``_``; only whole ones match."""
    entries = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
    found = ((entry["word"].replace(" ", r"[\s_]+"), entry["instead"]) for entry in entries)
    return [(re.compile(rf"(?<![^\W_])(?:{word})(?![^\W_])", re.IGNORECASE), instead) for word, instead in found]


def hits(file: str, text: str, forbidden: Iterable[tuple[re.Pattern[str], str]]) -> Iterator[Hit]:
    """All forbidden words of one text."""
    for pattern, instead in forbidden:
        for match in pattern.finditer(text):
            yield file, text.count("\n", 0, match.start()) + 1, match[0], instead


def main(arguments: list[str]) -> int:
    """Print what is found in the tracked texts (below the paths in ``arguments``)."""
    below = [argument for argument in arguments if argument != "--count"]
    listed = subprocess.run(["git", "ls-files", "-z", *TEXTS], cwd=ROOT, check=True, capture_output=True, text=True)
    files = [file for file in listed.stdout.split("\0") if file and not file.startswith(EXCEPT)]
    files = [file for file in files if not below or any(file.startswith(path) for path in below)]
    forbidden = patterns()
    found = [
        hit
        for file in files
        if (ROOT / file).exists()
        for hit in hits(file, (ROOT / file).read_text(encoding="utf-8"), forbidden)
    ]
    if "--count" in arguments:
        for name, count in Counter(hit[0] for hit in found).most_common():
            print(f"{count:5} {name}")
    else:
        for name, line, word, instead in sorted(found):
            print(f"{name}:{line}: {' '.join(word.split())!r}: write {instead}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
