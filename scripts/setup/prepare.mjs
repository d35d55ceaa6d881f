import { existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { runOrFail } from "./commands.mjs";
import { say, SetupError } from "./report.mjs";
import { hashOf, isCurrent, writeStamp } from "./stamps.mjs";

const BUNDLE = "scripts/bundle.mjs";
const LIBRARY = [
  "components",
  "cli",
  BUNDLE,
  "tsconfig.base.json",
  "tsconfig.build.json",
  "package-lock.json",
];

/**
 * What this checkout needs before its scripts can run, each with a test whether it is there. `make` is told which
 * scripts run in the checkout now.
 *
 * @typedef {{ isDone: () => boolean, make: (running: readonly string[]) => Promise<void> }} Preparation
 * @param {string} checkout
 * @param {{ node: string, env: NodeJS.ProcessEnv }} tools
 * @returns {readonly Preparation[]}
 */
export function preparations(checkout, tools) {
  return [packages(checkout, tools), ownName(checkout), library(checkout, tools)];
}

/**
 * @param {string} checkout
 * @param {{ env: NodeJS.ProcessEnv }} tools
 * @returns {Preparation}
 */
function packages(checkout, { env }) {
  const stamp = join(checkout, "node_modules", ".delivery-stamp");
  const wanted = () => hashOf(checkout, ["package-lock.json"]);
  return {
    isDone: () => isCurrent(stamp, wanted()),
    make: async (running) => {
      if (running.length > 0) throw new SetupError(inUse(running));
      say("installing the npm packages of package-lock.json");
      const what = "Installing the npm packages";
      const fix = "Check the network and that package-lock.json fits package.json, and run again.";
      await runOrFail("npm", ["ci", "--ignore-scripts"], { cwd: checkout, env, what, fix });
      writeStamp(stamp, wanted());
    },
  };
}

/** npm removes all of them first. @param {readonly string[]} running */
function inUse(running) {
  return (
    `package-lock.json has changed, so the npm packages have to be installed again, and ${running.join(", ")} is ` +
    `using those that are there. Wait until it has ended, or stop it, and run again.`
  );
}

/** The package under its own name, so that programs here require it as a user's do. @param {string} checkout */
function ownName(checkout) {
  const { name } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const link = join(checkout, "node_modules", name);
  return {
    isDone: () => targetOf(link) === "..",
    make: async () => {
      rmSync(link, { recursive: true, force: true });
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync("..", link);
    },
  };
}

/** @param {string} link */
function targetOf(link) {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** @param {string} checkout @param {{ node: string, env: NodeJS.ProcessEnv }} tools */
function library(checkout, { node, env }) {
  const dist = join(checkout, "dist");
  // Not in dist, all of which is published.
  const stamp = join(checkout, "node_modules", ".delivery-library-stamp");
  const wanted = () => hashOf(checkout, LIBRARY);
  return {
    isDone: () => existsSync(dist) && isCurrent(stamp, wanted()),
    make: async () => {
      say("compiling the library");
      const hash = wanted();
      rmSync(stamp, { force: true });
      // Beside the one in use, which a running program may be reading; and a compiler that outlived a kill
      // may still be writing to its own.
      const made = join(checkout, "node_modules", `.delivery-dist-${process.pid}`);
      const tsc = join(checkout, "node_modules", "typescript", "bin", "tsc");
      const args = [tsc, "-p", "tsconfig.build.json", "--outDir", made];
      await runOrFail(node, args, {
        cwd: checkout,
        env,
        what: "Compiling components/ and cli/",
        fix: "Correct these and run again:",
      });
      await bundle(checkout, { node, env, made });
      const old = `${made}-old`;
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(made, dist);
      rmSync(old, { recursive: true, force: true });
      writeStamp(stamp, hash);
    },
  };
}

/** @param {string} checkout @param {{ node: string, env: NodeJS.ProcessEnv, made: string }} tools */
async function bundle(checkout, { node, env, made }) {
  const script = join(checkout, BUNDLE);
  if (!existsSync(script)) return;
  const fix = "Correct these and run again:";
  await runOrFail(node, [script, made], { cwd: checkout, env, what: "Bundling the library", fix });
}
