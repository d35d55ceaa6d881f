/**
 * `node scripts/bundle.mjs FOLDER`: one file for each entry of the library and for each program that it starts, beside or
 * in place of what the compiler made in FOLDER. Node takes longer to find and open hundreds of small files than to run what
 * is in them, and a program gets only what it uses: without Pulumi's SDK, where it needs none.
 */
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
/** File in FOLDER, without its extension → module. */
const ENTRIES = {
  index: "components/index.ts",
  provider: "components/provider/index.ts",
  "components/history/main": "components/history/main.ts",
  "components/pending/main": "components/pending/main.ts",
  "components/push/survey/main": "components/push/survey/main.ts",
  "components/release/older/main": "components/release/older/main.ts",
  "cli/shell/run": "cli/shell/run.ts",
  "cli/completion/run": "cli/completion/run.ts",
};

/** A module's own folder, as the compiled files have it: programs are started from there. @param {string} entry */
const ownFolder = (entry) => ({
  name: "own-folder",
  /** @param {string} code @param {string} path */
  transform(code, path) {
    if (!code.includes("__dirname")) return null;
    const folder = relative(join(CHECKOUT, dirname(entry)), dirname(path));
    return code.replace(/\b__dirname\b/g, `require("node:path").join(__dirname, ${JSON.stringify(folder)})`);
  },
});

/** What is loaded when it is needed stays a file of its own, at its place from the entry's folder. @param {string} entry */
const lateImports = (entry) => ({
  name: "late-imports",
  /** @param {string} id @param {string | undefined} importer @param {{ kind: string }} options */
  resolveId(id, importer, { kind }) {
    if (kind !== "dynamic-import" || importer === undefined || !id.startsWith(".")) return null;
    const path = relative(join(CHECKOUT, dirname(entry)), join(dirname(importer), id));
    return { id: path.startsWith(".") ? path : `./${path}`, external: true };
  },
});

/** @param {string} entry @param {string} to */
async function bundle(entry, to) {
  const made = await rolldown({
    input: { [entry]: join(CHECKOUT, ENTRIES[entry]) },
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    platform: "node",
    tsconfig: false,
    treeshake: { moduleSideEffects: "no-external", propertyReadSideEffects: false },
    plugins: [ownFolder(entry), lateImports(entry)],
  });
  await made.write({ dir: to, format: "cjs", codeSplitting: false, comments: false });
}

const [to] = process.argv.slice(2);
for (const entry of Object.keys(ENTRIES)) await bundle(entry, to);
