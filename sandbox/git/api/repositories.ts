import { isRepositoryName } from "../names.ts";
import { git, readBranch } from "../plumbing/index.ts";
import { invalid, missing, notFound, unprocessable } from "../refusals.ts";
import { renderRepository } from "../render/index.ts";
import { changeRecord, changedSettings, checkSettings, readRecord, timestamp } from "../state/index.ts";
import type { Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { optionalText, readBody, texts } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";

/** One repository itself. */
export function createRepositoryRoutes(): Api {
  const api = newApi();
  api.get("/", (c) => c.json(renderRepository(c.var.world, c.var.repository, c.var.permission)));
  api.patch("/", async (c) => {
    requirePermission(c, "admin");
    const repository = await updateRepository(c.var.world, c.var.repository, await readBody(c));
    return c.json(renderRepository(c.var.world, repository, c.var.permission));
  });
  api.delete("/", (c) => {
    requirePermission(c, "admin");
    c.var.world.repositories.remove(c.var.repository);
    return c.body(null, 204);
  });
  api.get("/topics", (c) => c.json({ names: readRecord(c.var.repository).settings.topics }));
  api.put("/topics", async (c) => {
    requirePermission(c, "admin");
    const body = await readBody(c);
    if (body["names"] === undefined) throw missing("names");
    const topics = texts(body, "names");
    changeSettings(c.var.repository, { topics });
    return c.json({ names: topics });
  });
  addVulnerabilityAlerts(api);
  return api;
}

function addVulnerabilityAlerts(api: Api): void {
  api.get("/vulnerability-alerts", (c) => {
    if (!readRecord(c.var.repository).settings.vulnerability_alerts) throw notFound();
    return c.body(null, 204);
  });
  const set = (c: ApiContext, vulnerability_alerts: boolean): Response => {
    requirePermission(c, "admin");
    changeSettings(c.var.repository, { vulnerability_alerts });
    return c.body(null, 204);
  };
  api.put("/vulnerability-alerts", (c) => set(c, true));
  api.delete("/vulnerability-alerts", (c) => set(c, false));
}

function changeSettings(repository: Repository, change: Body): void {
  const settings = changedSettings(readRecord(repository).settings, change);
  changeRecord(repository, { settings, updated_at: timestamp() });
}

/** Everything is checked before the first change. */
async function updateRepository(world: World, repository: Repository, body: Body): Promise<Repository> {
  const [unfit] = checkSettings(body);
  if (unfit !== undefined) throw unprocessable(`Invalid request.\n\nInvalid value for "${unfit}".`);
  const name = optionalText(body, "name") ?? repository.name;
  checkName(world, repository, name);
  const branch = optionalText(body, "default_branch");
  if (branch !== undefined) await setDefaultBranch(repository, branch);
  changeSettings(repository, body);
  return name === repository.name ? repository : world.repositories.rename(repository, name);
}

function checkName(world: World, repository: Repository, name: string): void {
  if (!isRepositoryName(name)) throw invalid("Repository", "name", `${name} is no name for a repository`);
  const other = world.repositories.find(repository.owner, name);
  if (other !== undefined && other.id !== repository.id) {
    throw invalid("Repository", "name", "name already exists on this account");
  }
}

async function setDefaultBranch(repository: Repository, branch: string): Promise<void> {
  if ((await readBranch(repository.dir, branch)) === undefined) {
    const message = `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`;
    throw invalid("Repository", "default_branch", message);
  }
  await git(repository.dir, ["symbolic-ref", "HEAD", `refs/heads/${branch}`]);
}
