// Elements, made in one line. Text is always text: nothing that anybody wrote becomes markup.

// el("p", { class: "note" }, "words", el("b", {}, "more")): properties that begin with "on" are
// listeners, others are attributes.
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (words, onclick, properties = {}) =>
  el("button", { type: "button", onclick, ...properties }, words);

// A button of a command, which can't be used while a command is running; it keeps the focus.
export const commandButton = (words, onclick, properties = {}) =>
  button(words, onclick, { "data-command": true, ...properties });

export function disableCommands(busy) {
  for (const one of document.querySelectorAll("[data-command]")) {
    one.setAttribute("aria-disabled", String(busy));
  }
}

// A picture of SVG text: as an image it can hold no script.
export function picture(svg, alt) {
  const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  return el("img", { src: source, alt, class: "picture" });
}
