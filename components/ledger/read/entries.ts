import { runGit } from "../git";
import type { Git } from "../git";
import { TRAILERS } from "../publish/message";
import { CLUSTERS_FOLDER } from "./clusters";

/** One commit of a ledger: a deployment, a merged proposal, or an edit by hand. */
export interface LedgerEntry {
  readonly commit: string;
  readonly tree: string;
  /** When it was committed, by the clock of who did. The order of a history is that of its commits. */
  readonly time: Date;
  readonly author: string;
  readonly subject: string;
  /** Clusters whose files it changed. */
  readonly clusters: readonly string[];
  /** Trailers; an edit by hand has none. */
  readonly release: string | undefined;
  readonly stack: string | undefined;
  readonly contentHash: string | undefined;
  readonly sourceCommit: string | undefined;
  /** `verified`: a mark, which changes no cluster, that what was told before it has succeeded everywhere. */
  readonly outcome: string | undefined;
  /** Why it went on over a guard that blocked it. */
  readonly override: string | undefined;
}

const FIELDS = Object.keys(TRAILERS) as (keyof typeof TRAILERS)[];
const trailer = (name: string): string => `%(trailers:key=${name},valueonly,separator=%x0a)`;
const FORMAT = [
  "%H",
  "%P",
  "%T",
  "%ct",
  "%an",
  "%s",
  ...FIELDS.map((field) => trailer(TRAILERS[field])),
].join("%x00");
/** No field can have the character that ends it. */
const FIELD_COUNT = FORMAT.split("%x00").length;

/**
 * What a branch said, the newest first: of a pull request that was merged, the merge alone, at its own time. It has
 * the trailers of what it merged, unless it has some itself.
 */
export async function readEntries(git: Git, tip: string): Promise<LedgerEntry[]> {
  const commits = await readCommits(git, tip);
  const touched = await readTouched(git, tip);
  const entries: LedgerEntry[] = [];
  for (let next = commits.get(tip); next !== undefined; next = commits.get(next.parents[0] ?? "")) {
    const merged = commits.get(next.parents[1] ?? "");
    const { trailers } = hasNone(next.trailers) && merged !== undefined ? merged : next;
    entries.push({ ...next.entry, ...trailers, clusters: touched.get(next.entry.commit) ?? [] });
  }
  return entries;
}

type Trailers = { readonly [name in keyof typeof TRAILERS]: string | undefined };

interface Commit {
  readonly entry: Pick<LedgerEntry, "commit" | "tree" | "time" | "author" | "subject">;
  readonly parents: readonly string[];
  readonly trailers: Trailers;
}

const hasNone = (trailers: Trailers): boolean => FIELDS.every((field) => trailers[field] === undefined);

/** Every commit that a branch has, by its id. */
async function readCommits(git: Git, tip: string): Promise<ReadonlyMap<string, Commit>> {
  const said = await runGit(git, ["log", `--format=tformat:${FORMAT}`, "-z", tip, "--"]);
  const fields = said.toString().split("\0");
  const commits = Array.from({ length: Math.floor(fields.length / FIELD_COUNT) }, (_, index) =>
    parseCommit(fields.slice(index * FIELD_COUNT, (index + 1) * FIELD_COUNT)),
  );
  return new Map(commits.map((commit) => [commit.entry.commit, commit]));
}

function parseCommit(record: readonly string[]): Commit {
  const [commit = "", parents = "", tree = "", seconds = "", author = "", subject = "", ...values] = record;
  const time = new Date(Number(seconds) * 1000);
  const trailers = FIELDS.map((field, index) => [field, lastLine(values[index])]);
  return {
    entry: { commit, tree, time, author, subject },
    parents: parents.split(" ").filter((parent) => parent !== ""),
    trailers: Object.fromEntries(trailers) as Trailers,
  };
}

/** Git reads the last of several trailers of one name as the one that holds. */
function lastLine(text: string | undefined): string | undefined {
  const line = text?.split("\n").at(-1)?.trim() ?? "";
  return line === "" ? undefined : line;
}

async function readTouched(git: Git, tip: string): Promise<Map<string, readonly string[]>> {
  const options = ["--first-parent", "--no-renames", "--diff-merges=first-parent", "--name-only", "-z"];
  const said = await runGit(git, ["log", ...options, "--format=tformat:%x00%H", tip, "--", CLUSTERS_FOLDER]);
  const touched = new Map<string, Set<string>>();
  let clusters = new Set<string>();
  for (const part of said.toString().split("\0")) {
    const word = part.replace(/^\n/, "");
    const [folder, cluster] = word.split("/");
    if (/^[0-9a-f]{40}$/.test(word)) touched.set(word, (clusters = new Set()));
    else if (folder === CLUSTERS_FOLDER && cluster !== undefined) clusters.add(cluster);
  }
  return new Map([...touched].map(([commit, names]) => [commit, [...names]]));
}
