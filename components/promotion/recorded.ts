import { basename, dirname } from "node:path";
import { Mistake } from "../mistake";
import { checkRelease, readRelease } from "../release";
import type { Release } from "../release";
import { runBounded } from "../source/bounded";
import { cloneEnvironment } from "../source/clone";
import { readStackConfig, STACK_KEYS } from "./stack-file";
import { libraries } from "../libraries";

/** How many versions of a stack's file are looked at, the newest first. */
export const MAX_VERSIONS = 500;
/** How long that may take, in seconds. */
const LOOK_SECONDS = 60;
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The releases that a stack's file names and has named, the newest first: the file as it is, then its history in Git.
 * A block that was changed by hand, or has another form, is left out; the images of an older release may be others than
 * the pipeline's.
 *
 * @throws Mistake when the file is not YAML, or Git cannot be asked.
 */
export async function recordedReleases(app: string, file: string): Promise<Release[]> {
  const now = releaseIn(app, readStackConfig(file));
  const before = (await versionsOf(file)).map((text) => releaseIn(app, configOf(text)));
  const all = [now, ...before].filter((release) => release !== undefined);
  return all.filter(({ id }, index) => all.findIndex((release) => release.id === id) === index);
}

/** The release of a stack's configuration; undefined when it has none that is whole. */
export function releaseIn(app: string, config: Readonly<Record<string, unknown>>): Release | undefined {
  const block = config[STACK_KEYS.release];
  const { images } = (block ?? {}) as { readonly images?: unknown };
  if (typeof images !== "object" || images === null) return undefined;
  const problems = checkRelease(STACK_KEYS.release, block, { app, images: Object.keys(images) });
  return problems.length === 0 ? readRelease(block) : undefined;
}

function configOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const { config } = (libraries.yaml.parse(text) ?? {}) as {
      config?: Readonly<Record<string, unknown>> | null;
    };
    return config ?? {};
  } catch {
    return {};
  }
}

/** The texts of a file in the history of its repository, the newest first; none when it is in no repository. */
async function versionsOf(file: string): Promise<string[]> {
  const [folder, name] = [dirname(file), basename(file)];
  if ((await git(folder, ["rev-parse", "--git-dir"])).code !== 0) return [];
  const log = ["log", `--max-count=${MAX_VERSIONS}`, "--format=%H", "--", name];
  const commits = (await git(folder, log)).stdout.split("\n").filter((line) => line !== "");
  if (commits.length === 0) return [];
  const input = commits.map((commit) => `${commit}:./${name}\n`).join("");
  return textsOf((await git(folder, ["cat-file", "--batch"], input)).stdout);
}

/** What `git cat-file --batch` says: for each object a line with its size, its bytes and a newline. */
function textsOf(said: string): string[] {
  const bytes = Buffer.from(said);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const line = bytes.indexOf("\n", at);
    const [, kind, size] = bytes.subarray(at, line).toString().split(" ");
    at = line + 1;
    // A file that was removed by that commit is "missing", without bytes.
    if (kind !== "blob") continue;
    texts.push(bytes.subarray(at, at + Number(size)).toString());
    at += Number(size) + 1;
  }
  return texts;
}

async function git(
  cwd: string,
  args: readonly string[],
  input = "",
): Promise<{ readonly code: number; readonly stdout: string }> {
  const bounds = { cwd, env: cloneEnvironment(), input, seconds: LOOK_SECONDS, maxBytes: MAX_BYTES };
  const { code, stdout, exceeded } = await runBounded("git", ["-c", "core.fsmonitor=false", ...args], bounds);
  if (code !== undefined && exceeded === undefined) return { code, stdout };
  throw new Mistake(`Looking into the history of ${cwd}`, [
    `git ${args[0]} gave no answer${exceeded === undefined ? "" : ` within its ${exceeded}`}; is Git installed?`,
  ]);
}
