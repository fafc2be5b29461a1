// A training as it goes on: its losses as a curve, and what the model writes at each look.
import { el, picture } from "./dom.js";

const [WIDTH, HEIGHT, EDGE] = [440, 220, 34]; // its words can be read on a telephone too
const AVERAGED = 20; // losses that the thick line is the mean of
const MOST_POINTS = 600;
const MOST_TEXTS = 12;

export class Training {
  losses = [];
  texts = [];
  element = el("div", { class: "training" });

  look({ done, losses, text }) {
    this.losses.push(...losses);
    if (text) this.texts.push([done, text]);
    this.element.replaceChildren(...this.#shown(done));
  }

  #shown(done) {
    if (done === 0) return [el("p", { class: "quiet" }, "Training…"), ...this.#written()];
    const recent = mean(this.losses.slice(-AVERAGED));
    const words = `Step ${done}, loss ${recent.toFixed(3)} (mean of the last ${Math.min(AVERAGED, done)})`;
    return [el("p", {}, words), picture(curve(this.losses), words), ...this.#written()];
  }

  // Of many texts some, the first and the newest among them.
  #written() {
    const every = Math.ceil(this.texts.length / MOST_TEXTS);
    const some = this.texts.filter((_, i) => i % every === 0 || i === this.texts.length - 1);
    return some.length
      ? [el("table", {}, ...some.map(([step, text]) => el("tr", {}, el("td", {}, `step ${step}`), el("td", {}, text))))]
      : [];
  }
}

// Of what is finite; others come as null.
function mean(numbers) {
  const finite = numbers.filter(Number.isFinite);
  return finite.reduce((sum, x) => sum + x, 0) / finite.length;
}

// The losses as SVG: each as a faint line, and their running mean.
export function curve(losses) {
  const means = losses.map((_, i) => mean(losses.slice(Math.max(0, i + 1 - AVERAGED), i + 1)));
  const finite = losses.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite, 0), Math.max(...finite, 1e-9)];
  const x = (i) => EDGE + ((WIDTH - 2 * EDGE) * i) / Math.max(1, losses.length - 1);
  const y = (loss) => HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * (loss - low)) / (high - low);
  const stride = Math.ceil(losses.length / MOST_POINTS);
  const line = (values) =>
    values
      .map((loss, i) => [i, loss])
      .filter(([i, loss]) => Number.isFinite(loss) && (i % stride === 0 || i === values.length - 1))
      .map(([i, loss], k) => `${k ? "L" : "M"}${x(i).toFixed(1)} ${y(loss).toFixed(1)}`)
      .join("");
  const word = (at, high, text, anchor) =>
    `<text x="${at}" y="${high}" font-size="13" font-family="system-ui,sans-serif" fill="#7d858d" text-anchor="${anchor}">${text}</text>`;
  const floor = HEIGHT - EDGE;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    `<path d="M${EDGE} ${EDGE}V${floor}H${WIDTH - EDGE}" fill="none" stroke="#7d858d"/>` +
    `<path d="${line(losses)}" fill="none" stroke="#2a8fc9" stroke-opacity=".3"/>` +
    `<path d="${line(means)}" fill="none" stroke="#2a8fc9" stroke-width="2.5"/>` +
    word(EDGE - 4, EDGE + 4, high.toPrecision(2), "end") +
    word(EDGE - 4, floor + 4, low.toPrecision(1), "end") +
    word(WIDTH - EDGE, HEIGHT - 12, `${losses.length} steps`, "end") +
    word(EDGE, EDGE - 12, "loss", "start") +
    "</svg>"
  );
}
