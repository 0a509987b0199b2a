"""``htx portals probe`` over loopback: what is found, what is missing, what changed since the last time."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from ingestion.portals.portals import Portal
from ingestion.portals.probe import probe_portal
from orchestration.cli import portals as cli
from tests.portal_pages import TITLE
from tests.portal_pages import page as html_page
from tests.portal_server import POLICY, Answer, article, listing, page, rss, serving, sitemap, xml

ARTICLE = "/tin-tuc/ket-qua-nam-2031-12.html"


def probe(url: str) -> Result:
    return CliRunner().invoke(cli.portals, ["probe", url])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the command prints; the console is bound to a stream when it is made."""
    stream = StringIO()
    monkeypatch.setattr(cli, "out", Console(file=stream, width=160))
    return stream


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "home" / "portal_probes.json"


def test_a_portal_with_all_of_it(kept: Path, shown: StringIO) -> None:
    answers: dict[str, Answer] = {
        "/": page(listing(ARTICLE, "/tin-tuc?page=2", head="<title>Liên minh mẫu</title>")),
        ARTICLE: page(article()),
    }
    with serving(answers) as server:
        first = probe(server.url)
        assert first.exit_code == 0, first.exception
        assert "changed" not in shown.getvalue()
        answers["/"] = page(listing(ARTICLE, "/tin-tuc?page=2", head="<title>Nhà cái mẫu</title>"))
        second = probe(server.url)
    (finding,) = json.loads(kept.read_text(encoding="utf-8")).values()
    assert finding["lists_articles"] and finding["has_date"] and finding["way_back"] == "pages"
    assert second.exit_code == 0
    assert "page_title was 'Liên minh mẫu', is 'Nhà cái mẫu'" in shown.getvalue(), "it may have changed hands"
    assert not (kept.parent / "archive").exists() or not any((kept.parent / "archive").rglob("*/*"))


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        ({"/": page("x", status=403)}, "http_error"),
        ({"/": page("<p><a href='/lien-he'>Liên hệ</a></p>")}, "no article on"),
        ({"/": page(listing(ARTICLE)), ARTICLE: page(article())}, "no way to older articles"),
        ({"/": page(listing(ARTICLE, "/tin-tuc?page=2"))}, "none of its first articles was sent"),
        (
            {"/": page(listing(ARTICLE, "/tin-tuc?page=2")), ARTICLE: page(html_page(f"<h1>{TITLE}</h1>"))},
            "no text read from",
        ),
        (
            {
                "/": page(listing(ARTICLE, "/tin-tuc?page=2")),
                ARTICLE: page(html_page(f"<h1>{TITLE}</h1><div><p>{'Tỉnh có nhiều HTX. ' * 20}</p></div>")),
            },
            "no date found",
        ),
    ],
)
def test_what_is_missing(answers: dict[str, Answer], what: str, shown: StringIO) -> None:
    with serving(answers) as server:
        result = probe(server.url)
    assert result.exit_code == 1
    assert what in shown.getvalue()


def test_feeds_and_sitemaps_are_tried() -> None:
    answers: dict[str, Answer] = {
        "/": page(listing("/tin-mau-mot-post12.html")),
        "/tin-mau-mot-post12.html": page(article()),
        "/rss/home.rss": xml(rss("/tin-mau-mot-post12.html")),
    }
    with serving(answers) as server:
        portal = Portal(name="mau", base_url=server.url, kind="cms_zce", pause_seconds=0)
        found = probe_portal(portal, allow_private=True, policy=POLICY)
        assert (found.way_back, found.missing) == (("feeds",), ("sitemaps",))
        answers["/sitemap.xml"] = xml(sitemap(("/tin-mau-mot-post12.html", None)))
        found = probe_portal(portal, allow_private=True, policy=POLICY)
    assert (found.way_back, found.missing) == (("sitemaps", "feeds"), ())
    assert found.article is not None
