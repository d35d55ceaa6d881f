/**
 * `node scripts/bundle.mjs FOLDER`: the library as one file for each of its two entries, beside what the compiler made in
 * FOLDER. Node takes longer to find and open hundreds of small files than to run what is in them.
 */
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const ENTRIES = { index: "components/index.ts", provider: "components/provider/index.ts" };

/** A module's own folder, as the compiled files beside the bundle have it: programs are started from there. */
const ownFolder = {
  name: "own-folder",
  /** @param {string} code @param {string} path */
  transform(code, path) {
    if (!code.includes("__dirname")) return null;
    const folder = JSON.stringify(relative(CHECKOUT, dirname(path)));
    return code.replace(/\b__dirname\b/g, `require("node:path").join(__dirname, ${folder})`);
  },
};

/** @param {string} name @param {string} to */
async function bundle(name, to) {
  const made = await rolldown({
    input: { [name]: join(CHECKOUT, ENTRIES[name]) },
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    platform: "node",
    tsconfig: false,
    plugins: [ownFolder],
  });
  await made.write({ dir: to, format: "cjs", exports: "named", codeSplitting: false, comments: false });
}

const [to] = process.argv.slice(2);
for (const name of Object.keys(ENTRIES)) await bundle(name, to);
