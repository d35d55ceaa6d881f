import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Manifest } from "../../../components/manifests";
import type { Release, RenderedBy } from "../../../components/release";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import { installLibrary } from "../ledger/library";

/** What the library says that a cluster is told to run. */
export interface Listed {
  readonly by: RenderedBy;
  readonly contentHash: string;
  readonly objects: readonly Manifest[];
  /** The bytes, by the name of the file. */
  readonly files: Readonly<Record<string, string>>;
}

export type Lists = Readonly<Record<string, Listed>>;

/** What a render is asked for. */
export interface Asked {
  readonly releases: readonly Release[];
  /** @default "dev" */
  readonly environment?: string;
  readonly settings?: unknown;
  /** @default the project's */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What renders ended with. */
export interface Answer {
  /** One for each release; none when one of them failed. */
  readonly lists: readonly Lists[];
  readonly problems: readonly string[];
  /** What was said meanwhile. */
  readonly said: string;
}

/** A release, and what it is by the code that has made it. */
export interface Made {
  readonly release: Release;
  readonly lists: Lists;
}

const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

/** A repository with a pipeline, with the library installed in it, on a machine that keeps nothing yet. */
export class ReleaseProject {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), "delivery-older-")));
  readonly root = join(this.dir, "shop");
  /** The environment of everything that runs. */
  readonly env: Readonly<Record<string, string>>;

  constructor() {
    for (const folder of ["shop", "tmp", "cache"]) mkdirSync(join(this.dir, folder));
    const { PATH = "" } = process.env;
    const [TMPDIR, XDG_CACHE_HOME] = [join(this.dir, "tmp"), join(this.dir, "cache")];
    this.env = { PATH, HOME: this.dir, TMPDIR, XDG_CACHE_HOME, ...GIT_ENVIRONMENT };
    installLibrary(this.dir);
    symlinkSync(join(this.dir, "node_modules"), join(this.root, "node_modules"));
    this.write(".gitignore", "node_modules\n");
    this.write("app/main", "1\n");
    this.write("infra/tsconfig.json", JSON.stringify({ compilerOptions: { esModuleInterop: true } }));
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  git(...args: string[]): Promise<string> {
    return run("git", args, { cwd: this.root, env: this.env });
  }

  async start(): Promise<void> {
    await this.git("init", "--quiet", "--initial-branch=main");
  }

  async commit(): Promise<string> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", "change");
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  /** Commits, and makes the release of it, with its lists by the code that runs. */
  async make(): Promise<Made> {
    await this.commit();
    const { result, problems } = await this.#drive<Made>(
      { command: "make", root: this.root, environment: "dev" },
      {},
    );
    if (result === undefined) throw new Error(`no release was made: ${problems?.join("\n")}`);
    return result;
  }

  /** What the checkout's program says that an environment runs by each of some releases. */
  async render({ releases, environment = "dev", settings, root, env = {} }: Asked): Promise<Answer> {
    const order = { command: "render", root: root ?? this.root, releases, environment, settings };
    const { result, problems, said } = await this.#drive<Lists[]>(order, env);
    return { lists: result ?? [], problems: problems ?? [], said };
  }

  /** The command line of a render, for a process that is started by hand. */
  command(asked: Asked): string[] {
    const { releases, environment = "dev", root = this.root } = asked;
    return this.#command({ command: "render", root, releases, environment });
  }

  /** Forgets what was rendered before. */
  forget(): void {
    rmSync(join(this.dir, "cache"), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  #command(order: object): string[] {
    const jiti = createRequire(import.meta.url).resolve("jiti");
    return [join(import.meta.dirname, "driver.mjs"), JSON.stringify({ ...order, jiti })];
  }

  async #drive<T>(order: object, env: Readonly<Record<string, string>>): Promise<Driven<T>> {
    const options = { cwd: this.root, env: { ...this.env, ...env } };
    const { stdout, stderr } = await tryRun(process.execPath, this.#command(order), options);
    try {
      return { ...(JSON.parse(stdout.split("\n").at(-1) ?? "") as Driven<T>), said: stderr };
    } catch {
      throw new Error(`the driver failed: ${stdout}${stderr}`);
    }
  }
}

interface Driven<T> {
  readonly result?: T;
  readonly problems?: readonly string[];
  readonly said: string;
}
