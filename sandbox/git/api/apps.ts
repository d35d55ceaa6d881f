import { findApp, parseToken } from "../access/index.ts";
import { Refusal, notFound, unprocessable } from "../refusals.ts";
import { renderOrganization } from "../render/index.ts";
import { timestamp } from "../state/index.ts";
import type { Access, Identity, InstalledApp, Permission } from "../state/index.ts";
import { optionalObject, readBody, texts } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, numberParam, pathParam } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";

/** GitHub Apps, as a stand-in: one installation each, set up by the sandbox's own interface. */
export function createAppRoutes(): Api {
  const api = newApi();
  api.get("/app/installations", (c) => c.json([renderInstallation(c, appOf(c))]));
  api.get("/orgs/:org/installation", (c) => {
    const installed = appOf(c);
    if (installed.app.organization.toLowerCase() !== pathParam(c, "org").toLowerCase()) throw notFound();
    return c.json(renderInstallation(c, installed));
  });
  api.post("/app/installations/:id/access_tokens", async (c) => {
    const { identity, app } = appOf(c);
    if (app.installationId !== numberParam(c, "id")) throw notFound();
    return c.json(createToken(c, { identity, app }, await readBody(c)), 201);
  });
  return api;
}

interface Installed {
  readonly identity: Identity;
  readonly app: InstalledApp;
}

function appOf(c: ApiContext): Installed {
  const identity = findApp(c.var.world.identities.all(), parseToken(c.req.header("authorization")) ?? "");
  if (identity?.app === undefined) throw new Refusal(401, "A JSON web token could not be decoded");
  return { identity, app: identity.app };
}

function renderInstallation(c: ApiContext, { app }: Installed): object {
  const account = renderOrganization(c.var.world, app.organization);
  return { id: app.installationId, app_id: Number(app.appId), account, target_type: "Organization" };
}

/** A token for some of what the app may: fewer repositories, or only to read their contents. */
function createToken(c: ApiContext, { identity, app }: Installed, body: Body): object {
  const seconds = app.tokenLifetimeSeconds;
  const expires = new Date(Date.now() + seconds * 1000);
  const access = narrowed(identity.access, app.organization, body);
  const token = c.var.world.identities.makeToken(identity, { expiresAt: expires.toISOString(), access });
  return {
    token,
    expires_at: timestamp(expires),
    permissions: optionalObject(body, "permissions") ?? {},
    repository_selection: body["repositories"] === undefined ? "all" : "selected",
  };
}

function narrowed(access: Access, organization: string, body: Body): Access {
  const readOnly = optionalObject(body, "permissions")?.["contents"] === "read";
  const limit = (permission: Permission): Permission =>
    readOnly && permission !== "none" ? "read" : permission;
  const all: Record<string, Permission> =
    access === "admin" ? { [`${organization}/*`]: "admin" } : { ...access };
  const wanted = texts(body, "repositories").map((name) => `${organization}/${name}`);
  const pairs =
    wanted.length === 0 ? Object.entries(all) : wanted.map((name) => [name, grantFor(all, name)] as const);
  return Object.fromEntries(pairs.map(([name, permission]) => [name, limit(permission)]));
}

function grantFor(access: Readonly<Record<string, Permission>>, repository: string): Permission {
  const permission = access[repository] ?? access[`${repository.split("/")[0]}/*`];
  if (permission === undefined) throw unprocessable(`The app is not installed on ${repository}.`);
  return permission;
}
