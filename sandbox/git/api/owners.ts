import { mayCreate, permissionOf } from "../access/index.ts";
import { isRepositoryName } from "../names.ts";
import { forbidden, invalid, notFound, unprocessable } from "../refusals.ts";
import { renderOrganization, renderRepository, renderUser } from "../render/index.ts";
import { DEFAULT_REPOSITORY_SETTINGS, changedSettings, checkSettings } from "../state/index.ts";
import type { Identity, Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { flag, optionalText, readBody, requiredText } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, pathParam, personOf, requireIdentity } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { writeFile } from "./files.ts";
import { pageOf } from "./pages.ts";

/** Users and organizations, and the repositories they make. */
export function createOwnerRoutes(): Api {
  const api = newApi();
  api.get("/orgs/:org", (c) => c.json(renderOrganization(c.var.world, findOrganization(c).login)));
  api.get("/user", (c) => c.json(renderUser(c.var.world, requireIdentity(c).login)));
  api.get("/users/:login", (c) => {
    const identity = c.var.world.identities.find(pathParam(c, "login"));
    if (identity === undefined) throw notFound();
    return c.json(renderUser(c.var.world, identity.login));
  });
  api.get("/orgs/:org/repos", (c) => listRepositories(c, findOrganization(c).login));
  api.get("/users/:login/repos", (c) => listRepositories(c, pathParam(c, "login")));
  api.get("/user/repos", (c) => listRepositories(c, undefined));
  api.post("/orgs/:org/repos", (c) => createRepository(c, findOrganization(c).login));
  api.post("/user/repos", (c) => createRepository(c, requireIdentity(c).login));
  return api;
}

function findOrganization(c: ApiContext): Identity {
  const identity = c.var.world.identities.find(pathParam(c, "org"));
  if (identity?.type !== "Organization") throw notFound();
  return identity;
}

function listRepositories(c: ApiContext, owner: string | undefined): Response {
  const { world, identity } = c.var;
  const readable = world.repositories
    .all()
    .filter((repository) => owner === undefined || repository.owner.toLowerCase() === owner.toLowerCase())
    .map((repository) => ({ repository, permission: permissionOf(world, identity, repository) }))
    .filter(({ permission }) => permission !== "none");
  return c.json(
    pageOf(c, readable).map(({ repository, permission }) => renderRepository(world, repository, permission)),
  );
}

async function createRepository(c: ApiContext, owner: string): Promise<Response> {
  const { world } = c.var;
  const identity = requireIdentity(c);
  if (!mayCreate(identity, owner)) throw forbidden("You need admin access to the organization.");
  const body = await readBody(c);
  const name = checkNewRepository(world, owner, body);
  const settings = changedSettings(DEFAULT_REPOSITORY_SETTINGS, body);
  const repository = await world.repositories.create(world.ids.next(), owner, name, settings);
  if (flag(body, "auto_init", false)) await initialize(world, repository, identity);
  return c.json(renderRepository(world, repository, "admin"), 201);
}

function checkNewRepository(world: World, owner: string, body: Body): string {
  const name = requiredText(body, "name");
  if (!isRepositoryName(name)) throw invalid("Repository", "name", `${name} is no name for a repository`);
  if (world.repositories.find(owner, name) !== undefined) {
    throw invalid("Repository", "name", "name already exists on this account");
  }
  const [unfit] = checkSettings(body);
  if (unfit !== undefined) throw unprocessable(`Invalid request.\n\nInvalid value for "${unfit}".`);
  for (const template of ["gitignore_template", "license_template"]) {
    if (optionalText(body, template)) throw invalid("Repository", template, "The sandbox has no templates");
  }
  return name;
}

async function initialize(world: World, repository: Repository, identity: Identity): Promise<void> {
  const { name } = repository;
  await writeFile(world, repository, {
    branch: "main",
    path: "README.md",
    content: Buffer.from(`# ${name}\n`),
    message: "Initial commit",
    author: personOf(identity),
    committer: personOf(identity),
    actor: { login: identity.login, permission: "admin" },
  });
}
