// Just enough of a document for scripts that make elements: tags, attributes, text.
class Element {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, listeners: {}, children: [] });
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }
  append(...children) {
    this.children.push(...children);
  }
  get textContent() {
    return this.children.map((child) => child.textContent ?? String(child)).join("");
  }
}

globalThis.window ??= globalThis;
globalThis.matchMedia ??= () => ({ matches: false });
globalThis.document = { createElement: (tag) => new Element(tag) };

// What some parts of a page say, nulls left out.
export const words = (parts) => parts.filter(Boolean).map((part) => part.textContent ?? part).join("\n");
