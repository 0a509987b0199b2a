"""Small pages of each engine, made here: ``<engine>_article.html``, and ``<kind>_list.html`` of each kind of portal.

Each has an article, or a list of articles, among what surrounds it. The text of other articles begins with :data:`TRAP`
and states figures; none of it may reach an article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FOLDER = Path(__file__).parent
TRAP = "BẪY"
TITLE = "Hợp tác xã tỉnh Mẫu tổng kết công tác năm 2031"
LEAD = "Ngày 14/01/2032, Liên minh HTX tỉnh Mẫu họp bàn nhiệm vụ của năm mới."
TEXTS = (
    "Trong năm 2031, tỉnh Mẫu thành lập mới 41 HTX và giải thể 6 HTX.",
    "Đến ngày 31/12/2031, tỉnh Mẫu có 520 HTX với 31.400 thành viên.",
    "Quỹ hỗ trợ phát triển HTX đã cho 19 HTX vay 12,5 tỷ đồng.",
)
DAY, MOMENT = datetime(2032, 1, 14), datetime(2032, 1, 14, 8, 5)
BODY = "".join(f"<p>{text}</p>" for text in TEXTS)
#: Titles of other articles, as a list of links, and one with its summary.
OTHERS = (
    f'<ul><li><a href="/khac-mot-1.html">{TRAP}: cả nước có 99.000 HTX đang hoạt động</a></li>'
    f'<li><a href="/khac-hai-2.html">{TRAP}: tỉnh bạn thành lập mới 888 HTX</a></li></ul>'
)
TEASER = (
    f'<h3><a href="/khac-ba-3.html">{TRAP}: tỉnh bạn giải thể 777 HTX</a></h3>'
    f"<div>{TRAP}: trong đó 66 HTX tự giải thể</div>"
)
CAPTION = f"{TRAP}: gian hàng của 55 HTX"


def page(content: str, *, head: str = "", title: str = TITLE) -> bytes:
    """A page of an unknown engine with menu and footer around ``content``."""
    head = f'<meta charset="utf-8"><title>{title}</title>{head}'
    menu = '<ul class="menu"><li><a href="/muc-1/">Mục 1</a></li><li><a href="/muc-2/">Mục 2</a></li></ul>'
    foot = f"<footer><p>{TRAP}: hôm nay 1.234 lượt, 5 HTX</p></footer>"
    return f"<!DOCTYPE html><html><head>{head}</head><body>{menu}{content}{foot}</body></html>".encode()


@dataclass(frozen=True)
class Skeleton:
    """What is to be read from the article page of an engine."""

    published_at: datetime
    lead: str | None = LEAD
    url: str = "https://mau.example/hop-tac-xa-tinh-mau-tong-ket-900.html"


SKELETONS = {
    "vca": Skeleton(DAY, lead=None),
    "nukeviet": Skeleton(MOMENT),
    "wordpress": Skeleton(DAY, lead=None),
    "cms_zce": Skeleton(MOMENT),
    # The page prints no date; the address has one.
    "vccorp": Skeleton(MOMENT, url="https://mau.example/hop-tac-xa-tinh-mau-102320114080500123.htm"),
    "mastercms": Skeleton(MOMENT),
    "onecms": Skeleton(MOMENT),
    "sharepoint": Skeleton(MOMENT),
    "liferay": Skeleton(DAY),
    "qdnd": Skeleton(MOMENT),
    "a_id_papers": Skeleton(MOMENT),
    "bbg": Skeleton(MOMENT),
    "dcontent": Skeleton(MOMENT, lead=None),
    "generic": Skeleton(MOMENT),
}

#: Of the list page of each kind of portal: the articles, and the next page ("" where a script draws it).
LISTS: dict[str, tuple[tuple[str, ...], str]] = {
    "generic": (("/tin-mau-so-mot-899.html", "/xem/chi-tiet/tin-mau-so-hai-cua-lien-minh"), "/tin-tuc?start=20"),
    "nukeviet": (
        ("/vi/news/tin-tuc/tin-mau-mot-899.html", "/vi/news/tin-tuc/tin-mau-hai-898.html"),
        "/vi/news/tin-tuc/page-2",
    ),
    "wordpress": (("/2032/01/12/tin-mau-mot/", "/?p=4866"), "/category/tin-tuc/page/2/"),
    "vca": (("/tin-mau-mot-a399.html", "/tin-mau-hai-a398.html"), "/tin-mau-c28.html?page=2"),
    "drupal": (("/node/3082", "/node/3081"), "/tin-tuc?page=1"),
    "dnn": (
        ("/Chuyen-muc-tin/Chi-tiet-tin/t/tin-mau/title/37999/ctitle/540", "/Tin/ItemID/796/View/Details.aspx"),
        "/Chuyen-muc-tin/page/2",
    ),
    "sharepoint": (
        ("/Pages/tin-tuc-215/tin-mau-mot-0000000000000001.aspx", "/Pages/xem.aspx?idTin=77"),
        "/Pages/chuyen-muc.aspx?CateID=152&page=2",
    ),
    "liferay": (
        (
            "/web/lien-minh/chi-tiet-tin/-/tin-tuc/Tin-mau-mot102301",
            "/web/lien-minh/chi-tiet-tin/-/tin-tuc/Tin-mau-hai102302",
        ),
        "/web/lien-minh/tin-tuc?p_p_id=101_INSTANCE_Ab1&_101_INSTANCE_Ab1_cur=2",
    ),
    "mastercms": (("/tin-mau-mot-179999.html", "/tin-mau-hai-179998.html"), "/tai-chinh&s_cond=&BRSR=20"),
    "cms_zce": (("/tin-mau-mot-post89999.html", "/tin-mau-hai-post89998.html"), ""),
    "onecms": (("/tin-mau-so-mot-10179999.html", "/tin-mau-so-hai-10179998.html"), ""),
    "vccorp": (("/tin-mau-mot-102320112080000123.htm", "/tin-mau-hai-102320111080000123.htm"), ""),
    "yyyymm_hex": (("/kinh-te/203201/tin-mau-mot-b452a2a/", "/kinh-te/203201/tin-mau-hai-0c52a2a/"), "/kinh-te?page=2"),
    "vnpt": (
        ("/trang/TinTuc/137/1/Tin-mau-mot.html", "/trang/TinTuc/137/2/Tin-mau-hai.html"),
        "/trang/TinTuc?page=2",
    ),
    "dotted": (("/tin-mau-mot.12", "/tin-mau-hai.11"), "/tin-tuc?page=2"),
    "hue": (("/431/vn/38292", "/431/vn/38291"), "/431/vn?page=2"),
}
