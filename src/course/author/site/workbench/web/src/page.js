// A phase's page: the editor, the commands, and what they answer.
import { commandsOf } from "./commands.js";
import { button, commandButton, disableCommands, el } from "./dom.js";
import { Editor } from "./editor.js";
import { ending, notSaved, Unsaved } from "./endings.js";
import { Files } from "./files.js";
import { areKept, keepForOffline } from "./offline.js";
import { Packages, Refused } from "./packages.js";
import { Python } from "./python.js";
import * as show from "./results.js";
import { Store } from "./store.js";
import { OneAtATime, Turns } from "./turns.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const { phase } = settings;
const here = new URL("./", location.href);
const address = (name) => new URL(name, here).href;
const site = new URL(settings.root, here);
const NAME = `minigrad ${site.pathname}`;
const find = (selector) => document.querySelector(selector);
const output = find(".output");
const ran = find(".cell-output");
const state = find(".state");

const links = (section) => new URL(section.replace(/\.md(?=#|$)/, ".html"), site).href;

// ── The files ────────────────────────────────────────────────────────────────

const SAVED = "Saved in this browser. It stays here until you delete it; Export makes a copy.";
const CELL = `.minigrad/cells/${phase.slug}.py`; // where the text of the learner's cell is kept
const events = {
  replaced(path) {
    if (path === open) editor.replace(files.text(path));
    if (path === CELL) cellEditor.replace(files.text(path));
  },
  state(word, error) {
    const gone = settings.files.map((file) => file.path).filter((path) => files.isGone(path));
    state.classList.toggle("bad", word === "failed" || gone.length > 0);
    if (word === "saving") state.textContent = "Saving…";
    else if (word === "failed") state.textContent = notSaved(error);
    else state.textContent = gone.length ? show.gone(gone) : SAVED;
  },
  conflict(path) {
    const settle = (keepMine) => () => files.settle(path, keepMine).then(() => say());
    const called = path === CELL ? "your cell" : path;
    state.classList.add("bad");
    state.textContent = `Not saved: another tab has changed ${called}.`;
    say(
      ...show.trouble(
        "Changed in two tabs",
        `This was changed here and in another tab: ${called}. Choose one; the other is kept as an archive.`,
        button("Keep what is here", settle(true)),
        button("Take the other tab's", settle(false)),
      ),
    );
  },
};

const given = Object.fromEntries(settings.files.map(({ path, text }) => [path, text]));
given[CELL] = settings.cell;
const store = new Store(NAME);
const files = new Files(store, new BroadcastChannel(NAME), phase, given, events);
const editor = new Editor(find(".editor"), phase.title, () => run(commands.test));
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
  () => {},
  (look) => commands.look(look),
);

// `place` is where it is said.
async function startPython(place) {
  const words = "Starting Python… The first time, this fetches about 13 MB from this site.";
  const over = note(place, words);
  try {
    await keepForOffline(address(settings.serviceWorker));
    navigator.storage?.persist?.();
    await python.start(files.everything());
  } finally {
    over();
  }
  find(".start")?.replaceWith(el("p", {}, "Python is ready. Write, then run the tests."));
  keepTesting().then(sayWhatIsKept); // nobody has to wait for that
}

// The packages for tests of one's own come through the service worker, which keeps them.
const keepTesting = () => Promise.allSettled(settings.testing.map((name) => fetch(address(name))));

async function sayWhatIsKept() {
  const small = [settings.bundle, settings.worker, ...settings.wheels, ...settings.testing];
  const needed = [location.pathname, ...small, ...settings.coreFiles].map(address);
  if (settings.numpy) needed.push(settings.numpy.address);
  find(".offline").textContent = (await areKept(needed))
    ? "Python is kept in this browser: these pages now work without a network."
    : "This browser does not keep all that is needed to work without a network.";
}

const packages = new Packages(
  { testing: settings.testing.map(address), numpy: settings.numpy },
  (host) =>
    new Promise((settle) => {
      say(
        el("h2", {}, "This phase needs NumPy"),
        el("p", {}, `It is not part of this site. It can come from ${host}: a few MB, once; then it is kept in this browser. ${host} learns that somebody fetched NumPy, and nothing of your work.`),
        button(`Fetch NumPy from ${host}`, () => settle(true), { class: "main" }),
        " ",
        button("Don't", () => settle(false)),
      );
    }),
);

// Ask Python, alone among the tabs of this site, and take what has changed.
async function ask(request) {
  const needed = await packages.for(request.command);
  const place = request.command === "cell" ? ran : output;
  return alone(place, async () => {
    await files.refresh();
    await files.save();
    if (!python.running) await startPython(place);
    const seen = files.versions();
    const answer = await python.ask({ phase: phase.id, ...request }, files.takeUnsent(), needed);
    try {
      await files.take(answer.bytes, seen);
    } catch (error) {
      python.stop(); // its files are no longer those of this page
      throw error.name === "Conflict" ? error : new Unsaved(error);
    }
    if (answer.error) throw new Refused(answer.error);
    return answer;
  });
}

const turns = new Turns(NAME, navigator.locks);
const WAITS = "Another tab of this course is running something. This one waits until that is done; Stop gives up waiting.";
const alone = (place, work) => turns.take(work, () => note(place, WAITS));

// Commands from buttons: one at a time, and with every ending said.
const running = new OneAtATime(showBusy, (error) => say(...ending(error, actions)));
const run = (command, ...rest) => running.run(command, ...rest);

function showBusy() {
  document.body.classList.toggle("busy", running.busy);
  disableCommands(running.busy);
}

function say(...parts) {
  output.replaceChildren(...parts.filter((part) => part !== null));
  disableCommands(running.busy);
}

// Words at the top of a place, until what is returned is called.
function note(place, words) {
  const element = el("p", { class: "note" }, words);
  place.prepend(element);
  return () => element.remove();
}

function importWork(file) {
  if (running.busy) note(output, `The import of ${file.name} waits until this has ended.`);
  running.whenFree(commands.importWork, file);
}

// ── The page ─────────────────────────────────────────────────────────────────

const cellEditor = new Editor(find(".cell"), "A cell of your own", () => run(commands.cell));
const commands = commandsOf({
  ...{ ask, say, links, goTo, run, settings, phase },
  append: (part) => output.append(part),
  ran,
  cellText: () => cellEditor.text,
});
const { actions } = commands;

function showCommands() {
  const picker = el("input", { type: "file", accept: ".zip", hidden: true });
  picker.addEventListener("change", () => {
    const [file] = picker.files;
    if (file) importWork(file);
    picker.value = "";
  });
  const stop = () => button("Stop", () => turns.giveUp() || python.stop(), { class: "stop" });
  const own = settings.testing.length ? commandButton("Run my own tests", () => run(commands.own)) : null;
  const buttons = [
    commandButton("Run the tests", () => run(commands.test), { class: "main", title: "Ctrl+Enter in the editor" }),
    own,
    commandButton("Hint", () => run(commands.hint)),
    commandButton("Archive", () => run(commands.archive)),
    commandButton("Archives", () => run(commands.archives)),
    commandButton("Reset", () => run(commands.reset)),
    commandButton("Export", () => run(commands.exportWork)),
    commandButton("Import", () => running.busy || picker.click()),
    stop(),
    picker,
  ];
  find(".commands").replaceChildren(...buttons.filter(Boolean));
  // On a telephone the first Stop is far above a cell that is running.
  find(".cell-commands").replaceChildren(commandButton("Run the cell", () => run(commands.cell)), stop());
}

function welcome() {
  const start = () =>
    run(() => alone(output, async () => python.running || (await startPython(output))));
  say(
    el("h2", {}, "Write here, test here"),
    el("p", {}, "Everything happens in this browser: nothing you write is sent anywhere."),
    settings.numpy ? el("p", { class: "belief" }, aboutNumPy(settings.numpy)) : null,
    el("p", { class: "start" }, commandButton("Start Python", start, { class: "main" }), " (about 13 MB, once)"),
  );
}

const aboutNumPy = ({ address }) =>
  address
    ? `This phase needs NumPy, which this site does not have. You are asked before it is fetched from ${new URL(address).host}.`
    : "This phase needs NumPy, which this site does not have. Write here, export it, and test it in your own copy of the course.";

async function main() {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  showTabs();
  showCommands();
  await files.load();
  openFile(open);
  const text = files.text(CELL).trim() ? files.text(CELL) : settings.cell;
  cellEditor.open(text, "A cell of your own", (now) => {
    if (now !== files.text(CELL)) files.edit(CELL, now);
  });
  events.state("saved");
  welcome();
  document.body.dataset.ready = "yes";
}

main().catch((error) => say(...show.trouble("This browser can't keep your work", error.message)));
