// What the buttons do: each command asks Python, and shows what it answers.
import { el } from "./dom.js";
import { ending } from "./endings.js";
import { Ended } from "./python.js";
import * as show from "./results.js";
import { Training } from "./training.js";

const MOST_ENDLESS = 3; // probes that may not end before a test is given up

// `page` has ask(request), say(...parts), append(part), links(section), goTo(path, line), run(command, ...),
// cell (its text and where its outcome is shown), and the page's settings and phase.
export function commandsOf(page) {
  const { ask, say, links, run, settings, phase } = page;

  const actions = {
    goTo: page.goTo,
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
    say(...shown);
    if (!done) return undefined;
    if (settings.searched) {
      say(...shown, el("p", {}, "Comparing random examples with an independent oracle…"));
      const found = await ask({ command: "examples" });
      say(...shown, ...show.examples(found, actions));
      if (found.wrong) return undefined;
    }
    return page.append(show.whatIsNext(settings.next));
  }

  async function own() {
    say(el("p", {}, "Trying your tests, on your code and on slips of it…"));
    say(...show.ownTests(await ask({ command: "own" }), actions));
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
    const answer = await ask({ command: "take in", work, name: file.name });
    say(...show.done(`Imported ${file.name}`, answer, actions));
  }

  async function cell() {
    const { ran } = page;
    training = null;
    ran.replaceChildren(el("p", { class: "quiet" }, "Running…"));
    try {
      const outcome = await ask({ command: "cell", text: page.cellText() });
      ran.replaceChildren(...[training?.element, ...show.cell(outcome)].filter(Boolean));
    } catch (error) {
      ran.replaceChildren(...[training?.element, ...ending(error, actions)].filter(Boolean));
    }
  }

  // A look at the training that the cell watches.
  let training = null;
  function look(seen) {
    if (!training) {
      training = new Training();
      page.ran.replaceChildren(training.element);
    }
    training.look(seen);
  }

  return { actions, look, test, own, hint, archive, archives, reset, exportWork, importWork, cell };
}
