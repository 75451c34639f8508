"""Makes the pictures of the manual anew from a running demo; all people on them are invented.

    make demo                                   # in another terminal
    .venv/bin/python docs/manual/remake.py      # --base http://127.0.0.1:8000  --only pairs indicators
    .venv/bin/python docs/manual/remake.py --sample roster.xlsx     # the messy file that they show

For the pictures of an import it uploads a small file and discards it again; nothing else in the demo is changed.
Needs Chromium and Chinese fonts, as the tests in a browser do (`make system`).
"""

import argparse
import io
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from nuanxin.command.demo.places import PASSWORD
from nuanxin.foundation.codes.synth import fake_id, fake_mobile

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
CHROMIUM = os.environ.get("NUANXIN_CHROMIUM", "/usr/bin/chromium")
DESK, PHONE = 1440, 390
LARGEST = 3 * 1024 * 1024
"""Bytes of all pictures together."""


@dataclass(frozen=True)
class Shot:
    """A picture: who looks at which address; `then` does what is needed before it is taken. `page`: of the manual."""

    name: str
    page: str
    user: str
    path: str
    then: Callable[[Page], None] | None = None
    width: int = DESK
    height: int = 900


def first_row(page: Page) -> None:
    """Opens the first record of a list."""
    page.locator("tr[data-href] a.main, tr[data-key] a.main, td.title a").first.click()
    page.wait_for_load_state("networkidle")


def click(selector: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_timeout(300)

    return act


def after(*steps: Callable[[Page], None]) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for step in steps:
            step(page)

    return act


def link(text: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator("main").get_by_role("link", name=text).first.click()
        page.wait_for_load_state("networkidle")

    return act


def several_sources(page: Page) -> None:
    """The first person of the list of whom more than one roster speaks."""
    places = page.locator("tr[data-href]").evaluate_all("rows => rows.map(row => row.dataset.href)")
    for place in places[:20]:
        page.goto(page.url.split("/console/")[0] + place + "sources/")
        if page.locator("main input[type=checkbox]").count() > 1:
            return
    raise RuntimeError("nobody in the list has two sources")


def roster() -> bytes:
    """A courier office's file with a title, a masked phone, and a number that Excel has destroyed."""
    rng = random.Random(20261120)  # noqa: S311 invented people, the same every time
    head = ["序号", "快递员姓名", "身份证号码", "手机号", "所属企业", "网点", "常驻街道", "入职时间"]
    rows: list[list[str]] = []
    for number, name in enumerate(
        ["陈小明", "黄丽", "彭志勇", "龙飞", "易文静", "谭国强", "柳青", "邹平"], 1
    ):
        birth = date(rng.randrange(1975, 2003), rng.randrange(1, 13), rng.randrange(1, 28))
        rows.append([str(number), name, fake_id(rng, "430121", birth, "M"), fake_mobile(rng), "长沙安达速递服务有限公司",
                     "星沙网点", rng.choice(["星沙街道", "湘龙街道"]), f"2024年{rng.randrange(1, 13)}月{rng.randrange(1, 28)}日"])  # fmt: skip
    rows[1][2] = "4.30121E+17"
    rows[3][3] = rows[3][3][:3] + "****" + rows[3][3][-4:]
    rows[5][2] = rows[5][2][:-1] + ("1" if rows[5][2][-1] != "1" else "2")
    rows[6][6] = "星沙"
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        sheet.merge_range(0, 0, 0, len(head) - 1, "长沙县快递从业人员花名册（2026年11月）")
        for at, row in enumerate([head, *rows], 1):
            sheet.write_row(at, 0, row)
    return stream.getvalue()


def upload(page: Page) -> None:
    """Sends the roster; ends on the mapping of its columns."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "快递员花名册.xlsx"
        file.write_bytes(roster())
        page.set_input_files("#f-file", str(file))
        page.select_option("#f-sector", "courier")
        page.locator("main form .buttons .btn-primary").click()
        page.wait_for_load_state("networkidle")


def check(page: Page) -> None:
    """From the mapping to the preview."""
    page.locator("main").get_by_role("button", name="预检全部行").click()
    page.wait_for_load_state("networkidle")


def discard(page: Page) -> None:
    """Gives the uploaded file up again, so that the demo stays as it was."""
    if "/imports/" not in page.url or page.locator("form[action$='/discard/']").count() == 0:
        return
    page.locator("form[action$='/discard/'] button").first.click()
    page.locator("dialog[open] .btn-danger, dialog[open] .btn-primary").first.click()
    page.wait_for_load_state("networkidle")


# Every picture of the manual, page by page. The name is the file's.
SHOTS = (
    Shot("login", "01-signing-in", "", "/account/login/", height=760),
    Shot("account", "01-signing-in", "csx", "/account/", height=820),
    Shot("second-factor", "01-signing-in", "csx.ld", "/account/2fa/totp/activate/", height=980),
    Shot("home", "02-first-use", "csx", "/console/"),
    Shot("units", "02-first-use", "csx.xt", "/console/units/", height=700),
    Shot("posting", "02-first-use", "csx.xt", "/console/accounts/?q=csx.sq", after(first_row, link("授予岗位"))),
    Shot("rounds", "02-first-use", "csx", "/console/rounds/", height=420),
    Shot("round", "02-first-use", "csx", "/console/rounds/", first_row, height=1000),
    Shot("import-new", "03-import", "csx.yz", "/console/imports/new/", height=940),
    Shot("import-columns", "03-import", "csx.yz", "/console/imports/new/", upload, height=1000),
    Shot("import-preview", "03-import", "csx.yz", "/console/imports/new/", after(upload, check), height=1400),
    Shot("import-result", "03-import", "csx", "/console/imports/", link("货车司机20261120.xlsx"), height=760),
    Shot("imports", "03-import", "csx", "/console/imports/", height=640),
    Shot("pairs", "04-duplicates", "csx", "/console/pairs/", height=820),
    Shot("pairs-bulk", "04-duplicates", "csx", "/console/pairs/bulk/", link("≥"), height=900),
    Shot("sources", "04-duplicates", "csx", "/console/workers/?sector=delivery", several_sources, height=760),
    Shot("checks-phone", "05-verification", "csx.xs", "/console/checks/", width=PHONE, height=780),
    Shot("check-phone", "05-verification", "csx.xs", "/console/checks/", click("details.nx-call summary"), PHONE, 960),
    Shot("differences", "06-three-parties", "csx", "/console/differences/", height=760),
    Shot("dossier", "07-dossier", "csx", "/console/enterprises/", first_row, height=1400),
    Shot("enterprises", "07-dossier", "csx", "/console/enterprises/", height=640),
    Shot("ledger", "08-rosters", "csx", "/console/ledger/", height=640),
    Shot("workers", "08-rosters", "csx", "/console/workers/?sector=courier", height=760),
    Shot("worker", "08-rosters", "csx", "/console/workers/", first_row, height=1100),
    Shot("workers-phone", "08-rosters", "csx", "/console/workers/", width=PHONE, height=780),
    Shot("checklist", "09-six-clear", "csx", "/console/checklist/", height=900),
    Shot("indicators", "10-indicators", "csx", "/console/indicators/", height=1200),
    Shot("accounts", "11-administrators", "csx.xt", "/console/accounts/", height=760),
    Shot("guarded", "11-administrators", "csx.aq", "/console/security/accounts/", height=640),
    Shot("role", "11-administrators", "csx.aq", "/console/security/roles/department/", height=1000),
    Shot("audit", "11-administrators", "csx.sj", "/console/audit/", height=760),
    Shot("calendar", "11-administrators", "csx.xt", "/console/calendar/", height=900),
    Shot("areas", "11-administrators", "csx", "/console/areas/", height=640),
)  # fmt: skip


class Visitors:
    """One browser context for each person and width, signed in once."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.states: dict[str, object] = {}

    @contextmanager
    def page(self, shot: Shot) -> Iterator[Page]:
        context = self.browser.new_context(
            viewport={"width": shot.width, "height": shot.height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            storage_state=self._state(shot.user),  # type: ignore[arg-type]
        )
        try:
            yield context.new_page()
        finally:
            context.close()

    def _state(self, user: str) -> object:
        if not user:
            return None
        if user not in self.states:
            context = self.browser.new_context(locale="zh-CN")
            page = context.new_page()
            page.goto(f"{self.base}/account/login/")
            page.fill("input[name=login]", user)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/console/**")
            self.states[user] = context.storage_state()
            context.close()
        return self.states[user]


def take(visitors: Visitors, shot: Shot) -> int:
    """The size of the picture in bytes."""
    with visitors.page(shot) as page:
        answer = page.goto(visitors.base + shot.path)
        if answer is None or not answer.ok:
            raise RuntimeError(f"{shot.path} answers {answer.status if answer else 'nothing'}")
        page.wait_for_load_state("networkidle")
        if shot.then:
            shot.then(page)
        page.mouse.move(0, 0)
        data = page.screenshot()
        if shot.name.startswith("import-") and "new" in shot.path:
            discard(page)
    return small(data, PICTURES / f"{shot.name}.png")


def small(data: bytes, path: Path) -> int:
    """Screens have few colours: a palette of 128 looks the same at a third of the size."""
    with Image.open(io.BytesIO(data)) as picture:
        palette = picture.convert("RGB").quantize(
            128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        palette.save(path, optimize=True)
    return path.stat().st_size


def main() -> int:
    parser = argparse.ArgumentParser(description="重做手册的图片 · make the manual's pictures anew")
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="运行中的演示 · a running demo")
    parser.add_argument("--sample", type=Path, help="只写出示例表格 · only write the sample roster, .xlsx")
    parser.add_argument("--only", nargs="*", default=[], help="图片或页面的名称 · names of pictures or pages")
    options = parser.parse_args()
    if options.sample:
        options.sample.write_bytes(roster())
        return 0
    chosen = [s for s in SHOTS if not options.only or {s.name, s.page} & set(options.only)]
    PICTURES.mkdir(exist_ok=True)
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
        )
        visitors = Visitors(browser, options.base.rstrip("/"))
        for shot in chosen:
            try:
                print(f"{shot.name}: {take(visitors, shot) // 1024} KB", flush=True)
            except Exception as error:
                failed.append(shot.name)
                print(f"{shot.name}: {error}", file=sys.stderr, flush=True)
        browser.close()
    if not options.only:
        for stale in set(PICTURES.glob("*.png")) - {PICTURES / f"{s.name}.png" for s in SHOTS}:
            stale.unlink()
    total = sum(p.stat().st_size for p in PICTURES.glob("*.png"))
    print(f"{total / 1024 / 1024:.1f} MB")
    return 1 if failed or total > LARGEST else 0


if __name__ == "__main__":
    sys.exit(main())
