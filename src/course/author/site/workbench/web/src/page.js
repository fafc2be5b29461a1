// A phase's page: the editor, the commands, and what they answer.
import { commandsOf } from "./commands.js";
import { button, el } from "./dom.js";
import { Editor } from "./editor.js";
import { ending, notSaved } from "./endings.js";
import { Files } from "./files.js";
import { areKept, keepForOffline } from "./offline.js";
import { Packages, Refused } from "./packages.js";
import { Python } from "./python.js";
import * as show from "./results.js";
import { Store } from "./store.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const { phase } = settings;
const here = new URL("./", location.href);
const address = (name) => new URL(name, here).href;
const site = new URL(settings.root, here);
const NAME = `minigrad ${site.pathname}`;
const find = (selector) => document.querySelector(selector);
const output = find(".output");
const state = find(".state");

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
let busy = false;

async function startPython() {
  say(el("p", {}, "Starting Python… The first time, this fetches about 13 MB from this site."));
  await keepForOffline(address(settings.serviceWorker));
  navigator.storage?.persist?.();
  await python.start(files.everything());
  say(el("p", {}, "Python is ready."));
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
  return alone(async () => {
    await files.refresh();
    await files.save();
    if (!python.running) await startPython();
    const seen = files.versions();
    const answer = await python.ask({ phase: phase.id, ...request }, files.takeUnsent(), needed);
    try {
      await files.take(answer.bytes, seen);
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

// ── The page ─────────────────────────────────────────────────────────────────

const cellEditor = new Editor(find(".cell"), "A cell of your own", () => run(commands.cell));
const commands = commandsOf({
  ...{ ask, say, links, goTo, run, settings, phase },
  append: (part) => output.append(part),
  ran: find(".cell-output"),
  cellText: () => cellEditor.text,
});
const { actions } = commands;

function showCommands() {
  const picker = el("input", { type: "file", accept: ".zip", hidden: true });
  picker.addEventListener("change", () => {
    const [file] = picker.files;
    if (file) run(commands.importWork, file);
    picker.value = "";
  });
  const stop = () => button("Stop", () => python.stop(), { class: "stop" });
  const own = settings.testing.length ? button("Run my own tests", () => run(commands.own)) : null;
  const buttons = [
    button("Run the tests", () => run(commands.test), { class: "main", title: "Ctrl+Enter in the editor" }),
    own,
    button("Hint", () => run(commands.hint)),
    button("Archive", () => run(commands.archive)),
    button("Archives", () => run(commands.archives)),
    button("Reset", () => run(commands.reset)),
    button("Export", () => run(commands.exportWork)),
    button("Import", () => picker.click()),
    stop(),
    picker,
  ];
  find(".commands").replaceChildren(...buttons.filter(Boolean));
  // On a telephone the first Stop is far above a cell that is running.
  find(".cell-commands").replaceChildren(button("Run the cell", () => run(commands.cell)), stop());
}

function welcome() {
  const start = () =>
    run(async () => {
      await alone(startPython);
      say(el("p", {}, "Python is ready. Write, then run the tests."));
    });
  say(
    el("h2", {}, "Write here, test here"),
    el("p", {}, "Everything happens in this browser: nothing you write is sent anywhere."),
    settings.numpy ? el("p", { class: "belief" }, aboutNumPy(settings.numpy)) : null,
    el("p", {}, button("Start Python", start, { class: "main" }), " (about 13 MB, once)"),
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
  cellEditor.open(settings.cell, "A cell of your own", () => {});
  await files.load();
  openFile(open);
  state.textContent = SAVED;
  welcome();
  document.body.dataset.ready = "yes";
}

main().catch((error) => say(...show.trouble("This browser can't keep your work", error.message)));
