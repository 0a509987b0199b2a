"""Sentences of tokens, and the tokens around one figure: those that lead to it and those that follow it.

Pure functions; metrics are decided in the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingestion.news.claims.tokens import Token
from ingestion.news.claims.vocabulary import key_of

_ABBREVIATIONS = frozenset({"tp", "t", "tx", "tt", "q", "p", "h", "gs", "ts", "ths", "pgs", "ks", "cn", "st"})
#: No sentence is longer; otherwise a page of figures without a stop would take hours to read.
_LONGEST_SENTENCE = 500
#: Words between "HTX" and a name: "HTX rau củ quả sạch Tân Tiến".
_LONGEST_TRADE = 4
#: "HTX khu vực miền Trung" names no cooperative.
_OF_REGIONS = frozenset({key_of("miền"), key_of("vùng"), key_of("khu"), key_of("cấp")})
_SENTENCE_END = frozenset({".", "!", "?"})
#: Marks after which a figure belongs to another statement, unless the rules carry one over.
_HARD = frozenset({";", "|", "(1)"})
_SOFT = frozenset({",", "(", ")", ":", "-", "–", "—", "…", '"', "“", "”"})
_GLUE_CATEGORIES = (
    "link:and",
    "link:part",
    "link:rest",
    "link:by",
    "link:filler",
    "weak:have",
    "alliance:",
    "nation:",
    "local:",
    "each_province:",
    "former:",
)
_GLUE_PREFIXES = ("place:", "region:", "org:", "sector:", "qualifier:", "status:", "accumulation:")


@dataclass(frozen=True)
class Sentence:
    """Tokens of one sentence; ``number`` counts sentences, ``paragraph`` paragraphs, both from 1."""

    tokens: tuple[Token, ...]
    number: int
    paragraph: int


def sentences_of(tokens: Sequence[Token]) -> Iterator[Sentence]:
    """Cut tokens into sentences at full stops and line ends."""
    number, paragraph = 0, 1
    current: list[Token] = []
    for index, token in enumerate(tokens):
        if token.key == "\n":
            if current:
                number += 1
                yield Sentence(tuple(current), number, paragraph)
                current = []
            paragraph += 1
            continue
        current.append(token)
        if len(current) >= _LONGEST_SENTENCE:
            number += 1
            yield Sentence(tuple(current), number, paragraph)
            current = []
            continue
        if token.key in _SENTENCE_END and token.mark and _ends_sentence(tokens, index):
            number += 1
            yield Sentence(tuple(current), number, paragraph)
            current = []
    if current:
        yield Sentence(tuple(current), number + 1, paragraph)


def _ends_sentence(tokens: Sequence[Token], index: int) -> bool:
    if index + 1 == len(tokens):
        return True
    stop, following = tokens[index], tokens[index + 1]
    if following.start == stop.end and following.key != "\n":
        return False
    before = tokens[index - 1].key if index else ""
    return not (stop.key == "." and before in _ABBREVIATIONS)


def is_glue(token: Token) -> bool:
    """Whether a token may stand between the items of an enumeration."""
    if token.mark:
        return token.key in _SOFT
    if token.time or token.code("sector"):
        return True
    if any(tag.startswith("cue:") for tag in token.tags) and not token.has("link:filler"):
        return False
    return token.has(*_GLUE_CATEGORIES) or any(tag.startswith(_GLUE_PREFIXES) for tag in token.tags)


def is_hard(token: Token) -> bool:
    """Whether a token ends a statement within its sentence."""
    return token.mark and token.key in _HARD


def _leads_on(token: Token) -> bool:
    """Whether a token just before a figure belongs to that figure: a qualifier, "ước", a preposition."""
    led = token.has("link:filler", "link:lent_to", "weak:have")
    return led or any(tag.startswith(("qualifier:", "status:")) for tag in token.tags)


@dataclass(frozen=True)
class Site:
    """A place in a sentence, ``index``, where a claim may stand; ``left`` is where the figure before it ended."""

    sentence: Sentence
    index: int
    left: int

    @property
    def token(self) -> Token:
        """The token at the site."""
        return self.sentence.tokens[self.index]

    @cached_property
    def lead(self) -> tuple[Token, ...]:
        """All tokens since the previous figure, across all marks."""
        return self.sentence.tokens[self.left : self.index]

    @cached_property
    def near(self) -> tuple[Token, ...]:
        """The tokens that lead to the site, back to a comma unless only glue follows the comma."""
        position = self.index
        glue_only = True
        while position > self.left:
            token = self.sentence.tokens[position - 1]
            if is_hard(token):
                break
            if token.key == ")" and (opened := self._empty_bracket(position - 1)) is not None:
                position = opened
                continue
            if token.mark and token.key in {",", "(", ")"} and not glue_only:
                break
            if token.void:
                glue_only = False
            glue_only = glue_only and is_glue(token)
            position -= 1
        return self.sentence.tokens[position : self.index]

    def _empty_bracket(self, closed: int) -> int | None:
        """Where the bracket opens that closes at ``closed``, if no figure stands in it."""
        for position in range(closed - 1, self.left - 1, -1):
            token = self.sentence.tokens[position]
            if token.figure:
                return None
            if token.key == "(":
                return position
        return None

    @cached_property
    def clause(self) -> tuple[Token, ...]:
        """All tokens before the site since the last hard boundary, figures included."""
        position = self.index
        while position > 0 and not is_hard(self.sentence.tokens[position - 1]):
            position -= 1
        return self.sentence.tokens[position : self.index]

    @cached_property
    def before(self) -> tuple[Token, ...]:
        """All tokens of the sentence before the site."""
        return self.sentence.tokens[: self.index]

    @cached_property
    def tail(self) -> tuple[Token, ...]:
        """The tokens after the site, up to a mark, a conjunction, a change or the next figure."""
        position = self.index + 1
        tokens = self.sentence.tokens
        while position < len(tokens):
            token = tokens[position]
            stops = (
                token.mark
                or token.key == ":"
                or token.figure
                or token.has("link:and", "link:part", "link:rest", "link:to", "change:up", "change:down", "exceed:")
            )
            if stops or token.void:
                break
            position += 1
        if position < len(tokens) and tokens[position].figure:
            while position > self.index + 1 and _leads_on(tokens[position - 1]):
                position -= 1
        return tokens[self.index + 1 : position]

    @cached_property
    def right(self) -> int:
        """The start of the next figure's lead: after the tail, but a cue just before that figure applies to both."""
        tokens, position = self.sentence.tokens, self.index + 1 + len(self.tail)
        following = position
        while following < len(tokens) and _leads_on(tokens[following]):
            following += 1
        meets_figure = following < len(tokens) and tokens[following].figure
        if meets_figure and self.tail and any(tag.startswith("cue:") for tag in self.tail[-1].tags):
            return position - 1
        return position

    @property
    def is_old_value(self) -> bool:
        """Whether the figure is the value before a change ("từ 21 xuống 19"), which is not a claim."""
        following = self.sentence.tokens[self.index + 1 + len(self.tail) :][:1]
        led = bool(self.near) and self.near[-1].has("link:from")
        return led and bool(following) and following[0].has("link:to")

    @cached_property
    def adjacent(self) -> Token | None:
        """The nearest token to the left, without qualifiers, estimates and fillers."""
        for token in reversed(self.near):
            passed = token.has("link:filler", "link:to", "link:from") or any(
                tag.startswith(("qualifier:", "status:")) for tag in token.tags
            )
            if not passed or any(tag.startswith("change:") for tag in token.tags):
                return token
        return None

    @cached_property
    def is_carried(self) -> bool:
        """Whether only glue stands between the figure before and this one."""
        return all(is_glue(token) or (is_hard(token) and not token.void) for token in self.lead)

    @cached_property
    def later_times(self) -> tuple[Token, ...]:
        """Time tokens after the site, in order."""
        return tuple(token for token in self.sentence.tokens[self.index + 1 :] if token.time)

    def names_one_organisation(self) -> bool:
        """Whether the part before the site names one organisation ("HTX rau sạch Tân Tiến có …")."""
        tokens = (*self.clause, self.token)
        return any(token.code("org") and _is_named(tokens[position + 1 :]) for position, token in enumerate(tokens))


def _is_named(following: Sequence[Token]) -> bool:
    """Whether a name follows: a capital that begins no place, at once or behind a few words of its trade."""
    for distance, token in enumerate(following[: _LONGEST_TRADE + 1]):
        if token.mark or token.figure or token.time or token.has("nation:", "alliance:", "link:at", "link:and"):
            return False
        if any(tag.startswith(("place:", "region:", "org:")) for tag in token.tags):
            return False
        if token.key in _OF_REGIONS:
            return False
        if token.capital:
            return True
        if token.code("cue") and distance and not token.code("sector"):
            return False
    return False
