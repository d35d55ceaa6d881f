import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../sandbox/paths.ts";
import { run, tryRun } from "../../sandbox/processes/index.ts";

/** What the demo's project is made of: the reference pipeline and the sample application. */
const PARTS = ["Pulumi.yaml", "tsconfig.base.json", "infra", "schemas", "examples/shop"] as const;

/** Where the demo's project is pushed to. */
export interface Remote {
  readonly url: string;
  /** Variables that give Git the credentials: an argument would show in the list of processes. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** A project of its own, as a user has one: a Git repository with the application, the pipeline and the stacks. */
export class WorkTree {
  readonly root: string;
  readonly #remote: Remote;

  constructor(root: string, remote: Remote) {
    this.root = root;
    this.#remote = remote;
  }

  /** Takes over what changed in the checkout. The stacks' files are the demo's own from the first time on. */
  async refresh(): Promise<void> {
    mkdirSync(this.root, { recursive: true });
    if (!existsSync(join(this.root, ".git"))) await this.#git("init", "--quiet", "--initial-branch=main");
    for (const part of PARTS) this.#copy(part);
    if (!existsSync(join(this.root, "stacks"))) this.#copy("stacks");
    const modules = join(this.root, "node_modules");
    if (!existsSync(modules)) symlinkSync(join(CHECKOUT, "node_modules"), modules);
  }

  #copy(part: string): void {
    const target = join(this.root, part);
    const isBuilt = (path: string): boolean => path.endsWith("/build") || path.includes("/build/");
    if (part !== "stacks") rmSync(target, { recursive: true, force: true });
    cpSync(join(CHECKOUT, part), target, { recursive: true, filter: (path) => !isBuilt(path) });
  }

  /** Commits what changed and pushes it. Returns the commit, or undefined when nothing changed. */
  async commit(subject: string): Promise<string | undefined> {
    await this.#git("add", "--all", "--", ".", ":!node_modules");
    const { code } = await tryRun("git", ["diff", "--cached", "--quiet"], { cwd: this.root });
    if (code === 0) return undefined;
    await this.#git("commit", "--quiet", "--message", subject);
    await this.#push();
    return (await this.#git("rev-parse", "--short", "HEAD")).trim();
  }

  async #push(): Promise<void> {
    const { url, credentials } = this.#remote;
    const env = { ...process.env, ...credentials, GIT_TERMINAL_PROMPT: "0" };
    await run("git", ["push", "--quiet", url, "HEAD:refs/heads/main"], { cwd: this.root, env });
  }

  async #git(...args: string[]): Promise<string> {
    const who = ["-c", "user.name=demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false"];
    return run("git", [...who, ...args], { cwd: this.root });
  }
}
