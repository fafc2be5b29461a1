// On paper nothing can be unfolded: print every answer, and fold it again afterwards.
"use strict";
(() => {
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("article details:not([open])")];
    unfolded.forEach((fold) => (fold.open = true));
  });
  addEventListener("afterprint", () => {
    unfolded.forEach((fold) => (fold.open = false));
    unfolded = [];
  });
})();
