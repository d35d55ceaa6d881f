import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environment";
import { Mistake } from "../../mistake";
import { runBounded } from "../../source/bounded";
import { removeUnused, touch } from "./cache";
import type { LockFile } from "./lock-file";
import type { InstallPlaces } from "./packages";

/** How long an installation may take, in seconds. */
const INSTALL_SECONDS = 600;
const INSTALL_OUTPUT_BYTES = 16 * 1024 * 1024;
/** How many lines of npm's an error repeats: the first ones say why. */
const SHOWN_LINES = 8;
/** No script of a package runs: to render, files are enough. Source: npm-ci(1). */
const NPM_CI = ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
/** What npm reads in a project's folder. */
const READ_BY_NPM = ["package.json", ".npmrc"];

/**
 * Links a checkout to packages that are kept by the hash of its lock file, and installs them first where they are not.
 * Returns false where that cannot be, since the lock file names folders or files of the checkout.
 *
 * @throws Mistake when npm fails.
 */
export async function installInCache(top: string, lock: LockFile, places: InstallPlaces): Promise<boolean> {
  const folder = join(top, lock.folder);
  if (isBoundToCheckout(lock)) return false;
  const installs = join(places.cache, "installs");
  const kept = join(installs, installKey(folder, lock));
  if (existsSync(kept)) touch(kept);
  else await installAt(installs, kept, { folder, lock, system: places.system });
  symlinkSync(join(kept, "node_modules"), join(folder, "node_modules"), "dir");
  return true;
}

/** @throws Mistake when npm fails. */
export async function installInPlace(
  top: string,
  { folder }: LockFile,
  { system }: InstallPlaces,
): Promise<void> {
  await runNpm(join(top, folder), system);
}

/** A package that is a folder or a file beside the lock file. Source: npm, "package-lock.json", `link`, `resolved`. */
function isBoundToCheckout({ bytes }: LockFile): boolean {
  return /"link":\s*true|"resolved":\s*"file:/.test(bytes.toString("utf8"));
}

function installKey(folder: string, { bytes }: LockFile): string {
  const manifest = readFileSync(join(folder, "package.json"));
  const { platform, arch, versions } = process;
  const [major = ""] = versions.node.split(".");
  const hash = createHash("sha256").update(JSON.stringify([platform, arch, major]));
  return hash.update(`${manifest.length}:`).update(manifest).update(bytes).digest("hex");
}

/** Installs beside the place and moves it there whole: two runs that do so at once both get a whole one. */
async function installAt(
  installs: string,
  place: string,
  {
    folder,
    lock,
    system,
  }: { readonly folder: string; readonly lock: LockFile; readonly system: Environment },
): Promise<void> {
  mkdirSync(installs, { recursive: true, mode: 0o700 });
  removeUnused(installs);
  const fresh = mkdtempSync(join(installs, ".new-"));
  try {
    const given = [lock.name, ...READ_BY_NPM].filter((name) => existsSync(join(folder, name)));
    for (const name of given) copyFileSync(join(folder, name), join(fresh, name));
    await runNpm(fresh, system);
    mkdirSync(join(fresh, "node_modules"), { recursive: true });
    for (const name of READ_BY_NPM) rmSync(join(fresh, name), { force: true });
    moveUnlessThere(fresh, place);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Another run may have been as quick; what it has put there is the same. */
function moveUnlessThere(from: string, place: string): void {
  try {
    renameSync(from, place);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOTEMPTY", "EEXIST"].includes(code)) throw error;
  }
}

async function runNpm(cwd: string, system: Environment): Promise<void> {
  const bounds = { seconds: INSTALL_SECONDS, maxBytes: INSTALL_OUTPUT_BYTES };
  const ended = await runBounded("npm", NPM_CI, { cwd, env: npmEnvironment(system), ...bounds });
  if (ended.code === 0) return;
  const said = ended.stderr.trim().split("\n").slice(0, SHOWN_LINES).join("\n");
  const why = ended.exceeded === "seconds" ? `it took more than ${INSTALL_SECONDS} s` : said;
  throw new Mistake("Installing its packages", [
    `npm ci failed: ${why || ended.startError || "it said nothing"}\nsee that the registry has them and knows you`,
  ]);
}

/** npm needs its user's settings and credentials, and nothing that Pulumi has put there. */
function npmEnvironment(system: Environment): Environment {
  return Object.fromEntries(Object.entries(system).filter(([name]) => !name.startsWith("PULUMI_")));
}
