"""Reads an article sentence by sentence and gives its claims.

Joins tokeniser, rules and context; contains no words and no grammar itself. Returns finished :class:`Claim` objects in
the order of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ingestion.news.article import Article, extract_article
from ingestion.news.claims.claim import Claim
from ingestion.news.claims.context import EACH_PROVINCE, NATION, Context, Draft, Place
from ingestion.news.claims.rules import FIGURE_RULES, WORD_RULES, announced, change, compared
from ingestion.news.claims.sentences import Sentence, Site, sentences_of
from ingestion.news.claims.tokens import Token, tokenise
from ingestion.news.claims.vocabulary import key_of, load_vocabulary
from ingestion.news.publishers import Publisher, publisher_of
from ingestion.page import looks_like_html
from ingestion.vietnamese.text import composed_with_offsets
from ingestion.vietnamese.times import TimeExpression

#: Figures that these rules skip do not replace the last claim ("462 HTX, tăng 8,5% (426 HTX), đạt 22% kế hoạch").
_LOCALITIES = frozenset(map(key_of, ("huyện", "xã", "phường", "quận", "thị trấn")))
_PROVINCE = key_of("tỉnh")
_COMPARISONS = (compared, change)
#: Contexts that hold for an article whose title opens them.
_OF_ARTICLES = frozenset({"fund", "fair"})
#: Tokens of a line that may be a heading.
_LONGEST_HEADING = 24
_ACTUAL_PARTS = ("agriculture", "non_agriculture")


def find_claims(
    article: Article | str, *, published_on: date | None = None, url: str | None = None, source: str = ""
) -> list[Claim]:
    """Claims of an article or of a plain text, in text order; positions refer to ``article.text`` (or to the text).

    ``published_on`` completes dates that lack a year; for an article it defaults to the article's own date.
    """
    if isinstance(article, Article):
        text = article.text
        if published_on is None and article.published_at is not None:
            published_on = article.published_at.date()
        opening = [part for part in (article.title, article.lead) if part]
        source = source or url or article.url
    else:
        text, opening = article, article.split("\n", 1)[:1]
        source = source or url or ""
    vocabulary = load_vocabulary()
    composed, offsets = composed_with_offsets(text)
    context = Context(vocabulary, published_on)
    address = url or (article.url if isinstance(article, Article) else None)
    sentences = list(sentences_of(tokenise(composed, vocabulary)))
    context.home = _home(composed_with_offsets("\n".join(opening))[0], context) or _of_publisher(
        publisher_of(address), published_on, sentences
    )
    for sentence in sentences:
        _read_sentence(sentence, context)
    lists = _lists(context.drafts)
    claims = [
        _finish(draft, lists.get(index), text, composed, offsets, published_on, source)
        for index, draft in enumerate(context.drafts)
    ]
    return sorted(claims, key=lambda claim: (claim.start, claim.end, claim.metric))


def claims_in_file(path: Path, published_on: date | None = None, url: str | None = None) -> list[Claim]:
    """Claims of a saved page (HTML) or of a text file in UTF-8; ``source`` is the file's name.

    Raises :class:`ingestion.news.article.ArticleError` for a page without an article, OSError if unreadable.
    """
    data = path.read_bytes()
    if path.suffix.lower() in {".html", ".htm", ".xhtml"} or looks_like_html(data):
        article = extract_article(data, url or path.name)
        return find_claims(article, published_on=published_on, url=url, source=path.name)
    text = data.decode("utf-8-sig", errors="replace")
    return find_claims(text, published_on=published_on, url=url, source=path.name)


def _home(opening: str, context: Context) -> Place | None:
    """The place that an article's title and lead name as that of all its figures: one province, or the nation."""
    tokens = tokenise(opening, context.vocabulary)
    if any(token.has("each_province:") for token in tokens):
        return Place(EACH_PROVINCE)
    title = [token for token in tokens if token.start < (opening.find("\n") if "\n" in opening else len(opening))]
    provinces = {token.code("place") for token in title if token.code("place")}
    if len(provinces) == 1 and not any(token.has("nation:") for token in title):
        return Place(provinces.pop(), province=True)
    return Place(NATION) if any(token.has("nation:") for token in tokens) else None


def _of_publisher(publisher: Publisher | None, day: date | None, sentences: Sequence[Sentence]) -> Place:
    """The place of figures whose article names none: the province of the portal; else the nation, if it is meant.

    "Tỉnh hiện có 255 HTX" of an unknown portal is about a province that nobody named.
    """
    province = publisher.province_on(day) if publisher else None
    if province:
        return Place(province, province=True)
    is_unknown = (publisher is not None and publisher.is_provincial) or any(map(_has_unnamed_province, sentences))
    return Place(None) if is_unknown else Place(NATION)


def _has_unnamed_province(sentence: Sentence) -> bool:
    tokens = [token for token in sentence.tokens if not token.mark]
    if any(token.has("local:") for token in tokens):
        return True
    return len(tokens) > 1 and tokens[0].key == _PROVINCE and not tokens[1].code("place") and not tokens[1].capital


def _read_sentence(sentence: Sentence, context: Context) -> None:
    _note_heading(sentence, context)
    context.begin_sentence(sentence)
    first = len(context.drafts)
    left = 0
    for index, token in enumerate(sentence.tokens):
        context.see(token)
        rules = FIGURE_RULES if token.figure else WORD_RULES
        if token.figure is None and not token.tags:
            continue
        site = Site(sentence, index, left)
        if token.figure and (site.is_old_value or _is_below(site, context)):
            continue
        rule, found = next(((r, drafts) for r in rules if (drafts := r(site, context)) is not None), (None, None))
        if token.figure:
            # The words after a figure that is not a claim may lead to the next one ("25 lớp bồi dưỡng cho 300 người").
            left = site.right if found else index + 1
            if rule not in _COMPARISONS:
                context.last = None
        for draft in found or ():
            draft.sentence, draft.paragraph = sentence.number, sentence.paragraph
            draft.unit = draft.unit or draft.metric.unit
            context.drafts.append(draft)
            context.last = draft
            if "organisation" in draft.metric.counts and not draft.carried and draft.rule not in {"change", "addition"}:
                context.topic = draft
        if token.figure and not found and context.topic and not token.figure.unit:
            context.topic = None  # an unread count between two items: the enumeration may be another one
    if Site(sentence, len(sentence.tokens) - 1, 0).names_one_organisation():
        context.is_about_one = True
    found_here = context.drafts[first:]
    if not found_here and sentence.tokens[-1].key == ":":
        context.topic = announced(sentence, context)
    context.end_sentence(sentence, found_here)


def _note_heading(sentence: Sentence, context: Context) -> None:
    """What a heading says holds for the paragraphs below it, until the next one of its kind.

    A heading is a short paragraph without figures and full stop: its time dates what follows; if it is numbered and
    names goals, what follows is planned. The title is the heading of all.
    """
    tokens = sentence.tokens
    if sentence.paragraph == context.paragraph or len(tokens) > _LONGEST_HEADING:
        return
    times = [token.time for token in tokens if token.time and _dates_what_follows(token.time)]
    if sentence.paragraph == 1:
        context.title_time = times[0] if len(times) == 1 else None
        context.portrays_one = Site(sentence, len(tokens) - 1, 0).names_one_organisation()
        context.is_plan = _is_plan(tokens)
        context.is_local = _is_local(tokens)
        context.title_contexts = frozenset(code for token in tokens for code in token.codes("context")) & _OF_ARTICLES
        return
    if any(token.figure for token in tokens) or tokens[-1].key in {".", ";"}:
        return
    is_numbered = tokens[0].void and all(token.capital or token.mark or token.time for token in tokens[1:3])
    if times or is_numbered:
        context.heading_time = times[-1] if times else None
    if is_numbered:
        context.is_plan_section = any(token.has("status:target") for token in tokens)
        context.is_report_section = any(token.has("reports:") for token in tokens)
        context.is_estimate_section = any(token.has("status:estimate") for token in tokens)


def _is_below(site: Site, context: Context) -> bool:
    """Whether the figure is that of a district or commune."""
    scopes = (
        token for token in reversed(site.clause) if token.has("district:", "local:", "nation:") or token.code("place")
    )
    said = next(scopes, None)
    return said.has("district:") if said is not None else context.is_local


def _is_plan(title: Sequence[Token]) -> bool:
    """Whether a title announces a plan: it names one, and no result. A bare "KẾ HOẠCH" heads both alike."""
    plans = any(token.has("programmes:", "status:target") or token.code("plan") for token in title)
    reports = any(token.has("reports:", "attain:", "exceed:") or token.figure for token in title)
    return plans and not reports and len(title) > 3


def _is_local(title: Sequence[Token]) -> bool:
    """Whether a title begins with a district or commune ("Huyện Mường Khương: …")."""
    words = [token for token in title if not token.mark]
    return len(words) > 1 and words[0].key in _LOCALITIES and words[1].capital and not words[1].code("place")


def _dates_what_follows(time: TimeExpression) -> bool:
    # "CHỈ TIÊU NĂM 2022": of running text the year would date the plan alone.
    return time.role in {"period", "as_of"} or (time.role == "other" and time.grain == "year")


def _lists(drafts: Sequence[Draft]) -> dict[int, str]:
    """List ids by draft: claims of one sentence that state the same thing of different parts.

    A later sentence of the paragraph that only names parts ("Trong đó …", regions) belongs to the list before it.
    """
    members: dict[str, list[int]] = {}
    heads: dict[tuple[object, ...], str] = {}
    for index, draft in enumerate(drafts):
        if "organisation" not in draft.metric.counts:
            continue
        same = (draft.paragraph, draft.metric.code, draft.org_type, draft.period, draft.as_of, draft.status)
        key = heads.get(same)
        is_part = draft.carried or draft.sector in _ACTUAL_PARTS
        if key is None or (not is_part and not key.startswith(f"s{draft.sentence}:")):
            key = f"s{draft.sentence}:{draft.metric.code}"
            if key in members:
                key = f"{key}:{sum(1 for known in members if known.startswith(key)) + 1}"
            heads[same] = key
        members.setdefault(key, []).append(index)
    return {index: key for key, indexes in members.items() if len(indexes) > 1 for index in indexes}


def _trail(draft: Draft, composed: str) -> tuple[str, ...]:
    """The draft's reasons as lines, with the words that decided."""
    lines = [f"rule: {draft.rule}"]
    for aspect, (reason, token) in draft.trail.items():
        words = f" «{composed[token.start : token.end]}»" if token else ""
        lines.append(f"{aspect}: {reason}{words}")
    return tuple(lines)


def _finish(
    draft: Draft,
    list_id: str | None,
    text: str,
    composed: str,
    offsets: Sequence[int],
    published_on: date | None,
    source: str,
) -> Claim:
    start = offsets[min(token.start for token in draft.tokens)]
    end = offsets[max(token.end for token in draft.tokens)]
    map_day = draft.map_day or draft.as_of or (draft.period[1] if draft.period else published_on)
    geography, basis = draft.place.on_map(map_day)
    return Claim(
        source=source,
        metric=draft.metric.code,
        value=draft.value,
        value_max=draft.value_max,
        denominator=draft.denominator,
        unit=draft.unit,
        qualifier=draft.qualifier,
        status=draft.status,
        accumulation=draft.accumulation,
        org_type=draft.org_type,
        sector=draft.sector,
        geography=geography,
        geography_basis=basis,
        period_start=draft.period[0] if draft.period else None,
        period_end=draft.period[1] if draft.period else None,
        as_of=draft.as_of,
        quote=text[start:end],
        start=start,
        end=end,
        derived=draft.derived,
        rule=draft.rule,
        sentence_number=draft.sentence,
        list_id=list_id,
        trail=_trail(draft, composed),
    )
