import { invalid, notFound, unprocessable } from "../refusals.ts";
import { renderEnvironment } from "../render/index.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { Environment, Repository, Reviewer } from "../state/index.ts";
import type { World } from "../world.ts";
import { flag, optionalObject, optionalText, readBody, requiredText, wholeNumber } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, numberParam, pathParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

const ONE = "/environments/:environment";
const POLICIES = `${ONE}/deployment-branch-policies`;

/** Deployment environments with their reviewers and branch policies. */
export function createEnvironmentRoutes(): Api {
  const api = newApi();
  api.get("/environments", (c) => {
    const environments = readList(c.var.repository.dir, "environments");
    const rendered = pageOf(c, environments).map((one) =>
      renderEnvironment(c.var.world, c.var.repository, one),
    );
    return c.json({ total_count: environments.length, environments: rendered });
  });
  api.get(ONE, (c) => c.json(renderEnvironment(c.var.world, c.var.repository, findEnvironment(c))));
  api.put(ONE, async (c) => {
    requirePermission(c, "admin");
    const { world, repository } = c.var;
    const environment = parseEnvironment(world, repository, pathParam(c, "environment"), await readBody(c));
    return c.json(renderEnvironment(world, repository, save(repository, environment)));
  });
  api.delete(ONE, (c) => {
    requirePermission(c, "admin");
    removeEnvironment(c.var.repository, findEnvironment(c).name);
    return c.body(null, 204);
  });
  addPolicyRoutes(api);
  return api;
}

export function findEnvironment(c: ApiContext): Environment {
  const name = pathParam(c, "environment");
  const found = readList(c.var.repository.dir, "environments").find((candidate) => candidate.name === name);
  if (found === undefined) throw notFound();
  return found;
}

function save({ dir }: Repository, environment: Environment): Environment {
  const others = readList(dir, "environments").filter(({ name }) => name !== environment.name);
  writeList(
    dir,
    "environments",
    [...others, environment].sort((a, b) => a.id - b.id),
  );
  return environment;
}

/** Its variables and secrets go with it. */
function removeEnvironment({ dir }: Repository, name: string): void {
  const stays = (item: { readonly environment?: string }): boolean => item.environment !== name;
  writeList(dir, "variables", readList(dir, "variables").filter(stays));
  writeList(dir, "secrets", readList(dir, "secrets").filter(stays));
  writeList(
    dir,
    "environments",
    readList(dir, "environments").filter((other) => other.name !== name),
  );
}

/** A request says everything about an environment: what it leaves out goes back to the default. */
function parseEnvironment(world: World, { dir }: Repository, name: string, body: Body): Environment {
  const before = readList(dir, "environments").find((candidate) => candidate.name === name);
  const policy = optionalObject(body, "deployment_branch_policy");
  const now = timestamp();
  return {
    id: before?.id ?? world.ids.next(),
    name,
    wait_timer: wholeNumber(body, "wait_timer", 0),
    prevent_self_review: flag(body, "prevent_self_review", false),
    can_admins_bypass: flag(body, "can_admins_bypass", true),
    reviewers: parseReviewers(world, body["reviewers"]),
    deployment_branch_policy: policy ? parsePolicy(policy) : null,
    branch_policies: before?.branch_policies ?? [],
    created_at: before?.created_at ?? now,
    updated_at: now,
  };
}

function parsePolicy(policy: Body): NonNullable<Environment["deployment_branch_policy"]> {
  const protected_branches = flag(policy, "protected_branches", false);
  const custom_branch_policies = flag(policy, "custom_branch_policies", false);
  if (protected_branches === custom_branch_policies) {
    throw unprocessable("protected_branches and custom_branch_policies cannot have the same value");
  }
  return { protected_branches, custom_branch_policies };
}

function parseReviewers(world: World, value: unknown): readonly Reviewer[] {
  const reviewers = (Array.isArray(value) ? value : []) as readonly Reviewer[];
  for (const { type, id } of reviewers) {
    const known = type === "User" && world.identities.all().some((identity) => identity.id === id);
    if (!known) throw invalid("Environment", "reviewers", `There is no ${type} with id ${id}`);
  }
  return reviewers.map(({ type, id }) => ({ type, id }));
}

function addPolicyRoutes(api: Api): void {
  api.get(POLICIES, (c) => {
    const { branch_policies } = findEnvironment(c);
    return c.json({ total_count: branch_policies.length, branch_policies: pageOf(c, branch_policies) });
  });
  api.post(POLICIES, async (c) => {
    requirePermission(c, "admin");
    const environment = findEnvironment(c);
    const body = await readBody(c);
    const policy = { name: requiredText(body, "name"), type: optionalText(body, "type") ?? "branch" };
    const id = c.var.world.ids.next();
    return c.json(keepPolicy(c, environment, { id, ...policy }));
  });
  api.get(`${POLICIES}/:id`, (c) => c.json(findPolicy(c).policy));
  api.put(`${POLICIES}/:id`, async (c) => {
    requirePermission(c, "admin");
    const { environment, policy } = findPolicy(c);
    const name = requiredText(await readBody(c), "name");
    return c.json(keepPolicy(c, environment, { ...policy, name }));
  });
  api.delete(`${POLICIES}/:id`, (c) => {
    requirePermission(c, "admin");
    const { environment, policy } = findPolicy(c);
    const branch_policies = environment.branch_policies.filter(({ id }) => id !== policy.id);
    save(c.var.repository, { ...environment, branch_policies });
    return c.body(null, 204);
  });
}

type Policy = Environment["branch_policies"][number];

function findPolicy(c: ApiContext): { environment: Environment; policy: Policy } {
  const environment = findEnvironment(c);
  const wanted = numberParam(c, "id");
  const policy = environment.branch_policies.find(({ id }) => id === wanted);
  if (policy === undefined) throw notFound();
  return { environment, policy };
}

function keepPolicy(c: ApiContext, environment: Environment, policy: Policy): Policy {
  const others = environment.branch_policies.filter(({ id }) => id !== policy.id);
  save(c.var.repository, { ...environment, branch_policies: [...others, policy] });
  return policy;
}
