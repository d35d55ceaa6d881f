import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LedgerError } from "../../../components/ledger/failure";
import { publish } from "../../../components/ledger/publish";
import type { LedgerRuntime, Publication, PublishArgs } from "../../../components/ledger/publish";
import { createRepository, gitCredentials, startGitServer } from "../../../sandbox/git/index.ts";
import type { GitServer } from "../../../sandbox/git/index.ts";
import { run, stopAllServices } from "../../../sandbox/processes/index.ts";

/** A Git server of the sandbox, and the folder that everything of it is in. */
export interface LedgerWorld {
  readonly dir: string;
  readonly server: GitServer;
}

/** Name of the environment variable that the tests' token is in. */
export const TOKEN_VARIABLE = "LEDGER_TEST_TOKEN";

export async function startWorld(): Promise<LedgerWorld> {
  const dir = mkdtempSync(join(tmpdir(), "ledger-test-"));
  return { dir, server: await startGitServer(dir) };
}

export async function endWorld({ dir }: LedgerWorld): Promise<void> {
  await stopAllServices(dir);
  rmSync(dir, { recursive: true, force: true });
}

/** A repository on the server, seen from the outside: what it has is read from its own files. */
export interface Deploy {
  readonly repository: string;
  /** The bare repository. */
  readonly bare: string;
  readonly name: string;
}

export async function newDeploy({ server }: LedgerWorld, name: string): Promise<Deploy> {
  const { cloneUrl } = await createRepository(server, name, { private: true });
  return { repository: cloneUrl, bare: join(server.root, server.organization, `${name}.git`), name };
}

/** Git on the server's own files. */
export async function git({ bare }: Pick<Deploy, "bare">, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
  return (await run("git", ["--git-dir", bare, ...args], { env })).trimEnd();
}

/** Path → content at the tip of a branch. */
export async function filesOf(deploy: Deploy, branch: string): Promise<Record<string, string>> {
  // One commit is read: the server may still be moving the branch for a publisher that was killed.
  const commit = await git(deploy, "rev-parse", branch);
  const listed = (await git(deploy, "ls-tree", "-r", "--name-only", "-z", commit))
    .split("\0")
    .filter(Boolean);
  const texts = await Promise.all(
    listed.map(async (path) => [path, await git(deploy, "show", `${commit}:${path}`)]),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

export const tipOf = (deploy: Deploy, branch: string): Promise<string> => git(deploy, "rev-parse", branch);

export const commitCount = async (deploy: Deploy, branch: string): Promise<number> =>
  Number(await git(deploy, "rev-list", "--count", branch));

export const BRANCH = "deploy/shop/prod";

/** What a publication of one cluster looks like; the rest can be named. */
export function argsFor(
  deploy: Deploy,
  files: Record<string, string>,
  rest: Partial<PublishArgs> = {},
): PublishArgs {
  return {
    repository: deploy.repository,
    branch: BRANCH,
    access: { kind: "token", token: { variable: TOKEN_VARIABLE } },
    prefixes: [...new Set(Object.keys(files).map((path) => path.split("/").slice(0, 2).join("/")))],
    files: new Map(Object.entries(files)),
    message: { subject: "Deploy", stack: "shop/prod" },
    ...rest,
  };
}

export function runtimeOf({ server }: LedgerWorld, rest: LedgerRuntime = {}): LedgerRuntime {
  const environment = { PATH: process.env["PATH"], [TOKEN_VARIABLE]: server.token };
  return { environment, ...rest };
}

export function publishIn(
  world: LedgerWorld,
  args: PublishArgs,
  rest: LedgerRuntime = {},
): Promise<Publication> {
  return publish(args, runtimeOf(world, rest));
}

/** Temporary folders of this process's publications that are still there. */
export function leftovers(pid = process.pid, folder = tmpdir()): string[] {
  return readdirSync(folder).filter(
    (name) => name.startsWith("delivery-ledger-") && name.includes(`-${pid}-`),
  );
}

/** A clone that somebody works in by hand, with the administrator's token. */
export interface Person {
  readonly run: (...args: readonly string[]) => Promise<string>;
  readonly cwd: string;
}

/** Clones a branch into a folder of its own, as somebody with a name. */
export async function cloneAs(
  world: LedgerWorld,
  deploy: Deploy,
  branch: string,
  name = "Ann",
): Promise<Person> {
  const cwd = mkdtempSync(join(world.dir, "clone-"));
  const env = {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: "ann@example.com",
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: "ann@example.com",
    ...gitCredentials(world.server),
  };
  const inClone = (...args: readonly string[]): Promise<string> => run("git", args, { cwd, env });
  await inClone("clone", "--quiet", "--branch", branch, deploy.repository, ".");
  return { run: inClone, cwd };
}

/** Waits for a failure and returns it; a success is none. */
export async function failureOf(work: Promise<unknown>): Promise<LedgerError> {
  const result = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in result && result.error instanceof LedgerError) return result.error;
  throw new Error(
    `It did not fail as a ledger does: ${JSON.stringify(result)} ${String("error" in result && result.error)}`,
  );
}
