"""The site: built without a warning, whole, in the order of work, readable without a network."""

import dataclasses
import re
import shutil
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree

import browsers
import pytest
from browsers import browsing
from trees import checkout_of, git, run

from course.author import release as releases
from course.author.leaks import find_leaks, secrets_of
from course.author.mathml import mathml
from course.author.site.build import _write_source, texts_of
from course.author.site.order import steps
from course.author.site.quiz import order_of, quiz_page, words
from course.author.site.times import minutes, said_on
from course.author.slides import decks
from course.errors import CourseError
from course.git import File
from course.learn.quiz import read_quiz
from course.manifest import load_course

pytestmark = pytest.mark.slow


def test_every_page_is_there_and_found_by_search(course, site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    for phase in course.chapters:
        for name in (phase.theory, phase.lab):
            assert (site / name.replace(".md", ".html")).is_file()
            assert name.removesuffix(".md") in index
        for page in steps(course, phase):
            assert (site / f"{page.name}.html").is_file()
    for slug in decks(course):
        assert (site / f"slides/{slug}.html").is_file()
    for phase in course.phases:
        assert (site / phase.lab.replace(".md", ".html")).is_file()
    api = (site / "api.html").read_text(encoding="utf-8")
    assert "Value.backward" in api and "cross_entropy" in api


def test_nothing_is_loaded_from_elsewhere(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loads = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"([^\"]+)\"", text)
        assert not [load for load in loads if re.match(r"(https?:)?//", load)], page.name


def test_formulas_are_mathml(course, site):
    text = (site / "theory/04-backward.html").read_text(encoding="utf-8")
    assert text.count("<math") > 20
    prose = re.sub(r"<(script|code|pre|math).*?</\1>", "", text, flags=re.DOTALL)
    assert "\\frac" not in prose and "\\bar" not in prose and "$" not in prose


def test_pictures_are_figures_with_captions(course, site):
    for phase in course.chapters:
        source = (course.root / phase.theory).read_text(encoding="utf-8")
        page = (site / phase.theory.replace(".md", ".html")).read_text(encoding="utf-8")
        pictures = re.findall(r"^!\[(.+)\]\(.+\)\n\n\*(\w+)", source, re.MULTILINE)
        figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
        assert pictures and len(figures) == len(pictures) == source.count("![")
        for (said, first), figure in zip(pictures, figures, strict=True):
            assert said in figure and f'<span class="caption-text">{first}' in figure
        assert page.count("<summary>") == source.count("<summary>")


def test_only_a_picture_that_stands_alone_is_framed():
    nodes = pytest.importorskip("docutils.nodes")
    from docutils.utils import new_document

    from course.author.figures import frame

    def paragraph(*parts):
        return nodes.paragraph("", "", *parts)

    page = new_document("page")
    page += paragraph(nodes.Text("See "), nodes.image(uri="a.svg"))
    page += paragraph(nodes.image(uri="a.svg"), nodes.Text(" is a picture."))
    page += paragraph(nodes.image(uri="b.svg"))
    page += paragraph(nodes.Text("not a caption"))
    page += paragraph(nodes.emphasis("", "no caption either"))
    frame(page)
    kinds = [type(node).__name__ for node in page.children]
    assert kinds == ["paragraph", "paragraph", "figure", "paragraph", "paragraph"]
    assert [type(node).__name__ for node in page.children[2]] == ["image"]


def test_every_anchor_that_feedback_points_to_exists(course, site):
    for concept in course.concepts.values():
        page, _, anchor = concept.theory.partition("#")
        text = (site / page.replace(".md", ".html")).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in text, concept.theory


def contents(site):
    return {
        path.relative_to(site).as_posix(): File(path.read_bytes())
        for path in site.rglob("*")
        if path.is_file()
    }


def test_no_solution_is_on_the_site(course, site):
    pages = dict(texts_of(contents(site)))
    assert len(pages) > 60 and "quiz/04-backward.html" in pages
    assert find_leaks(pages, secrets_of(course)) == []
    assert not [path for path in site.rglob("*") if "teaching" in path.name]


def test_a_solution_in_marked_up_code_is_seen(course):
    page = '<pre><span class="n">other</span>.grad <b>+=</b> self.data * out.grad\n</pre>'
    texts = dict(texts_of({"x.html": File(page.encode()), "x.svg": File(page.encode())}))
    assert list(texts) == ["x.html"]
    assert find_leaks(texts, secrets_of(course))


def test_the_slides_have_a_page_that_leads_to_every_deck(course, site):
    first = (site / "slides" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([\w-]+\.html)">', first)
    assert links == [f"{slug}.html" for slug in decks(course)]
    assert len(links) == len(course.chapters)
    assert all((site / "slides" / link).is_file() for link in links)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (r"y\ln 2", "y|ln|2"),
        (r"-\ln\sigma(z)", "−ln|σ(z)"),
        (r"\max(0, x)", "max(0,x)"),
        (r"\tanh^2 x", "tanh2x"),
        (r"2y", "2y"),
    ],
)
def test_names_of_functions_stand_apart(formula, words):
    """Thin spaces, here as bars, where TeX sets them."""
    root = ElementTree.fromstring(mathml(formula, "inline"))
    parts = ("|" if part.tag.endswith("mspace") else part.text or "" for part in root.iter())
    assert "".join(parts).replace(" ", "") == words


@pytest.mark.parametrize(
    ("formula", "tight"),
    [
        ("(-3, 2)", "−"),
        ("a - b = -2", "−"),  # the second one
        ("a/b - c", "/"),
        (r"\partial L/\partial w", "∂/∂"),
        ("|x|^2 - 1", "||"),
        ("e^{-x}", "−"),
        ("f'(x) - f'''(x)", "′‴"),
        ("a - b", ""),
    ],
)
def test_signs_have_the_space_that_tex_gives_them(formula, tight):
    root = ElementTree.fromstring(mathml(formula, "inline"))
    found = [part.text for part in root.iter() if part.get("lspace") == part.get("rspace") == "0em"]
    assert "".join(found) == tight


def test_a_limit_has_its_variable_below_it_and_a_prime_is_raised_once():
    def tags(formula, display):
        return re.findall(r"<(m\w+)", mathml(formula, display))

    assert "munder" in tags(r"\lim_{h\to 0} h", "block")
    assert "msub" in tags(r"\lim_{h\to 0} h", "inline")
    assert "msup" not in tags("f'(x)", "inline") and "msup" in tags("x^2", "inline")


# ── The order ───────────────────────────────────────────────────────────────


def neighbor(text, which):
    """Where "prev" or "next" at the foot of a page leads, as the page writes it."""
    found = re.search(rf'<a class="{which}-page" href="([^"]+)"', text)
    return found[1] if found else None


def test_previous_and_next_follow_the_work(course, site):
    chain = ["theory/00-start", "lab/how-labs-work"]
    for phase in course.chapters:
        own = [page.name for page in steps(course, phase)]
        assert own[:4] == [phase.theory[:-3], phase.lab[:-3], phase.notebook[:-6],
                           f"quiz/{phase.slug}"]  # fmt: skip
        assert own[-1] == f"lab/{phase.id}p-problems"
        chain += own
    for before, after in pairwise(chain):
        for name, other, which in ((before, after, "next"), (after, before, "prev")):
            path = site / f"{name}.html"
            link = neighbor(path.read_text(encoding="utf-8"), which)
            assert (path.parent / link).resolve() == (site / f"{other}.html").resolve(), name


def test_every_page_shows_the_steps_of_its_phase_and_the_first_page_all(course, site):
    first = (site / "index.html").read_text(encoding="utf-8")
    assert "takes\nabout 35 to 40 hours" in first  # the labs' 23 to 28, and an hour per phase
    for phase in course.chapters:
        pages = steps(course, phase)
        assert all(page.time.low for page in pages)
        for page in pages:
            text = (site / f"{page.name}.html").read_text(encoding="utf-8")
            shown = re.search(r'<nav class="steps".*?</nav>', text, re.DOTALL)[0]
            assert re.findall(r'href="\.\./([^"]+)\.html"', shown) == [p.name for p in pages]
            assert f'{page.name}.html" aria-current="page"' in shown
            assert f'<a href="{page.name}.html">{page.title}</a> <small>{page.time}<' in first


@pytest.mark.parametrize(
    ("said", "short", "span"),
    [
        ("half an hour", "30 min", (30, 30)),
        ("45 to 60 minutes", "45–60 min", (45, 60)),
        ("ninety minutes", "1½ h", (90, 90)),
        ("two to three hours", "2–3 h", (120, 180)),
        ("two and a half hours", "2½ h", (150, 150)),
    ],
)
def test_times_are_read_from_words(said, short, span):
    found = minutes(said)
    assert ((found.low, found.high), str(found)) == (span, short)
    assert said_on(f"# Lab\n\n**Time.** About {said} for all six; each stands alone.") == found


def test_words_without_a_time_are_refused():
    assert said_on("**Time.** Flies.") is None
    with pytest.raises(ValueError, match="a while"):
        minutes("a while")


# ── Quizzes ─────────────────────────────────────────────────────────────────


def test_a_quiz_holds_every_option_and_its_reason(course, site):
    for phase in course.chapters:
        page = (site / f"quiz/{phase.slug}.html").read_text(encoding="utf-8")
        shown = page.split('<div class="quiz"')[1:]
        questions = read_quiz(course, phase)
        assert len(shown) == len(questions) >= 8
        for question, text in zip(questions, shown, strict=True):
            options, reasons = (
                re.findall("<li>(.*?)</li>", part, re.DOTALL)
                for part in re.findall(r"<ol.*?</ol>", text, re.DOTALL)
            )
            order = order_of(question)
            because = {**question.wrong, question.answer: question.why}
            assert options == [words(question.options[i]) for i in order]
            assert reasons == [words(because[i]) for i in order]
            right = int(re.search(r'data-answer="(\d)"', text)[1])
            assert order[right] == question.answer
            address = re.search(r'class="read">Read: <a href="\.\./([^"#]+)#([^"]+)"', text)
            assert f'id="{address[2]}"' in (site / address[1]).read_text(encoding="utf-8")


def test_the_right_option_stands_anywhere(course):
    questions = [q for phase in course.chapters for q in read_quiz(course, phase)]
    places = [order_of(q).index(q.answer) for q in questions]
    assert all(places.count(i) > len(places) / 10 for i in range(4))
    assert [order_of(q) for q in questions] == [order_of(q) for q in questions]


def test_markup_in_a_question_is_shown_and_not_obeyed(course, monkeypatch):
    evil = "<script>x</script> & `a < b`"
    phase = course.phase("01")
    question = read_quiz(course, phase)[0]
    wrong = dict.fromkeys(question.wrong, evil)
    bad = dataclasses.replace(question, text=evil, options=(evil,) * 4, why=evil, wrong=wrong)
    monkeypatch.setattr("course.author.site.quiz.read_quiz", lambda *_: [bad])
    page = quiz_page(course, phase)
    assert "<script" not in page
    assert page.count("&lt;script&gt;x&lt;/script&gt; &amp; <code>a &lt; b</code>") == 9
    assert "\n\n" not in re.search(r'<div class="quiz".*?\n</div>', page, re.DOTALL)[0]


# ── The branch ──────────────────────────────────────────────────────────────


@pytest.fixture
def checkout(course, tmp_path):
    return load_course(checkout_of(course, tmp_path / "instructor"))


@pytest.fixture
def built(site, monkeypatch):
    """What the release builds: the theory of the site that these tests share, since every page
    is searched for leaks each time, and further pages."""
    further = {}

    def build(_, out, *options):
        shutil.copytree(site, out, ignore=shutil.ignore_patterns("lab", "quiz", "slides"))
        for name, text in further.items():
            (out / name).write_text(text, encoding="utf-8")
        return []

    monkeypatch.setattr(releases, "build_site", build)
    return further


def test_the_same_site_is_the_same_commit(checkout, built, tmp_path):
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(checkout.root), str(other))
    first, again = (releases.release_site(checkout) for _ in range(2))
    elsewhere = releases.release_site(load_course(other))
    assert first.commit == again.commit == elsewhere.commit
    assert (first.changed, again.changed) == (True, False)
    names = git(checkout.root, "ls-tree", "-r", "--name-only", "site").splitlines()
    assert {".nojekyll", "index.html", "theory/04-backward.html"} <= set(names)
    assert not [name for name in names if name.endswith((".md", ".py", ".toml", ".map"))]
    assert git(checkout.root, "rev-list", "--count", "site") == "1"
    built["new.html"] = "<p>new</p>"
    assert releases.release_site(checkout).changed
    assert git(checkout.root, "rev-list", "--count", "site") == "2"


def test_building_twice_gives_the_same_files(course, site, tmp_path):
    out = tmp_path / "again"
    # Another process, in which sets have another order.
    done = run(course.root, "site", "--no-workbench", "--out", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(out) == contents(site)


def test_with_a_workbench_every_phase_leads_to_its_own(course, tmp_path):
    source = tmp_path / "source"
    _write_source(course, source, workbench=True)
    for phase in course.phases:
        page = source / (phase.lab if phase.is_problem_set else phase.theory)
        found = re.findall(r"workbench/[\w-]+\.html", page.read_text(encoding="utf-8"))
        assert found == [f"workbench/{phase.slug}.html"]
    home = (source / "index.md").read_text(encoding="utf-8")
    assert home.count('<a href="workbench/') == len(course.chapters)
    assert "workbench/00-start.html" in (source / "theory/00-start.md").read_text("utf-8")


def test_a_site_that_gives_something_away_is_refused(checkout, built):
    built["theory.html"] = "<pre>\n<i>other</i>.grad += self.data * out.grad\n</pre>"
    with pytest.raises(CourseError, match=r"not released: theory\.html:2"):
        releases.release_site(checkout)
    assert releases.tip(checkout.root, "site") is None


def test_a_site_with_a_warning_is_not_released(checkout, monkeypatch):
    monkeypatch.setattr(releases, "build_site", lambda *_: ["a.md:1: no such page"])
    with pytest.raises(CourseError, match=r"not released: the site has a warning: a\.md:1"):
        releases.release_site(checkout)


def test_a_clone_reads_what_was_released(checkout, built, tmp_path):
    releases.release(checkout, checkout.phase("02"))
    releases.release_site(checkout)
    clone = tmp_path / "ann"
    git(tmp_path, "clone", "-q", "-b", "student", str(checkout.root), str(clone))
    done = run(clone, "read", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == str(clone / ".minigrad/site/theory/02-value.html")
    assert (clone / ".minigrad/site/_static/fonts/latinmodern-math.otf").is_file()
    assert git(clone, "status", "--porcelain") == ""


# ── In a browser ────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def browser():
    with browsing() as driver:
        yield driver


@pytest.fixture
def visit(site, browser):
    """Open a page of the site; marks of other tests are forgotten."""
    browser.get((site / "index.html").as_uri())
    browser.execute_script("localStorage.clear()")

    def visit(name):
        browser.get((site / name).as_uri())

    return visit


def press(browser, selector, number=0):
    button = browser.find_elements("css selector", selector)[number]
    browser.execute_script("arguments[0].click()", button)


def shown(browser, selector):
    found = browser.find_elements("css selector", selector)
    return [element.get_attribute("textContent").strip() for element in found]


@browsers.NEEDED
def test_a_click_on_an_option_says_whether_it_is_right_and_why(course, visit, browser):
    questions = read_quiz(course, course.phase("04"))
    visit("quiz/04-backward.html")
    assert not browser.find_element("css selector", ".quiz details").is_displayed()
    for number, question in enumerate(questions):
        order = order_of(question)
        wrong = next(i for i in range(4) if order[i] != question.answer)
        right = order.index(question.answer)
        plain = unescape(re.sub("<[^>]+>", "", words(question.wrong[order[wrong]])))
        quiz = f'section[id="question-{number + 1}"]'
        if number == 0:  # answered wrong first, and counted as such
            press(browser, f"{quiz} .options button", wrong)
            assert shown(browser, f"{quiz} .wrong .reason")[0].startswith(f"✗ No. {plain}")
        press(browser, f"{quiz} .options button", right)
        why = unescape(re.sub("<[^>]+>", "", words(question.why)))
        assert shown(browser, f"{quiz} .right .reason") == [f"✓ Right. {why}"]
    of = len(questions)
    assert shown(browser, ".quiz-score")[0].startswith(f"{of - 1} of {of} right at the first try")
    press(browser, ".quiz-score button")
    assert shown(browser, ".reason") == []


@browsers.NEEDED
def test_a_step_that_is_done_has_a_tick_on_every_page(course, visit, browser):
    visit("lab/01-derivatives.html")
    assert shown(browser, ".mark-done button") == ["Mark as done"]
    press(browser, ".mark-done button")
    visit("index.html")
    assert shown(browser, ".steps a:has(.tick)") == ["Lab ✓"]
    whole = sum(len(steps(course, phase)) for phase in course.chapters)
    assert shown(browser, ".progress")[0].startswith(
        f"1 of {whole} steps done. Go on with 01: Theory"
    )
    visit("quiz/01-derivatives.html")
    assert shown(browser, ".sidebar-tree a:has(.tick)") == ["Lab ✓"]
    for page in steps(course, course.phase("01")):
        if page.title != "Lab":
            visit(f"{page.name}.html")
            press(browser, ".mark-done button")
    ticked = shown(browser, ".sidebar-tree .toctree-l1 > a:has(.tick)")
    assert ticked == ["01 Derivatives you can measure ✓"]
    press(browser, ".mark-done button")
    assert shown(browser, ".sidebar-tree .toctree-l1 > a:has(.tick)") == []


@browsers.NEEDED
def test_marks_do_without_storage(site, visit, browser):
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    added = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": refuse})
    try:
        visit("theory/02-value.html")
        press(browser, ".mark-done button")
        assert shown(browser, ".steps a:has(.tick)") == ["Theory ✓"]
        assert "keeps no marks" in shown(browser, ".mark-done")[0]
        assert shown(browser, ".copy")
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


CATCH = """
window.copied = [];
const clipboard = {writeText: async text => { window.copied.push(text) }};
Object.defineProperty(navigator, "clipboard", {value: clipboard});
document.querySelectorAll(".copy").forEach(button => button.click());
return window.copied
"""


@browsers.NEEDED
def test_code_is_copied_without_prompts_and_output(visit, browser):
    visit("theory/00-start.html")
    blocks = browser.execute_script(CATCH)
    assert blocks[1] == (
        "for step in range(100):\n"
        "    distance = speed ** 2 * (2 * angle).sin() / 9.81\n"
        "    distance.zero_grad()\n"
        "    distance.backward()\n"
        "    angle.data += 0.01 * angle.grad\n"
        "import math\n"
        "round(math.degrees(angle.data), 2)\n"
    )
    assert not [text for text in blocks if ">>>" in text or "45.0" in text]
    visit("lab/how-labs-work.html")
    commands = "./scripts/minigrad status\n./scripts/minigrad test 1\n./scripts/minigrad hint 1\n"
    assert browser.execute_script(CATCH) == [commands]  # and no button on a sample of output


@browsers.NEEDED
def test_on_a_phone_figures_are_seen_whole_and_can_be_enlarged(course, site, visit, browser):
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    scales = (
        "return [...document.querySelectorAll('figure img')].map(i => i.width / i.naturalWidth)"
    )
    wide = "return document.documentElement.scrollWidth"
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        for page in steps(course, course.phase("04")):
            visit(f"{page.name}.html")
            assert browser.execute_script(wide) == 390
        visit("theory/04-backward.html")
        assert all(scale < 1 for scale in browser.execute_script(scales))
        buttons = shown(browser, ".zoom")
        assert set(buttons) == {"Enlarge"}
        press(browser, ".zoom")
        assert browser.execute_script(scales)[0] == 1
        assert shown(browser, ".zoom") == ["Fit to the screen", *buttons[1:]]
        assert browser.execute_script(wide) == 390
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    visit("theory/04-backward.html")
    assert shown(browser, ".zoom:not([hidden])") == [] and set(browser.execute_script(scales)) == {
        1
    }


@browsers.NEEDED
def test_what_a_lab_asks_for_can_be_ticked(site, visit, browser):
    ticked = "return [...document.querySelectorAll('.task-list-item input')].map(i => i.checked)"
    visit("lab/04-backward.html")
    assert browser.execute_script(ticked) == [False] * 5
    assert "[ ]" not in "".join(shown(browser, "article"))
    press(browser, ".task-list-item:nth-child(2) input")
    visit("lab/04-backward.html")
    assert browser.execute_script(ticked) == [False, True, False, False, False]
    visit("lab/05-nonlinear.html")
    assert not any(browser.execute_script(ticked))


@browsers.NEEDED
def test_formulas_are_set_in_the_font_that_the_site_brings(visit, browser):
    visit("theory/04-backward.html")
    loaded = "return document.fonts.ready.then(fonts => [...fonts].map(f => f.family + f.status))"
    assert "Latin Modern Mathloaded" in browser.execute_script(loaded)


@browsers.NEEDED
def test_answers_are_unfolded_for_print(visit, browser):
    visit("theory/04-backward.html")
    count = "return document.querySelectorAll('article details[open]').length"
    folds = len(shown(browser, "article details"))
    numbers = []
    for event in ("", "beforeprint", "afterprint"):
        browser.execute_script(f"dispatchEvent(new Event('{event}'))")
        numbers.append(browser.execute_script(count))
    assert numbers == [0, folds, 0] and folds > 3
