import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createRepository, gitCredentials, startGitServer } from "../../../../sandbox/git/index.ts";
import type { GitServer } from "../../../../sandbox/git/index.ts";
import { run, stopAllServices } from "../../../../sandbox/processes/index.ts";
import type { Sample } from "../../contract.ts";
import { worker } from "../../runner/index.ts";
import { BRANCH } from "./content.ts";
import type { PublishSettings } from "./content.ts";

const FILES = {
  ours: "ours.ts",
  "retry loop": "retry-loop.ts",
  "a commit for each file": "commit-each.ts",
} as const;
export type Publisher = keyof typeof FILES;

/** The sandbox's Git server, and a repository on it for each publisher: what one leaves does not slow the other. */
export class PublishWorld {
  readonly #dir: string;
  readonly #server: GitServer;
  readonly #repositories = new Map<Publisher, string>();
  #runs = 0;

  private constructor(dir: string, server: GitServer) {
    this.#dir = dir;
    this.#server = server;
  }

  static async start(dir: string): Promise<PublishWorld> {
    return new PublishWorld(dir, await startGitServer(join(dir, "server")));
  }

  async stop(): Promise<void> {
    await stopAllServices(join(this.#dir, "server"));
  }

  /** A run whose content is new, or with a `seed` that of an earlier one. */
  async publish<T extends object>(
    who: Publisher,
    size: Pick<PublishSettings, "stacks" | "rounds" | "files" | "branches">,
    seed = `run ${this.#runs++}`,
  ): Promise<Required<Sample> & T> {
    const dir = mkdtempSync(join(this.#dir, "clones-"));
    const settings: PublishSettings = {
      ...{ ...size, dir, seed, repository: await this.#repository(who), token: this.#server.token },
      env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", ...gitCredentials(this.#server) },
    };
    try {
      return await worker<T>(join(import.meta.dirname, FILES[who]), settings);
    } finally {
      rmSync(dir, { recursive: true });
    }
  }

  /** Path → object id of its content, at the tips of all branches. */
  async files(who: Publisher): Promise<Map<string, string>> {
    const branches = await this.#git(who, "for-each-ref", "--format=%(refname)", "refs/heads/deploy");
    const files = new Map<string, string>();
    for (const branch of branches.split("\n")) {
      const listed = await this.#git(who, "ls-tree", "-r", "--format=%(path) %(objectname)", branch);
      for (const line of listed.split("\n").filter(Boolean))
        files.set(...(line.split(" ") as [string, string]));
    }
    return files;
  }

  async commits(who: Publisher): Promise<number> {
    return Number(await this.#git(who, "rev-list", "--count", "--branches"));
  }

  /** Begins anew, with the branch that is published to. */
  async reset(who: Publisher): Promise<void> {
    this.#repositories.delete(who);
    await this.#repository(who);
  }

  async #repository(who: Publisher): Promise<string> {
    const known = this.#repositories.get(who);
    if (known !== undefined) return known;
    const name = this.#nameOf(who, this.#runs++);
    const { cloneUrl } = await createRepository(this.#server, name, { private: true, autoInit: true });
    this.#repositories.set(who, cloneUrl);
    await this.#git(who, "branch", BRANCH, "main");
    return cloneUrl;
  }

  #nameOf(who: Publisher, index: number): string {
    mkdirSync(this.#dir, { recursive: true });
    return `${who.replace(/\W+/g, "-")}-${index}`;
  }

  async #git(who: Publisher, ...args: readonly string[]): Promise<string> {
    const name = new URL(this.#repositories.get(who)!).pathname.split("/").at(-1)!;
    const bare = join(this.#server.root, this.#server.organization, name);
    const env = { PATH: process.env["PATH"], HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
    return (await run("git", ["--git-dir", bare, ...args], { env })).trimEnd();
  }
}
