import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { STATE_FOLDER, stagingFolder } from "../layout.ts";
import { git } from "../plumbing/index.ts";
import { readJson, writeJson } from "./json.ts";
import { DEFAULT_REPOSITORY_SETTINGS } from "./repository-settings.ts";
import type { RepositorySettings } from "./repository-settings.ts";
import { timestamp } from "./time.ts";

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** The bare repository. */
  readonly dir: string;
}

export interface RepositoryRecord {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly pushed_at: string;
  readonly settings: RepositorySettings;
}

/**
 * The hooks' path is relative to the bare repository, so that the sandbox's folder can be moved.
 * `hideRefs`: clients may read `refs/pull/*` and not write it, as on GitHub. No background gc is left running.
 */
const GIT_CONFIG = `[core]
\thooksPath = ../../.server/hooks
[receive]
\tfsckObjects = true
\tautogc = false
\thideRefs = refs/pull
[gc]
\tauto = 0
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
`;

const recordPath = (dir: string): string => join(dir, STATE_FOLDER, "repository.json");

export function readRecord(repository: Repository): RepositoryRecord {
  const fallback = { id: 0, created_at: "", updated_at: "", pushed_at: "", settings: {} };
  const record = readJson<RepositoryRecord>(
    recordPath(repository.dir),
    fallback as unknown as RepositoryRecord,
  );
  return { ...record, settings: { ...DEFAULT_REPOSITORY_SETTINGS, ...record.settings } };
}

export function changeRecord(repository: Repository, change: Partial<RepositoryRecord>): void {
  writeJson(recordPath(repository.dir), { ...readRecord(repository), ...change });
}

/** Where HEAD points to; a repository without commits has a default branch too. */
export function defaultBranch(repository: Repository): string {
  return readFileSync(join(repository.dir, "HEAD"), "utf8")
    .trim()
    .replace(/^ref: refs\/heads\//, "");
}

const keyOf = (owner: string, name: string): string => `${owner}/${name}`.toLowerCase();

/** The bare repositories of one root, found without regard to case as on GitHub. */
export class Repositories {
  readonly #root: string;
  readonly #byName = new Map<string, Repository>();

  constructor(root: string) {
    this.#root = root;
    for (const repository of scanRepositories(root)) this.#keep(repository);
  }

  find(owner: string, name: string): Repository | undefined {
    return this.#byName.get(keyOf(owner, name));
  }

  findById(id: number): Repository | undefined {
    return this.all().find((repository) => repository.id === id);
  }

  all(): readonly Repository[] {
    return [...this.#byName.values()].sort((a, b) => a.id - b.id);
  }

  /** Makes a bare repository beside the others and moves it there whole. */
  async create(id: number, owner: string, name: string, settings: RepositorySettings): Promise<Repository> {
    const unfinished = this.#staging();
    await git(dirname(unfinished), [
      "init",
      "--quiet",
      "--bare",
      "--initial-branch=main",
      "--template=",
      unfinished,
    ]);
    appendFileSync(join(unfinished, "config"), GIT_CONFIG);
    const now = timestamp();
    writeJson(recordPath(unfinished), { id, created_at: now, updated_at: now, pushed_at: now, settings });
    const repository = { id, owner, name, dir: join(this.#root, owner, `${name}.git`) };
    if (this.find(owner, name)) throw new Error(`${owner}/${name} was made by another request meanwhile.`);
    mkdirSync(dirname(repository.dir), { recursive: true, mode: 0o700 });
    renameSync(unfinished, repository.dir);
    return this.#keep(repository);
  }

  rename(repository: Repository, name: string): Repository {
    const renamed = { ...repository, name, dir: join(this.#root, repository.owner, `${name}.git`) };
    renameSync(repository.dir, renamed.dir);
    this.#byName.delete(keyOf(repository.owner, repository.name));
    return this.#keep(renamed);
  }

  remove(repository: Repository): void {
    this.#byName.delete(keyOf(repository.owner, repository.name));
    const doomed = this.#staging();
    renameSync(repository.dir, doomed);
    rmSync(doomed, { recursive: true, force: true });
  }

  /** Removes what a killed server had begun to make or to delete. */
  clean(): void {
    rmSync(stagingFolder(this.#root), { recursive: true, force: true });
  }

  #keep(repository: Repository): Repository {
    this.#byName.set(keyOf(repository.owner, repository.name), repository);
    return repository;
  }

  #staging(): string {
    mkdirSync(stagingFolder(this.#root), { recursive: true, mode: 0o700 });
    return join(stagingFolder(this.#root), randomUUID());
  }
}

/** The repositories in the folder, for whoever only reads. */
export function scanRepositories(root: string): Repository[] {
  if (!existsSync(root)) return [];
  const owners = readdirSync(root).filter((entry) => !entry.startsWith("."));
  return owners.flatMap((owner) => readdirSync(join(root, owner)).map((entry) => found(root, owner, entry)));
}

function found(root: string, owner: string, entry: string): Repository {
  const dir = join(root, owner, entry);
  const { id } = readJson<{ id: number }>(recordPath(dir), { id: 0 });
  return { id, owner, name: entry.replace(/\.git$/, ""), dir };
}
