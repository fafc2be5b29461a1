// node build.mjs FOLDER: the workbench's scripts, styles and Python's core, into a folder. Prints
// what is what as JSON: {page, worker, style, core: {folder, files}}.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = process.argv[2];
const CORE = [
  ...["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"],
  "pyodide-lock.json",
];
const ENTRIES = { page: "src/page.js", worker: "src/worker.js", style: "src/workbench.css" };

const done = await build({
  absWorkingDir: HERE,
  entryPoints: ENTRIES,
  outdir: OUT,
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  minify: true,
  target: ["es2022"],
  legalComments: "none",
  metafile: true,
  logLevel: "error",
});

// A file of the core is the npm package's, byte for byte; npm has checked the package's hash.
function copyCore() {
  const packaged = join(HERE, "node_modules/pyodide");
  const { version } = JSON.parse(readFileSync(join(packaged, "package.json")));
  const folder = `pyodide-${version}`;
  mkdirSync(join(OUT, folder), { recursive: true });
  for (const name of CORE) cpSync(join(packaged, name), join(OUT, folder, name));
  return { folder, files: CORE };
}

// The licenses of the packages that the scripts hold, in one file.
function licenses() {
  const packages = new Set(
    Object.keys(done.metafile.inputs)
      .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
      .filter(Boolean),
  );
  const texts = [...packages].sort().map((name) => {
    const folder = join(HERE, "node_modules", name);
    const text = readFileSync(join(folder, licenseIn(folder)), "utf8");
    return `${name}\n\n${text.trim()}\n`;
  });
  const core = "pyodide\n\nMozilla Public License 2.0; source: the npm package `pyodide`.\n";
  const wheels = "*.whl\n\nEach holds its own license; source: the packages of that name on PyPI.\n";
  writeFileSync(join(OUT, "LICENSES.txt"), [...texts, core, wheels].join(`\n${"─".repeat(72)}\n\n`));
}

function licenseIn(folder) {
  return readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
}

const outputs = Object.entries(done.metafile.outputs);
const named = (entry) =>
  basename(outputs.find(([, output]) => output.entryPoint === ENTRIES[entry])[0]);
licenses();
const core = copyCore();
const answer = { page: named("page"), worker: named("worker"), style: named("style"), core };
console.log(JSON.stringify(answer));
