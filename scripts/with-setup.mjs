/**
 * node scripts/with-setup.mjs [SCRIPT.ts [args…]]
 *
 * Prepares this checkout and runs one of its scripts, if one is named. Needs Node 20 and npm, and nothing installed.
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
import { register, running } from "./setup/users.mjs";

/** @param {readonly string[]} argv */
async function main([script, ...args]) {
  const path = script === undefined ? undefined : resolve(CHECKOUT, script);
  if (path !== undefined && !existsSync(path)) throw new SetupError(`There is no ${script} in ${CHECKOUT}.`);
  const { versions, execPath, platform, arch } = process;
  const node = await ensureNode(cacheRoot(), { version: versions.node, path: execPath, platform, arch });
  const env = withFolders([join(CHECKOUT, "node_modules", ".bin"), dirname(node)]);
  const leave = await enter(script, { node, env });
  try {
    return path === undefined ? 0 : await launch(node, [path, ...args], env);
  } finally {
    leave();
  }
}

/**
 * Prepares the checkout, and holds it: as long as a script runs in it, nobody takes its packages away.
 *
 * @param {string | undefined} script
 * @param {{ node: string, env: NodeJS.ProcessEnv }} tools
 * @returns {Promise<() => void>} lets go of it
 */
async function enter(script, tools) {
  const name = createHash("sha256").update(CHECKOUT).digest("hex").slice(0, 16);
  const lock = join(cacheRoot(), "locks", `${name}.lock`);
  const users = join(cacheRoot(), "locks", `${name}.users`);
  return withLock(lock, async () => {
    // One after the other, each asked when it is its turn: installing packages undoes the two below it.
    for (const { isDone, make } of preparations(CHECKOUT, tools)) {
      if (!isDone()) await make(running(users));
    }
    return script === undefined ? () => {} : register(users, script);
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
