import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { readFile, readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { spoolFolder } from "../layout.ts";
import { decodeActor } from "../policy/index.ts";
import type { Push, World } from "../world.ts";

/**
 * Pushes by Git arrive as files that the post-receive hook wrote: so those over SSH count too, and those that
 * happened while the server was being killed. A file is removed after it was handled: at least once, not at most.
 */
export class Spool {
  readonly #world: World;
  readonly #handle: (push: Push) => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #watcher: FSWatcher | undefined;

  constructor(world: World, handle: (push: Push) => Promise<void>) {
    this.#world = world;
    this.#handle = handle;
  }

  start(): void {
    this.#watcher = watch(spoolFolder(this.#world.root), () => void this.drain());
    void this.drain();
  }

  async stop(): Promise<void> {
    this.#watcher?.close();
    await this.#running;
  }

  /** Handles what is there, oldest first, one after the other. */
  drain(): Promise<void> {
    this.#running = this.#running.then(() => this.#drainOnce()).catch(report);
    return this.#running;
  }

  async #drainOnce(): Promise<void> {
    const folder = spoolFolder(this.#world.root);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".push")).sort();
    for (const name of names) {
      const push = parsePush(this.#world, await readFile(join(folder, name), "utf8"));
      if (push) await this.#handle(push).catch(report);
      await rm(join(folder, name), { force: true });
    }
  }
}

function report(error: unknown): void {
  console.error("A push could not be handled:", error);
}

/** The file has the repository's folder, the actor, and what Git gave to the hook. */
export function parsePush(world: World, text: string): Push | undefined {
  const [dir = "", actor = "", ...lines] = text.split("\n");
  const [owner = "", name = ""] = relative(world.root, dir).split("/");
  const repository = world.repositories.find(owner, name.replace(/\.git$/, ""));
  if (repository === undefined) return undefined;
  const changes = lines
    .filter((line) => line !== "")
    .map((line) => {
      const [before = "", after = "", ref = ""] = line.split(" ");
      return { before, after, ref };
    });
  return { repository, actor: decodeActor(actor), changes };
}
