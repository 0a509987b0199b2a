"""The sample portal: its articles agree with the workbooks, and real HTTP serves it."""

from __future__ import annotations

import html
import re
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ingestion.samples.articles import SAMPLE_NOTE, Site, build_site, figures_of
from ingestion.samples.catalogue import MISPRINTS
from ingestion.samples.country import Country, Settings
from ingestion.samples.faults import NewsError, Plan, news_provinces
from ingestion.samples.site import serve
from warehouse.reference import reference_rows

SMALL = Settings(provinces=6, months=3, scale=0.05)


def site_of(country: Country, plan: Plan) -> Site:
    figures = {
        (place.code, report.period.code): figures_of(report)
        for place in country.places
        for report in country.reports(place.code)
    }
    return build_site(country, figures, plan)


def texts(site: Site) -> dict[str, str]:
    return {path: html.unescape(re.sub(r"<[^>]+>", " ", page)) for path, page in site.files.items()}


@pytest.fixture(scope="module")
def nation() -> Site:
    return site_of(Country(Settings()), Plan([]))


def test_the_national_article_of_november_2021_says_what_was_published(nation: Site) -> None:
    sentence = (
        "Trong tháng 11/2021, cả nước thành lập mới 189 HTX (148 HTX nông nghiệp và 41 HTX phi nông nghiệp), "
        "giải thể 30 HTX (21 HTX nông nghiệp và 9 HTX phi nông nghiệp). "
        "Đến ngày 30/11/2021, cả nước có 26.661 HTX đang hoạt động."
    )
    assert sum(sentence in text for text in texts(nation).values()) == 1


def test_the_regions_of_the_list_are_all_eight_and_sum_to_the_total(nation: Site) -> None:
    text = next(t for p, t in texts(nation).items() if "cac-vung-deu-co" in p)
    listed = re.search(r"thành lập mới (\d+) HTX, trong đó: ([^.]+)\.", text)
    assert listed
    parts = dict(part.removesuffix(" HTX").rsplit(" ", 1) for part in listed[2].split(", "))
    assert set(parts) == {row["region8"] for row in reference_rows("provinces")}
    assert sum(map(int, parts.values())) == int(listed[1]) == 189


def test_every_article_is_labelled_and_listed_once(nation: Site) -> None:
    assert 20 <= len(nation.published) <= 60
    listing = nation.files["index.html"] + nation.files["trang-2.html"]
    for path in nation.published:
        assert SAMPLE_NOTE in nation.files[path]
        assert listing.count(f'href="/{path}"') == 1
    assert 'rel="next" href="/trang-2.html"' in nation.files["index.html"]
    assert "Disallow: /savefile/" in nation.files["robots.txt"]


def test_each_template_states_its_date_in_its_own_way(nation: Site) -> None:
    pages = [nation.files[path] for path in nation.published]
    assert any(re.search(r"Thứ \w+ - \d\d/\d\d/\d{4} \d\d:\d\d", page) for page in pages)
    assert any(re.search(r"\(\d\d:\d\d \| \d\d/\d\d/\d{4}\)", page) for page in pages)
    assert any('property="article:published_time"' in page for page in pages)


def test_planned_errors_and_only_they_change_the_articles() -> None:
    country = Country(SMALL)
    last = country.periods[-1]
    code = news_provinces(country, last)[0]
    clean = site_of(country, Plan([]))
    wrong = site_of(country, Plan([], news=[NewsError(code, last.code, "founded", 2)], misprints=True))
    changed = {path for path in clean.files if clean.files[path] != wrong.files[path]}
    assert changed == {str(fault.url).lstrip("/") for fault in wrong.faults}
    assert [fault.id for fault in wrong.faults] == ["news-founded", *(misprint.id for misprint in MISPRINTS)]
    shown = texts(wrong)
    assert "Tây Bắc 96 HTX" not in shown[str(wrong.faults[1].url).lstrip("/")]
    # What the list of regions adds up to stands nowhere on its page.
    for fault in (wrong.faults[0], *wrong.faults[2:]):
        assert str(fault.is_) in shown[str(fault.url).lstrip("/")]
    assert len({misprint.page for misprint in MISPRINTS}) == 4


def test_a_served_site_answers_over_http_and_stops(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>Xin chào</p>", encoding="utf-8")
    with serve(tmp_path) as base:
        address = urlsplit(base)
        assert address.hostname == "127.0.0.1"
        connection = HTTPConnection("127.0.0.1", address.port or 0, timeout=5)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.read().decode() == "<p>Xin chào</p>"
        connection.request("GET", "/nothing.html")
        assert connection.getresponse().status == 404
        connection.close()
    with pytest.raises(OSError):
        HTTPConnection("127.0.0.1", address.port or 0, timeout=1).request("GET", "/")


def test_serving_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError), serve(tmp_path / "missing"):
        pass
