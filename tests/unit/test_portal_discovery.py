"""Which links are articles, which are listings, which portals there are, and that data alone makes new kinds."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from ingestion.portals.discovery import discover
from ingestion.portals.kinds import KindError, load_kinds, read_kinds
from ingestion.portals.portals import (
    Portal,
    PortalError,
    enabled_portals,
    is_private_address,
    load_portals,
    normalised,
    portal_for,
    read_portals,
)
from tests.portal_pages import FOLDER, LISTS

BASE = "https://lmhtx.example"
GENERIC = load_kinds()["generic"]


def portal(kind: str = "generic", **fields: object) -> Portal:
    return Portal.model_validate({"name": "mau", "base_url": f"{BASE}/", "kind": kind, **fields})


@pytest.mark.parametrize(
    "path",
    [
        "/xay-dung-mo-hinh-moi-a23003.html",
        "/tin-tuc/lich-lam-viec-tuan-25",
        "/news/tin-1.html",
        "/news/tin-tuc/ket-qua-thang-11-22018.html",
        "/2021/12/05/ket-qua-thang-muoi-mot/",
        "/ket-qua-thuc-hien-ke-hoach.html",
    ],
)
def test_articles(path: str) -> None:
    assert GENERIC.is_article(BASE + path)
    assert not GENERIC.is_listing(BASE + path)


@pytest.mark.parametrize(
    "path", ["/tin-tuc/", "/news/", "/trang-2.html", "/news/page-3/", "/tin-tuc?page=2", "/tin-tuc/index.html"]
)
def test_listings(path: str) -> None:
    assert GENERIC.is_listing(BASE + path)
    assert not GENERIC.is_article(BASE + path)


@pytest.mark.parametrize(
    "path",
    ["/", "/index.html", "/lien-he.html", "/rss/", "/savefile/tin-tuc/bai-viet-so-1.html", "/tin-tuc/anh-hoi-cho.jpg",
     "/tin-tuc/bieu-mau.xlsx", "/tag/hop-tac-xa", "/wp-admin/x-y-z-t"],
)  # fmt: skip
def test_neither(path: str) -> None:
    assert not GENERIC.is_article(BASE + path)
    assert not GENERIC.is_listing(BASE + path)


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("vca", "/xay-dung-mo-hinh-moi-a23003.html", "article"),
        ("vca", "/gioi-thieu-lien-minh-hop-tac-xa.html", "neither"),
        ("vca", "/tin-tuc?page=3", "listing"),
        ("nukeviet", "/news/hoat-dong/ket-qua-thang-11-462.html", "article"),
        ("nukeviet", "/hoat-dong/ket-qua-thang-11-462/", "article"),
        ("nukeviet", "/news/page-2/", "listing"),
        ("nukeviet", "/news/hoat-dong/", "listing"),
        ("nukeviet", "/news/savefile/hoat-dong/ket-qua-462.html", "neither"),
        ("nukeviet", "/news/tag/hop-tac-xa-2/", "neither"),
        ("nukeviet", "/muc-5/", "neither"),
        ("generic", "/muc-12/", "neither"),
        ("generic", "/tin-tuc-215/", "neither"),
        ("generic", "/?p=4866", "article"),
        ("generic", "/tin?p=2", "listing"),
        ("generic", "/node/3082", "article"),
        ("generic", "/Tin/ItemID/796/View/Details.aspx", "article"),
        ("generic", "/lam-viec-voi-doan-lien-minh.12", "article"),
        ("generic", "/lien-minh-htx-tinh-tp-c30.html", "listing"),
        ("wordpress", "/2021/12/05/thang-muoi-mot/", "article"),
        ("wordpress", "/ket-qua-thang-muoi-mot/", "article"),
        ("wordpress", "/category/tin-hoat-dong/", "listing"),
        ("wordpress", "/category/tin-hoat-dong/page/3/", "listing"),
        ("wordpress", "/wp-content/uploads/2021/12/bieu-mau-moi-nhat.docx", "neither"),
        ("wordpress", "/2021/12/05/thang-muoi-mot/?replytocom=7", "neither"),
        ("wordpress", "/2021/12/05/thang-muoi-mot/feed/", "neither"),
    ],
)
def test_kinds_know_their_engines(kind: str, path: str, expected: str) -> None:
    rules = load_kinds()[kind]
    is_article, is_listing = rules.is_article(BASE + path), rules.is_listing(BASE + path)
    assert {"article": (True, False), "listing": (False, True), "neither": (False, False)}[expected] == (
        is_article,
        is_listing,
    )


def test_every_kind_has_its_list() -> None:
    assert set(LISTS) == set(load_kinds())


@pytest.mark.parametrize("kind", LISTS)
def test_the_list_of_a_kind(kind: str) -> None:
    articles, next_page = LISTS[kind]
    html = (FOLDER / f"{kind}_list.html").read_text(encoding="utf-8")
    links = discover(html, f"{BASE}/danh-sach", portal(kind))
    assert links.articles == tuple(BASE + path for path in articles), "menus and footers hold none"
    assert links.pages == ((BASE + next_page,) if next_page else ())
    assert load_kinds()[kind].is_paged is bool(next_page), "the way back"


@pytest.mark.real_pages
def test_the_lists_and_addresses_of_the_reference_list(real_pages: Path) -> None:
    folder = real_pages.parent / "reference" / "portals"
    if not folder.is_dir():
        pytest.skip("no reference list of portals beside the real pages")
    for name, expected in json.loads((folder / "skeletons" / "expected.json").read_text(encoding="utf-8")).items():
        wanted = expected["listing"]
        site = Portal(name=name, base_url=urljoin(wanted["url"], "/"), kind=name.replace("nukeviet4", "nukeviet"))
        links = discover((folder / "skeletons" / wanted["file"]).read_text(encoding="utf-8"), wanted["url"], site)
        assert set(links.articles) == set(wanted["articles"]), name
        assert set(links.pages) == set(wanted["further_pages"]), name
        assert site.rules.is_article(expected["article"]["url"]), name
    alliances = [row for row in csv.DictReader((folder / "portals.csv").open()) if row["publisher_kind"] == "alliance"]
    seen = [urljoin(row["base_url"], url) for row in alliances if (url := row["article_url_example"])]
    assert len(seen) > 15
    assert [url for url in seen if not GENERIC.is_article(url)] == []


def test_offsets_and_pages_from_zero_are_followed() -> None:
    def following(kind: str, here: str, *links: str) -> tuple[str, ...]:
        html = "".join(f"<a href='{link}'>x</a>" for link in links)
        return discover(f"<p>{html}", BASE + here, portal(kind)).pages

    offsets = [f"/tai-chinh&s_cond=&BRSR={number}" for number in (0, 20, 40)]
    assert following("mastercms", offsets[0], *offsets) == (BASE + offsets[1],)
    assert following("mastercms", offsets[1], *offsets) == (BASE + offsets[2],)
    assert following("generic", "/tin-tuc", "/tin-tuc?p_p_id=x&_101_INSTANCE_Ab1_cur=2") != ()
    assert following("drupal", "/tin-tuc?page=1", "/tin-tuc?page=0", "/tin-tuc?page=2") == (f"{BASE}/tin-tuc?page=2",)


def test_a_link_of_a_list_is_an_article_whatever_its_address() -> None:
    html = "<nav><a href='/a-b-c-d-e'>m</a></nav><h3 class='story__heading'><a href='/z9'>1</a></h3><a href='/z8'>2</a>"
    assert discover(html, f"{BASE}/kinh-te/", portal("cms_zce")).articles == (f"{BASE}/z9",)


def test_parameters_that_say_nothing_of_the_page_are_left_out() -> None:
    ways = [f"{BASE}/tin?id=1&nv_redirect=x", f"{BASE}/tin?id=1&nvvithemever=2", f"{BASE}/tin?id=1"]
    assert len({portal("nukeviet").identity(url) for url in ways}) == 1
    assert "nv_redirect" in portal().address(ways[0])


def test_numbers_that_grow_with_time() -> None:
    assert load_kinds()["vca"].number_of(f"{BASE}/mot-hai-a23003.html") == 23003
    assert load_kinds()["nukeviet"].number_of(f"{BASE}/news/x/thang-11-462.html") == 462
    assert GENERIC.number_of(f"{BASE}/mot-hai-a23003.html") is None


def test_what_guesses_there_are() -> None:
    nukeviet = portal("nukeviet")
    assert nukeviet.starting_points("feeds") == [f"{BASE}/rss/", f"{BASE}/news/rss/"]
    assert nukeviet.starting_points("sitemaps") == [f"{BASE}/sitemap.xml"]
    assert portal("wordpress").starting_points("sitemaps") == [f"{BASE}/wp-sitemap.xml", f"{BASE}/sitemap_index.xml"]
    own = portal(
        "nukeviet", base_url=f"{BASE}/vi/", feeds=["rss/tin/"], sitemaps=[], listings=["tin-tuc/", "/su-kien/"]
    )
    assert own.starting_points("feeds") == [f"{BASE}/vi/rss/tin/"]
    assert own.starting_points("sitemaps") == []
    assert own.starting_points("listings") == [f"{BASE}/vi/tin-tuc/", f"{BASE}/su-kien/"]
    assert portal().starting_points("listings") == [f"{BASE}/"]
    assert portal().starting_points("feeds") == []


def test_discover_keeps_page_order_and_stays_within_the_portal() -> None:
    html = """<head><link rel="alternate" type="application/rss+xml" href="/rss/tin/">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed/">
    <link rel="stylesheet" href="/x-y-z-t"></head>
    <a href="/tin-tuc/bai-mot-hai-ba#doc">1</a><a href="/tin-tuc/bai-mot-hai-ba?utm_source=x">again</a>
    <a href="https://other.example/tin-tuc/bai-bon">other</a><a href="mailto:a@b.c">m</a><a href="javascript:x()">j</a>
    <a href="bai-nam-sau-bay-a77.html">2</a><a href="/chuyen-muc">Tin tức</a><a href="http://u:p@lmhtx.example/tin-1">u</a>
    <a href="http://www.lmhtx.example/tin-tuc/bai-tam-chin-muoi">www</a>
    <a rel="next" href="/danh-sach?start=20">sau</a>
    <a href="http://[broken">b</a>"""
    links = discover(html, f"{BASE}/tin-tuc/", portal())
    assert links.articles == (
        f"{BASE}/tin-tuc/bai-mot-hai-ba",
        f"{BASE}/tin-tuc/bai-nam-sau-bay-a77.html",
        "https://www.lmhtx.example/tin-tuc/bai-tam-chin-muoi",
    )
    assert links.sections == (f"{BASE}/chuyen-muc",)
    assert links.pages == (f"{BASE}/danh-sach?start=20",)
    assert links.feeds == (f"{BASE}/rss/tin/",)


def test_of_each_list_only_the_next_page_is_followed() -> None:
    numbered = [f"<a href='/{stem}?page={number}'>x</a>" for stem in ("tin-tuc", "su-kien") for number in (1, 9, 3, 2)]
    links = discover("<p>" + "".join(numbered), f"{BASE}/tin-tuc?page=2", portal())
    assert links.pages == (f"{BASE}/tin-tuc?page=3", f"{BASE}/su-kien?page=2")


def test_links_start_from_the_base_that_a_page_names() -> None:
    links = discover("<base href='/vi/'><a href='tin-tuc/bai-mot'>1</a>", f"{BASE}/a/b/c.html", portal())
    assert links.articles == (f"{BASE}/vi/tin-tuc/bai-mot",)


def test_normalised() -> None:
    assert normalised("HTTPS://LMHTX.example?b=1&fbclid=z#x") == "https://lmhtx.example/?b=1"


def test_one_page_has_one_identity_however_it_is_written() -> None:
    ways = ["http://lmhtx.example/a?b=1", "https://www.lmhtx.example/a?b=1#x", f"{BASE}/a?b=1&utm_medium=rss"]
    assert len({portal().identity(url) for url in ways}) == 1
    assert portal().address("http://lmhtx.example/a") == f"{BASE}/a", "what is to be had over TLS, is asked over TLS"


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://lmhtx.example/x", True),
        ("http://www.lmhtx.example/x", True),
        ("https://cu.example/x", True),
        ("https://lmhtx.example:8443/x", False),
        ("https://lmhtx.example.evil.example/x", False),
        ("https://lmhtx.example@evil.example/x", False),
        ("https://user:secret@lmhtx.example/x", False),
        ("ftp://lmhtx.example/x", False),
        ("http://lmhtx.example:port/x", False),
    ],
)
def test_what_belongs_to_a_portal(url: str, owned: bool) -> None:
    assert portal(hosts=["cu.example"]).owns(url) is owned


def test_portals() -> None:
    assert {portal.name for portal in enabled_portals()} <= {portal.name for portal in load_portals()}
    assert portal_for("vca").base_url == "https://vca.org.vn/"
    assert portal_for("vca").rules.name == "vca"
    assert all(portal.licence for portal in enabled_portals())
    assert portal_for("lmhtx-cao-bang").starting_points("listings") == [
        "https://lmhtx.caobang.gov.vn/vi/news/tin-tuc-su-kien/"
    ]
    assert portal_for("http://lmhtx.bacgiang.gov.vn/").rules.name == "drupal"
    assert portal_for("http://127.0.0.1:8123/").name == "loopback", "the port is chance"
    assert portal_for("https://lmhtx.example/tin-tuc/").name == "lmhtx.example"
    with pytest.raises(PortalError, match="configured name"):
        portal_for("nobody")


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://127.0.0.1:80/", True),
        ("http://10.1.2.3/", True),
        ("http://localhost/", True),
        ("https://vca.org.vn/", False),
    ],
)
def test_who_writes_a_private_number_means_it(url: str, private: bool) -> None:
    assert is_private_address(url) is private


def test_all_problems_of_the_portals_are_reported_at_once() -> None:
    text = """
    portals:
      - {name: a, base_url: "ftp://a.example/", kind: joomla, pause: 3}
      - {name: b, base_url: "https://b.example/", concurrency: 99}
      - {name: b, base_url: "https://b.example/"}
      - {base_url: "https://c.example/"}
      - {name: d, base_url: "https://d.example/"}
      - {name: d, base_url: "https://d.example/"}
    """
    with pytest.raises(PortalError) as error:
        read_portals(text)
    for part in (
        "ftp://a.example/",
        "joomla",
        "nukeviet",
        "pause",
        "concurrency",
        "'d' is named twice",
        "portal 4: name",
    ):
        assert part in str(error.value)


def test_settings_complete_the_register() -> None:
    registered = {
        "cao-bang": {"name": "cao-bang", "base_url": "https://cb.example/", "kind": "nukeviet", "confirmed": False},
        "ha-noi": {"name": "ha-noi", "base_url": "", "kind": ""},
    }
    (known,) = read_portals("portals: [{name: cao-bang, licence: ghi rõ nguồn, enabled: true}]", registered)
    assert (known.base_url, known.kind, known.enabled, known.confirmed) == (
        "https://cb.example/",
        "nukeviet",
        True,
        False,
    )
    added = read_portals("portals: [{name: ha-noi, base_url: 'https://hn.example/', kind: generic}]", registered)
    assert [portal.name for portal in added] == ["cao-bang", "ha-noi"]
    with pytest.raises(PortalError, match="'ha-noi': base_url"):
        read_portals("portals: [{name: ha-noi, enabled: true}]", registered)


def test_a_new_kind_is_data() -> None:
    kinds = read_kinds(
        """
        kinds:
          generic: {title: G, articles: ['/tin/'], article_id: null, sections: [], section_names: [], pages: [],
                    never: [], listings: [''], feeds: [], sitemaps: [], posts: null, other_sitemaps: null}
          dnn: {title: DotNetNuke, articles: ['/ArticleId/(\\d+)'], article_id: '/ArticleId/(\\d+)'}
        """
    )
    assert kinds["dnn"].is_article(f"{BASE}/Tin/articleid/77/bai-viet")
    assert kinds["dnn"].number_of(f"{BASE}/Tin/articleid/77/bai-viet") == 77
    assert kinds["dnn"].listings == ("",), "from generic"
    with pytest.raises(KindError) as error:
        read_kinds("kinds: {generic: {title: G, articles: ['(']}, other: {artikles: []}}")
    for part in ("generic", "articles.0", "'(' is no pattern", "other", "artikles"):
        assert part in str(error.value)
