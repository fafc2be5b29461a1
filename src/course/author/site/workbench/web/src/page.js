// A phase's page: the editor, the commands, and what they answer.
import { button, el } from "./dom.js";
import { Editor } from "./editor.js";
import { ending, notSaved, Refused } from "./endings.js";
import { Files } from "./files.js";
import { areKept, keepForOffline } from "./offline.js";
import { Ended, Python } from "./python.js";
import * as show from "./results.js";
import { Store } from "./store.js";

const MOST_ENDLESS = 3; // probes that may not end before a test is given up
const settings = JSON.parse(document.getElementById("settings").textContent);
const { phase } = settings;
const here = new URL("./", location.href);
const address = (name) => new URL(name, here).href;
const site = new URL(settings.root, here);
const NAME = `minigrad ${site.pathname}`;
const find = (selector) => document.querySelector(selector);
const output = find(".output");
const state = find(".state");
const ran = find(".cell-output");

const links = (section) => new URL(section.replace(/\.md(?=#|$)/, ".html"), site).href;

// ── The files ────────────────────────────────────────────────────────────────

const SAVED = "Saved in this browser. It stays here until you delete it; Export makes a copy.";
const events = {
  replaced(path) {
    if (path === open) editor.replace(files.text(path));
  },
  state(word, error) {
    state.classList.toggle("bad", word === "failed");
    if (word === "saving") state.textContent = "Saving…";
    else if (word === "saved") state.textContent = SAVED;
    else state.textContent = notSaved(error);
  },
  conflict(path) {
    const settle = (keepMine) => () => files.settle(path, keepMine).then(() => say());
    state.classList.add("bad");
    state.textContent = `Not saved: another tab has changed ${path}.`;
    say(
      ...show.trouble(
        "Changed in two tabs",
        `${path} was changed here and in another tab. Choose one; the other is kept as an archive.`,
        button("Keep what is here", settle(true)),
        button("Take the other tab's", settle(false)),
      ),
    );
  },
};

const given = Object.fromEntries(settings.files.map(({ path, text }) => [path, text]));
const store = new Store(NAME);
const files = new Files(store, new BroadcastChannel(NAME), phase, given, events);
const editor = new Editor(find(".editor"), phase.title, () => run(test));
let open = settings.files[0].path;

function openFile(path) {
  open = path;
  editor.open(files.text(path), path, (text) => {
    if (text !== files.text(path)) files.edit(path, text);
  });
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.path === path));
  }
}

function showTabs() {
  const tabs = settings.files.map(({ path }) =>
    button(path.split("/").pop(), () => openFile(path), { "data-path": path, title: path }),
  );
  find(".tabs").replaceChildren(...tabs);
}

function goTo(path, line) {
  if (!(path in given)) return;
  openFile(path);
  editor.goTo(line);
}

addEventListener("beforeunload", (event) => {
  if (files.isDirty) event.preventDefault();
});

// ── Python ───────────────────────────────────────────────────────────────────

const python = new Python(
  () => new Worker(address(settings.worker), { type: "module" }),
  {
    core: address(settings.core),
    bundle: address(settings.bundle),
    wheels: settings.wheels.map(address),
    memory: settings.memory,
  },
);
let busy = false;

async function startPython() {
  say(el("p", {}, "Starting Python… The first time, this fetches about 13 MB from this site."));
  await keepForOffline(address(settings.serviceWorker));
  navigator.storage?.persist?.();
  await python.start(files.everything());
  const needed = [settings.bundle, settings.worker, ...settings.coreFiles, ...settings.wheels];
  find(".offline").textContent = (await areKept([location.pathname, ...needed].map(address)))
    ? "Python is kept in this browser: these pages now work without a network."
    : "This browser does not keep Python for use without a network.";
}

// Ask Python, alone among the tabs of this site, and take what has changed.
async function ask(request) {
  return alone(async () => {
    await files.refresh();
    await files.save();
    if (!python.running) await startPython();
    const seen = files.versions();
    const answer = await python.ask({ phase: phase.id, ...request }, files.takeUnsent());
    try {
      await files.take(answer.files, seen);
    } catch (error) {
      python.stop(); // its files are no longer those of this page
      throw error;
    }
    if (answer.error) throw new Refused(answer.error);
    return answer;
  });
}

const alone = (work) => (navigator.locks ? navigator.locks.request(NAME, work) : work());

// Run a command from a button: one at a time, and with every ending said.
async function run(command, ...rest) {
  if (busy) return;
  busy = true;
  document.body.classList.add("busy");
  try {
    await command(...rest);
  } catch (error) {
    say(...ending(error, actions));
  } finally {
    busy = false;
    document.body.classList.remove("busy");
  }
}

function say(...parts) {
  output.replaceChildren(...parts.filter((part) => part !== null));
}

// ── The commands ─────────────────────────────────────────────────────────────

const actions = {
  goTo,
  hint: (task) => run(hint, task),
  restore: (archive) => run(restore, archive),
  diff: (archive) => run(difference, archive),
};

async function test() {
  say(el("p", {}, "Testing…"));
  const endless = {};
  for (;;) {
    try {
      const answer = await ask({ command: "test", endless });
      return await showResults(answer);
    } catch (error) {
      const isProbe = error instanceof Ended && /^\d\d/.test(error.what);
      if (!isProbe || Object.keys(endless).length === MOST_ENDLESS) throw error;
      endless[error.what] = error.seconds;
      say(el("p", {}, `${error.what} did not end within ${error.seconds} s; testing the others…`));
    }
  }
}

// Where all probes pass, random examples are compared too, as in the terminal.
async function showResults(answer) {
  const done = answer.passed === answer.results.length;
  const shown = show.results(answer, links, actions);
  if (!done) return say(...shown);
  if (settings.searched) {
    say(...shown, el("p", {}, "Comparing random examples with an independent oracle…"));
    const found = await ask({ command: "examples" });
    say(...shown, ...show.examples(found, actions));
    if (found.wrong) return undefined;
  }
  return output.append(show.whatIsNext(settings.next));
}

async function hint(task) {
  say(...show.hints(await ask({ command: "hint", task }), links, actions));
}

async function archive() {
  const { archive: name } = await ask({ command: "archive" });
  say(...show.done("Archived", { files: [name], remarks: [] }, actions));
}

async function archives() {
  say(...show.archives(await ask({ command: "archives" }), actions));
}

async function reset() {
  say(...show.done("Reset", await ask({ command: "reset" }), actions));
}

async function restore(name) {
  const answer = await ask({ command: "restore", archive: name });
  say(...show.done(`Restored ${answer.source}`, answer, actions));
}

async function difference(name) {
  say(...show.difference(await ask({ command: "diff", archive: name }), name));
}

async function exportWork() {
  const answer = await ask({ command: "pack" });
  const blob = URL.createObjectURL(new Blob([answer.work], { type: "application/zip" }));
  el("a", { href: blob, download: answer.name }).click();
  setTimeout(() => URL.revokeObjectURL(blob), 60_000);
  const command = `./scripts/minigrad restore ${phase.id} ${answer.name}`;
  say(
    el("h2", {}, `Exported ${answer.name}`),
    ...answer.remarks.map((remark) => el("p", { class: "reason" }, remark)),
    el("p", {}, "This is what you hand in. To go on in your own copy of the course:"),
    el("pre", {}, command),
  );
}

async function importWork(file) {
  const work = new Uint8Array(await file.arrayBuffer());
  say(...show.done(`Imported ${file.name}`, await ask({ command: "take in", work }), actions));
}

async function cell() {
  ran.replaceChildren(el("p", { class: "quiet" }, "Running…"));
  try {
    ran.replaceChildren(...show.cell(await ask({ command: "cell", text: cellEditor.text })).filter(Boolean));
  } catch (error) {
    ran.replaceChildren(...ending(error, actions));
  }
}

// ── The page ─────────────────────────────────────────────────────────────────

function showCommands() {
  const picker = el("input", { type: "file", accept: ".zip", hidden: true });
  picker.addEventListener("change", () => {
    const [file] = picker.files;
    if (file) run(importWork, file);
    picker.value = "";
  });
  find(".commands").replaceChildren(
    button("Run the tests", () => run(test), { class: "main", title: "Ctrl+Enter in the editor" }),
    button("Hint", () => run(hint)),
    button("Archive", () => run(archive)),
    button("Archives", () => run(archives)),
    button("Reset", () => run(reset)),
    button("Export", () => run(exportWork)),
    button("Import", () => picker.click()),
    button("Stop", () => python.stop(), { class: "stop" }),
    picker,
  );
  find(".cell-commands").replaceChildren(button("Run the cell", () => run(cell)));
}

const cellEditor = new Editor(find(".cell"), "A cell of your own", () => run(cell));

function welcome() {
  const start = () =>
    run(async () => {
      await alone(startPython);
      say(el("p", {}, "Python is ready. Write, then run the tests."));
    });
  say(
    el("h2", {}, "Write here, test here"),
    el("p", {}, "Everything happens in this browser: nothing you write is sent anywhere."),
    settings.lacks ? el("p", { class: "belief" }, lacking(settings.lacks)) : null,
    el("p", {}, button("Start Python", start, { class: "main" }), " (about 13 MB, once)"),
  );
}

const lacking = (library) =>
  `This phase needs ${library}, which this site does not have. Write here, export it, and test it ` +
  "in your own copy of the course.";

async function main() {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  showTabs();
  showCommands();
  cellEditor.open(settings.cell, "A cell of your own", () => {});
  await files.load();
  openFile(open);
  state.textContent = SAVED;
  welcome();
  document.body.dataset.ready = "yes";
}

main().catch((error) => say(...show.trouble("This browser can't keep your work", error.message)));
