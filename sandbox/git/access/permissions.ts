import { readRecord } from "../state/index.ts";
import type { Identity, Permission, Repository } from "../state/index.ts";
import type { World } from "../world.ts";

const RANK: Readonly<Record<Permission, number>> = { none: 0, read: 1, write: 2, admin: 3 };

export const allows = (permission: Permission, wanted: Permission): boolean =>
  RANK[permission] >= RANK[wanted];

/** What somebody may do with a repository; undefined stands for a request without a token. */
export function permissionOf(
  world: World,
  identity: Identity | undefined,
  repository: Repository,
): Permission {
  const everyone = readRecord(repository).settings.visibility === "public" ? "read" : "none";
  if (identity === undefined) return world.settings.anonymousRead ? everyone : "none";
  const own = grantedTo(identity, repository);
  return allows(own, everyone) ? own : everyone;
}

function grantedTo({ access, login }: Identity, { owner, name }: Repository): Permission {
  if (access === "admin") return "admin";
  if (login.toLowerCase() === owner.toLowerCase()) return "admin";
  const wanted = [`${owner}/${name}`, `${owner}/*`].map((key) => key.toLowerCase());
  const granted = Object.entries(access).filter(([key]) => wanted.includes(key.toLowerCase()));
  const best = granted.map(([, permission]) => permission).sort((a, b) => RANK[b] - RANK[a]);
  return best[0] ?? "none";
}

/** Whether somebody may make repositories for this owner. */
export function mayCreate(identity: Identity, owner: string): boolean {
  if (identity.access === "admin" || identity.login.toLowerCase() === owner.toLowerCase()) return true;
  const grant = Object.entries(identity.access).find(
    ([key]) => key.toLowerCase() === `${owner}/*`.toLowerCase(),
  );
  return grant?.[1] === "admin";
}
