// Copy buttons on code. Of a session only what was typed is copied: no prompts, no output.
"use strict";
(() => {
  function typed(text) {
    const lines = text.trimEnd().split("\n");
    for (const prompt of [/^(>>>|\.\.\.)( |$)/, /^\$ /]) {
      const typed = lines.filter((line) => prompt.test(line));
      if (typed.length) return typed.map((line) => line.replace(prompt, "")).join("\n") + "\n";
    }
    return lines.join("\n") + "\n";
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed, or not there: the old way, through a selected text field.
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const copied = document.execCommand("copy");
      field.remove();
      if (!copied) throw new Error("not copied");
    }
  }

  for (const block of document.querySelectorAll("article div.highlight")) {
    if (block.parentElement.classList.contains("highlight-text")) continue; // output
    const text = block.querySelector("pre").textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const worked = await copy(typed(text)).then(() => true, () => false);
      button.textContent = worked ? "Copied" : "Select it by hand";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    block.append(button);
  }
})();
