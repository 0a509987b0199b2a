"""Which links are articles, which are listings, and which portals there are."""

from __future__ import annotations

import pytest

from ingestion.portals.discovery import discover, is_article_link, is_listing_link, normalised
from ingestion.portals.portals import PortalError, enabled_portals, load_portals, portal_for

BASE = "https://lmhtx.example"


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
    assert is_article_link(BASE + path)
    assert not is_listing_link(BASE + path)


@pytest.mark.parametrize(
    "path", ["/tin-tuc/", "/news/", "/trang-2.html", "/news/page-3/", "/tin-tuc?page=2", "/tin-tuc/index.html"]
)
def test_listings(path: str) -> None:
    assert is_listing_link(BASE + path)
    assert not is_article_link(BASE + path)


@pytest.mark.parametrize(
    "path",
    ["/", "/index.html", "/lien-he.html", "/rss/", "/savefile/tin-tuc/bai-viet-so-1.html", "/tin-tuc/anh-hoi-cho.jpg",
     "/tin-tuc/bieu-mau.xlsx", "/tag/hop-tac-xa", "/wp-admin/x-y-z-t"],
)  # fmt: skip
def test_neither(path: str) -> None:
    assert not is_article_link(BASE + path)
    assert not is_listing_link(BASE + path)


def test_discover_keeps_page_order_and_stays_on_the_host() -> None:
    html = """<a href="/tin-tuc/bai-mot-hai-ba#doc">1</a><a href="/tin-tuc/bai-mot-hai-ba?utm_source=x">again</a>
    <a href="https://other.example/tin-tuc/bai-bon">other</a><a href="mailto:a@b.c">m</a><a href="javascript:x()">j</a>
    <a href="bai-nam-sau-bay-a77.html">2</a><a href="/chuyen-muc">Tin tức</a>
    <a rel="next" href="/danh-sach?start=20">sau</a>
    <a href="http://[broken">b</a>"""
    links = discover(html, f"{BASE}/tin-tuc/")
    assert links.articles == (f"{BASE}/tin-tuc/bai-mot-hai-ba", f"{BASE}/tin-tuc/bai-nam-sau-bay-a77.html")
    assert links.listings == (f"{BASE}/chuyen-muc", f"{BASE}/danh-sach?start=20")


def test_normalised() -> None:
    assert normalised("HTTPS://LMHTX.example?b=1&fbclid=z#x") == "https://lmhtx.example/?b=1"


def test_portals() -> None:
    assert {portal.name for portal in enabled_portals()} <= {portal.name for portal in load_portals()}
    assert portal_for("vca").base_url == "https://vca.org.vn/"
    assert portal_for("http://127.0.0.1:8123/").name == "loopback", "the port is chance"
    assert portal_for("https://lmhtx.example/tin-tuc/").name == "lmhtx.example"
    with pytest.raises(PortalError, match="configured name"):
        portal_for("nobody")
