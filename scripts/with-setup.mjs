/**
 * node scripts/with-setup.mjs SCRIPT.ts [args…]
 *
 * Prepares this checkout and runs one of its scripts. Needs Node 20 and npm, and nothing installed.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { withFolders } from "./setup/commands.mjs";
import { launch } from "./setup/launch.mjs";
import { withLock } from "./setup/lock.mjs";
import { ensureNode } from "./setup/node.mjs";
import { cacheRoot, CHECKOUT } from "./setup/paths.mjs";
import { preparations } from "./setup/prepare.mjs";
import { SetupError } from "./setup/report.mjs";

/** @param {readonly string[]} argv */
async function main([script, ...args]) {
  if (script === undefined) throw new SetupError("Name the script to run: with-setup.mjs SCRIPT.ts [args…]");
  const path = resolve(CHECKOUT, script);
  if (!existsSync(path)) throw new SetupError(`There is no ${script} in ${CHECKOUT}.`);
  const { versions, execPath, platform, arch } = process;
  const node = await ensureNode(cacheRoot(), { version: versions.node, path: execPath, platform, arch });
  const env = withFolders([join(CHECKOUT, "node_modules", ".bin"), dirname(node)]);
  await prepare({ node, env });
  return launch(node, [path, ...args], env);
}

/** @param {{ node: string, env: NodeJS.ProcessEnv }} tools */
async function prepare(tools) {
  const all = preparations(CHECKOUT, tools);
  if (all.every(({ isDone }) => isDone())) return;
  const name = createHash("sha256").update(CHECKOUT).digest("hex").slice(0, 16);
  await withLock(join(cacheRoot(), "locks", `${name}.lock`), async () => {
    // One after the other, each asked again: installing packages undoes the two below it.
    for (const { isDone, make } of all) if (!isDone()) await make();
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
