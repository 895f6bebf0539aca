"""The steps that every visit has in common."""

from tests.journeys.conftest import Post, link_in
from tests.journeys.plain_browser import PlainBrowser

DECLARATIONS = 5


def prove(browser: PlainBrowser, post: Post, address: str) -> None:
    """From the page that asks for the address to the page behind the link of the mail."""
    browser.fill("メールアドレス", address)
    browser.press("確認のメールを送る")
    assert "メールを送っているところです" in browser.page.title
    browser.open(link_in(post(address)))
    assert address in browser.page.text
    browser.press("予約のページへ進む")


def begin(post: Post, address: str = "aoki@example.jp") -> PlainBrowser:
    """A browser that came from the top page and proved its address."""
    browser = PlainBrowser()
    browser.open("/osaka/")
    browser.follow("予約をはじめる")
    prove(browser, post, address)
    return browser


def enter_holder(browser: PlainBrowser, name: str, number: str, *, kind: str = "行政書士") -> None:
    """Fill in and send 受け取りに来る方."""
    browser.choose(kind)
    browser.choose("いいえ")
    browser.fill("証明書の番号", number)
    for part, typed in zip(("年", "月", "日"), ("２０２８", "3", "31"), strict=True):
        browser.fill(part, typed)
    browser.fill("お名前", name)
    browser.fill("フリガナ", "あおき はなこ")
    browser.fill("所属", "あおぞら製作所")
    browser.fill("電話番号", "０６－１２３４－５６７８")
    browser.press("日付と時間を選ぶ")


def type_cases(browser: PlainBrowser, *numbers: str) -> None:
    """Type numbers into the rows, one after the other."""
    for order, number in enumerate(numbers, start=1):
        browser.fill(f"案件{order}の申請番号", number)


def confirm(browser: PlainBrowser) -> None:
    """Tick everything on ④確認 and book."""
    assert "予約の確認" in browser.page.title
    boxes = [one for form in browser.page.forms for one in form.controls if one.kind == "checkbox"]
    assert len(boxes) == DECLARATIONS + 1
    for box in boxes:
        box.checked = True
    browser.press("この内容で予約する")
