// Figures to step through or to turn a number in. The pictures are drawn beforehand; player.js, the
// same as in notebooks, turns them. Without it, or on paper, the figure above stands alone.
"use strict";
(() => {
  const here = document.currentScript.src;
  // A figure's pictures are loaded when it comes near: by a script, which works from a file too.
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const { name } = target.dataset;
      const script = document.createElement("script");
      script.src = new URL(`explorables/${name}.js`, here).href;
      script.addEventListener("load", () => window.minigradPlay(target, window.explorables[name]));
      document.head.append(script);
    }
  }, { rootMargin: "600px" });
  document.querySelectorAll(".explorable").forEach((place) => near.observe(place));
})();
