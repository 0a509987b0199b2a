"""The context while an article is read: place, time, enumeration, actual or planned.

Resolves period, cut-off day, geography and status of a draft from the tokens around it and from earlier sentences.
Nothing is completed from today's date; what the text does not state stays None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from ingestion.news.claims.sentences import Sentence, Site
from ingestion.news.claims.tokens import Token
from ingestion.news.claims.vocabulary import Metric, Vocabulary, key_of
from ingestion.vietnamese.places import Basis, named_province
from ingestion.vietnamese.times import TimeExpression

_BULLETS = frozenset("-–—+•*·▪●")
#: "Các chỉ tiêu đạt thấp" names goals and sets none.
_MANY = frozenset({key_of("các"), key_of("những"), key_of("nhiều")})
_LAST_DAYS = timedelta(days=7)
#: Drafts of these rules have the year of their plan, which is not the time of the sentence.
_DATES_NOTHING = frozenset({"plan_share", "planned", "change"})
_MAIN_COUNTS = frozenset({"stock", "founded", "dissolved"})
NATION = "Việt Nam"
EACH_PROVINCE = "each_province"


@dataclass(frozen=True)
class Place:
    """A geography before its map is known. ``province`` is the name before July 2025, ``said`` the map in the text."""

    name: str | None = None
    province: bool = False
    said: Basis | None = None

    def on_map(self, on: date | None) -> tuple[str | None, Basis | None]:
        """Standard name and basis on the day that the claim is about."""
        if not self.province or self.name is None:
            return self.name, None
        named = named_province(self.name, on, self.said)
        return named.name, named.basis


@dataclass
class Draft:
    """An unfinished claim. ``tokens`` are those that its quote must cover; the map of ``place`` is set at the end."""

    metric: Metric
    value: Decimal
    tokens: list[Token]
    rule: str
    unit: str = ""
    value_max: Decimal | None = None
    denominator: Decimal | None = None
    qualifier: str = "exact"
    status: str = "actual"
    accumulation: str = ""
    org_type: str | None = None
    sector: str | None = None
    place: Place = field(default_factory=Place)
    period: tuple[date, date] | None = None
    as_of: date | None = None
    derived: bool = False
    carried: bool = False
    #: About a part of the period in context ("riêng quý III"): the text after it is about the whole period again.
    aside: bool = False
    sentence: int = 0
    paragraph: int = 0
    #: The day that selects the map, where it is not that of the claim: a plan's year ends after its reported result.
    map_day: date | None = None
    #: The reasons for its values by aspect: the deciding words, and their positions.
    trail: dict[str, tuple[str, Token | None]] = field(default_factory=dict)

    def because(self, aspect: str, reason: str, token: Token | None = None) -> None:
        """Note why ``aspect`` (metric, geography, time, status ...) is as it is, and the words that decided.

        A later reason replaces an earlier one.
        """
        self.trail[aspect] = reason, token


@dataclass(frozen=True)
class _ListContext:
    """The context that a sentence ending with a colon sets for the items below it."""

    topic: Draft | None
    period: tuple[date, date] | None
    as_of: date | None
    place: Place | None
    contexts: frozenset[str]


@dataclass
class Context:
    """The state of reading. ``sentence_*`` is reset by sentence, ``paragraph_*`` by paragraph."""

    vocabulary: Vocabulary
    published_on: date | None
    home: Place = field(default_factory=lambda: Place(NATION))
    is_plan_section: bool = False
    #: Whether the chapter reports ("I. Kết quả", "Ước thực hiện"), in a plan too; and whether it estimates.
    is_report_section: bool = False
    is_estimate_section: bool = False
    #: Whether the title is about one cooperative: the figures are then those of this cooperative.
    portrays_one: bool = False
    #: Whether a sentence of the paragraph has named one cooperative: later figures are also about it.
    is_about_one: bool = False
    #: Whether the article is a plan: statements without a date in the past are planned.
    is_plan: bool = False
    #: Whether the title is about a district or commune: figures below province level are not claims.
    is_local: bool = False
    #: Contexts that the title opens for the whole article.
    title_contexts: frozenset[str] = frozenset()
    drafts: list[Draft] = field(default_factory=list)
    #: The enumeration a figure without words of its own may continue, and the claim of the figure just before.
    topic: Draft | None = None
    last: Draft | None = None
    paragraph: int = 0
    paragraph_period: tuple[date, date] | None = None
    paragraph_as_of: date | None = None
    paragraph_place: Place | None = None
    paragraph_contexts: frozenset[str] = frozenset()
    #: Time of the heading above and of the title, for paragraphs that state none.
    heading_time: TimeExpression | None = None
    title_time: TimeExpression | None = None
    #: Where and when the event of the paragraph takes place: "Ngày 21/6, tại Hà Nội".
    event_place: Place | None = None
    event_day: tuple[date, date] | None = None
    sentence_day: tuple[date, date] | None = None
    _before: Token | None = None
    #: The context of the list that is being read.
    above_items: _ListContext | None = None
    periods_by_grain: dict[str, tuple[date, date]] = field(default_factory=dict)
    paragraph_periods: dict[str, tuple[date, date]] = field(default_factory=dict)
    sentence_place: Place | None = None
    sentence_contexts: set[str] = field(default_factory=set)
    sentence_has_target: bool = False
    #: Whether the words before the figure plan: a time without a year then lies ahead.
    is_ahead: bool = False

    # -- advancing ------------------------------------------------------------------------------------------

    def begin_sentence(self, sentence: Sentence) -> None:
        """Reset the state of the previous sentence; in a new paragraph, also its period, day and place."""
        if sentence.paragraph != self.paragraph:
            self.paragraph = sentence.paragraph
            self.paragraph_period = self.paragraph_as_of = self.paragraph_place = None
            self.paragraph_contexts = frozenset()
            self.topic = None
            self.paragraph_periods = {}
            self.is_about_one = False
            if "fair" not in self.title_contexts:
                self.event_place = self.event_day = None
            if not is_item(sentence):
                self.above_items = None
        first = next((token for token in sentence.tokens if not token.mark), None)
        if first and first.has("link:by"):
            self.topic = self._main_count()
        elif not (first and (first.has("link:part", "link:rest") or first.code("accumulation"))):
            self.topic = None
        if self.above_items and is_item(sentence):
            said = self.above_items
            self.topic, self.paragraph_contexts = said.topic, said.contexts
            self.paragraph_period, self.paragraph_as_of, self.paragraph_place = said.period, said.as_of, said.place
        self.last = None
        self.sentence_place = self.sentence_day = None
        self.sentence_contexts = set()
        self.sentence_has_target = False

    def _main_count(self) -> Draft | None:
        """The last count of organisations that no sector, place of a list or state narrows down."""
        whole = (d for d in reversed(self.drafts) if d.metric.code in _MAIN_COUNTS and not d.sector and not d.carried)
        return next((draft for draft in whole if draft.status != "target"), None)

    def end_sentence(self, sentence: Sentence, found: Sequence[Draft]) -> None:
        """Keep time and place of the sentence for the rest of the paragraph."""
        places = {draft.place for draft in found if not draft.carried}
        if len(places) == 1:
            self.paragraph_place = places.pop()
        elif any(token.has("nation:") for token in sentence.tokens):
            self.paragraph_place = Place(NATION)
        elif places:
            self.paragraph_place = None
        for draft in found:
            dates = not (draft.aside or draft.metric.is_event or draft.rule in _DATES_NOTHING)
            self.paragraph_period = (draft.period if dates else None) or self.paragraph_period
            self.paragraph_as_of = draft.as_of or self.paragraph_as_of
        self.paragraph_contexts = frozenset(self.sentence_contexts)
        if sentence.tokens[-1].key == ":":
            place = self.sentence_place or self.paragraph_place
            self.above_items = _ListContext(
                self.topic, self.paragraph_period, self.paragraph_as_of, place, self.paragraph_contexts
            )

    def see(self, token: Token) -> None:
        """Update the context from a token: contexts that it opens, a period that it names."""
        self.sentence_contexts.update(token.codes("context"))
        if token.time and token.time.role == "day" and (day := token.time.resolve(self.published_on)):
            self.sentence_day = self.sentence_day or day
            # A range of days is more precise than the day of the opening.
            if self.event_day is None or (day[1] > day[0] and self.event_day[0] == self.event_day[1]):
                self.event_day = self.sentence_day = day
        if token.code("place") and self._before and self._before.has("link:at", "link:place_word"):
            self.event_place = self.event_place or Place(token.code("place"), province=True)
        self._before = token
        if token.time and token.time.role == "period" and (span := token.time.resolve(self.published_on)):
            self.periods_by_grain[token.time.grain] = self.paragraph_periods[token.time.grain] = span

    def opened(self, contexts: Iterable[str]) -> bool:
        """Whether this sentence so far, the one before in the paragraph, or the title opened one of ``contexts``."""
        return bool((self.sentence_contexts | self.paragraph_contexts | self.title_contexts).intersection(contexts))

    # -- resolving ------------------------------------------------------------------------------------------

    def own_place(self, site: Site) -> Place | None:
        """The place said after the figure, for it alone ("498 HTX của Phú Thọ cũ")."""
        own = [token for token in site.tail if _names_place(token)]
        return self.place_of(own[-1], site) if own else None

    def led_place(self, site: Site) -> Place | None:
        """The place that leads to the figure; an empty one if several stand together, because either may apply."""
        led = [token for token in site.lead if _names_place(token)]
        if not led:
            return None
        named = [token.code("place") or token.code("region") for token in led[-2:]]
        if len(set(named)) == 2 and all(named) and _stand_in_one_run(site, led[-2:]):
            return Place(None)
        return self.place_of(led[-1], site)

    def scope_at(self, site: Site) -> tuple[Place, str]:
        """The place that applies where none stands beside the figure, and its origin: sentence, paragraph, article."""
        if self.sentence_place:
            return self.sentence_place, "said earlier in the sentence"
        if closing := self._closing_place(site):
            return closing, "said at the end of the sentence"
        if self.paragraph_place:
            return self.paragraph_place, "said earlier in the paragraph"
        return self.home, "of the article"

    def _closing_place(self, site: Site) -> Place | None:
        """ "ký 8 hợp đồng … tại Quảng Nam.": a place at the very end holds for all before it."""
        tokens = [token for token in site.sentence.tokens if not token.mark]
        if len(tokens) > 1 and tokens[-1].code("place"):
            preposition = next((t for t in reversed(tokens[:-1]) if not t.has("link:place_word")), None)
            if preposition is not None and preposition.has("link:at"):
                return self.place_of(tokens[-1], site)
        return None

    def place_of(self, token: Token, site: Site) -> Place:
        """The place that ``token`` names, on the map that the words around it say."""
        if token.has("nation:"):
            return Place(NATION)
        if token.has("each_province:"):
            return Place(EACH_PROVINCE)
        if region := token.code("region"):
            return Place(region)
        if province := token.code("place"):
            following = [t for t in site.sentence.tokens if t.start >= token.end and t.key != "("][:1]
            basis: Basis | None = None
            if following and following[0].has("former:"):
                basis = "before_2025_07"
            elif any(t.has("merged:") for t in site.before):
                basis = "from_2025_07"
            return Place(province, province=True, said=basis)
        # "toàn tỉnh" and the like: the article must say which province.
        said = (place for place in (self.sentence_place, self.paragraph_place) if place and place.province)
        known = next(said, self.home)
        return known if known.province or known.name == EACH_PROVINCE else Place(None)

    def times_at(self, site: Site, draft: Draft) -> None:
        """Fill period or cut-off day of ``draft`` from the times said before it, after it, or in its paragraph."""
        draft.aside = any(token.has("link:aside") for token in site.near)
        self.is_ahead = planning_word(site) is not None
        before = [t for t in site.before if t.time and t.time.role in {"period", "same", "as_of"}]
        after = [t for t in site.tail if t.time and t.time.role in {"period", "same", "as_of"}]
        event_day = self.sentence_day or (None if any(_role(token) == "period" for token in before) else self.event_day)
        if draft.metric.is_event and event_day:
            draft.period = event_day
            draft.because("time", "the day it takes place, said in the paragraph")
            return
        if draft.metric.is_stock:
            planned = self.is_plan_section or self.is_ahead
            if self.is_ahead and (plan := self._plan_year(site)):
                draft.as_of = plan[1]
                draft.because("time", "the year of the plan")
                return
            # "có 157 HTX, 62 tổ hợp tác (tính đến 31/10/2020)": the day may close the sentence.
            closing = [t for t in site.later_times if _role(t) == "as_of"][:1]
            self._cut_off(draft, before or after or closing, planned=planned)
            return
        if draft.accumulation == "since_inception":
            return
        plan = self._plan_year(site)
        if plan:
            draft.period = plan
            draft.because("time", "the year of the plan")
            return
        beside = [t for t in before if _role(t) != "as_of"] or [t for t in after if _role(t) != "as_of"]
        cut_offs = [t for t in (*before, *after) if _role(t) == "as_of"]
        # A day is not the date of an average over a year or a month.
        cut_offs = [] if draft.metric.unit.startswith("VND/") else cut_offs
        day = self._last_day(cut_offs[-1]) if cut_offs else None
        if beside:
            draft.period = self._period(beside[-1], day)
            draft.because("time", "said beside it", beside[-1])
        elif day and draft.accumulation == "ytd":
            draft.period = (date(day.year, 1, 1), day)
            draft.because("time", "since the year began, until the day said", cut_offs[-1])
        elif day:
            draft.as_of = day
            draft.because("time", "the day said", cut_offs[-1])
        else:
            draft.period = self._inherited_period(draft)
        if draft.accumulation == "ytd" and draft.period:
            draft.period = draft.period[0].replace(month=1, day=1), draft.period[1]

    def _inherited_period(self, draft: Draft) -> tuple[date, date] | None:
        """The period of the paragraph, else of the heading above, else of the title."""
        if self.paragraph_period:
            draft.because("time", "said earlier in the paragraph")
            return self.paragraph_period
        for time, where in ((self.heading_time, "the heading above"), (self.title_time, "the title")):
            if time and (span := time.resolve(self.published_on)):
                draft.because("time", f"of {where}")
                return span
        return None

    def period_in_context(self) -> tuple[date, date] | None:
        """The period of the paragraph, else of the heading above, else of the title."""
        times = (self.heading_time, self.title_time)
        above = next((span for time in times if time and (span := time.resolve(self.published_on))), None)
        return self.paragraph_period or above

    def _cut_off(self, draft: Draft, times: Sequence[Token], *, planned: bool) -> None:
        marks = [t for t in times if _role(t) == "as_of"]
        if marks:
            draft.as_of = self._last_day(marks[-1])
            draft.because("time", "the day said", marks[-1])
        elif times:
            draft.as_of = self._end_of(self._period(times[-1], None), planned=planned)
            draft.because("time", "the end of the period said", times[-1])
        elif self.paragraph_as_of:
            draft.as_of = self.paragraph_as_of
            draft.because("time", "said earlier in the paragraph")
        elif span := self._inherited_period(draft):
            draft.as_of = self._end_of(span, planned=planned)

    def _end_of(self, span: tuple[date, date] | None, *, planned: bool = False) -> date | None:
        """A stock stated for a period is that of its end, unless the article is older; a planned one always."""
        if span is None:
            return None
        # Reports of a period appear in its last days.
        soon = self.published_on is None or span[1] <= self.published_on + _LAST_DAYS
        known = planned or soon or self.is_future(span[0])
        return span[1] if known else None

    def _last_day(self, token: Token) -> date | None:
        span = self._resolve(token.time) if token.time else None
        return span[1] if span else None

    def _resolve(self, time: TimeExpression) -> tuple[date, date] | None:
        """The span of ``time``; "cuối năm" alone is that of the year in context."""
        if time.grain in {"year_end", "year_start"} and time.year is None and time.year_shift is None:
            year = self.paragraph_periods.get("year") or self.paragraph_periods.get("months") or self.paragraph_period
            above = self.heading_time or self.title_time
            year = year or (above.resolve(self.published_on) if above else None)
            return replace(time, year=year[1].year).resolve(None) if year else None
        if time.year is None and time.year_shift is None and time.grain in {"month", "quarter", "months"}:
            # An article about 2023 that appears in 2024 means the months of 2023.
            above = next((t for t in (self.heading_time, self.title_time) if t and t.year and t.role != "base"), None)
            if above is not None and self.published_on and above.year in _near_years(self.published_on):
                return replace(time, year=above.year).resolve(None)
        return time.resolve(self.published_on, ahead=self.is_ahead)

    def _period(self, token: Token, day: date | None) -> tuple[date, date] | None:
        time = token.time
        if time is None:
            return None
        if time.role != "same":
            return self._resolve(time)
        if time.grain in self.paragraph_periods:
            return self.paragraph_periods[time.grain]
        # "trong tháng" under a title that names the month.
        for above in (self.heading_time, self.title_time):
            if above and time.grain == above.grain:
                return above.resolve(self.published_on)
        if time.grain in self.periods_by_grain:
            return self.periods_by_grain[time.grain]
        if time.grain == "month" and day:
            return TimeExpression("period", "month", day.year, day.month, day.month).resolve(None)
        if self.paragraph_period and time.grain in {"same_period", "any"}:
            return self.paragraph_period
        for above in (self.heading_time, self.title_time):
            if above and time.grain in {"same_period", "any"}:
                return above.resolve(self.published_on)
        return None

    def _plan_year(self, site: Site) -> tuple[date, date] | None:
        """The year of the plan that leads to the figure ("kế hoạch năm 2022 thành lập mới 40 HTX")."""
        if not (led_by_plan(site) or self.is_ahead):
            return None
        words = site.before if self.is_ahead else site.near
        years = [t.time for t in words if t.time and t.time.role == "other" and t.time.grain == "year"]
        return years[-1].resolve(self.published_on) if years else None

    def is_future(self, day: date | None) -> bool:
        """Whether ``day`` lies after the article's own date."""
        return bool(day and self.published_on and day > self.published_on)

    def status_at(self, site: Site, draft: Draft) -> str:
        """estimate where "ước" leads to the figure; target where the text plans, or names a future day."""
        target = planning_word(site)
        says_now = any(token.time and token.time.grain == "now" for token in site.before)
        ends = draft.as_of or (draft.period[1] if draft.period else None)
        is_past = says_now or (ends is not None and self.published_on is not None and ends <= self.published_on)
        reasons = {
            "the sentence sets a minimum": self.sentence_has_target,
            "a plan leads to it": led_by_plan(site),
            "words of planning lead to it": target is not None,
            "the chapter is about goals": self.is_plan_section and not says_now,
            "the article is a plan": self.is_plan and not is_past,
            "a minimum is set": draft.qualifier == "at_least",
            "each province is to do it": draft.place.name == EACH_PROVINCE,
            "the time said before is after the article": any(
                self.is_future(self._last_day(token)) for token in site.before if _role(token) == "as_of"
            ),
            "the time is after the article": self.is_future(draft.as_of)
            or self.is_future(draft.period[0] if draft.period else None),
        }
        words = [token for token in site.before if not token.mark]
        leads = [*site.near, *(token for token in words[:1] if not token.time)]
        estimate = next((token for token in leads if token.has("status:estimate")), None)
        if self.is_report_section or estimate:
            reasons = dict(list(reasons.items())[:3])
        if reason := next((reason for reason, holds in reasons.items() if holds), None):
            draft.because("status", reason, target)
            return "target"
        if estimate or self.is_estimate_section:
            draft.because("status", "words of estimation lead to it", estimate)
            return "estimate"
        return "actual"


def _near_years(day: date) -> range:
    return range(day.year - 1, day.year + 2)


def _role(token: Token) -> str:
    return token.time.role if token.time else ""


def is_item(sentence: Sentence) -> bool:
    """Whether a sentence is a line of a list: it begins with a dash, a dot or a number of its own."""
    first = sentence.tokens[0]
    return first.mark and (first.key in _BULLETS or first.void)


def planning_word(site: Site) -> Token | None:
    """The word of planning before the figure ("phấn đấu"), unless the target was reached ("vượt 14% chỉ tiêu")."""
    before = site.before
    for index, token in enumerate(before):
        if token.has("status:target"):
            previous = before[index - 1] if index else None
            if previous is None or not (previous.figure or previous.has("attain:", "exceed:") or previous.key in _MANY):
                return token
    first = next((token for token in before if not token.mark), None)
    return first if first is not None and first.code("noun") == "task" else None  # "Nhiệm vụ năm tới: …"


def led_by_plan(site: Site) -> bool:
    """Whether a plan states the figure: the word leads to it and is neither reached nor exceeded."""
    tokens = site.sentence.tokens
    for token in site.near:
        if token.code("plan"):
            position = tokens.index(token)
            before = tokens[position - 1] if position else None
            reached = before is not None and (before.has("attain:", "exceed:") or before.figure is not None)
            return not reached
    return False


def _names_place(token: Token) -> bool:
    return token.has("nation:", "each_province:", "local:") or any(
        tag.startswith(("place:", "region:")) for tag in token.tags
    )


def _stand_in_one_run(site: Site, led: Sequence[Token]) -> bool:
    """Whether two places are joined by a comma or "và" only ("ở Yên Bái, Hà Giang có 12 HTX")."""
    tokens = site.sentence.tokens
    between = tokens[tokens.index(led[0]) + 1 : tokens.index(led[1])]
    return all(token.key == "," or token.has("link:and", "link:place_word") for token in between)
