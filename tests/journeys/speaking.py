"""What speakers do on their phones, in Chinese, from the call for proposals to the confirmation."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from expo.infra.db import db
from expo.infra.signing import sign_text
from expo.mail.models import Email

PHONE = {"width": 390, "height": 844}


def mailed_path(message: str, link: str) -> str:
    """Return the path of the link in the newest e-mail of a kind."""
    email = db.session.scalars(select(Email).where(Email.message == message).order_by(Email.id.desc())).first()
    assert email is not None
    path, purpose, payload = email.links[link]
    db.session.rollback()
    return str(path + sign_text(purpose, payload))


def open_phone(browser: Browser, address: str) -> Page:
    """Open the browser of a phone that is set to Chinese."""
    context = browser.new_context(viewport=PHONE, base_url=address, locale="zh-CN")  # type: ignore[arg-type]
    return context.new_page()


def expect_to_fit(page: Page) -> None:
    """Expect that a page is not wider than the phone."""
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")


def begin_first_proposal(page: Page, call: str, name: str, email: str) -> None:
    """Go from the list of calls by an e-mailed link to the form of a first proposal."""
    page.goto("/zh/cfp")
    page.get_by_role("link", name=call).click()
    expect_to_fit(page)
    page.locator(".sticky-action").get_by_role("link", name="填写议题").click()
    page.get_by_label("您的姓名").fill(name)
    page.get_by_label("邮箱").fill(email)
    page.get_by_role("button", name="发送链接").click()
    expect(page.locator("h1")).to_have_text("请查收邮件")
    page.goto("/zh" + mailed_path("proposals/start", "start_link"))
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_have_text("新建议题")
    expect_to_fit(page)


def invite_co_speaker(page: Page, name: str, email: str) -> None:
    """Invite a co-speaker on the page of a proposal."""
    invitation = page.locator("#speakers form").last
    invitation.get_by_label("姓名").fill(name)
    invitation.get_by_label("邮箱").fill(email)
    invitation.get_by_role("button", name="发送邀请").click()
    expect(page.locator("#speakers")).to_contain_text("已邀请")


def accept_invitation(page: Page, title: str) -> None:
    """Accept the newest invitation as somebody without an account."""
    page.goto("/zh" + mailed_path("proposals/invitation", "invitation_link"))
    expect(page.locator("main")).to_contain_text(title)
    expect_to_fit(page)
    page.get_by_role("button", name="接受").click()
    expect(page.locator("[data-flashes]")).to_contain_text("您已成为此议题的嘉宾")
