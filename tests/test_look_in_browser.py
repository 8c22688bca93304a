"""The look in a real browser: nothing scrolls sideways, a thumb can hit everything, the policy refuses nothing."""

import pytest

PAGES = [
    "",
    "?page=offer",
    "?page=question&wrong=1",
    "?page=choice",
    "?page=answers",
    "?page=confirmation",
    "?page=desk",
]
NARROW, WIDE = 320, 1280
TARGETS = "a, button, input:not([type=hidden]), select, textarea, summary"
SMALL_TARGETS = """targets => [...document.querySelectorAll(targets)]
  .filter(one => !one.closest(".choice") && !one.matches(".skip"))
  .filter(one => !(one.matches("a") && getComputedStyle(one).display === "inline"))  // a link inside a sentence
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && (box.width < 43.9 || box.height < 43.9))
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`)"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_pages_fit_and_can_be_hit_with_a_thumb(chromium, live_server, width):
    page = chromium.new_page(viewport={"width": width, "height": 640})
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    for query in PAGES:
        page.goto(f"{live_server.url}/gallery/{query}")
        assert page.evaluate(TOO_WIDE) == 0, query
        assert page.evaluate(SMALL_TARGETS, TARGETS) == [], query
    assert refused == []
    page.close()


def test_the_measure_would_see_a_small_target(chromium):
    """The control: a page with a tiny button and a broad picture is caught."""
    page = chromium.new_page(viewport={"width": NARROW, "height": 640})
    page.set_content("<button>x</button><p style='width: 40rem'>broad</p>")
    assert len(page.evaluate(SMALL_TARGETS, TARGETS)) == 1
    assert page.evaluate(TOO_WIDE) > 0
    page.close()


def test_the_error_summary_has_the_focus_and_leads_to_the_box(chromium, live_server):
    page = chromium.new_page(viewport={"width": NARROW, "height": 640})
    page.goto(f"{live_server.url}/gallery/?page=question&wrong=1")
    page.wait_for_function("document.activeElement.className === 'summary-wrong'")  # the browser gives it in its time
    assert page.title().startswith("Error:")
    page.click(".summary-wrong a")
    assert page.evaluate("document.activeElement.name") == "amount"
    page.close()


def test_the_whole_card_of_a_choice_is_its_label(chromium, live_server):
    page = chromium.new_page(viewport={"width": NARROW, "height": 640})
    page.goto(f"{live_server.url}/gallery/?page=choice")
    box = page.locator(".choice").nth(1).bounding_box()
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] - 8)
    assert page.locator(".choice input").nth(1).is_checked()
    page.close()
