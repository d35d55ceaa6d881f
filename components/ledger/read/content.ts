import { shown } from "../../manifests";
import { LedgerError } from "../failure";
import { runGit } from "../git";
import type { Git } from "../git";

/** Path → text. */
export type FileTexts = ReadonlyMap<string, string>;

interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

/**
 * The files below some folders of a commit, in two processes whatever their number.
 *
 * @throws LedgerError when one of them is a link or another repository: what it says lies elsewhere.
 */
export async function readFiles(git: Git, commit: string, folders: readonly string[]): Promise<FileTexts> {
  const args = ["ls-tree", "-r", "-z", "--full-tree", commit, "--", ...folders];
  const listed = (await runGit(git, args))
    .toString()
    .split("\0")
    .filter((entry) => entry !== "");
  const entries = listed.map(parseEntry);
  const problems = entries
    .filter(({ mode }) => !mode.startsWith("100"))
    .map(({ path }) => `${shown(path)} of ${commit} is no file but a link; remove it from the branch`);
  if (problems.length > 0) throw new LedgerError("foreign", problems);
  const texts = await readBlobs(git, entries);
  return new Map(entries.map(({ path }, index) => [path, texts[index] ?? ""]));
}

function parseEntry(entry: string): Entry {
  const [, mode = "", id = "", path = ""] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]*)$/.exec(entry) ?? [];
  return { mode, id, path };
}

/** Source: git-cat-file(1), "BATCH OUTPUT". */
async function readBlobs(git: Git, entries: readonly Entry[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const input = `${entries.map(({ id }) => id).join("\n")}\n`;
  const bytes = await runGit(git, ["cat-file", "--batch"], { input });
  let at = 0;
  return entries.map(() => {
    const line = bytes.indexOf(0x0a, at);
    const size = Number(bytes.subarray(at, line).toString("latin1").split(" ")[2]);
    at = line + 1 + size + 1;
    return bytes.subarray(line + 1, line + 1 + size).toString("utf8");
  });
}
