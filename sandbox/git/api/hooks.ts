import { missing, notFound, unprocessable } from "../refusals.ts";
import { MASKED_SECRET, renderDelivery, renderHook, renderRepository, renderUser } from "../render/index.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { Hook } from "../state/index.ts";
import { deliver } from "../webhooks/index.ts";
import { flag, optionalObject, optionalText, readBody, texts } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, numberParam, requireIdentity, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

/** Webhooks of a repository, and what became of their deliveries. */
export function createHookRoutes(): Api {
  const api = newApi();
  api.get("/hooks", (c) => {
    requirePermission(c, "admin");
    const hooks = readList(c.var.repository.dir, "hooks");
    return c.json(pageOf(c, hooks).map((hook) => renderHook(c.var.world, c.var.repository, hook)));
  });
  api.post("/hooks", createHook);
  api.get("/hooks/:id", (c) => c.json(renderHook(c.var.world, c.var.repository, findHook(c))));
  api.patch("/hooks/:id", async (c) => {
    const before = findHook(c);
    const hook = keep(c, { ...parseHook(await readBody(c), before), updated_at: timestamp() });
    return c.json(renderHook(c.var.world, c.var.repository, hook));
  });
  api.delete("/hooks/:id", (c) => {
    const { id } = findHook(c);
    const { dir } = c.var.repository;
    writeList(
      dir,
      "hooks",
      readList(dir, "hooks").filter((hook) => hook.id !== id),
    );
    return c.body(null, 204);
  });
  addDeliveryRoutes(api);
  return api;
}

function addDeliveryRoutes(api: Api): void {
  api.post("/hooks/:id/pings", (c) => {
    ping(c, findHook(c));
    return c.body(null, 204);
  });
  api.get("/hooks/:id/deliveries", (c) => {
    const { id } = findHook(c);
    const deliveries = readList(c.var.repository.dir, "deliveries").filter(({ hook_id }) => hook_id === id);
    return c.json(pageOf(c, deliveries.toReversed()).map((one) => renderDelivery(c.var.repository, one)));
  });
}

function findHook(c: ApiContext): Hook {
  requirePermission(c, "admin");
  const id = numberParam(c, "id");
  const hook = readList(c.var.repository.dir, "hooks").find((candidate) => candidate.id === id);
  if (hook === undefined) throw notFound();
  return hook;
}

function keep(c: ApiContext, hook: Hook): Hook {
  const { dir } = c.var.repository;
  const others = readList(dir, "hooks").filter(({ id }) => id !== hook.id);
  writeList(
    dir,
    "hooks",
    [...others, hook].sort((a, b) => a.id - b.id),
  );
  return hook;
}

async function createHook(c: ApiContext): Promise<Response> {
  requirePermission(c, "admin");
  const { world, repository } = c.var;
  const now = timestamp();
  const fresh = { id: world.ids.next(), active: true, events: ["push"], created_at: now, updated_at: now };
  const defaults = { ...fresh, url: "", content_type: "form", insecure_ssl: "0", secret: null } as const;
  const wanted = parseHook(await readBody(c), defaults);
  const same = readList(repository.dir, "hooks").some(
    ({ url, events }) => url === wanted.url && events.join() === wanted.events.join(),
  );
  if (same) throw unprocessable("Validation Failed: Hook already exists on this repository");
  const hook = keep(c, wanted);
  ping(c, hook);
  return c.json(renderHook(world, repository, hook), 201);
}

/** A `config` replaces the one before as a whole: GitHub drops a secret that is left out. */
function parseHook(body: Body, before: Hook): Hook {
  const shared = {
    active: flag(body, "active", before.active),
    events: texts(body, "events", before.events),
  };
  const config = optionalObject(body, "config");
  if (config === undefined) {
    if (before.url === "") throw missing("config");
    return { ...before, ...shared };
  }
  const url = optionalText(config, "url") ?? "";
  if (!URL.canParse(url)) throw unprocessable(`Validation Failed: config.url "${url}" is not a URL`);
  const secret = optionalText(config, "secret");
  return {
    ...before,
    ...shared,
    url,
    content_type: optionalText(config, "content_type") === "json" ? "json" : "form",
    insecure_ssl: String(config["insecure_ssl"] ?? before.insecure_ssl),
    secret: secret === MASKED_SECRET ? before.secret : secret || null,
  };
}

/** A ping goes to its hook whatever events that wants. */
function ping(c: ApiContext, hook: Hook): void {
  const { world, repository } = c.var;
  const payload = {
    zen: "Keep it logically awesome.",
    hook_id: hook.id,
    hook: renderHook(world, repository, hook),
    repository: renderRepository(world, repository),
    sender: renderUser(world, requireIdentity(c).login),
  };
  void deliver(world, repository, hook, { name: "ping", payload }).catch((error: unknown) => {
    console.error("A ping could not be kept:", error);
  });
}
