// Figures to step through or to turn a number in. The pictures are drawn beforehand; this turns
// them. Without it, or on paper, the figure above stands alone.
"use strict";
(() => {
  const here = document.currentScript.src;
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

  function show(place, { title, turn, ways }) {
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
      back.disabled = number === 0;
      next.disabled = number === last();
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
  }

  // A figure's pictures are loaded when it comes near: by a script, which works from a file too.
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const { name } = target.dataset;
      const script = element("script", { src: new URL(`explorables/${name}.js`, here).href });
      script.addEventListener("load", () => show(target, window.explorables[name]));
      document.head.append(script);
    }
  }, { rootMargin: "600px" });
  document.querySelectorAll(".explorable").forEach((place) => near.observe(place));
})();
