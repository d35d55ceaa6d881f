import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "../../../../../sandbox/paths.ts";
import { run } from "../../../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../../../sandbox/toolchain/index.ts";

const POM = join(import.meta.dirname, "pom.xml");
const HARNESS = join(import.meta.dirname, "harness.groovy");
/** SHA-256 of each library, by its file's name: what another download has is not used. */
const PINNED = JSON.parse(readFileSync(join(import.meta.dirname, "libraries.json"), "utf8")) as Record<
  string,
  string
>;
/** Groovy 2.4, which Jenkins has, looks into these; Jenkins itself is started with them, too. */
const OPEN = ["java.lang", "java.util", "java.io", "java.lang.reflect"].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

/** One run of a Jenkinsfile, as the controller would be told of it. */
export interface JenkinsRun {
  /** Folder of the Jenkinsfile. */
  readonly folder: string;
  /** What its agents check out, and where to. */
  readonly repository: string;
  readonly commit: string;
  readonly workspaces: string;
  /** Of the agents. */
  readonly env: Readonly<Record<string, string>>;
  /** `BRANCH_NAME`, and `CHANGE_ID` with `CHANGE_TARGET` for a pull request. */
  readonly variables: Readonly<Record<string, string>>;
  /** Stages whose approval is refused. @default none */
  readonly refused?: readonly string[];
}

/** What happened, in order. */
export interface JenkinsEvent {
  readonly kind: string;
  readonly stage?: string;
  readonly [field: string]: unknown;
}

export interface JenkinsOutcome {
  readonly events: readonly JenkinsEvent[];
  /** Why the run failed; null when it has not. */
  readonly failure: string | null;
  /** Class of that. */
  readonly kind: string | null;
}

/** Makes the runner; the first time on a machine that takes a moment. */
export async function jenkinsRunner(): Promise<(asked: JenkinsRun) => Promise<JenkinsOutcome>> {
  const { java, mvn } = await ensureTools(["java", "mvn"]);
  const libraries = await ensureLibraries(mvn);
  return async (asked) => {
    mkdirSync(asked.workspaces, { recursive: true });
    const settings = join(asked.workspaces, "settings.json");
    const said = { file: "Jenkinsfile", refused: [], ...asked };
    writeFileSync(settings, JSON.stringify(said), { mode: 0o600 });
    const classes = ["-cp", join(libraries, "*"), "groovy.ui.GroovyMain"];
    return JSON.parse(await run(java, [...OPEN, ...classes, HARNESS, settings])) as JenkinsOutcome;
  };
}

/** The folder of the libraries in the cache. */
async function ensureLibraries(mvn: string): Promise<string> {
  const key = createHash("sha256").update(JSON.stringify(PINNED)).digest("hex").slice(0, 16);
  const folder = join(cacheRoot(), "tools", "jenkins-harness", key);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    await run(mvn, [
      "--batch-mode",
      "--quiet",
      "--file",
      POM,
      "dependency:copy-dependencies",
      `-DoutputDirectory=${made}`,
    ]);
    checkLibraries(made);
    if (!existsSync(folder)) renameSync(made, folder);
    return folder;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function checkLibraries(folder: string): void {
  const found = Object.fromEntries(readdirSync(folder).map((name) => [name, sha256(join(folder, name))]));
  const names = [...new Set([...Object.keys(found), ...Object.keys(PINNED)])].sort();
  const wrong = names.filter((name) => found[name] !== PINNED[name]);
  if (wrong.length === 0) return;
  const said = wrong.map(
    (name) => `${name} has ${found[name] ?? "nothing"}, pinned is ${PINNED[name] ?? "nothing"}`,
  );
  throw new Error(`The libraries of ${POM} are not those that were pinned:\n${said.join("\n")}`);
}

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
