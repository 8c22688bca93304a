"""Somebody with a browser: opens pages, presses what is written on buttons, and keeps a picture of each page."""

from __future__ import annotations

import copy
import re
import urllib.parse
from pathlib import Path

from playwright.sync_api import Browser, Page

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 900}
SAYS_NO = {402, 410}  # how Stripe's page says that a card was declined, or that it is closed
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROOT = Path(__file__).resolve().parents[2]


class Album:
    """The pictures of a walk, numbered in the order in which they were taken."""

    def __init__(self, name: str) -> None:
        self.folder, self.taken = ROOT / "reports" / name, 0
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.png"):
            old.unlink()

    def place(self, name: str) -> Path:
        self.taken += 1
        return self.folder / f"{self.taken:02}-{name}.png"

    def keep_letters(self, letters) -> None:
        """Every message that was sent, to be read beside the pictures."""
        sheets = [f"To: {', '.join(each.to)}\nSubject: {each.subject}\n\n{each.body}" for each in letters]
        (self.folder / "letters.txt").write_text(f"\n{'-' * 72}\n".join(sheets))


class Visitor:
    """One person's browser with cookies of its own; no JavaScript unless `script`, because every page works without."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        album: Album,
        *,
        size: dict | None = None,
        cookies=None,
        script: bool = False,
    ) -> None:
        self.site, self.album = site, album
        self.context = browser.new_context(
            viewport=size or PHONE, java_script_enabled=script, locale="en-GB", storage_state=cookies
        )
        self.context.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page: Page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._see)
        return page

    def _hear(self, message) -> None:
        if message.type == "error" and not any(f"status of {status}" in message.text for status in SAYS_NO):
            self.complaints.append(f"{message.location['url']}: {message.text}")

    def _see(self, answer) -> None:
        if answer.status >= 400 and not (answer.status in SAYS_NO and not answer.url.startswith(self.site)):
            self.complaints.append(f"{answer.url}: {answer.status}")

    def second_tab(self) -> Visitor:
        """The same person in another tab of the same browser."""
        twin = copy.copy(self)
        twin.page = self._new_page()
        return twin

    def go_back(self) -> None:
        """The browser's own button."""
        self.page.go_back()

    def cookies(self):
        """What another browser of the same person starts with."""
        return self.context.storage_state()

    def open(self, path: str) -> None:
        answer = self.page.goto(urllib.parse.urljoin(self.site, path))
        assert answer.status == 200, path

    def follow(self, words: str) -> None:
        """Press a link, by what stands on it."""
        self.go(self.page.get_by_role("link", name=words).first)

    def press(self, words: str) -> None:
        """Press a button, by what stands on it."""
        self.go(self.page.get_by_role("button", name=words).first)

    def go(self, target) -> None:
        """Press what leads to another page, and wait until that page is there: by itself a click returns at once."""
        with self.page.expect_navigation():
            target.click()

    def write(self, **answers: str) -> None:
        """Type into fields, by their names."""
        for name, text in answers.items():
            self.page.fill(f"[name={name}]", text)

    def choose(self, words: str) -> None:
        """Tick a box or a circle: its whole card is there to be pressed."""
        self.page.locator(".choice", has_text=words).first.click()

    def tick_all(self) -> None:
        """Tick every box of the page."""
        for card in self.page.locator(".choice").all():
            card.click()

    def look(self, name: str, *words: str) -> None:
        """The page is a whole page and says these words; a picture of it is kept."""
        page, text = self.page, self.text()
        assert page.title(), page.url
        assert page.locator("h1").count() == 1, page.url
        assert page.evaluate(TOO_WIDE) == 0, page.url
        missing = [said for said in words if said not in text]
        assert missing == [], f"{page.url}: {text}"
        page.screenshot(path=self.album.place(name), full_page=True)

    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.inner_text("body"))

    def top_of(self, selector: str) -> float:
        """How far down the page something begins, in CSS pixels."""
        return self.page.locator(selector).first.bounding_box()["y"] + self.page.evaluate("window.scrollY")

    def value_of(self, name: str) -> str:
        return self.page.input_value(f"[name={name}]")

    def fetch(self, words: str) -> tuple[str, bytes]:
        """What a link leads to, as (type, bytes), for papers and downloads."""
        link = self.page.get_by_role("link", name=words).first.get_attribute("href")
        answer = self.context.request.get(urllib.parse.urljoin(self.page.url, link))
        assert answer.ok, link
        return answer.headers["content-type"], answer.body()

    def leave(self) -> None:
        self.context.close()
        assert self.complaints == []
