// On a narrow screen a figure is made smaller, so that it is seen whole; a button shows it in full.
"use strict";
(() => {
  for (const figure of document.querySelectorAll("article figure:has(img)")) {
    const image = figure.querySelector("img");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "zoom";

    const show = () => {
      const large = figure.classList.contains("large");
      button.textContent = large ? "Fit to the screen" : "Enlarge";
      button.hidden = !large && image.naturalWidth <= image.clientWidth;
    };

    button.addEventListener("click", () => {
      figure.classList.toggle("large");
      show();
    });
    image.addEventListener("load", show);
    addEventListener("resize", show);
    image.after(button);
    show();
  }
})();
