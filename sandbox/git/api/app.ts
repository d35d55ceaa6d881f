import { etag } from "hono/etag";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { parseToken, permissionOf } from "../access/index.ts";
import { Refusal, badCredentials, notFound, renderRefusal } from "../refusals.ts";
import type { Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { createActionsRoutes } from "./actions.ts";
import { createAppRoutes } from "./apps.ts";
import { createBranchRoutes } from "./branches.ts";
import { createCommentRoutes } from "./comments.ts";
import { createCommitRoutes } from "./commits.ts";
import { createContentRoutes } from "./contents.ts";
import { newApi } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { createEnvironmentRoutes } from "./environments.ts";
import { createHeaders } from "./headers.ts";
import { createHookRoutes } from "./hooks.ts";
import { createKeyRoutes } from "./keys.ts";
import { createOwnerRoutes } from "./owners.ts";
import { createProtectionRoutes } from "./protection.ts";
import { createPullRoutes } from "./pulls.ts";
import { createRefRoutes } from "./refs.ts";
import { createRepositoryRoutes } from "./repositories.ts";
import { createRulesetRoutes } from "./rulesets.ts";
import { createStatusRoutes } from "./statuses.ts";

/** Where GitHub Enterprise Server has its REST API, and so where clients with a base URL look for it. */
export const API_PATH = "/api/v3";

/** The GitHub REST API; `onLogin` hears who asks. */
export function createApi(world: World, onLogin: (c: ApiContext, login: string) => void): Api {
  const api = newApi();
  api.onError((error, c) => answerError(error, c));
  api.use("*", createHeaders(), etag({ weak: true }), async (c, next) => {
    c.set("world", world);
    c.set("identity", identify(c));
    if (c.var.identity) onLogin(c, c.var.identity.login);
    return next();
  });
  api.route("/", createAppRoutes());
  api.route("/", createOwnerRoutes());
  api.route(
    "/repos/:owner/:repo",
    inRepository((c) => world.repositories.find(c.req.param("owner") ?? "", c.req.param("repo") ?? "")),
  );
  api.route(
    "/repositories/:repository",
    inRepository((c) => world.repositories.findById(Number(c.req.param("repository")))),
  );
  const app = newApi().route(API_PATH, api);
  return app.notFound((c) => c.json(renderRefusal(notFound()), 404));
}

/** Everything inside one repository, which the address names in one of two ways. */
function inRepository(find: (c: ApiContext) => Repository | undefined): Api {
  const api = newApi();
  api.use("*", async (c, next) => {
    const repository = find(c);
    const permission = repository ? permissionOf(c.var.world, c.var.identity, repository) : "none";
    if (repository === undefined || permission === "none") throw notFound();
    c.set("repository", repository);
    c.set("permission", permission);
    return next();
  });
  const parts = [
    createRepositoryRoutes,
    createBranchRoutes,
    createProtectionRoutes,
    createRulesetRoutes,
    createRefRoutes,
    createCommitRoutes,
    createContentRoutes,
    createKeyRoutes,
    createHookRoutes,
    createEnvironmentRoutes,
    createActionsRoutes,
    createPullRoutes,
    createCommentRoutes,
    createStatusRoutes,
  ];
  for (const createRoutes of parts) api.route("/", createRoutes());
  return api;
}

/** Whose token it is. An app's JSON web token is nobody's: the routes for apps read it themselves. */
function identify(c: ApiContext): ApiContext["var"]["identity"] {
  const header = c.req.header("authorization");
  const token = parseToken(header);
  if (token?.split(".").length === 3) return undefined;
  const identity = token === undefined ? undefined : c.var.world.identities.findByToken(token);
  if (header !== undefined && identity === undefined) throw badCredentials();
  return identity;
}

function answerError(error: Error, c: ApiContext): Response {
  const refusal = error instanceof Refusal ? error : new Refusal(500, "Server Error");
  if (refusal !== error) console.error(`${c.req.method} ${c.req.path}:`, error);
  return c.json(renderRefusal(refusal), refusal.status as ContentfulStatusCode);
}
