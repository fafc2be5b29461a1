"""The decks as a room sees them: in a browser, no slide runs over its edge or over itself."""

import re
import shutil
import subprocess

import pytest

from course.author.slides import build_slides, decks
from course.manifest import load_course

DECKS = sorted(decks(load_course()))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --window-size=1280,720 "
    "--virtual-time-budget=8000"
)
# Walks through a deck and writes, for each slide, what is wrong with how it is laid out.
LOOK = r"""<script>addEventListener("load", () => setTimeout(() => {
  const found = [], total = Reveal.getTotalSlides();
  for (let i = 0; i < total; i++, Reveal.next()) {
    const slide = Reveal.getCurrentSlide(), edge = slide.getBoundingClientRect();
    const say = (words) => found.push(`${i + 1}: ${words}`);
    const parts = [...slide.children].filter((part) => part.tagName != "ASIDE");
    const boxes = parts.map((part) => part.getBoundingClientRect());
    boxes.forEach((box, k) => {
      if (box.bottom > edge.bottom + 1) say("too long");
      if (k && box.top < boxes[k - 1].bottom - 1) say("over itself");
    });
    for (const code of slide.querySelectorAll("pre code")) {
      const box = code.getBoundingClientRect(), frame = code.parentElement.getBoundingClientRect();
      if (code.scrollWidth > code.clientWidth || box.bottom > frame.bottom + 1) say("code is cut");
    }
    for (const picture of slide.querySelectorAll("figure img")) {
      const box = picture.getBoundingClientRect();
      if (box.width < 0.9 * edge.width || box.height < 0.4 * edge.height) say("a small picture");
    }
  }
  document.body.innerHTML = `<pre id="found">${total} slides\n${found.join("\n")}</pre>`;
}, 1500))</script></body>"""


@pytest.fixture(scope="module")
def built(course, tmp_path_factory):
    pytest.importorskip("sphinx_revealjs")
    folder = tmp_path_factory.mktemp("slides")
    assert build_slides(course, folder / "work", folder / "out") == []
    return folder / "out"


def look(page, text, folder):
    """How many slides a deck has, and what is wrong with them."""
    probe = page.with_name("probe.html")
    probe.write_text(text.replace("</body>", LOOK), encoding="utf-8")
    command = [CHROMIUM, *OPTIONS.split(), f"--user-data-dir={folder}", "--dump-dom"]
    done = subprocess.run(
        [*command, probe.as_uri()], capture_output=True, text=True, timeout=300, check=True
    )
    count, *faults = re.search(r'id="found">(\d+ slides.*?)</pre>', done.stdout, re.DOTALL)[
        1
    ].split("\n")
    return int(count.split()[0]), [fault for fault in faults if fault]


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no browser here (Debian: apt-get install chromium)")
@pytest.mark.parametrize("slug", DECKS)
def test_every_slide_fits(course, built, tmp_path, slug):
    page = built / f"{slug}.html"
    source = decks(course)[slug].read_text(encoding="utf-8")
    count, faults = look(page, page.read_text(encoding="utf-8"), tmp_path)
    assert count == len(re.findall(r"^#{1,2} ", source, re.MULTILINE))
    assert faults == []


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no browser here (Debian: apt-get install chromium)")
def test_a_slide_that_does_not_fit_is_noticed(built, tmp_path):
    page = built / "04-backward.html"
    text = page.read_text(encoding="utf-8")
    long = text.replace("<h2>The question</h2>", "<h2>The question</h2>" + "<p>More.</p>" * 12)
    wide = long.replace("a = Value(3.0)", "a = Value(3.0)" + " + Value(3.0)" * 10)
    small = wide.replace(
        "</head>", "<style>.reveal figure img{flex:none;height:90px}</style></head>"
    )
    faults = look(page, small, tmp_path)[1]
    assert {fault.partition(": ")[2] for fault in faults} >= {
        "too long",
        "code is cut",
        "a small picture",
    }


@pytest.mark.parametrize("slug", DECKS)
def test_a_deck_names_phases_and_no_dates_of_a_class(course, slug):
    text = decks(course)[slug].read_text(encoding="utf-8")
    found = re.findall(r"\b(?:last|next) (?:week|lecture|class)\b|\b(?:Last|Next) time\b", text)
    assert found == []
