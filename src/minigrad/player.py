"""Pictures to step through, given to you: with buttons, or a still where scripts are off.

`pass_ways` records the backward pass of your own graph, as it should be and with four classic
mistakes; `Player` shows such recordings. Nothing here computes a gradient: the rules are yours.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from html import escape
from typing import Any, Literal

from minigrad.frames import pass_picture

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Step:
    """One picture, as SVG text, what is to be seen on it, and its short name on the slider."""

    svg: str
    caption: str
    name: str = ""


@dataclass(frozen=True)
class Way:
    """Steps that belong together: one setting, or one mistake."""

    name: str
    steps: Sequence[Step]


@dataclass(frozen=True)
class Player:
    """Pictures to step through, and the ways to choose from. `turn` says whether the steps follow
    one another in time or are values of a number."""

    title: str
    ways: Sequence[Way]
    turn: Literal["steps", "slider"] = "steps"

    def as_json(self) -> str:
        """What the script needs, in a form that may stand inside a page."""
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        data, still = self.as_json(), self.ways[0].steps[-1]
        key = sha256(data.encode()).hexdigest()[:12]
        source = f"data:image/svg+xml;base64,{b64encode(still.svg.encode()).decode()}"
        html = (
            f'<div class="mg-player" data-player="{key}"><img src="{source}" '
            f'alt="{escape(still.caption)}"><p>{escape(still.caption)}</p></div>'
            f"<style>{LOOKS}</style><script>{PLAYER}"
            f"for (const place of document.querySelectorAll('[data-player=\"{key}\"]'))"
            f"window.minigradPlay(place,{data});</script>"
        )
        return {"text/html": html, "text/plain": f"{self.title}: {still.caption}"}


# ── the backward pass, and what goes wrong in it ────────────────────────────


def pass_ways(root: Any, order: Sequence[Any]) -> list[Way]:
    """The backward pass of `root` by your own rules, right and with four classic mistakes.

    `order` has inputs before outputs, and every node has a label. Afterwards the gradients are
    those of the right pass. Raises ValueError where `root` is not in `order`, or a node stands
    before one of its inputs.
    """
    if not any(node is root for node in order):
        raise ValueError("the order lacks the node from which the pass starts")
    back = order[::-1]
    wrong = {
        "= instead of +=": _pass(root, order, back, replaces=True),
        "no seed": _pass(root, order, back, seed=False),
        "level by level": _pass(root, order, _levels(root)),
        "seed first, then clear": _pass(root, order, back, clears=True),
    }
    steps, right = _pass(root, order, back)
    every = {"as it should be": (steps, right), **wrong}
    return [
        Way(name, [*shown[:-1], replace(shown[-1], caption=judged(gradients, right))])
        for name, (shown, gradients) in every.items()
    ]


def _pass(
    root: Any,
    order: Sequence[Any],
    rules: Sequence[Any],
    seed: bool = True,
    clears: bool = False,
    replaces: bool = False,
) -> tuple[list[Step], dict[str, float]]:
    """The steps of a pass that runs the rules of some nodes in their order, and the gradients of
    the leaves after it. Where a rule `replaces`, its own share is all that is left."""
    steps: list[Step] = []

    def show(title: str, caption: str, lit: Any = None, changed: Sequence[Any] = ()) -> None:
        steps.append(Step(pass_picture(root, order, title, lit, changed).svg, caption))

    for node in order:
        node.grad = 0.0
    show("Before the pass", "Every node knows its number. Every gradient is 0.")
    name = f"{root.label}.grad"
    if seed:
        root.grad = 1.0
        show(f"The seed: {name} is 1", f"{root.label} changes by 1 for each 1 that it changes: "
             "the pass starts from that.", changed=[root])  # fmt: skip
    if clears:
        root.grad = 0.0
        show(f"Cleared: {name} is 0", "Now every gradient is cleared, and the seed with them.")
    if not seed:
        show(f"No seed: {name} is 0", f"{name} is 0 when the first rule is about to run.")
    for node in rules:
        if not node._prev:
            continue
        before = [other.grad for other in order]
        if replaces:
            for parent in node._prev:
                parent.grad = 0.0
        node._backward()
        changed = [(o, b) for o, b in zip(order, before, strict=True) if o.grad != b]
        title = f"The rule of {node.label} has run"
        show(title, said(node, changed), node, [other for other, _ in changed])
    show("After the pass", "")
    return steps, {node.label: node.grad for node in order if not node._prev}


def _levels(root: Any) -> list[Any]:
    """The nodes by their distance from the root: the order of a search that goes breadth first."""
    found, seen = [root], {id(root)}
    for node in found:
        for parent in node._prev:
            if id(parent) not in seen:
                seen.add(id(parent))
                found.append(parent)
    return found


def said(node: Any, changed: Sequence[tuple[Any, float]]) -> str:
    """What a rule did, in a sentence; `changed` are nodes, each with its gradient before."""
    inputs = " and ".join(dict.fromkeys(parent.label for parent in node._prev))
    runs = f"The rule of {node.label} runs with {node.label}.grad = {number(node.grad)}"
    if not changed:
        return f"{runs}, and so nothing reaches {inputs}."
    moves = ", and ".join(
        f"{other.label}.grad goes from {number(before)} to {number(other.grad)}"
        for other, before in changed
    )
    return f"{runs}: {moves}."


def judged(gradients: Mapping[str, float], right: Mapping[str, float]) -> str:
    """What came out at the leaves, beside what is right."""
    given = ", ".join(f"{leaf}.grad = {number(gradients[leaf])}" for leaf in right)
    wrong = {leaf: grad for leaf, grad in right.items() if gradients[leaf] != grad}
    if not wrong:
        return f"Done: {given}. Small steps on {' and '.join(right)} measure the same."
    correct = ", ".join(f"{leaf}.grad = {number(grad)}" for leaf, grad in wrong.items())
    return f"Done: {given}. Right would be {correct}."


def number(value: float) -> str:
    """A number as it stands in a sentence."""
    return f"{value:g}".replace("-", MINUS)


# ── the page's side ─────────────────────────────────────────────────────────

LOOKS = """
.mg-player{border:1px solid #8886;border-radius:8px;padding:10px 16px;max-width:760px}
.mg-player .explore-title{font-weight:600;margin:0 0 8px}
.mg-player img{display:block;margin:0 auto;max-width:100%;height:auto}
.mg-player .ways,.mg-player .turn{display:flex;flex-wrap:wrap;gap:6px;
align-items:center;margin:8px 0}
.mg-player input{flex:1 1 140px;min-width:96px}
.mg-player button{font:inherit;color:inherit;background:#8882;border:1px solid #8886;
border-radius:6px;padding:4px 12px;min-height:34px;cursor:pointer}
.mg-player button[aria-pressed=true]{border-color:#2a8fc9;font-weight:600}
.mg-player button[aria-disabled=true]{opacity:.45;cursor:default}
.mg-player .said{margin:6px 0 0;min-height:3em}
.mg-player [hidden]{display:none}
"""
# Shows pictures in a place of a page, and turns them; the site's own figures use it too.
PLAYER = """
(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  function element(tag, attributes, ...content) {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...content);
    return made;
  }

  const button = (text, does) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", does);
    return made;
  };

  window.minigradPlay = (place, { title, turn, ways }) => {
    let way = 0;
    let timer = 0;
    const picture = element("img", { decoding: "sync" });
    const caption = element("p", { className: "said" });
    caption.setAttribute("role", "status");
    const range = element("input", { type: "range", min: 0, value: 0 });
    const choices = ways.map(({ name }, number) =>
      button(name, () => { way = number; stop(); draw(); }));
    const back = button("Back", () => go(-1));
    const next = button("Next", () => go(1));
    const play = button("Play", () => (timer ? stop() : start()));

    const last = () => ways[way].steps.length - 1;
    function draw() {
      range.max = last();
      const number = Math.min(Number(range.value), last());
      const step = ways[way].steps[number];
      picture.src = `data:image/svg+xml,${encodeURIComponent(step.svg)}`;
      picture.alt = step.caption;
      const where = step.name || `${number + 1} of ${last() + 1}`;
      range.setAttribute("aria-valuetext", where);
      caption.replaceChildren(element("b", {}, where), " ", step.caption);
      choices.forEach((choice, i) => choice.setAttribute("aria-pressed", String(i === way)));
      back.setAttribute("aria-disabled", String(number === 0));
      next.setAttribute("aria-disabled", String(number === last()));
    }
    function go(by) {
      stop();
      range.value = Number(range.value) + by;
      draw();
    }
    function stop() {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
    }
    function start() {
      if (Number(range.value) === last()) range.value = 0;
      draw();
      play.textContent = "Stop";
      timer = setInterval(() => {
        range.value = Number(range.value) + 1;
        draw();
        if (Number(range.value) === last()) stop();
      }, turn === "steps" ? 2200 : 900);
    }
    range.addEventListener("input", () => { stop(); draw(); });
    range.setAttribute("aria-label", title);
    play.hidden = still.matches;

    const head = element("p", { className: "explore-title" }, title);
    const row = element("div", { className: "ways" }, ...choices);
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", turn === "steps" ? "Which engine" : "Which one");
    row.hidden = ways.length < 2;
    const controls = element("div", { className: "turn" }, back, range, next, play);
    place.replaceChildren(head, row, element("div", { className: "view" }, picture), controls,
      caption);
    draw();
  };
})();
"""
