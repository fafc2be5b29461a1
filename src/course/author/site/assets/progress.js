// A mark on each step that is done, kept in this browser and nowhere else.
"use strict";
(() => {
  const KEY = "minigrad-done";
  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
  let done = new Set();
  let kept = true;

  function recall() {
    try {
      const names = JSON.parse(localStorage.getItem(KEY));
      done = new Set(Array.isArray(names) ? names : []);
    } catch (error) {
      // A browser that refuses storage throws: the marks then last as long as the page.
      kept = error instanceof SyntaxError;
    }
  }

  function keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify([...done].sort()));
      kept = true;
    } catch {
      kept = false;
    }
  }

  function nameOf(link) {
    const address = new URL(link.getAttribute("href"), location.href);
    const inside = address.href.startsWith(root.href) ? address.href.slice(root.href.length) : "";
    return decodeURI(inside.split(/[?#]/)[0]).replace(/\.html$/, "");
  }

  // The steps that a link stands for: a phase's in the sidebar for all that is under it.
  function namesUnder(link) {
    const below = link.parentElement.querySelectorAll("ul a");
    return below.length ? [...below].map(nameOf) : [nameOf(link)];
  }

  function show() {
    for (const link of document.querySelectorAll(".sidebar-tree a, .steps a")) {
      const isDone = namesUnder(link).every((name) => done.has(name));
      link.querySelector(".tick")?.remove();
      if (isDone) {
        const tick = document.createElement("span");
        tick.className = "tick";
        tick.textContent = " ✓";
        tick.setAttribute("role", "img");
        tick.setAttribute("aria-label", "done");
        link.append(tick);
      }
    }
    showTotal();
    if (here) showButton();
  }

  function showTotal() {
    const total = document.querySelector(".progress");
    if (!total) return;
    const links = [...document.querySelectorAll(".phase .steps a")];
    const next = links.find((link) => !done.has(nameOf(link)));
    const count = links.filter((link) => done.has(nameOf(link))).length;
    total.hidden = count === 0;
    total.textContent = `${count} of ${links.length} steps done. `;
    if (next) {
      const link = document.createElement("a");
      link.href = next.href;
      const title = next.closest(".phase").querySelector(".phase-title b").textContent;
      link.textContent = `Go on with ${title}: ${next.firstChild.textContent}`;
      total.append(link);
    }
  }

  function showButton() {
    const isDone = done.has(here);
    button.textContent = isDone ? "✓ Done" : "Mark as done";
    button.setAttribute("aria-pressed", String(isDone));
    remark.textContent = kept ? "" : "This browser keeps no marks for this page.";
  }

  const current = document.querySelector(".steps a[aria-current]");
  const here = current ? nameOf(current) : "";
  const button = document.createElement("button");
  const remark = document.createElement("small");
  recall();
  if (here) {
    button.type = "button";
    button.addEventListener("click", () => {
      recall();
      if (!done.delete(here)) done.add(here);
      keep();
      show();
    });
    const line = document.createElement("p");
    line.className = "mark-done";
    line.append(button, " ", remark);
    document.querySelector("article").append(line);
  }
  show();
  addEventListener("storage", () => (recall(), show()));
  addEventListener("pageshow", (event) => event.persisted && (recall(), show()));
})();
