// What commands answered, as elements of the page.
import { button, commandButton, el, picture } from "./dom.js";
import "./player.js"; // written beside these scripts from minigrad.player

const SIGNS = { passed: "✓", skipped: "–", unfinished: "·" };
const PLACE = /^(src\/minigrad\/[\w.]+|tests\/student\/[\w.]+):(\d+)/;

// `links` gives the address of a section of the theory; `actions` has goTo(path, line), hint(task)
// and what else buttons do.
export function results(answer, links, actions) {
  const { passed, results: probes } = answer;
  const done = passed === probes.length;
  const heading = `${answer.title}: ${passed} of ${probes.length} probes pass`;
  return [
    el("h2", { class: done ? "good" : "" }, heading),
    el("ul", { class: "probes" }, ...probes.map((probe) => row(probe, links, actions))),
    answer.printed ? printed("printed while the probes ran", answer.printed) : null,
  ];
}

// Once all passes: the pages to go to, {href, title}.
export function whatIsNext(next) {
  const steps = next.map(({ href, title }) => el("li", {}, el("a", { href }, title)));
  const words = el("p", { class: "good" }, "All of it passes. Well done. Next:");
  return el("div", {}, words, el("ul", {}, ...steps));
}

// What the search with random examples has found: nothing, or the smallest that is wrong.
export function examples({ tried, what, wrong }, actions) {
  if (!wrong) {
    return [el("p", {}, `✓ ${tried} random ${what} agree with an independent oracle`)];
  }
  const rows = wrong.rows.map(([name, observed, expected, fine]) =>
    el("tr", {}, ...[name, observed, expected, fine ? "" : "✗"].map((cell) => el("td", {}, cell))),
  );
  const heading = [wrong.what, "observed", "expected", ""].map((cell) => el("th", {}, cell));
  return [
    el("h2", { class: "bad" }, "The probes pass, but on this example your code is wrong:"),
    el("pre", {}, wrong.lines.join("\n")),
    wrong.raised ? el("p", { class: "bad" }, `error: ${wrong.raised}`) : null,
    wrong.where ? el("p", {}, "at ", place(wrong.where, actions)) : null,
    rows.length ? el("table", {}, el("tr", {}, ...heading), ...rows) : null,
    wrong.picture ? picture(wrong.picture, "the smallest graph that is wrong") : null,
  ];
}

// What the learner's own tests made of their code and of slips of it.
export function ownTests(answer, actions) {
  const { tests, failing, reasons, broken, caught, missed } = answer;
  if (broken) return trouble("Your tests can't be run", el("p", {}, place(broken, actions)));
  const rows = missed.map((slip) =>
    el(
      "li",
      { class: "probe skipped" },
      el("span", { class: "sign", role: "img", "aria-label": "gets away" }, "–"),
      el(
        "div",
        {},
        el("p", {}, place(slip.place, actions), `, ${slip.function}: it gets away`),
        el("pre", { class: "diff" }, el("span", { class: "removed" }, `- ${slip.before}\n`), el("span", { class: "added" }, `+ ${slip.after}`)),
      ),
    ),
  );
  const fine = failing.length === 0 && missed.length === 0;
  return [
    el("h2", { class: fine ? "good" : "" }, `${tests.length - failing.length} of ${tests.length} tests of yours pass on your own code`),
    ...(failing.length ? whyFailing(failing, reasons, actions) : []),
    el("p", {}, `They catch ${caught} of ${caught + missed.length} slips made in your code on purpose.`),
    el("ul", { class: "probes" }, ...rows),
    el("p", { class: "quiet" }, "In grading they meet other wrong engines, and several that are right."),
  ];
}

function whyFailing(failing, reasons, actions) {
  const said = reasons.filter(Boolean);
  return [
    el("p", { class: "bad" }, `failing: ${failing.join(", ")}. Either the test or the code is wrong: work one case out by hand.`),
    el("ul", {}, ...said.map((reason) => el("li", {}, place(reason, actions)))),
  ];
}

function row(probe, links, actions) {
  const sign = SIGNS[probe.status] ?? "✗";
  return el(
    "li",
    { class: `probe ${probe.status}` },
    el("span", { class: "sign", role: "img", "aria-label": probe.status }, sign),
    el(
      "div",
      {},
      el("p", {}, `${probe.task}: ${probe.summary}`),
      ...(probe.status === "passed" ? [] : reasons(probe, links, actions)),
    ),
  );
}

function reasons(probe, links, actions) {
  if (probe.status in SIGNS) return [el("p", { class: "reason" }, probe.reason)];
  const lines = [el("p", { class: "reason" }, `${probe.status}: ${probe.reason}`)];
  if (probe.where) lines.push(el("p", {}, "at ", place(probe.where, actions)));
  if (probe.doing) lines.push(el("p", { class: "quiet" }, `while the probe ran: ${probe.doing}`));
  if (probe.about) {
    lines.push(...probe.about.words.map((words) => el("p", { class: "belief" }, words)));
    lines.push(
      el(
        "p",
        { class: "quiet" },
        `${probe.about.title || "read"}: `,
        reading(probe.about.read, links),
        " ",
        commandButton("hint", () => actions.hint(probe.task), { class: "small" }),
      ),
    );
  }
  return lines;
}

// A message that begins with a line of a learner's file leads there.
export function place(where, actions) {
  const found = PLACE.exec(where);
  if (!found) return where;
  return button(where, () => actions.goTo(found[1], Number(found[2])), { class: "link" });
}

function reading(section, links) {
  return el("a", { href: links(section), target: "_blank", rel: "noopener" }, section);
}

export function hints(answer, links, actions) {
  return [
    el("h2", {}, `Hints for ${answer.task}`),
    el("p", { class: "quiet" }, answer.title),
    ...answer.shown.map(({ words, read }) =>
      el("p", { class: "belief" }, words, ...(read ? [" See ", reading(read, links), "."] : [])),
    ),
    ...answer.hints.flatMap((hint) => [
      el("h3", {}, `${hint.number} ${hint.layer}`),
      el("p", { class: "hint" }, hint.text.trim()),
    ]),
    answer.last
      ? el("p", { class: "quiet" }, "That was the last one.")
      : commandButton("Next hint", () => actions.hint(answer.task)),
  ];
}

export function archives(answer, actions) {
  if (answer.archives.length === 0) {
    return [el("h2", {}, "Archives"), el("p", {}, "There are none yet. Archive makes one.")];
  }
  return [
    el("h2", {}, "Archives"),
    el(
      "ul",
      { class: "archives" },
      ...answer.archives.map((entry) =>
        el(
          "li",
          {},
          el("p", {}, `${entry.made}, ${entry.reason}${entry.same ? ", the same as now" : ""}`),
          el("p", { class: "quiet" }, entry.name),
          commandButton("Restore", () => actions.restore(entry.name)),
          " ",
          commandButton("What changed since", () => actions.diff(entry.name)),
        ),
      ),
    ),
  ];
}

export function difference(answer, name) {
  const kind = (line) => ({ "+": "added", "-": "removed", "@": "at" })[line[0]] ?? "";
  const lines = answer.lines.map((line) => el("span", { class: kind(line) }, `${line}\n`));
  return [
    el("h2", {}, `Since ${name}`),
    lines.length ? el("pre", { class: "diff" }, ...lines) : el("p", {}, "no difference"),
  ];
}

// What a command changed, and how to undo it.
export function done(words, answer, actions) {
  const undo = answer.archive
    ? el("p", {}, commandButton("Undo", () => actions.restore(answer.archive)), ` brings back what was there.`)
    : null;
  const files = answer.files.length ? answer.files : ["nothing had to change"];
  return [
    el("h2", {}, words),
    ...answer.remarks.map((remark) => el("p", { class: "reason" }, remark)),
    el("ul", {}, ...files.map((file) => el("li", {}, file))),
    undo,
  ];
}

// That files are not there, and what brings them back.
export function gone(paths) {
  const [are, them] = paths.length > 1 ? ["are", "them"] : ["is", "it"];
  return `${paths.join(", ")} ${are} missing. Bring ${them} back from Archives, or as given out, with Reset.`;
}

export function cell(outcome) {
  return [
    outcome.printed ? el("pre", { class: "printed" }, outcome.printed) : null,
    ...outcome.pictures.map((steps, i) => stepped(steps, `picture ${i + 1} of your cell`)),
    ...outcome.players.map(played),
    outcome.value ? el("pre", { class: "value" }, outcome.value) : null,
    outcome.raised ? el("pre", { class: "error" }, outcome.raised) : null,
    outcome.removed.length ? el("p", { class: "bad" }, gone(outcome.removed)) : null,
  ];
}

// One picture, or several to step through.
function stepped(steps, alt) {
  if (steps.length === 1) return picture(steps[0], alt);
  const named = steps.map((svg, i) => ({ svg, caption: "", name: `step ${i + 1} of ${steps.length}` }));
  return played({ title: "", turn: "steps", ways: [{ name: "", steps: named }] });
}

// The step player of notebooks and of the site.
function played(player) {
  const place = el("div", { class: "stepped" });
  window.minigradPlay(place, player);
  return place;
}

function printed(title, text) {
  return el("details", {}, el("summary", {}, title), el("pre", { class: "printed" }, text));
}

export const trouble = (heading, ...lines) => [
  el("h2", { class: "bad" }, heading),
  ...lines.map((line) => (typeof line === "string" ? el("p", {}, line) : line)),
];
