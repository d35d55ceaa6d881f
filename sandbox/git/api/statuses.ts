import { unprocessable } from "../refusals.ts";
import { renderRepository, renderStatus, repositoryUrl } from "../render/index.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { Status } from "../state/index.ts";
import { optionalText, readBody, requiredText } from "./body.ts";
import { addCommitRoute, requireCommit } from "./commits.ts";
import { newApi, pathParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

const STATES: readonly string[] = ["error", "failure", "pending", "success"];

/** Statuses of commits, and what they come to together. */
export function createStatusRoutes(): Api {
  const api = newApi();
  api.post("/statuses/:sha", createStatus);
  api.get("/commits/:ref{.+}/statuses", async (c) => {
    const { world, repository } = c.var;
    const statuses = (await statusesOf(c)).toReversed();
    return c.json(pageOf(c, statuses).map((status) => renderStatus(world, repository, status)));
  });
  api.get("/commits/:ref{.+}/status", async (c) => {
    const { world, repository } = c.var;
    const { sha } = await requireCommit(c, pathParam(c, "ref"));
    const latest = [...new Map((await statusesOf(c)).map((status) => [status.context, status])).values()];
    return c.json({
      state: combinedState(latest),
      sha,
      total_count: latest.length,
      statuses: pageOf(c, latest).map((status) => renderStatus(world, repository, status)),
      repository: renderRepository(world, repository),
      url: repositoryUrl(world, repository, `/commits/${sha}/status`),
    });
  });
  addCommitRoute(api);
  return api;
}

async function statusesOf(c: ApiContext): Promise<readonly Status[]> {
  const { sha } = await requireCommit(c, pathParam(c, "ref"));
  return readList(c.var.repository.dir, "statuses").filter((status) => status.sha === sha);
}

/** One failure decides; without any status, or with one that is pending, it is pending. */
export function combinedState(latest: readonly Pick<Status, "state">[]): "failure" | "pending" | "success" {
  if (latest.some(({ state }) => state === "error" || state === "failure")) return "failure";
  return latest.length > 0 && latest.every(({ state }) => state === "success") ? "success" : "pending";
}

async function createStatus(c: ApiContext): Promise<Response> {
  const { login } = requirePermission(c, "write");
  const { world, repository } = c.var;
  const { sha } = await requireCommit(c, pathParam(c, "sha"));
  const body = await readBody(c);
  const state = requiredText(body, "state");
  if (!STATES.includes(state))
    throw unprocessable(`Validation Failed: state is not one of ${STATES.join(", ")}`);
  const now = timestamp();
  const status: Status = {
    id: world.ids.next(),
    sha,
    state: state as Status["state"],
    context: optionalText(body, "context") ?? "default",
    target_url: optionalText(body, "target_url") ?? null,
    description: optionalText(body, "description") ?? null,
    creator: login,
    created_at: now,
    updated_at: now,
  };
  writeList(repository.dir, "statuses", [...readList(repository.dir, "statuses"), status]);
  return c.json(renderStatus(world, repository, status), 201);
}
