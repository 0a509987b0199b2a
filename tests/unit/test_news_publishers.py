"""The register of portals: whose address it is, for which province on which day, and figures without a named place."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ingestion.archive import Archive
from ingestion.news.article import Article
from ingestion.news.claims import find_claims
from ingestion.news.publishers import is_off_topic, publisher_of
from ingestion.news.reading import read_pages
from ingestion.portals.kinds import load_kinds
from ingestion.raw_schema import FETCHES
from ingestion.raw_zone import RawZone
from ingestion.vietnamese.places import find_province
from tests.portal_pages import BODY, page
from warehouse.reference import reference_rows

BEFORE, SINCE = date(2024, 3, 1), date(2025, 12, 1)
CAO_BANG = "https://lmhtx.caobang.gov.vn/vi/news/tin-tuc/bai-1.html"
BINH_PHUOC = "http://www.binhphuoc.gov.vn/vi/lmhtx/tin-tuc/bai-2.html"


def place(
    text: str, url: str | None, day: date | None = SINCE, title: str = "Kết quả"
) -> tuple[str | None, str | None]:
    (claim,) = find_claims(f"{title}\n{text}", url=url, published_on=day)
    return claim.geography, claim.geography_basis


def test_the_register() -> None:
    rows = reference_rows("portals")
    alliances = [row for row in rows if row["publisher_kind"] == "alliance"]
    assert {row["province_code_before_2025_07"] for row in alliances} == {
        row["code_before_2025_07"] for row in reference_rows("provinces")
    }
    assert len(alliances) == 63
    successors = {row["code_before_2025_07"]: row["code_from_2025_07"] for row in reference_rows("provinces")}
    for row in rows:
        if row["province_code_before_2025_07"]:
            assert row["province_code_from_2025_07"] == successors[row["province_code_before_2025_07"]], row["portal"]
        assert (row["kind"] in load_kinds()) is bool(row["base_url"]), row["portal"]
        assert row["is_confirmed"] == "true" or not row["base_url"], "no address is guessed"


def test_an_address_and_its_publisher() -> None:
    for row in reference_rows("portals"):
        if row["base_url"]:
            found = publisher_of(row["base_url"])
            assert found is not None and found.portal == row["portal"]
            for day in (BEFORE, SINCE):
                name = found.province_on(day)
                assert name is None or find_province(name, date(2024, 1, 1)) is not None
    assert publisher_of("https://binhphuoc.gov.vn/vi/khac/bai.html") is None, "another part of the host"
    assert publisher_of("https://lmhtx.caobang.gov.vn.evil.example/a") is None
    assert publisher_of("https://[broken") is None and publisher_of(None) is None


@pytest.mark.parametrize(
    ("text", "url", "day", "expected"),
    [
        ("Tỉnh hiện có 255 HTX.", CAO_BANG, SINCE, ("Cao Bằng", None)),
        ("Đến nay toàn tỉnh có 255 HTX.", CAO_BANG, SINCE, ("Cao Bằng", None)),
        ("Hiện có 255 HTX.", CAO_BANG, None, ("Cao Bằng", None)),
        ("Cả nước hiện có 255 HTX.", CAO_BANG, SINCE, ("Việt Nam", None)),
        ("Tỉnh Hà Giang có 255 HTX.", CAO_BANG, BEFORE, ("Hà Giang", "before_2025_07")),
        ("Tỉnh hiện có 255 HTX.", BINH_PHUOC, BEFORE, ("Bình Phước", "before_2025_07")),
        # The alliance ended with its province: who publishes there now is not known.
        ("Tỉnh hiện có 255 HTX.", BINH_PHUOC, SINCE, (None, None)),
        ("Hiện có 255 HTX.", BINH_PHUOC, SINCE, (None, None)),
        # Nobody named the province; it is not the nation.
        ("Tỉnh hiện có 255 HTX.", None, SINCE, (None, None)),
        ("Hiện có 255 HTX.", None, SINCE, ("Việt Nam", None)),
        ("Hiện có 255 HTX.", "https://vca.org.vn/bai-mau-a1.html", SINCE, ("Việt Nam", None)),
        ("Tỉnh hiện có 255 HTX.", "https://huengaynay.vn/kinh-te/bai-161358.html", SINCE, ("Huế", None)),
    ],
)
def test_figures_without_a_named_place(
    text: str, url: str | None, day: date | None, expected: tuple[str | None, str | None]
) -> None:
    assert place(text, url, day) == expected


def test_a_title_comes_before_the_portal() -> None:
    assert place("Hiện có 255 HTX.", CAO_BANG, title="Kinh tế tập thể Sơn La")[0] == "Sơn La"
    assert place("Hiện có 255 HTX.", CAO_BANG, title="Hợp tác xã cả nước năm qua")[0] == "Việt Nam"


@pytest.mark.parametrize(
    ("url", "title", "lead", "off"),
    [
        ("https://baogialai.com.vn/a-post1.html", "Giá cà phê tăng", None, True),
        ("https://baogialai.com.vn/a-post1.html", "Giá cà phê tăng", "Nhiều HTX được lợi.", False),
        ("https://baogialai.com.vn/a-post1.html", "Kinh tế tập thể Gia Lai", None, False),
        (CAO_BANG, "Gặp mặt đầu xuân", None, False),
        ("https://khac.example/a.html", "Giá cà phê tăng", None, False),
    ],
)
def test_of_newspapers_only_articles_about_cooperatives_are_read(
    url: str, title: str, lead: str | None, off: bool
) -> None:
    article = Article(url, title, lead, ("Tỉnh có 5 HTX.",), None, None, None, None)
    assert is_off_topic(article, url) is off


def test_an_article_off_topic_is_recorded_and_not_reported(tmp_path: Path) -> None:
    archive, raw = Archive(tmp_path / "archive"), RawZone(tmp_path / "raw")
    sha256 = archive.put(page(f"<h1>Giá cà phê tăng mạnh</h1><div>{BODY}</div>", title="Giá cà phê tăng mạnh"))
    fetched = {"artifact_sha256": sha256, "url": "https://baogialai.com.vn/gia-post1.html", "portal": "baogialai"}
    row = {
        "fetch_id": "1",
        "purpose": "article",
        "outcome": "fetched",
        "requested_at": datetime(2032, 1, 15),
        **fetched,
    }
    raw.append_log("_fetches", pa.Table.from_pylist([row], schema=FETCHES))
    outcome = read_pages(archive=archive, raw_zone=raw)
    assert (outcome.articles, outcome.rejected) == (0, ())
    (artifact,) = raw.read("_artifacts").to_pylist()
    assert artifact["outcome"] == "rejected" and "about cooperatives" in artifact["reason"]
