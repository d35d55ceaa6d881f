import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import type { Context } from "hono";
import { parseToken } from "../access/index.ts";
import { isOwnerName } from "../names.ts";
import type { Identity, InstalledApp } from "../state/index.ts";
import type { World } from "../world.ts";
import { checkFault } from "./faults.ts";
import type { Fault, Faults } from "./faults.ts";
import type { RequestLog } from "./request-log.ts";

/** Where the sandbox's own interface is; no owner's name begins with an underscore. */
export const CONTROL_PATH = "/_sandbox";

interface Parts {
  readonly world: World;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** The sandbox's own interface, for tests. `client.ts` has a typed function for each of its requests. */
export function createControl({ world, faults, log }: Parts): Hono {
  const app = new Hono().basePath(CONTROL_PATH);
  app.get("/health", (c) => c.json({ ok: true }));
  app.use("*", async (c, next) => {
    if (!isControlToken(world, c.req.header("authorization")))
      return c.json({ problems: ["wrong token"] }, 401);
    return next();
  });
  app.get("/faults", (c) => c.json(faults.list()));
  app.post("/faults", async (c) => {
    const fault = await c.req.json<Record<string, unknown>>();
    const problems = checkFault(fault);
    return problems.length > 0
      ? c.json({ problems }, 422)
      : c.json({ id: faults.set(fault as unknown as Fault) });
  });
  app.delete("/faults/:id?", (c) => {
    const id = c.req.param("id");
    faults.clear(id === undefined ? undefined : Number(id));
    return c.json({ ok: true });
  });
  app.get("/requests", (c) => c.json(log.list(c.req.query())));
  app.delete("/requests", (c) => {
    log.clear();
    return c.json({ ok: true });
  });
  addIdentityRoutes(app, world);
  return app;
}

function isControlToken(world: World, header: string | undefined): boolean {
  const given = Buffer.from(parseToken(header) ?? "");
  const wanted = Buffer.from(world.settings.controlToken);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function addIdentityRoutes(app: Hono, world: World): void {
  app.post("/identities", async (c) => {
    const wanted = await c.req.json<Pick<Identity, "login" | "access"> & { expiresInSeconds?: number }>();
    if (!isOwnerName(wanted.login))
      return c.json({ problems: [`"login" is ${wanted.login}: no login`] }, 422);
    const { login, access } = wanted;
    const identity = world.identities.add({ login, access, type: "User" });
    return withToken(c, world, identity, wanted.expiresInSeconds);
  });
  app.post("/identities/:login/expire", (c) => {
    const identity = world.identities.find(c.req.param("login"));
    if (identity === undefined) return c.json({ problems: ["nobody has this login"] }, 404);
    world.identities.expire(identity);
    return c.json({ ok: true });
  });
  app.post("/apps", async (c) => {
    const { login, access, ...rest } = await c.req.json<AppRequest>();
    const installed: InstalledApp = { ...rest, installationId: world.ids.next() };
    const identity = world.identities.add({ login: `${login}-app`, access, type: "Bot", app: installed });
    return c.json({ login: identity.login, installationId: installed.installationId });
  });
}

type AppRequest = Omit<InstalledApp, "installationId"> & Pick<Identity, "login" | "access">;

function withToken(c: Context, world: World, identity: Identity, seconds: number | undefined): Response {
  const limits =
    seconds === undefined ? {} : { expiresAt: new Date(Date.now() + seconds * 1000).toISOString() };
  const token = world.identities.makeToken(identity, limits);
  return c.json({ id: identity.id, login: identity.login, token });
}
