"""A sample portal: a listing, articles in three page shapes, and the pages around them.

Contains the sentences with figures and the templates of pages; the figures come from the reports, and the errors of
the press from :mod:`.faults`. The prose is written for this project; the page shapes follow portals of this field
(NukeViet, a provincial portal, pages with ``article:published_time``). Returns page texts by path, and the faults in
them.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from ingestion.samples.catalogue import MISPRINTS
from ingestion.samples.country import Country, Place, Report
from ingestion.samples.faults import Fault, Plan, news_provinces
from ingestion.vietnamese.numbers import format_number
from ingestion.vietnamese.periods import Period, format_period
from ingestion.vietnamese.text import fold
from warehouse.reference import reference_rows

#: Figures of one province and month, or of the nation: ``founded.total``, ``operating.agriculture``, ...
Figures = Mapping[str, int]
Template = Literal["nukeviet", "provincial", "generic"]

SAMPLE_NOTE = "Bài viết mẫu: số liệu trong bài là số liệu mẫu, không phải số liệu thật."
#: A reserved domain: canonical addresses must lead nowhere.
_CANONICAL_HOST = "https://lienminhhtx.example"
_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_COUNTED = {
    "founded": "founded_count",
    "dissolved": "dissolved_count",
    "closing": "closing_count",
    "operating": "operating_count",
    "members": "member_count",
}
_SECTORS = ("total", "agriculture", "non_agriculture")
#: Invented half-year figures by region; they sum to 768.
_HALF_YEAR_REGIONS = {
    "Tây Bắc": 96,
    "Đông Bắc": 141,
    "Đồng bằng sông Hồng": 118,
    "Bắc Trung Bộ": 104,
    "Duyên hải miền Trung": 67,
    "Tây Nguyên": 58,
    "Đông Nam Bộ": 52,
    "Đồng bằng sông Cửu Long": 132,
}
_HALF_YEAR_SECTORS = (521, 183)
#: The periods of the articles with figures of their own.
_PERIODS = {m.page: Period(m.period) for m in MISPRINTS if m.period}
#: An invented appendix of a plan: a section title, tasks, and a cell left blank as a lost merge leaves it.
_PLAN_TABLE = (
    ("TT", "Nội dung thực hiện", "Đơn vị chủ trì", "Cơ quan, đơn vị phối hợp", "Thời gian thực hiện"),
    ("I", "Thông tin, tuyên truyền", "", "", ""),
    ("1", "Mở chuyên mục hỏi đáp về sổ sách kế toán", "Tạp chí Kinh doanh", "LM HTX cấp tỉnh", "Thường xuyên"),
    ("2", "In tờ gấp hướng dẫn kê khai danh sách thành viên", "", "", ""),
    ("II", "Đào tạo, bồi dưỡng", "", "", ""),
    ("1", "Mở lớp ngắn ngày về truy xuất nguồn gốc", "Các trường trực thuộc", "LM HTX cấp tỉnh", "2022-2023"),
    ("2", "Rà soát giáo trình quản trị", "Ban Tổ chức cán bộ", "các cơ quan, đơn vị liên quan", "Năm 2022"),
)

_OPENINGS = (
    "Tổng hợp báo cáo của các đơn vị cho thấy khu vực kinh tế tập thể giữ được nhịp phát triển ổn định.",
    "Các địa phương vừa hoàn tất đợt báo cáo định kỳ về tình hình kinh tế tập thể.",
    "Bản tin định kỳ tổng hợp tình hình tổ chức và hoạt động của khu vực kinh tế tập thể.",
)
_BACKGROUND = (
    "Công tác tuyên truyền Luật Hợp tác xã năm 2012 và Nghị định số 45/2021/NĐ-CP tiếp tục được các cấp quan tâm, "
    "nhất là phần quy định về tổ chức và hoạt động của quỹ.",
    "Theo tinh thần Quyết định số 1318/QĐ-TTg ngày 22/7/2021, việc củng cố tổ chức hiện có được đặt lên trước việc "
    "mở rộng về số lượng.",
    "Nhiều đơn vị bước đầu ghi chép sổ sách trên máy tính, bán hàng qua mạng và tiếp cận công nghiệp 4.0.",
    "Khó khăn được nêu nhiều nhất là thiếu vốn lưu động, thiếu mặt bằng làm kho và giá vật tư đầu vào tăng.",
    "Cán bộ chuyên trách đã xuống cơ sở hướng dẫn kê khai, đối chiếu danh sách thành viên và sổ góp vốn.",
    "Trong nhiệm kỳ 2020-2025, Ban Chấp hành khóa VI coi chất lượng thông tin, báo cáo là việc phải làm thường xuyên.",
    "Các đơn vị ngừng hoạt động lâu ngày được rà soát theo khoản 2 Điều 54 để có hướng xử lý dứt điểm.",
    "Hội viên mong có thêm lớp học ngắn ngày về kế toán, thuế và truy xuất nguồn gốc nông sản.",
)
_RELATED = (
    ("Phổ biến 05 HTX kiểu mẫu của vùng", "pho-bien-htx-kieu-mau"),
    ("Thành lập mới 99 HTX điểm: chuyện kể từ cơ sở", "chuyen-ke-tu-co-so"),
    ("Lịch làm việc tuần 48", "lich-lam-viec-tuan-48"),
    ("Giải thể 12 HTX yếu kém: bài học quản trị", "bai-hoc-quan-tri"),
)
_BYLINES = ("Ban Biên tập mẫu", "Thu Mẫu", "Minh Mẫu – Lan Mẫu", "Phòng Tổng hợp mẫu")


@dataclass(frozen=True)
class Page:
    """An article before it is put into a template. ``paragraphs`` are plain text.

    ``table`` is printed below them; ``original`` is the key, and then the address, of the page that this one repeats.
    """

    key: str
    template: Template
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    byline: str
    source_line: str | None = None
    table: tuple[tuple[str, ...], ...] = ()
    original: str | None = None


@dataclass(frozen=True)
class Site:
    """A site tree: text by path below the root (``news/…html``), when each page appeared, and planted faults."""

    files: Mapping[str, str]
    published: Mapping[str, datetime]
    faults: tuple[Fault, ...]


def figures_of(report: Report) -> dict[str, int]:
    """The figures of one report that the press may print: cooperatives by measure and sector, fair and fund."""
    figures = {
        f"{name}.{sector}": report.count("HTX", sector, measure)
        for name, measure in _COUNTED.items()
        for sector in _SECTORS
    }
    figures["unions.closing"] = report.count("LHHTX", "total", "closing_count")
    figures["groups.closing"] = report.count("THT", "total", "closing_count")
    for form, columns in (
        ("BIEU_05A", ("booth_count", "cooperative_participant_count", "contract_count")),
        ("BIEU_04A", ("charter_registered_vnd", "outstanding_vnd")),
    ):
        for row in report.rows[form]:
            for column in columns:
                value = row[column]
                if isinstance(value, int):
                    figures[column] = value
    return figures


def national_figures(by_province: Mapping[tuple[str, str], Figures], period: Period) -> dict[str, int]:
    """Sums over the provinces for ``period``; keys of ``by_province`` are (province code, period code)."""
    total: Counter[str] = Counter()
    for (_, code), figures in by_province.items():
        if code == period.code:
            total.update({key: value for key, value in figures.items() if "." in key})
    return dict(total)


def build_site(country: Country, by_province: Mapping[tuple[str, str], Figures], plan: Plan) -> Site:
    """The whole portal for a sample; consistent with ``by_province`` but for the errors named in ``plan``."""
    pages = _Newsroom(country, by_province, plan).pages()
    paths = {page.key: _path(page, number) for number, page in enumerate(pages, 22_000)}
    newest_first = sorted(pages, key=lambda p: (p.published_at, p.key), reverse=True)
    files: dict[str, str] = {"robots.txt": "User-agent: *\nDisallow: /admin/\nDisallow: /savefile/\n"}
    published: dict[str, datetime] = {}
    for page in pages:
        original = f"{_CANONICAL_HOST}/{paths[page.original]}" if page.original else None
        files[paths[page.key]] = _TEMPLATES[page.template](replace(page, original=original), paths[page.key])
        published[paths[page.key]] = page.published_at
    files.update(_listing(newest_first, paths))
    files["gioi-thieu.html"] = _plain_page(
        "Giới thiệu",
        "Cổng thông tin mẫu dùng để thử phần mềm. Mọi tên gọi và số liệu ở đây đều là mẫu.",
    )
    files["lien-he.html"] = _plain_page(
        "Liên hệ", "Điện thoại: 0000 123 456 – Fax: 0000 123 457 – Đường dây nóng: 1900 0000."
    )
    return Site(files, published, tuple(_news_faults(plan, paths, by_province)))


def _news_faults(plan: Plan, paths: Mapping[str, str], by_province: Mapping[tuple[str, str], Figures]) -> list[Fault]:
    faults = []
    rules = {"founded": "founded", "dissolved": "dissolved", "operating": "stock"}
    for error in plan.news:
        was = by_province[error.province_code, error.period][f"{error.metric}.total"]
        faults.append(
            Fault(
                f"news-{error.metric}",
                f"news_report.{rules[error.metric]}",
                "flagged",
                error.period,
                error.province_code,
                "Bài báo nêu số khác báo cáo của tỉnh",
                url="/" + paths[f"province-{error.province_code}-{error.period}"],
                was=was,
                is_=was + error.by,
            )
        )
    for m in MISPRINTS if plan.misprints else ():
        url = "/" + paths[m.page]
        faults.append(
            Fault(m.id, m.rule_id, "flagged", m.period, None, m.note, also=m.also, url=url, was=m.was, is_=m.printed)
        )
    return faults


def _billions(dong: int) -> str:
    """Đồng as ``26,8``: billions with at most two decimals."""
    return format_number(round(Decimal(dong) / 10**9, 2))


def _split(figures: Figures, measure: str) -> str:
    """`` (148 HTX nông nghiệp và 41 HTX phi nông nghiệp)``; nothing where a part is zero."""
    farm, rest = figures[f"{measure}.agriculture"], figures[f"{measure}.non_agriculture"]
    if not farm or not rest:
        return ""
    return f" ({format_number(farm)} HTX nông nghiệp và {format_number(rest)} HTX phi nông nghiệp)"


def _month(period: Period) -> str:
    return format_period(period, within_sentence=True)


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


class _Newsroom:
    """Writes the articles; every choice of words comes from the seed."""

    def __init__(self, country: Country, by_province: Mapping[tuple[str, str], Figures], plan: Plan) -> None:
        self.country = country
        self.by_province = by_province
        self.plan = plan
        self.errors = {(e.province_code, e.period): e for e in plan.news}
        self.true = {m.id: m.was for m in MISPRINTS}
        self.printed = {m.id: m.printed for m in MISPRINTS} if plan.misprints else self.true

    def pages(self) -> list[Page]:
        """All articles, in a fixed order."""
        pages = [self._national(period) for period in self.country.periods]
        pages.extend(self._half_years())
        pages.extend(self._regions())
        for period in self.country.periods[-3:]:
            for code in news_provinces(self.country, period):
                pages.append(self._province(self.country.place(code), period))
        pages.extend(self._fairs_and_funds())
        pages.extend(self._without_figures())
        pages.extend(self._review())
        pages.extend(self._printed_again(pages))
        return pages

    def _published(self, key: str, period: Period, days: tuple[int, int]) -> datetime:
        rng = self.country.rng("published", key)
        day = period.end + timedelta(days=rng.randint(*days))
        return datetime.combine(day, time(rng.randint(7, 17), rng.randint(0, 59)))

    def _page(
        self,
        key: str,
        template: Template,
        title: str,
        paragraphs: Sequence[str],
        published_at: datetime,
        source_line: str | None = None,
    ) -> Page:
        rng = self.country.rng("words", key)
        background = rng.sample(_BACKGROUND, 3)
        return Page(
            key,
            template,
            title,
            rng.choice(_OPENINGS),
            (*paragraphs, *background, SAMPLE_NOTE),
            published_at,
            rng.choice(_BYLINES),
            source_line,
        )

    def _national(self, period: Period) -> Page:
        figures = national_figures(self.by_province, period)
        key = f"national-{period.code}"
        founded, dissolved = figures["founded.total"], figures["dissolved.total"]
        gone = f", giải thể {format_number(dissolved)} HTX{_split(figures, 'dissolved')}" if dissolved else ""
        paragraphs = [
            f"Trong {_month(period)}, cả nước thành lập mới {format_number(founded)} HTX"
            f"{_split(figures, 'founded')}{gone}. "
            f"Đến ngày {_day(period.end)}, cả nước có {format_number(figures['operating.total'])} HTX "
            "đang hoạt động."
        ]
        if figures["members.total"] >= 1_000_000:
            million = format_number(Decimal(figures["members.total"]) / 10**6, decimals=1)
            paragraphs.append(
                f"Tính đến hết {_month(period)}, số thành viên HTX cả nước đạt khoảng {million} triệu người."
            )
        template: Template = ("nukeviet", "provincial", "generic")[period.start.month % 3]
        title = f"Tình hình phát triển kinh tế tập thể cả nước tháng {period.start.month} năm {period.start.year}"
        return self._page(
            key, template, title, paragraphs, self._published(key, period, (5, 7)), "Nguồn: Cổng thông tin mẫu"
        )

    def _regions(self) -> list[Page]:
        """Foundings by region in the last month, if every region of the scheme has some."""
        period = self.country.periods[-1]
        scheme = list(dict.fromkeys(row["region8"] for row in reference_rows("provinces")))
        by_region: Counter[str] = Counter()
        for place in self.country.places:
            by_region[place.region] += self.by_province[place.code, period.code]["founded.total"]
        if not all(by_region[region] for region in scheme):
            return []
        parts = ", ".join(f"{region} {format_number(by_region[region])} HTX" for region in scheme)
        paragraphs = [
            f"Trong {_month(period)}, cả nước thành lập mới {format_number(by_region.total())} HTX, trong đó: {parts}."
        ]
        key = f"regions-{period.code}"
        title = f"Các vùng đều có HTX thành lập mới trong tháng {period.start.month} năm {period.start.year}"
        return [self._page(key, "nukeviet", title, paragraphs, self._published(key, period, (7, 10)))]

    def _half_years(self) -> list[Page]:
        """Two old articles with separate figures; their errors are planned."""
        regions, total = dict(_HALF_YEAR_REGIONS), sum(_HALF_YEAR_REGIONS.values())
        if self.plan.misprints:
            del regions["Tây Bắc"]
        parts = ", ".join(f"{region} {count} HTX" for region, count in regions.items())
        year = _PERIODS["half-year-regions"].code[:4]
        paragraphs = [f"Trong 6 tháng đầu năm {year}, cả nước thành lập mới {total} HTX, trong đó: {parts}."]
        at = self._published("half-year-regions", _PERIODS["half-year-regions"], (5, 20))
        title = f"Kinh tế tập thể nửa đầu năm {year} nhìn từ các vùng"
        first = self._page("half-year-regions", "provincial", title, paragraphs, at)

        farm, rest = _HALF_YEAR_SECTORS
        stated = self.printed["sector-split-wrong"]
        year = _PERIODS["half-year-sectors"].code[:4]
        paragraphs = [
            f"Trong 6 tháng đầu năm {year}, cả nước thành lập mới {stated} HTX ({farm} HTX nông nghiệp và "
            f"{rest} HTX phi nông nghiệp)."
        ]
        at = self._published("half-year-sectors", _PERIODS["half-year-sectors"], (5, 20))
        title = f"Nhìn lại kinh tế tập thể 6 tháng đầu năm {year}"
        return [first, self._page("half-year-sectors", "generic", title, paragraphs, at)]

    def _printed_again(self, pages: Sequence[Page]) -> list[Page]:
        """The news of one province, reprinted on another site: the report counts once."""
        period = self.country.periods[-1]
        right = [c for c in news_provinces(self.country, period) if (c, period.code) not in self.errors]
        key = f"province-{right[-1]}-{period.code}" if right else None
        return [
            replace(
                page,
                key=f"again-{page.key}",
                template="nukeviet",
                published_at=page.published_at + timedelta(days=1, hours=2),
                byline="Trang tin mẫu của tỉnh",
                original=page.key,
            )
            for page in pages
            if page.key == key
        ]

    def _review(self) -> list[Page]:
        """An old review with separate figures, a copy of it on another site, and a plan with its appendix."""
        printed = self.printed

        def paragraphs(dissolved: str | int) -> list[str]:
            return [
                "Trong 6 tháng đầu năm 2018, cả nước thành lập mới 610 HTX (410 HTX nông nghiệp, chiếm "
                f"{printed['share-wrong']}%, và 200 HTX phi nông nghiệp), giải thể {dissolved} HTX.",
                f"Đến ngày 30/6/2018, cả nước có 21.340 HTX, tăng {printed['change-wrong']} HTX so với cuối năm 2017.",
                f"Hội nghị biểu dương {printed['list-too-short']} địa phương báo cáo sớm gồm: Lai Châu, Bạc Liêu và "
                "Ninh Thuận.",
                f"Các đơn vị tiếp tục thực hiện Quyết định số 461/QĐ-TTg ngày {printed['document-date']}.",
            ]

        title = "Nửa đầu năm 2018: kinh tế tập thể qua những con số"
        at = self._published("review", _PERIODS["review"], (5, 12))
        review = self._page("review", "generic", title, paragraphs(self.true["copy-changed"]), at)
        copy = replace(
            review,
            key="review-copy",
            template="nukeviet",
            paragraphs=(*paragraphs(printed["copy-changed"]), *review.paragraphs[4:]),
            published_at=at + timedelta(days=2, hours=3),
            byline="Trang tin mẫu của tỉnh",
            original="review",
        )
        period = self.country.periods[-1]
        lines = ["(Kèm theo Kế hoạch số 9001/KH-LMHTXVN ngày 15/11/2021)"]
        plan = self._page(
            "plan-tasks",
            "nukeviet",
            "Bảng phân công thực hiện kế hoạch",
            lines,
            self._published("plan", period, (3, 9)),
        )
        return [review, copy, replace(plan, table=_PLAN_TABLE)]

    def _province(self, place: Place, period: Period) -> Page:
        key = f"province-{place.code}-{period.code}"
        figures = self.by_province[place.code, period.code]
        error = self.errors.get((place.code, period.code))
        stated = {m: figures[f"{m}.total"] for m in ("founded", "dissolved", "operating")}
        if error:
            stated[error.metric] += error.by
        rng = self.country.rng("shape", key)
        whole = f"toàn {place.full_name}"
        # Each sentence names the province: the publisher alone does not determine the geography.
        founded = format_number(stated["founded"])
        parts = "" if error else _split(figures, "founded")
        paragraphs = []
        shape = rng.randrange(3)
        gone = f", giải thể {format_number(stated['dissolved'])} HTX" if stated["dissolved"] else ""
        if stated["founded"] and shape == 0:
            paragraphs.append(f"Trong {_month(period)}, {place.full_name} thành lập mới {founded} HTX{parts}{gone}.")
        elif stated["founded"]:
            paragraphs.append(f"{format_period(period)}, {whole} có {founded} HTX thành lập mới{gone}.")
        elif gone:
            paragraphs.append(
                f"Trong {_month(period)}, {place.full_name} giải thể {format_number(stated['dissolved'])} HTX."
            )
        operating = format_number(stated["operating"])
        end = _day(period.end)
        if shape == 1 and not error:
            paragraphs.append(
                f"Đến ngày {end}, {whole} có {format_number(figures['closing.total'])} HTX, "
                f"trong đó {operating} HTX đang hoạt động."
            )
        elif shape == 2 and not error and figures["operating.total"] >= 20:
            paragraphs.append(
                f"Đến ngày {end}, {whole} có hơn {format_number((figures['operating.total'] - 1) // 10 * 10)} HTX "
                "đang hoạt động."
            )
        else:
            paragraphs.append(f"Đến ngày {end}, {whole} có {operating} HTX đang hoạt động.")
        template: Template = ("nukeviet", "provincial", "generic")[rng.randrange(3)]
        title = f"{place.name}: kết quả phát triển kinh tế tập thể tháng {period.start.month} năm {period.start.year}"
        return self._page(key, template, title, paragraphs, self._published(key, period, (3, 9)))

    def _fairs_and_funds(self) -> list[Page]:
        period = self.country.periods[-1]
        pages = []
        for place in self._having("booth_count", period)[:2]:
            figures = self.by_province[place.code, period.code]
            paragraphs = [
                f"Hội chợ hàng hóa HTX {place.full_name} {_month(period)} có "
                f"{format_number(figures['booth_count'])} gian hàng của "
                f"{format_number(figures['cooperative_participant_count'])} HTX.",
                "Gian hàng nông sản chế biến được người tiêu dùng hỏi mua nhiều hơn mọi năm.",
            ]
            key = f"fair-{place.code}-{period.code}"
            title = f"{place.name}: hội chợ hàng hóa của HTX khép lại sau năm ngày"
            pages.append(self._page(key, "provincial", title, paragraphs, self._published(key, period, (2, 8))))
        for place in self._having("charter_registered_vnd", period)[:2]:
            figures = self.by_province[place.code, period.code]
            paragraphs = [
                f"Quỹ Hỗ trợ phát triển HTX {place.full_name} có vốn điều lệ "
                f"{_billions(figures['charter_registered_vnd'])} tỷ đồng, "
                f"dư nợ {_billions(figures['outstanding_vnd'])} tỷ đồng.",
                "Quỹ cho vay theo dự án, ưu tiên đơn vị có phương án tiêu thụ rõ ràng.",
            ]
            key = f"fund-{place.code}-{period.code}"
            title = f"{place.name}: nguồn vốn ưu đãi đến với cơ sở"
            pages.append(self._page(key, "generic", title, paragraphs, self._published(key, period, (4, 12))))
        return pages

    def _having(self, figure: str, period: Period) -> list[Place]:
        return [p for p in self.country.places if figure in self.by_province[p.code, period.code]]

    def _without_figures(self) -> list[Page]:
        """Plans, laws, contacts: numbers that are not claims, and targets that are not results."""
        period = self.country.periods[-1]
        texts: tuple[tuple[str, Template, str, tuple[str, ...]], ...] = (
            (
                "plan",
                "nukeviet",
                "Định hướng kế hoạch năm 2022",
                (
                    "Phấn đấu đến năm 2025, cả nước có khoảng 35.000 HTX.",
                    "Sang năm 2022, mỗi Liên minh HTX cấp tỉnh cần vận động để thành lập mới tối thiểu 20 HTX.",
                ),
            ),
            (
                "law",
                "generic",
                "Mười năm đưa luật vào cuộc sống",
                (
                    "Luật số 23/2012/QH13 có 9 chương, 64 điều; Nghị định số 193/2013/NĐ-CP và Nghị định số "
                    "107/2017/NĐ-CP quy định chi tiết một số điều.",
                    "Hội nghị lấy ý kiến diễn ra lúc 8 giờ ngày 25/11/2021 tại phòng họp 302, tầng 3.",
                ),
            ),
            (
                "training",
                "provincial",
                "Thông báo lịch sinh hoạt chuyên đề",
                (
                    "Chuyên đề quản trị được phát lại lúc 19 giờ 30 các ngày thứ 3, thứ 5; đăng ký qua số "
                    "0000 123 456.",
                    "Tài liệu gồm Thông tư số 01/2020/TT-BKHĐT và phụ lục I-19.",
                ),
            ),
            (
                "software",
                "nukeviet",
                "Hướng dẫn nộp báo cáo qua mạng",
                (
                    "Bước 1: đăng nhập; bước 2: chọn kỳ; bước 3: tải tệp. Phiên làm việc tự đóng sau 60 giây.",
                    "Tệp gửi lên không quá 64 MB, mẫu biểu phiên bản 2021.1.",
                ),
            ),
            (
                "charter",
                "provincial",
                "Góp ý dự thảo điều lệ",
                (
                    "Dự thảo lần 3 sửa Điều 7, Điều 12 và khoản 4 Điều 21; ý kiến gửi về trước ngày 15/12/2021.",
                    "Văn bản tham khảo: Quyết định số 340/QĐ-TTg ngày 12/3/2021, Kết luận số 70-KL/TW.",
                ),
            ),
        )
        return [
            self._page(key, template, title, paragraphs, self._published(key, period, (1, 12)))
            for key, template, title, paragraphs in texts
        ]


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:80].rstrip("-")


def _path(page: Page, number: int) -> str:
    slug = _slug(page.title)
    return {
        "nukeviet": f"news/tin-tuc/{slug}-{number}.html",
        "provincial": f"tin-tuc/{slug}.html",
        "generic": f"{slug}-a{number}.html",
    }[page.template]


def _escape(text: str) -> str:
    return html.escape(text, quote=True)


def _paragraphs(page: Page) -> str:
    rows = ("<tr>" + "".join(f"<td>{_escape(cell)}</td>" for cell in row) + "</tr>" for row in page.table)
    table = f'\n<table border="1">{"".join(rows)}</table>' if page.table else ""
    return "\n".join(f"<p>{_escape(text)}</p>" for text in page.paragraphs) + table


def _related(page: Page, folder: str, first: int) -> str:
    at = page.published_at - timedelta(days=3)
    return "".join(
        f'<li><a href="/{folder}/{slug}.html">{_escape(title)}</a> <em>({at:%d/%m/%Y})</em></li>'
        for title, slug in _RELATED[first : first + 2]
    )


def _nukeviet(page: Page, path: str) -> str:
    title, at = _escape(page.title), page.published_at
    source = (
        f'<div class="margin-bottom-lg"><p class="h5 text-right">{_escape(page.source_line)}</p></div>'
        if page.source_line
        else ""
    )
    if page.original:
        source += f'<p class="h5 text-right">Link bài viết gốc: {_escape(page.original)}</p>'
    return f"""<!DOCTYPE html>
<html lang="vi" xmlns:og="http://ogp.me/ns#"><head><meta charset="utf-8"><title>{title}</title>
<meta name="generator" content="NukeViet v4.4"><meta property="og:title" content="{title}">
<meta property="og:type" content="article"><meta property="og:url" content="{_CANONICAL_HOST}/{path}">
<link rel="canonical" href="{_CANONICAL_HOST}/{path}">
<link rel="alternate" type="application/rss+xml" href="/rss/" title="Tin tức"></head>
<body><nav class="second-nav"><ul class="nav navbar-nav"><li><a href="/">Trang chủ</a></li>
<li><a href="/gioi-thieu.html">Giới thiệu</a></li><li><a href="/lien-he.html">Liên hệ</a></li></ul></nav>
<div class="news_column panel panel-default"><div class="panel-body">
<h1 class="title margin-bottom-lg">{title}</h1>
<div class="row margin-bottom-lg"><div class="col-md-12">
<span class="h5">{_WEEKDAYS[at.weekday()]} - {at:%d/%m/%Y %H:%M}</span>
</div></div>
<div class="clearfix"><div class="hometext m-bottom">{_escape(page.lead)}</div></div>
<div id="news-bodyhtml" class="bodytext margin-bottom-lg">
{_paragraphs(page)}
<p>Ảnh minh họa</p>
</div><div class="margin-bottom-lg"><p class="text-right"><strong>{_escape(page.byline)}</strong></p></div>{source}
<div class="panel-body news_column"><form id="form3B"><div class="h5 clearfix">
<p>Tổng số điểm của bài viết là: 0 trong 0 đánh giá</p>
<div>Click để đánh giá bài viết</div></div></form></div>
<div class="panel-body"><p class="h3"><strong>Những tin mới hơn</strong></p>
<ul class="related">{_related(page, "news", 0)}</ul>
<p class="h3"><strong>Những tin cũ hơn</strong></p><ul class="related">{_related(page, "news", 2)}</ul></div>
<a href="/savefile/{path}">Lưu bài viết này</a>
</div></div><div id="timeoutsess" class="chromeframe">Bạn đã không sử dụng Site,
Bấm vào đây để duy trì trạng thái đăng nhập. Thời gian chờ: 60 giây</div></body></html>
"""


def _provincial(page: Page, _path_of_page: str) -> str:
    title, at = _escape(page.title), page.published_at
    by = f"{page.byline} ({page.source_line})" if page.source_line else page.byline
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin kinh tế tập thể mẫu</title></head>
<body><div id="top"><h2>Cổng thông tin kinh tế tập thể mẫu</h2>
<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/lien-he.html">Liên hệ</a></li></ul></div>
<div class="fontsize">Xem với cỡ chữAA</div>
<div class="news-detail"><h1 class="title">{title}</h1><span class="date">({at:%H:%M} | {at:%d/%m/%Y})</span>
<div class="content">
<p>{_escape(page.lead)}</p>
<p><img src="/upload/mau.jpg" alt="Ảnh mẫu"></p><p class="caption">Ảnh minh họa, nguồn: mẫu</p>
{_paragraphs(page)}
<p style="text-align:right"><b>{_escape(by)}</b></p>
</div></div>
<div class="others"><h3>Tin khác</h3><ul>{_related(page, "tin-tuc", 1)}</ul></div>
<div id="footer">Lượt xem trang: 987.651 · Đang xem: 7 · Điện thoại: 0000 123 456</div></body></html>
"""


def _generic(page: Page, path: str) -> str:
    title, at = _escape(page.title), page.published_at
    source = f'<p class="source">{_escape(page.source_line)}</p>' if page.source_line else ""
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="{title}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{at:%Y-%m-%dT%H:%M:%S}+07:00">
<link rel="canonical" href="{_CANONICAL_HOST}/{path}"></head>
<body><header><a href="/">Cổng thông tin kinh tế tập thể mẫu</a></header>
<main><article><h1>{title}</h1><time datetime="{at:%Y-%m-%dT%H:%M:%S}+07:00">{at:%d/%m/%Y, %H:%M} (GMT+7)</time>
<p class="sapo"><strong>{_escape(page.lead)}</strong></p>
{_paragraphs(page)}
<p class="author">{_escape(page.byline)}</p>{source}</article>
<aside><h2>Bài liên quan</h2><ul>{_related(page, "bai", 1)}</ul></aside></main>
<footer>Giấy phép số 123/GP-MAU ngày 01/01/2020. Bản quyền 2019-2021. Đường dây nóng: 1900 0000</footer></body></html>
"""


_TEMPLATES = {"nukeviet": _nukeviet, "provincial": _provincial, "generic": _generic}


def _listing(newest_first: Sequence[Page], paths: Mapping[str, str]) -> dict[str, str]:
    """``index.html`` and the second page of the listing."""
    half = (len(newest_first) + 1) // 2
    files = {}
    for number, part in enumerate((newest_first[:half], newest_first[half:]), 1):
        items = "\n".join(
            f'<li class="news-item"><h3><a href="/{paths[p.key]}">{_escape(p.title)}</a></h3>'
            f'<span class="date">{p.published_at:%d/%m/%Y}</span></li>'
            for p in part
        )
        other = (
            '<li class="active"><span>1</span></li><li><a href="/trang-2.html">2</a></li>'
            '<li><a rel="next" href="/trang-2.html">Trang sau</a></li>'
            if number == 1
            else '<li><a rel="prev" href="/index.html">Trang trước</a></li><li><a href="/index.html">1</a></li>'
            '<li class="active"><span>2</span></li>'
        )
        link = '<link rel="next" href="/trang-2.html">' if number == 1 else '<link rel="prev" href="/index.html">'
        files["index.html" if number == 1 else "trang-2.html"] = f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin kinh tế tập thể mẫu</title>{link}</head>
<body><nav><ul class="menu"><li><a href="/">Trang chủ</a></li>
<li><a href="/gioi-thieu.html">Giới thiệu</a></li><li><a href="/lien-he.html">Liên hệ</a></li></ul></nav>
<main><h1>Tin tức</h1>
<ul class="news-list">
{items}
</ul>
<ul class="pagination">{other}</ul></main>
<footer>Lượt xem trang: 987.651 · Đang xem: 7</footer></body></html>
"""
    return files


def _plain_page(title: str, text: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{_escape(title)}</title></head>
<body><nav><a href="/">Trang chủ</a></nav><main><h1>{_escape(title)}</h1><p>{_escape(text)}</p></main></body></html>
"""
