// What is said when a command did not come to its end.
import { el } from "./dom.js";
import { Refused } from "./packages.js";
import { Broken, Ended, Stopped, Unfetched } from "./python.js";
import { place, trouble } from "./results.js";

const SAFE = "Your files are safe. Python starts again with your next command.";
const CALLED = {
  import: "importing your files",
  cell: "your cell",
  examples: "comparing examples",
  "own tests": "trying your tests",
};

// What a command changed could not be saved, for a reason: `cause`.
export class Unsaved extends Error {
  constructor(cause) {
    super("not saved", { cause });
  }
}

export function notSaved(error) {
  const full = error?.name === "QuotaExceededError";
  const reason = full ? "this browser's storage is full" : String(error?.message ?? error);
  return `Not saved: ${reason}. Your text is still here, on this page: export it now.`;
}

export function ending(error, actions) {
  if (error instanceof Refused) {
    return trouble("Not done", el("p", {}, place(error.message, actions)));
  }
  if (error instanceof Stopped) return trouble("Stopped", SAFE);
  if (error instanceof Ended) {
    const what = CALLED[error.what] ?? error.what;
    const line = `After ${error.seconds} s, ${what} had not ended, so Python was stopped. ${SAFE}`;
    return trouble("No end", line, "Is there a loop that never ends?");
  }
  if (error instanceof Unfetched) {
    const why = `Part of it did not come from this site (${error.message}).`;
    return trouble("Python could not be fetched", why, "Is there a connection? Try again. Your files are safe.");
  }
  if (error instanceof Broken) {
    return trouble("Python stopped", `It said: ${error.message}`, SAFE);
  }
  if (error.name === "Conflict") {
    return trouble("Not done", "You, or another tab, changed a file meanwhile. Try again.");
  }
  if (error instanceof Unsaved) return trouble("Not done", notSaved(error.cause));
  return trouble("Not done", `This went wrong: ${error.message}`);
}
