import { mkdirSync, realpathSync } from "node:fs";

import { identitiesPath, idsPath } from "./layout.ts";
import type { Actor, RefChange } from "./policy/index.ts";
import { Identities, Ids, Repositories } from "./state/index.ts";
import type { Repository, Settings } from "./state/index.ts";
import { fireHooks, handlePush } from "./webhooks/index.ts";

export interface GitHubEvent {
  readonly name: "push" | "pull_request" | "ping";
  readonly action?: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** References that somebody moved, by Git or by the API. */
export interface Push {
  readonly repository: Repository;
  readonly actor: Pick<Actor, "login">;
  readonly changes: readonly Omit<RefChange, "forced">[];
}

/** What the parts of the server share. */
export interface World {
  readonly root: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly settings: Settings;
  readonly ids: Ids;
  readonly identities: Identities;
  readonly repositories: Repositories;
  /** Fires the repository's webhooks, without waiting for them. */
  readonly emit: (repository: Repository, event: GitHubEvent) => void;
  /** To be told of every push: brings pull requests up to date and emits. */
  readonly pushed: (push: Push) => Promise<void>;
}

/** Opens what is kept in the folder; makes the administrator and the organizations the first time. */
export function openWorld(root: string, settings: Settings): World {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const ids = new Ids(idsPath(root));
  const world: World = {
    root: realpathSync(root),
    baseUrl: `http://127.0.0.1:${settings.port}`,
    settings,
    ids,
    identities: openIdentities(root, settings, ids),
    repositories: new Repositories(realpathSync(root)),
    emit: (repository, event) => void fireHooks(world, repository, event).catch(report),
    pushed: (push) => handlePush(world, push),
  };
  world.repositories.clean();
  return world;
}

function report(error: unknown): void {
  console.error("A webhook could not be fired:", error);
}

function openIdentities(root: string, settings: Settings, ids: Ids): Identities {
  const identities = new Identities(identitiesPath(root), ids);
  if (identities.find(settings.login) === undefined) {
    const admin = identities.add({ login: settings.login, type: "User", access: "admin" });
    identities.keepToken(admin, settings.token);
  }
  for (const login of settings.organizations) {
    if (identities.find(login) === undefined) identities.add({ login, type: "Organization", access: {} });
  }
  return identities;
}
