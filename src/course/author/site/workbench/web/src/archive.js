// An archive as `minigrad archive` makes it, of a text that another tab has replaced.
import { encode } from "./text.js";

// The files of an archive of one text, by path; `now` is a Date.
export async function archiveOf(phase, path, text, reason, now) {
  const data = encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  const digest = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const iso = now.toISOString().replace(/[-:Z]/g, "");
  const stamp = `${iso.replace("T", "-").replace(".", "-")}000`;
  const folder = `.minigrad/archive/${stamp}-${phase.slug}`;
  const manifest = { phase: phase.id, reason, files: { [path]: digest } };
  return new Map([
    [`${folder}/${path}`, data],
    [`${folder}/manifest.json`, encode(JSON.stringify(manifest, null, 1))],
  ]);
}
