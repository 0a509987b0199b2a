"""The grammar: which figure states which metric.

A rule reads one site. It returns the drafts found there, an empty list if the figure is understood and is not a claim
(a share of a plan that the text does not name), or None if the rule does not apply. The first rule that applies wins;
the order is the order of :data:`FIGURE_RULES`. Words are in the vocabulary, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from ingestion.news.claims.context import NATION, Context, Draft, Place
from ingestion.news.claims.sentences import Sentence, Site
from ingestion.news.claims.tokens import Figure, Token
from ingestion.news.claims.vocabulary import Metric, key_of

Rule = Callable[[Site, Context], "list[Draft] | None"]

_UNIT_CLASSES = {"money": "money", "percent": "percent", "ha": "ha", "tonne": "tonne"}
_STOCKS = ("stock", "stock_operating", "stock_stopped", "stock_hitech")
_BEFORE_SECTORS = ("link:part", "link:and", "link:rest", "link:by", "link:filler")
_WHOLES = frozenset({"stock", "founded", "dissolved", "stock_operating"})
_FLOWS = frozenset({"founded", "dissolved", "converted"})
_DAYS_OF_COMPARISON = frozenset({"day", "year_end", "year_start", "period_start", "month", "quarter"})
_COORDINATED = frozenset({*_STOCKS, "founded", "dissolved", "converted"})
_LONGEST_COORDINATION = 5
_LENDING = frozenset({"loans_disbursed", "loans_outstanding", "loan_projects", "loan_borrowers"})
_LENT_TO = ("link:lent_to", "link:and")
#: Metrics whose words narrow down which organisations are meant, opened or not.
_OF_ORGANISATIONS = frozenset({*_STOCKS, "founded", "dissolved", "share_effective", "share_average", "share_weak"})
#: Smaller counts are those of one organisation, or a legal minimum.
_FEWEST_MEMBERS = 200
_TOTAL_WORDS = key_of("tổng")
_FIELD = key_of("lĩnh") + " "
#: A cue farther away than this many tokens applies, but is not part of the quote.
_QUOTE_REACH = 8


def plan_share(site: Site, context: Context) -> list[Draft] | None:
    """ "đạt 80% kế hoạch năm", "vượt 3% kế hoạch": of the claim just before."""
    figure, base = _figure(site), context.last
    following = site.sentence.tokens[site.index + 1 : site.index + 2]
    is_of_plan = bool(following) and following[0].code("plan") is not None
    again = base is not None and base.metric.code.startswith("plan_") and any(t.has("attain:") for t in site.near[-2:])
    led = context.led_place(site)
    if figure.unit == "percent" and led and (is_of_plan or again) and (base is None or again):
        return _plan_share_of_place(site, context, led)
    if figure.unit != "percent" or not is_of_plan:
        return None
    if base is None or base.status == "target":
        return []
    base = _head_of_run(site, context, base)
    exceeded = any(token.has("exceed:") for token in site.near[-3:])
    draft = _draft(site, context, "plan_excess" if exceeded else "plan_attainment", "plan_share")
    # The plan of a stock is not stated.
    draft.org_type = None if base.metric.is_stock else base.org_type
    draft.sector, draft.place, draft.status = base.sector, base.place, base.status
    draft.tokens += [*_from(site, "exceed:", "attain:"), following[0]]
    year = next((t.time for t in site.later_times[:1] if t.start <= following[0].end + 1 and t.time), None)
    span = year.resolve(context.published_on) if year and year.grain == "year" else None
    if span is None and base.period and following[0].has("plan:quarter"):
        span = base.period
    if span is None and base.period:
        span = _whole_years(base.period)
    if year and span:
        draft.tokens.append(site.later_times[0])
    draft.period, draft.as_of = span, None
    draft.map_day = base.as_of or (base.period[1] if base.period else None)
    if base.denominator and base.metric.unit == "count":
        return [draft, _target_of_fraction(base, span)]
    return [draft]


def _plan_share_of_place(site: Site, context: Context, place: Place) -> list[Draft] | None:
    """ "Riêng Đắk Lắk vượt 8% kế hoạch năm, Gia Lai đạt 86%": of what the paragraph counted by place."""
    counted_here = (d for d in reversed(context.drafts) if d.paragraph == site.sentence.paragraph)
    base = next((d for d in counted_here if d.metric.code in _FLOWS), None)
    if base is None or base.period is None:
        return None
    exceeded = any(token.has("exceed:") for token in site.near[-3:])
    draft = _draft(site, context, "plan_excess" if exceeded else "plan_attainment", "plan_share")
    draft.org_type, draft.place, draft.period = base.org_type, place, _whole_years(base.period)
    draft.map_day = base.period[1]
    draft.tokens += _from(site, "exceed:", "attain:")
    return [draft]


def _head_of_run(site: Site, context: Context, base: Draft) -> Draft:
    """ "34 HTX và 1 liên hiệp HTX, đạt 56% kế hoạch": the plan is that of the first, unless it has a share already."""
    said = [draft for draft in context.drafts if draft.sentence == site.sentence.number]
    if not base.carried or any(draft.metric.code.startswith("plan_") for draft in said):
        return base
    return next((draft for draft in said if draft.metric is base.metric and not draft.carried), base)


def planned(site: Site, context: Context) -> list[Draft] | None:
    """ "(kế hoạch 25, …)" after a count: what was planned of the same."""
    adjacent, base = site.adjacent, _last_count(site, context)
    if base is not None and _figure(site).denominator and _figure(site).value == base.value:
        whole = replace(base, denominator=_figure(site).denominator, tokens=[site.token, *_counted_tokens(site)])
        return [_target_of_fraction(whole, _year_of_plan(site, context, base))]
    if (adjacent is None or adjacent.key == "(") and site.index > 1 and site.sentence.tokens[site.index - 1].key == "(":
        adjacent = _plan_before_bracket(site)
    if adjacent is not None and adjacent.time and adjacent.time.grain == "year":
        adjacent = next((t for t in reversed(site.near) if t.code("plan")), adjacent)  # "mục tiêu cả năm 2025 là 700"
    if _figure(site).unit == "money" and adjacent is not None and adjacent.code("plan"):
        return _planned_amount(site, context)
    if adjacent is None or not adjacent.code("plan") or base is None or base.metric.unit not in {"count", "person"}:
        return None
    if _figure(site).unit or _counted_class(site) not in {"elided", "organisation", "unit", *base.metric.counts}:
        return None
    draft = _draft(site, context, base.metric.code, "planned")
    draft.tokens += [adjacent, *_counted_tokens(site)]
    draft.org_type, draft.sector, draft.place = base.org_type, base.sector, base.place
    draft.org_type = next((token.code("org") for token in site.tail[:1] if token.code("org")), None) or draft.org_type
    draft.status, draft.carried = "target", True
    draft.period = _year_of_plan(site, context, base)
    draft.because("status", "a plan leads to it", adjacent)
    return [draft]


def realised(site: Site, context: Context) -> list[Draft] | None:
    """ "kế hoạch 40 HTX, đã thực hiện 22 HTX, đạt 55%": what was done of a plan just stated."""
    base = _last_count(site, context)
    if base is None or site.adjacent is None or base.metric.unit != "count":
        return None
    kind, tokens = _counted_class(site), site.near
    if base.status == "target" and kind in {"elided", "organisation", "unit"} and site.adjacent.has("link:done"):
        draft = _draft(site, context, base.metric.code, "realised")
        draft.org_type, draft.sector, draft.place, draft.period = base.org_type, base.sector, base.place, base.period
        draft.accumulation, draft.carried = base.accumulation, True
        own = [token.time for token in site.near if token.time and token.time.role == "period"]
        draft.period = own[-1].resolve(context.published_on) if own else draft.period
        draft.tokens += [site.adjacent, *_counted_tokens(site)]
        return [draft]
    attained = any(token.has("attain:") for token in tokens[-2:])
    has_plan = any(
        d.sentence == site.sentence.number and d.metric is base.metric and d.status == "target" for d in context.drafts
    )
    if _figure(site).unit == "percent" and attained and has_plan and base.status != "target" and not site.tail:
        draft = _draft(site, context, "plan_attainment", "realised")
        draft.org_type, draft.sector, draft.place = base.org_type, base.sector, base.place
        draft.period = _year_of_plan(site, context, base)
        draft.tokens += _from(site, "attain:")
        return [draft]
    return None


def _planned_amount(site: Site, context: Context) -> list[Draft] | None:
    """ "6,2 tỷ đồng, bằng 31% kế hoạch năm (20 tỷ đồng)"."""
    said = (d for d in reversed(context.drafts) if d.sentence == site.sentence.number and d.metric.unit == "VND")
    base = next(said, None)
    if base is None:
        return None
    target = replace(base, value=_figure(site).value, tokens=[site.token], rule="planned", status="target", trail={})
    target.carried, target.qualifier, target.period = True, "exact", _year_of_plan(site, context, base)
    return [target]


def _plan_before_bracket(site: Site) -> Token | None:
    """ "vượt 25% so với kế hoạch (20 HTX)", "so với chỉ tiêu UBND tỉnh giao (60 HTX)"."""
    for token in reversed(site.sentence.tokens[max(0, site.index - 8) : site.index - 1]):
        if token.code("plan"):
            return token
        if token.figure or token.mark:
            return None
    return None


def _last_count(site: Site, context: Context) -> Draft | None:
    """The last count of organisations said in this sentence, else the claim just before, else the enumeration's."""
    said = (
        draft
        for draft in reversed(context.drafts)
        if draft.sentence == site.sentence.number and "organisation" in draft.metric.counts
    )
    last = context.last or next(reversed(context.drafts[-2:]), None)
    recent = last if last and last.sentence == site.sentence.number and last.metric.unit == "person" else None
    return next(said, recent or context.topic)


def _target_of_fraction(base: Draft, year: tuple[date, date] | None) -> Draft:
    """ "12 HTX, đạt 48% kế hoạch (12/25 HTX)", "42/75 HTX, đạt 56% kế hoạch": the whole of the fraction is the plan."""
    target = replace(base, value=base.denominator or base.value, denominator=None, status="target", carried=True)
    target.rule, target.trail, target.period = "planned", {}, year
    target.because("status", "the whole of a fraction of the plan", base.tokens[0])
    return target


def _year_of_plan(site: Site, context: Context, base: Draft) -> tuple[date, date] | None:
    """The year said beside the plan, else the year of what is planned."""
    said = [t.time for t in (*site.near, *site.tail) if t.time and t.time.grain == "year"]
    if said and (span := said[-1].resolve(context.published_on)):
        return span
    return _whole_years(base.period) if base.period else None


def _whole_years(span: tuple[date, date]) -> tuple[date, date]:
    """The year of a period, or all years of a term."""
    return span[0].replace(month=1, day=1), span[1].replace(month=12, day=31)


def compared(site: Site, context: Context) -> list[Draft] | None:
    """ "(cùng kỳ 28)", "cùng kỳ năm trước là 150 HTX": for comparison only, no claim.

    At the head of a sentence "Cùng kỳ có …" means the period in context.
    """
    for token in reversed(site.near):
        if token.time and token.time.grain == "same_period":
            at_head = not any(not t.mark for t in site.before[: site.before.index(token)])
            is_anaphora = at_head and token.time.year is None and token.time.year_shift is None
            return None if is_anaphora else []
        if not (token.has("link:filler", "weak:have", "weak:total") or token.code("qualifier") or token.code("org")):
            return None
    return None


def change(site: Site, context: Context) -> list[Draft] | None:
    """ "tăng 27 HTX so với cuối năm", "giảm 1,3%": of the claim just before, or of the noun that leads to it."""
    adjacent = site.adjacent
    if adjacent is None or not adjacent.has("change:up", "change:down"):
        return None
    if any(token.has("link:to") for token in site.near[site.near.index(adjacent) + 1 :]):
        return None  # "giảm còn 10%", "tăng lên 900 HTX": a level, not a change
    base = context.last
    named = next((c for t in site.near for c in t.codes("cue") if c in context.vocabulary.changes), None)
    if named is None and base is None and _total_of_organisations(site):
        named = "stock"
    counted_type = _counted_org(site) or (_last_code(site.near[-2:], "org") if base else None)
    if counted_type and base is not None and base.org_type != counted_type:
        same = (d for d in reversed(context.drafts) if d.metric.code in _STOCKS and d.org_type == counted_type)
        base = next(same, base)
    if named and (base is None or base.metric.code != named):
        metric_codes = context.vocabulary.changes[named]
        base = _draft(site, context, named, "change")
        base.org_type = _last_code(site.near, "org") or "HTX"
        _settle(base, site, context)
    elif base is None or base.metric.code not in context.vocabulary.changes:
        return []
    else:
        metric_codes = context.vocabulary.changes[base.metric.code]
    figure = _figure(site)
    if figure.unit not in {"", "percent"} or figure.denominator:
        return []
    code = metric_codes[1 if figure.unit == "percent" else 0]
    if code is None or (figure.unit == "" and not _noun_fits(site, context.vocabulary.metrics[code])):
        return []
    return [_change_of(base, code, figure.value, site, context, adjacent)]


def growth_again(site: Site, context: Context) -> list[Draft] | None:
    """ "tăng 5.020 HTX, tương đương 20,4%", "giảm 215.000 người (3,6%)": the change once more, in percent."""
    base = context.last
    if _figure(site).unit != "percent" or base is None or not base.metric.code.endswith("_change") or not _ends(site):
        return None
    bracketed = bool(site.lead) and site.lead[-1].key == "("
    if not bracketed and not any(token.has("link:same") for token in site.near[-2:]):
        return None
    code = context.vocabulary.changes.get(base.metric.code, (None, None))[1]
    if code is None:
        return None
    draft = replace(_draft(site, context, code, "change"), org_type=base.org_type, sector=base.sector, place=base.place)
    draft.value = draft.value if base.value >= 0 else -draft.value
    draft.as_of, draft.status = base.as_of or (base.period[1] if base.period else None), base.status
    return [draft]


def _counted_org(site: Site) -> str | None:
    return next((token.code("org") for token in site.tail[:1] if token.code("org")), None)


def _total_of_organisations(site: Site) -> bool:
    """ "số HTX tăng 48 đơn vị": the number of organisations, without its value."""
    words = [token for token in site.near if not token.mark]
    if any(_FLOWS.intersection(token.codes("cue")) for token in words):
        return False
    return any(one.has("weak:total") and two.code("org") and not two.code("cue") for one, two in pairwise(words))


def _change_of(base: Draft, code: str, amount: Decimal, site: Site, context: Context, verb: Token) -> Draft:
    draft = _draft(site, context, code, "change")
    draft.value = -amount if verb.has("change:down") else amount
    draft.tokens += [verb, *_counted_tokens(site)]
    draft.org_type, draft.sector, draft.place = base.org_type, base.sector, base.place
    draft.status = "target" if base.status == "target" else "actual"
    draft.period = draft.as_of = None
    if place := context.own_place(site) or (context.led_place(site) if base.metric.code.endswith("_change") else None):
        draft.place = place
    if base.metric.code.endswith("_change"):
        draft.period, draft.as_of = base.period, base.as_of
    times = [*site.later_times, *(token for token in reversed(site.before) if token.time)]
    since = next((t for t in times if t.time and t.time.role == "base"), None)
    start = since.time.resolve(context.published_on) if since and since.time else None
    if since and since.time and since.time.grain == "period_start" and (span := context.period_in_context()):
        start = span[0], span[0]
    if since and since.time and since.time.grain == "year_start":
        draft.accumulation = "ytd"
    is_day = since is not None and since.time is not None and since.time.grain in _DAYS_OF_COMPARISON
    if start and is_day and base.as_of and start[1] < base.as_of:
        draft.period = start[1], base.as_of
    elif draft.period is None:
        draft.as_of = base.as_of
    return draft


def addition(site: Site, context: Context) -> list[Draft] | None:
    """ "có thêm 32 HTX ứng dụng công nghệ cao": a change of the stock the words name."""
    more = next((token for token in site.near[-2:] if token.has("change:more")), None)
    if more is None or _figure(site).unit:
        return None
    named = next((c for t in site.tail for c in t.codes("cue") if c in _STOCKS), None)
    code = context.vocabulary.changes[named][0] if named else None
    if code is None:
        return None
    draft = _draft(site, context, code, "addition")
    draft.tokens += [more, *site.tail]
    draft.org_type = _last_code(site.tail, "org") or "HTX"
    _settle(draft, site, context)
    return [draft]


def share_of_last(site: Site, context: Context) -> list[Draft] | None:
    """ "716 HTX nông nghiệp (chiếm 80%)": the share of the claim just before in its total."""
    adjacent, base = site.adjacent, context.last
    if _figure(site).unit != "percent" or adjacent is None or not adjacent.has("link:takes") or base is None:
        return None
    is_part = base.sector is not None or (base.place.name not in {None, NATION} and _of_total(site))
    if base.metric.unit != "count" or not is_part or not (_ends(site) or _of_total(site)):
        return None
    draft = _draft(site, context, "share", "share_of_last")
    draft.tokens.append(adjacent)
    draft.accumulation = base.accumulation
    draft.org_type, draft.sector, draft.place = base.org_type, base.sector, base.place
    draft.period, draft.as_of, draft.status = base.period, base.as_of, base.status
    return [draft]


def share_of_sector(site: Site, context: Context) -> list[Draft] | None:
    """ "trong đó nông nghiệp chiếm 63,5%, thương mại – dịch vụ 9,2%": of the stock just stated, by sector."""
    sector = _led_sector(site)
    if _figure(site).unit != "percent" or sector is None or not _ends(site):
        return None
    taken = any(token.has("link:takes") for token in site.near)
    continues = context.last is not None and context.last.metric.code == "share"
    org = _last_code(site.near, "org")
    wholes = [d for d in reversed(context.drafts) if d.metric.code in _WHOLES and not d.sector]
    whole = next((d for d in wholes if d.org_type == org), next(iter(wholes), None))
    if not (taken or continues) or whole is None or whole.paragraph != site.sentence.paragraph:
        return None
    draft = _draft(site, context, "share", "share_of_sector")
    draft.tokens += [token for token in site.near if token.code("sector") or token.has("link:takes")]
    draft.org_type, draft.sector, draft.place = whole.org_type, sector, whole.place
    draft.accumulation, draft.period, draft.as_of = whole.accumulation, whole.period, whole.as_of
    return [draft]


def share_behind(site: Site, context: Context) -> list[Draft] | None:
    """ "trên 62% số HTX hoạt động có hiệu quả": the words stand behind the figure."""
    continues = context.last is not None and context.last.metric.code.startswith("share_")
    first = site.tail[0] if site.tail else None
    if _figure(site).unit != "percent" or first is None:
        return None
    if not (first.has("weak:total", "link:takes_part") or first.code("org") or (continues and first.code("cue"))):
        return None
    for token in site.tail:
        code = next((code for code in token.codes("cue") if code.startswith("share_")), None)
        if code:
            draft = _draft(site, context, code, "share_behind")
            draft.org_type = _last_code(site.tail, "org") or "HTX"
            draft.sector = _last_code(site.tail, "sector")
            draft.tokens += site.tail[: site.tail.index(token) + 1]
            _settle(draft, site, context)
            return [draft]
        if not (token.code("org") or token.code("sector") or token.has("link:filler", "weak:total", "link:takes_part")):
            return None
    return None


def share_of_tasks(site: Site, context: Context) -> list[Draft] | None:
    """ "hoàn thành 91/120 nhiệm vụ (75,8%)": the bracket says the same in percent."""
    base = context.last
    follows = bool(site.lead) and (site.lead[-1].key == "(" or any(token.has("attain:") for token in site.lead[-2:]))
    if _figure(site).unit != "percent" or not follows or base is None or base.metric.code != "tasks_done":
        return None
    draft = _draft(site, context, "tasks_done_share", "share_of_tasks")
    draft.place, draft.period, draft.as_of, draft.status = base.place, base.period, base.as_of, base.status
    return [draft]


def average(site: Site, context: Context) -> list[Draft] | None:
    """ "tổng vốn điều lệ …, bình quân 2 tỷ đồng/HTX": per organisation of the total just before."""
    adjacent, base = site.adjacent, context.last
    if _figure(site).unit != "money" or adjacent is None or not adjacent.has("link:average"):
        return None
    if base is None or f"{base.metric.code}_avg" not in context.vocabulary.metrics:
        return []
    draft = _draft(site, context, f"{base.metric.code}_avg", "average")
    draft.tokens.append(adjacent)
    draft.org_type, draft.sector, draft.place = base.org_type, base.sector, base.place
    draft.as_of, draft.status = base.as_of, context.status_at(site, draft)
    return [draft]


def equivalent(site: Site, context: Context) -> list[Draft] | None:
    """ "5,3 triệu đồng/tháng, tương đương 64 triệu đồng/năm": the same figure in another unit."""
    adjacent, base = site.adjacent, context.last
    if _figure(site).unit != "money" or adjacent is None or not adjacent.has("link:same"):
        return None
    if base is None or not base.metric.unit.startswith("VND"):
        return []
    draft = _draft(site, context, base.metric.code, "equivalent")
    draft.tokens.append(adjacent)
    draft.org_type, draft.sector, draft.place = base.org_type, base.sector, base.place
    draft.period, draft.as_of, draft.status = base.period, base.as_of, base.status
    return [draft]


def measured(site: Site, context: Context) -> list[Draft] | None:
    """Money, percent, ha and tonnes: the nearest words that lead to the figure and fit its unit.

    "dư nợ 21 tỷ đồng", "tỷ lệ nợ xấu 1,2%", "lãi suất 0,45%/tháng", "tiêu thụ 500 tấn", "vốn điều lệ bình quân 2 tỷ".
    """
    figure = _figure(site)
    kind = _UNIT_CLASSES.get(figure.unit)
    if kind is None:
        return None
    if kind == "percent" and not _ends(site):
        return []
    # A share or a rate needs its word beside it; an area or a tonnage may stand far from the noun it measures.
    reach = site.near if kind in {"money", "percent"} else site.before
    for token in reversed(reach):
        for code in token.codes("cue"):
            metric = context.vocabulary.metrics[code]
            leads = kind == "percent" and token is site.adjacent and code.startswith("share_")
            opened = not metric.within or context.opened(metric.within) or leads
            if kind not in metric.counts or not opened:
                continue
            if metric.org_type != "fund" and kind in {"money", "percent"} and _is_of_one(site, context):
                return []
            if code == "charter_capital" and not _is_of_all(site, token, context):
                continue
            averaged = f"{code}_avg" in context.vocabulary.metrics and any(t.has("link:average") for t in site.near)
            draft = _draft(site, context, f"{code}_avg" if averaged else _with_fund(code, context), "measured")
            draft.tokens += _quoted(site, token)
            draft.because("metric", "the words that lead to it", token)
            if draft.metric.org_type == "counted":
                draft.sector = _sector_of_organisations(site)
                draft.org_type = _last_code(site.near, "org") or (
                    context.last.org_type if context.last and context.last.metric.unit == draft.metric.unit else "HTX"
                )
            _settle(draft, site, context)
            return [draft]
    if kind == "ha" and context.opened({"raw_material"}) and context.led_place(site):
        draft = _draft(site, context, "raw_material_area", "measured")
        _settle(draft, site, context)
        return [draft]
    if kind in {"money", "percent"} and (elided := _elided_measure(site, context)):
        draft = _draft(site, context, elided, "elided_measure")
        draft.org_type, draft.sector = context.drafts[-1].org_type, context.drafts[-1].sector
        _settle(draft, site, context)
        return [draft]
    return []


def _elided_measure(site: Site, context: Context) -> str | None:
    """ "giải ngân cho 14 HTX vay 9,2 tỷ đồng"; "vốn điều lệ 26 tỷ đồng; đến năm 2025 phải đạt 50 tỷ đồng"."""
    said = [draft for draft in context.drafts[-2:] if draft.sentence == site.sentence.number]
    base = said[-1] if said else None
    if base is None:
        return None
    is_lent = base.metric.code in {"loan_borrowers", "loan_projects"} and _figure(site).unit == "money"
    if is_lent and not any(token.code("cue") for token in site.lead):
        return "loans_disbursed"
    if base.metric.unit == "VND" and context.led_place(site) and not any(token.code("cue") for token in site.lead):
        return base.metric.code if _figure(site).unit == "money" else None  # "; Sơn La 30,5 tỷ đồng"
    for token in reversed(site.near):
        if (code := token.code("after_average")) and base.metric.unit.startswith("VND/"):
            return code
    reached = any(token.has("attain:", "status:target") for token in site.near) and any(t.time for t in site.near)
    alike = base.metric.unit == {"money": "VND", "percent": "percent"}.get(_figure(site).unit)
    is_level = base.metric.org_type == "fund" or base.metric.code.startswith("share_")
    return base.metric.code if reached and alike and is_level else None


def _sector_of_organisations(site: Site) -> str | None:
    """The sector of the organisations a measure is of: "doanh thu bình quân của một HTX nông nghiệp"."""
    words = site.near
    return next((two.code("sector") for one, two in pairwise(words) if one.code("org") and two.code("sector")), None)


def _is_of_one(site: Site, context: Context) -> bool:
    """Whether the figure is that of one organisation: named before it, or the subject of the article."""
    if site.names_one_organisation():
        return True
    return (context.portrays_one or context.is_about_one) and not names_scope(site)


def _is_of_all(site: Site, cue: Token, context: Context) -> bool:
    """Whether charter capital is that of all organisations, not of the new ones or of one."""
    if context.opened({"fund"}):
        return True
    if any("founded" in token.codes("cue") for token in (*site.near, *site.tail)):
        return False
    last = context.drafts[-1] if context.drafts else None
    of_stocks = last is not None and (last.metric.is_stock or last.metric.code.startswith("members"))
    is_about_all = last is not None and of_stocks and last.paragraph == site.sentence.paragraph
    return _TOTAL_WORDS in cue.key or is_about_all or any(token.has("link:average") for token in site.near)


def _with_fund(code: str, context: Context) -> str:
    """Capital in a sentence about the fund is the fund's."""
    fund_code = f"fund_{code}"
    return fund_code if fund_code in context.vocabulary.metrics and context.opened({"fund"}) else code


def counted(site: Site, context: Context) -> list[Draft] | None:
    """Organisations, persons, things: "189 HTX thành lập mới", "giải thể 30 HTX", "Tây Nguyên 83", "352 gian hàng"."""
    if _figure(site).unit:
        return None
    kind = _counted_class(site)
    if kind is None or _is_no_count(site, kind):
        return []
    draft = _counted_draft(site, context, kind)
    if draft is None:
        return []
    draft.tokens += _counted_tokens(site)
    if draft.metric.org_type == "counted":
        draft.org_type = "THT" if kind == "group_member" else _organisation(site, context, draft)
    if "organisation" in draft.metric.counts:
        draft.sector = _sector(site, kind)
        by_place = draft.carried and context.topic is not None and context.led_place(site) is not None
        if by_place and context.topic and draft.sector is None:
            draft.sector = context.topic.sector
    _settle(draft, site, context)
    return [draft]


def _is_no_count(site: Site, kind: str) -> bool:
    """A year; "do ít nhất 3 HTX thành lập"; "467/475 đại biểu tán thành"; an average: "bình quân mỗi năm 2.000 HTX"."""
    figure = _figure(site)
    return (
        (figure.may_be_year and kind == "elided")
        or (site.adjacent is not None and site.adjacent.has("link:by_whom"))
        or (kind == "delegate" and bool(figure.denominator))
        or any(token.has("link:average") for token in site.near)
    )


def _counted_draft(site: Site, context: Context, kind: str) -> Draft | None:
    """The metric of a count. In this order: words right before the figure, words after it, words that lead to it, the
    noun itself, the enumeration it continues, and last the weak words ("có", "tổng số") that state a stock.
    """
    chosen = _metric_by_words(site, context, kind)
    if chosen:
        metric, cue = chosen
        draft = _draft(site, context, metric.code, "counted")
        if cue:
            draft.tokens += _quoted(site, cue)
            draft.because("metric", "the words for it", cue)
        else:
            draft.because("metric", "the noun it counts", site.tail[0])
        return draft
    if continued := _continued(site, context, kind):
        return continued
    if kind == "unit" and _is_collective(site):
        # "1.250 tổ chức kinh tế tập thể, gồm …": no type of organisation, but its parts are stocks.
        stock = _draft(site, context, "stock", "announced")
        _settle(stock, site, context)
        context.topic = stock
    elif metric_code := _weak_stock(site, context, kind):
        draft = _draft(site, context, metric_code, "stock")
        draft.tokens += [t for t in site.near[-_QUOTE_REACH:] if t.has("weak:have", "weak:total", "link:to")]
        return draft
    return None


def _metric_by_words(site: Site, context: Context, kind: str) -> tuple[Metric, Token | None] | None:
    adjacent = (site.adjacent,) if site.adjacent and not site.adjacent.has("link:and") else ()
    coordinated = _coordinated_cue(site) if kind == "organisation" else None
    if coordinated and not any(token.code("cue") for token in (*adjacent, *site.tail)):
        metric = context.vocabulary.metrics[coordinated]
        if not any(_FLOWS.intersection(token.codes("cue")) for token in site.near):
            return metric, None
    for tokens in (adjacent, site.tail, tuple(reversed(site.near))):
        for token in tokens:
            for code in token.codes("cue"):
                metric = context.vocabulary.metrics[code]
                # "50 thành viên": the noun itself leads to nothing.
                is_noun = metric.code == "members" and token in site.tail
                if not is_noun and _fits(metric, kind, site, context) and not _passes_by(site, token, metric):
                    return metric, token
    for metric in context.vocabulary.metrics.values():
        of_theirs = metric.is_stock and (_is_of_one(site, context) or _is_of_others(site))
        if kind in metric.noun_is_enough and not of_theirs:
            return metric, None
    if kind in {"member", "group_member"} and _draws_members(site, context):
        return context.vocabulary.metrics["members"], None
    return None


def _is_of_others(site: Site) -> bool:
    """Whether the last subject is not cooperatives: "doanh nghiệp … 5,5 triệu lao động"."""
    for token in reversed(site.clause):
        if token.code("org") or token.has("alliance:"):
            return False
        if token.has("others:"):
            return True
    return False


def _draws_members(site: Site, context: Context) -> bool:
    """ "thu hút 6,9 triệu thành viên", "với 45.000 thành viên": not those who were trained, lent to or admitted."""
    if context.sentence_contexts & {"training", "fund"} or _is_of_one(site, context):
        return False
    token, following = site.adjacent, site.tail[-1:]
    if following and following[0].has("qualifier_after:at_least"):
        return False
    if _figure(site).value < _FEWEST_MEMBERS and not names_scope(site):
        return False
    if token is None:
        return bool(site.lead) and context.last is not None
    if token.has("weak:have") and context.last is None and not names_scope(site):
        return False  # "HTX có dưới 50 thành viên": what is meant by small
    return token.has("weak:have", "weak:total", "link:draws", "link:and", "link:part", "change:up")


def names_scope(site: Site) -> bool:
    """Whether the part before the site names the nation, a region, a province, or "toàn tỉnh"."""
    return any(token.has("nation:", "local:") or token.code("place") or token.code("region") for token in site.clause)


def _fits(metric: Metric, kind: str, site: Site, context: Context) -> bool:
    opened_behind = any(metric.within.intersection(token.codes("context")) for token in site.tail)
    if metric.within and not (context.opened(metric.within) or opened_behind):
        return False
    if kind == "elided":
        # Without a noun after it, only "số HTX đang hoạt động là …" counts the operating; the words alone do not.
        is_named = metric.code != "stock_operating" or any(token.has("weak:total", "link:part") for token in site.near)
        is_counted = "organisation" in metric.counts or metric.unit == "person" or metric.code.startswith("provinces")
        return is_counted and not metric.within and is_named
    if kind == "unit":
        return "organisation" in metric.counts and any(token.code("org") for token in site.near)
    if metric.code in {"members", "workers"} and _is_of_one(site, context):
        return False
    return kind in metric.counts


def _passes_by(site: Site, cue: Token, metric: Metric) -> bool:
    """Whether a cue belongs to something else: to a programme's title, or to a part that has no metric."""
    if "organisation" in metric.counts and cue not in site.tail and cue is not site.adjacent:
        narrowed = any(token.has("subsets:") for token in (*site.clause, *site.tail))
        if narrowed:
            return True
    in_title = any(token.has("programmes:") for token in site.before)
    return in_title and metric.code in {"models", "stock_hitech", "stock_operating"}


def _continued(site: Site, context: Context, kind: str) -> Draft | None:
    """The next item of an enumeration, its words elided: "…, Tây Nguyên 83, Đông Nam Bộ 71", "và 41 HTX …"."""
    topic = context.topic
    if not site.is_carried:
        return None
    if same := _same_noun(site, context, kind):
        return same
    if topic is None and not (context.last and context.last.metric.code == "members_change"):
        return None
    if kind in {"member", "group_member", "person"}:
        base = context.last
        if base is None or base.metric.code not in {"stock", "stock_operating", "stock_change", "members_change"}:
            return None
        draft = _draft(site, context, "members", "members_of_stock")
        draft.org_type = base.org_type
        return draft
    if topic is None or kind not in {"organisation", "elided"} or "organisation" not in topic.metric.counts:
        return None
    begins_part = any(token.has("link:part", "link:rest") for token in site.lead)
    place_led = any(token.code("region") or token.code("place") for token in site.lead)
    has_weak = any(token.has("weak:have") for token in site.lead)
    starts_new = any(token.time for token in site.lead) or any(token.has("nation:", "local:") for token in site.lead)
    adds_up = any(token.code("accumulation") for token in site.lead)
    # "quý III 12 HTX, 9 tháng là 39 HTX": the same of another time.
    other_time = kind == "organisation" and any(token.time and token.time.role == "period" for token in site.lead)
    if (has_weak and not begins_part and not (place_led and topic.place.name)) or (
        starts_new and not begins_part and not adds_up and not other_time
    ):
        return None
    if topic.metric.code in _STOCKS and kind == "organisation" and not begins_part and _is_modified(site):
        return None
    org_led = _last_code(site.near, "org")
    if kind == "elided" and not (place_led or org_led or adds_up or _sector(site, kind)):
        return None
    if any(token.has("subsets:") for token in site.tail) or _has_other_cue(site, context):
        return None
    draft = _draft(site, context, topic.metric.code, "enumeration")
    draft.carried = True
    draft.tokens += [t for t in site.near if t.code("region") or t.code("place") or t.code("sector")]
    draft.accumulation = topic.accumulation
    if kind == "elided" and org_led:
        draft.org_type = org_led
    return draft


def _same_noun(site: Site, context: Context, kind: str) -> Draft | None:
    """ "ký 45 hợp đồng và 12 biên bản ghi nhớ": one thing more of those just counted."""
    base = context.last
    things = {"contract", "booth", "project", "model", "delegate", "trainee"}
    if base is None or kind not in things or kind not in base.metric.counts:
        return None
    draft = _draft(site, context, base.metric.code, "same_noun")
    draft.org_type = base.org_type
    return draft


def borrowers(site: Site, context: Context) -> list[Draft] | None:
    """ "giải ngân 12 tỷ đồng cho 15 HTX", "dư nợ 32 tỷ đồng của 45 HTX", "cho 23 lượt HTX vay"."""
    kind = _counted_class(site)
    if kind not in {"organisation", "customer", "project"} or not context.opened({"fund"}):
        return None
    base, lent = context.last, any(token.code("cue") in _LENDING for token in (*site.near, *site.tail))
    leads = site.adjacent.has(*_LENT_TO) if site.adjacent else bool(site.lead)
    follows = base is not None and base.metric.code in _LENDING and leads
    if not (follows or lent or any(token.has("borrow:") for token in site.tail)):
        return None
    draft = _draft(site, context, "loan_projects" if kind == "project" else "loan_borrowers", "borrowers")
    draft.tokens += _counted_tokens(site)
    _settle(draft, site, context)
    return [draft]


def _is_modified(site: Site) -> bool:
    """Whether unknown words follow the noun at once: "340 HTX dùng hóa đơn điện tử"."""
    behind = [token for token in site.tail if not token.code("org")]
    return bool(behind) and not behind[0].tags and not behind[0].time


def _is_collective(site: Site) -> bool:
    counted_all = any(token.has("weak:have", "weak:total") for token in site.near)
    return counted_all and any(token.has("alliance:") for token in site.tail)


def _has_other_cue(site: Site, context: Context) -> bool:
    """Whether the words behind the figure say something else of it ("480 HTX hoạt động hiệu quả")."""
    metrics = [context.vocabulary.metrics[code] for token in site.tail for code in token.codes("cue")]
    return any(metric.code in _OF_ORGANISATIONS or context.opened(metric.within) for metric in metrics)


def _weak_stock(site: Site, context: Context, kind: str) -> str | None:
    """ "cả nước có 20.767 HTX", "tổng số HTX là 900", "nâng tổng số lên 2.600": a stock, if nothing narrows it."""
    if any(token.has("subsets:") for token in (*site.clause, *site.tail)) or site.names_one_organisation():
        return None
    weak = [token for token in site.near if token.has("weak:have", "weak:total", "weak:within")]
    if kind == "elided" and _is_line_of_stock(site, context):
        return "stock"
    if not weak or any(token.has("programmes:") for token in site.before):
        return None
    if kind == "elided":
        if not any(token.has("weak:total") for token in weak):
            return None
        if any(token.code("org") for token in site.near):
            return "stock"
        change_codes = {pair[0]: code for code, pair in context.vocabulary.changes.items() if pair[0]}
        base = context.topic or context.last
        if base and base.metric.code in change_codes:
            return change_codes[base.metric.code]
        return "stock" if base and base.metric.code in {"founded", "dissolved"} else None
    if kind != "organisation" and not (kind == "unit" and any(token.code("org") for token in site.near)):
        return None
    if not _is_unmodified(site):
        return None
    modified = _coordinated_cue(site)
    if context.last and context.last.metric.code == "stock_hitech_change" and any(t.has("link:to") for t in site.near):
        return "stock_hitech"  # "có thêm 12 HTX ứng dụng công nghệ cao, đưa tổng số lên 48 HTX"
    return modified or "stock"


def _is_line_of_stock(site: Site, context: Context) -> bool:
    """ "Liên hiệp HTX: 02." where stocks were stated before."""
    words = site.near[-2:]
    is_line = len(words) == 2 and words[0].code("org") is not None and words[1].key == ":"
    return is_line and any(d.metric.code == "stock" and d.status != "target" for d in context.drafts[-8:])


def _coordinated_cue(site: Site) -> str | None:
    """ "5.000 HTX và 500 THT ứng dụng công nghệ cao": what is said after the last item holds for the first."""
    tokens = site.sentence.tokens
    position = site.index + 1 + len(site.tail)
    while position + 1 < len(tokens) and (tokens[position].has("link:and") or tokens[position].key == ","):
        position += 1
        while position < len(tokens) and tokens[position].code("qualifier"):
            position += 1
        if position >= len(tokens) or not tokens[position].figure:
            return None
        following = Site(site.sentence, position, position)
        if not following.tail or not following.tail[0].code("org"):
            return None
        for token in following.tail:
            if code := next((code for code in token.codes("cue") if code in _COORDINATED), None):
                return code if len(following.tail) < _LONGEST_COORDINATION else None
        position += 1 + len(following.tail)
    return None


def _is_unmodified(site: Site) -> bool:
    """Whether no unknown word follows the noun: "có 35 HTX đạt chuẩn" is not a stock."""
    for token in site.tail:
        known = token.tags or token.time
        narrows = any(
            tag.startswith(("cue:", "subsets:", "noun:", "context:", "weak:", "plain:")) for tag in token.tags
        )
        if not known or (narrows and not token.has("link:filler", "link:place_word")):
            return False
    return True


def no_event(site: Site, context: Context) -> list[Draft] | None:
    """ "không có HTX nào giải thể", "không thành lập mới HTX nào": a reported zero, not a missing value."""
    if not site.token.has("link:none", "link:not"):
        return None
    if site.before and site.before[-1].code("noun") == "province":
        return None  # "Có 3 địa phương không có HTX thành lập mới": how many, not that there were none
    tokens = site.sentence.tokens[site.index + 1 : site.index + 7]
    org = flow = None
    said: list[Token] = []
    for token in tokens:
        said.append(token)
        flows = [code for code in token.codes("cue") if code in {"founded", "dissolved", "converted"}]
        if flows:
            flow = flow or flows[0]
        elif token.code("org"):
            org = org or token.code("org")
        elif not (
            token.has("link:filler", "link:any", "weak:have") or any(t.startswith("sector:") for t in token.tags)
        ):
            said.pop()
            break
    # "không" alone denies many things; with "nào" it denies each of them.
    if flow is None or org is None or (site.token.has("link:not") and not any(t.has("link:any") for t in said)):
        return None
    while said and not (said[-1].code("cue") or said[-1].code("org") or said[-1].has("link:any")):
        said.pop()
    metric = context.vocabulary.metrics[flow]
    draft = Draft(metric, Decimal(0), [site.token, *said], "no_event", accumulation=metric.accumulation)
    draft.org_type = org
    draft.sector = next((token.code("sector") for token in said if token.code("sector")), None)
    _settle(draft, Site(site.sentence, site.index + len(said), site.left), context)
    return [draft]


def remainder(site: Site, context: Context) -> list[Draft] | None:
    """ "trong đó 35 HTX nông nghiệp, còn lại phi nông nghiệp": what is left of the total, computed."""
    topic = context.topic
    if not site.token.has("link:rest") or topic is None:
        return None
    rest: list[Token] = []
    for token in site.sentence.tokens[site.index + 1 :]:
        known = token.code("org") or token.code("sector") or token.code("place") or token.code("region")
        if token.figure or not (known or token.has("link:filler", "former:")):
            break
        rest.append(token)
    sector = next((token.code("sector") for token in reversed(rest) if token.code("sector")), None)
    place = next((context.place_of(token, site) for token in rest if token.code("place") or token.code("region")), None)
    following = site.sentence.tokens[site.index + 1 + len(rest) :][:1]
    if (sector is None) == (place is None) or (following and following[0].figure):
        return None
    same = [
        d
        for d in context.drafts
        if d.metric is topic.metric
        and d.org_type == topic.org_type
        and d.period == topic.period
        and d.as_of == topic.as_of
    ]
    if place is not None:
        return _remainder_by_place(topic, same, [site.token, *rest], place, site)
    same = [d for d in same if d.place == topic.place]
    totals = [d for d in same if d.sector is None]
    parts = [d for d in same if d.sector is not None and d.sentence == site.sentence.number]
    if not totals or not parts or any(d.qualifier != "exact" for d in (totals[-1], *parts)):
        return []
    value = totals[-1].value - sum((d.value for d in parts), Decimal(0))
    if value < 0:
        return []
    draft = Draft(topic.metric, value, [site.token, *rest], "remainder", accumulation=topic.accumulation)
    draft.org_type, draft.sector, draft.place = topic.org_type, sector, topic.place
    draft.period, draft.as_of, draft.status = topic.period, topic.as_of, topic.status
    draft.derived = draft.carried = True
    return [draft]


def _remainder_by_place(
    topic: Draft, same: Sequence[Draft], tokens: list[Token], place: Place, site: Site
) -> list[Draft] | None:
    """ "561 HTX ở địa bàn Quảng Bình cũ, còn lại là HTX của Quảng Trị cũ"."""
    parts = [d for d in same if d.carried and d.sentence == site.sentence.number and d.place != topic.place]
    value = topic.value - sum((d.value for d in parts), Decimal(0))
    if not parts or value < 0 or any(d.qualifier != "exact" for d in (topic, *parts)):
        return []
    draft = replace(topic, value=value, tokens=tokens, rule="remainder", place=place, derived=True, carried=True)
    draft.trail = {}
    return [draft]


def fall_by_half(site: Site, context: Context) -> list[Draft] | None:
    """ "giảm một nửa so với đầu năm": a change of 50 percent without a figure."""
    base = context.last
    following = site.sentence.tokens[site.index + 1 : site.index + 2]
    if not site.token.has("change:up", "change:down") or not following or not following[0].has("change:half"):
        return None
    if base is None or base.metric.code not in context.vocabulary.changes:
        return []
    code = context.vocabulary.changes[base.metric.code][1]
    if code is None:
        return []
    draft = _change_of(base, code, Decimal(50), site, context, site.token)
    draft.tokens = [site.token, following[0]]
    return [draft]


FIGURE_RULES: tuple[Rule, ...] = (
    plan_share,
    compared,
    planned,
    realised,
    growth_again,
    change,
    addition,
    share_of_last,
    share_of_sector,
    share_behind,
    share_of_tasks,
    average,
    equivalent,
    measured,
    borrowers,
    counted,
)
#: Rules that begin at a word instead of a figure.
WORD_RULES: tuple[Rule, ...] = (no_event, remainder, fall_by_half)


def announced(sentence: Sentence, context: Context) -> Draft | None:
    """The metric of the items below a line without figures: "Số HTX thành lập mới theo vùng như sau:"."""
    for token in reversed(sentence.tokens):
        for code in token.codes("cue"):
            metric = context.vocabulary.metrics[code]
            if "organisation" not in metric.counts or metric.within:
                continue
            site = Site(sentence, len(sentence.tokens) - 1, 0)
            draft = _draft(site, context, code, "announced")
            draft.tokens = [token]
            draft.org_type = _last_code(sentence.tokens, "org") or "HTX"
            _settle(draft, site, context)
            return draft
    return None


# -- shared by the rules -----------------------------------------------------------------------------------------


def _figure(site: Site) -> Figure:
    figure = site.token.figure
    return figure if figure is not None else Figure(Decimal(0))


def _draft(site: Site, context: Context, code: str, rule: str) -> Draft:
    """A draft with value, unit and qualifier of the figure; times, place and status are added later."""
    metric, figure = context.vocabulary.metrics[code], _figure(site)
    value, unit = figure.value, metric.unit
    if metric.unit == "percent/year" and "tháng" in figure.per:
        value *= 12
    elif metric.unit.startswith("VND/"):
        unit = "VND/year" if "năm" in figure.per else "VND/month" if "tháng" in figure.per else metric.unit
    draft = Draft(metric, value, [site.token], rule, unit, figure.value_max, figure.denominator)
    draft.accumulation = metric.accumulation
    draft.org_type = None if metric.org_type in {"none", "counted"} else metric.org_type
    draft.qualifier, token = _qualifier(site)
    if token:
        draft.tokens.append(token)
    return draft


def _qualifier(site: Site) -> tuple[str, Token | None]:
    after = next((token for token in site.tail if token.code("qualifier_after")), None)
    if after:
        return str(after.code("qualifier_after")), after
    if _figure(site).value_max is not None:
        return "range", None
    for token in reversed(site.near):
        if code := token.code("qualifier"):
            return code, token
        if not (token.has("link:filler", "link:to") or token.code("status")):
            break
    return "exact", None


def _settle(draft: Draft, site: Site, context: Context) -> None:
    """Accumulation, place, times and status, in this order: each may depend on the one before."""
    if not draft.metric.is_stock and draft.accumulation == "period":
        said = next((t.code("accumulation") for t in reversed(site.before) if t.code("accumulation")), None)
        draft.accumulation = said or draft.accumulation
    topic = context.topic
    _place(draft, site, context)
    other_time = any(t.code("accumulation") or (t.time and t.time.role == "period") for t in site.lead)
    if draft.carried and topic and not other_time:
        draft.period, draft.as_of, draft.status = topic.period, topic.as_of, topic.status
        draft.because("enumeration", "continues the enumeration of", topic.tokens[0])
    else:
        context.times_at(site, draft)
        draft.status = context.status_at(site, draft)
    if draft.status == "target" and draft.qualifier == "at_least":
        context.sentence_has_target = True


def _place(draft: Draft, site: Site, context: Context) -> None:
    """The place of the figure: stated after it, before it, by the enumeration that it continues, or in its context."""
    own, led = context.own_place(site), context.led_place(site)
    if led and not draft.carried:
        context.sentence_place = led
    if place := own or led:
        draft.place = place
        draft.because("geography", "said after the figure" if own else "leads to the figure")
    elif draft.carried and context.topic:
        draft.place = context.topic.place
    elif draft.metric.is_event and context.event_place:
        draft.place = context.event_place
        draft.because("geography", "where it takes place, said in the paragraph")
    else:
        draft.place, whose = context.scope_at(site)
        draft.because("geography", whose)


def _counted_class(site: Site) -> str | None:
    """What the figure counts: a noun class, "organisation", "elided" without a noun, None before an unknown word."""
    if not site.tail:
        return "elided"
    first = site.tail[1] if site.tail[0].has("link:times") and len(site.tail) > 1 else site.tail[0]
    if first.code("org"):
        return "organisation"
    if noun := first.code("noun"):
        return noun
    if first.code("sector"):
        return "organisation"
    if first.time or first.has("link:filler", "local:", "nation:", "qualifier_after:at_least"):
        return "elided"
    return "elided" if any(tag.startswith("cue:") for tag in first.tags) else None


def _counted_tokens(site: Site) -> list[Token]:
    """The noun after the figure with its sector, for the quote."""
    tokens: list[Token] = []
    for token in site.tail:
        if not (token.code("org") or token.code("noun") or token.code("sector")):
            break
        tokens.append(token)
    return tokens


def _noun_fits(site: Site, metric: Metric) -> bool:
    kind = _counted_class(site)
    return kind in {"elided", "unit"} or kind in metric.counts


def _sector(site: Site, kind: str) -> str | None:
    """The sector behind the noun ("12 HTX nông nghiệp"), else the one the statement is about."""
    if kind == "elided" and (led := _last_code(site.near, "sector")):
        return led  # "trong đó HTX nông nghiệp là 500"
    for token in site.tail[:3]:
        if sector := token.code("sector"):
            return sector if not token.code("org") else None
    return _led_sector(site)


def _led_sector(site: Site) -> str | None:
    """ "lĩnh vực nông nghiệp thành lập 12 HTX", "HTX nông nghiệp có 20.500 HTX", "phi nông nghiệp 520 HTX"."""
    before: Token | None = None
    for token in site.near:
        sector = token.code("sector")
        begins = before is None or before.mark or before.code("org") or before.has(*_BEFORE_SECTORS)
        if sector and not token.code("cue") and (begins or token.key.startswith(_FIELD)):
            return sector
        before = token
    return None


def _organisation(site: Site, context: Context, draft: Draft) -> str | None:
    if draft.org_type:
        return draft.org_type
    named = next((token.code("org") for token in site.tail[:2] if token.code("org")), None)
    if named:
        return named
    if draft.carried and context.topic:
        return context.topic.org_type
    return _last_code(site.near, "org") or (context.topic.org_type if context.topic else None) or "HTX"


def _last_code(tokens: Sequence[Token], category: str) -> str | None:
    return next((token.code(category) for token in reversed(tokens) if token.code(category)), None)


def _from(site: Site, *tags: str) -> list[Token]:
    return [token for token in site.near[-3:] if token.has(*tags)]


def _quoted(site: Site, cue: Token) -> list[Token]:
    """The cue, if it stands near enough to be quoted with the figure; else the place that leads to it."""
    tokens = site.sentence.tokens
    position = tokens.index(cue)
    between = tokens[min(position, site.index) + 1 : max(position, site.index)]
    unknown = sum(1 for token in between if not token.tags and not token.time)
    if len(between) < _QUOTE_REACH and unknown <= 1:
        return [cue]
    return [token for token in site.near[-2:] if token.code("region") or token.code("place")]


def _of_total(site: Site) -> bool:
    """Whether the percentage is one of the whole: "65% tổng số HTX"."""
    return (
        bool(site.tail)
        and site.tail[0].has("weak:total")
        and all(token.code("org") or token.has("weak:total", "nation:", "local:", "link:filler") for token in site.tail)
    )


def _ends(site: Site) -> bool:
    """Whether the percentage stands alone: "15% số cán bộ" is a share of something else."""
    if not site.tail:
        return True
    first = site.tail[0]
    if "loans_outstanding" in first.codes("cue"):
        return True  # "nợ xấu chiếm 2,35% tổng dư nợ"
    return bool(first.time or first.has("qualifier_after:at_least", "nation:", "local:"))
