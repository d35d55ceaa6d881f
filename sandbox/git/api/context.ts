import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Context } from "hono";
import { allows } from "../access/index.ts";
import type { Actor } from "../policy/index.ts";
import type { Person } from "../plumbing/index.ts";
import { authenticationRequired, forbidden, notFound } from "../refusals.ts";
import { readRecord } from "../state/index.ts";
import type { Identity, Permission, Repository } from "../state/index.ts";
import type { World } from "../world.ts";

export interface ApiEnvironment {
  Bindings: HttpBindings;
  Variables: {
    world: World;
    /** Undefined for a request without a token. */
    identity: Identity | undefined;
    /** Only under `/repos/OWNER/NAME` and `/repositories/ID`. */
    repository: Repository;
    permission: Permission;
  };
}

export type ApiContext = Context<ApiEnvironment>;
export type Api = Hono<ApiEnvironment>;

export const newApi = (): Api => new Hono<ApiEnvironment>();

/** @throws Refusal (401) for a request without a token */
export function requireIdentity(c: ApiContext): Identity {
  const { identity } = c.var;
  if (identity === undefined) throw authenticationRequired();
  return identity;
}

/** @throws Refusal: 401 without a token, 403 with less than this permission or on an archived repository */
export function requirePermission(c: ApiContext, wanted: Permission): Actor {
  const { login } = requireIdentity(c);
  const { permission, repository } = c.var;
  if (!allows(permission, wanted)) {
    throw wanted === "admin" ? forbidden("Must have admin rights to Repository.") : forbidden();
  }
  if (wanted === "write" && readRecord(repository).settings.archived) {
    throw forbidden("Repository was archived so is read-only.");
  }
  return { login, permission };
}

/** How somebody is named in the commits that the API makes. */
export const personOf = ({ login }: { readonly login: string }): Person => ({
  name: login,
  email: `${login}@users.noreply.localhost`,
});

/** A decoded part of the address. @throws Refusal (404) when it is not there */
export function pathParam(c: ApiContext, name: string): string {
  const value = c.req.param(name);
  if (value === undefined || value === "") throw notFound();
  return value;
}

/** @throws Refusal (404) for what is no number */
export function numberParam(c: ApiContext, name: string): number {
  const value = pathParam(c, name);
  if (!/^\d+$/.test(value)) throw notFound();
  return Number(value);
}
