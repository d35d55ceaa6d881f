import { readBranch } from "../plumbing/index.ts";
import { Refusal, missing } from "../refusals.ts";
import { renderProtection, renderSignatures } from "../render/index.ts";
import { readList, writeList } from "../state/index.ts";
import type { Protection, Repository } from "../state/index.ts";
import { addBranchRoute } from "./branches.ts";
import { flag, optionalObject, readBody, texts, wholeNumber } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, pathParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";

const RULE = "/branches/:branch{.+}/protection";

/** Branch protection by REST: one rule a branch. */
export function createProtectionRoutes(): Api {
  const api = newApi();
  addPart(api, "required_signatures", (on) => ({ required_signatures: on }));
  addPart(api, "enforce_admins", (on) => ({ enforce_admins: on }));
  api.delete(`${RULE}/required_pull_request_reviews`, (c) => {
    change(c, { required_pull_request_reviews: null });
    return c.body(null, 204);
  });
  api.get(RULE, (c) => c.json(renderProtection(c.var.world, c.var.repository, findRule(c))));
  api.put(RULE, putRule);
  api.delete(RULE, (c) => {
    requirePermission(c, "admin");
    const { branch } = findRule(c);
    const rules = readList(c.var.repository.dir, "protection");
    writeList(
      c.var.repository.dir,
      "protection",
      rules.filter((rule) => rule.branch !== branch),
    );
    return c.body(null, 204);
  });
  addBranchRoute(api);
  return api;
}

async function putRule(c: ApiContext): Promise<Response> {
  requirePermission(c, "admin");
  const { world, repository } = c.var;
  const branch = pathParam(c, "branch");
  if ((await readBranch(repository.dir, branch)) === undefined) throw new Refusal(404, "Branch not found");
  const rule = saveRule(repository, parseProtection(branch, await readBody(c), known(c)));
  return c.json(renderProtection(world, repository, rule));
}

/** A switch of a rule that has an address of its own. */
function addPart(
  api: Api,
  name: "required_signatures" | "enforce_admins",
  part: (on: boolean) => Partial<Protection>,
): void {
  const path = `${RULE}/${name}`;
  const render = (c: ApiContext, rule: Protection): Response => {
    const { url } = renderSignatures(c.var.world, c.var.repository, rule);
    return c.json({ url: String(url).replace("required_signatures", name), enabled: rule[name] });
  };
  api.get(path, (c) => render(c, findRule(c)));
  api.post(path, (c) => render(c, change(c, part(true))));
  api.delete(path, (c) => {
    change(c, part(false));
    return c.body(null, 204);
  });
}

const known = (c: ApiContext): Protection | undefined =>
  readList(c.var.repository.dir, "protection").find(({ branch }) => branch === pathParam(c, "branch"));

function findRule(c: ApiContext): Protection {
  requirePermission(c, "admin");
  const rule = known(c);
  if (rule === undefined) throw new Refusal(404, "Branch not protected");
  return rule;
}

function change(c: ApiContext, part: Partial<Protection>): Protection {
  return saveRule(c.var.repository, { ...findRule(c), ...part });
}

function saveRule({ dir }: Repository, rule: Protection): Protection {
  const others = readList(dir, "protection").filter(({ branch }) => branch !== rule.branch);
  writeList(dir, "protection", [...others, rule]);
  return rule;
}

/** The four parts that GitHub wants in every request, if only as null. */
const NEEDED = ["required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions"];

export function parseProtection(branch: string, body: Body, before: Protection | undefined): Protection {
  for (const field of NEEDED) if (body[field] === undefined) throw missing(field);
  return {
    branch,
    enforce_admins: flag(body, "enforce_admins", false),
    required_status_checks: parseChecks(optionalObject(body, "required_status_checks")),
    required_pull_request_reviews: parseReviews(optionalObject(body, "required_pull_request_reviews")),
    restrictions: parsePeople(optionalObject(body, "restrictions")),
    required_linear_history: flag(body, "required_linear_history", false),
    allow_force_pushes: flag(body, "allow_force_pushes", false),
    allow_deletions: flag(body, "allow_deletions", false),
    required_conversation_resolution: flag(body, "required_conversation_resolution", false),
    block_creations: flag(body, "block_creations", false),
    lock_branch: flag(body, "lock_branch", false),
    required_signatures: before?.required_signatures ?? false,
  };
}

function parseChecks(body: Body | undefined): Protection["required_status_checks"] {
  if (body === undefined) return null;
  const checks = ((body["checks"] ?? []) as readonly Body[]).map((check) => {
    const app = wholeNumber(check, "app_id", -1);
    return { context: String(check["context"]), app_id: app === -1 ? null : app };
  });
  const contexts = texts(body, "contexts").map((context) => ({ context, app_id: null }));
  return { strict: flag(body, "strict", false), checks: [...checks, ...contexts] };
}

function parseReviews(body: Body | undefined): Protection["required_pull_request_reviews"] {
  if (body === undefined) return null;
  return {
    dismiss_stale_reviews: flag(body, "dismiss_stale_reviews", false),
    require_code_owner_reviews: flag(body, "require_code_owner_reviews", false),
    require_last_push_approval: flag(body, "require_last_push_approval", false),
    required_approving_review_count: wholeNumber(body, "required_approving_review_count", 1),
    dismissal_restrictions: parsePeople(optionalObject(body, "dismissal_restrictions")),
    bypass_pull_request_allowances: parsePeople(optionalObject(body, "bypass_pull_request_allowances")),
  };
}

/** GitHub drops an object without anybody in it only for dismissals; null and absence are the same everywhere. */
function parsePeople(body: Body | undefined): Protection["restrictions"] {
  if (body === undefined) return null;
  return { users: texts(body, "users"), teams: texts(body, "teams"), apps: texts(body, "apps") };
}
