import { ZERO_SHA, isBranchName } from "../names.ts";
import { git, listRefs, moveRef, readBranch, readCommit } from "../plumbing/index.ts";
import { Refusal, notFound, unprocessable } from "../refusals.ts";
import { findRule } from "../policy/index.ts";
import { renderCommit, repositoryUrl } from "../render/index.ts";
import type { Json } from "../render/index.ts";
import { defaultBranch, readList, writeList } from "../state/index.ts";
import type { Repository } from "../state/index.ts";
import { readBody, requiredText } from "./body.ts";
import { newApi, pathParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

const HEADS = "refs/heads/";

/** Branches: list, read, rename. They are made and deleted as references. */
export function createBranchRoutes(): Api {
  const api = newApi();
  api.get("/branches", async (c) => {
    const refs = await listRefs(c.var.repository.dir, HEADS);
    const wanted = c.req.query("protected");
    const branches = refs
      .map(({ ref, sha }) => renderBranch(c, ref.slice(HEADS.length), sha))
      .filter((branch) => wanted === undefined || String(branch["protected"]) === wanted);
    return c.json(pageOf(c, branches));
  });
  api.post("/branches/:branch{.+}/rename", renameBranch);
  return api;
}

/** Last of all routes that begin with `/branches/`: a branch's name may have slashes. */
export function addBranchRoute(api: Api): void {
  api.get("/branches/:branch{.+}", async (c) => {
    const branch = pathParam(c, "branch");
    const sha = await readBranch(c.var.repository.dir, branch);
    const commit = sha && (await readCommit(c.var.repository.dir, sha));
    if (!sha || !commit) throw new Refusal(404, "Branch not found");
    const details = renderCommit(c.var.world, c.var.repository, commit);
    return c.json({ ...renderBranch(c, branch, sha), commit: details });
  });
}

function renderBranch(c: ApiContext, name: string, sha: string): Json {
  const { world, repository } = c.var;
  const isProtected = findRule(repository.dir, `refs/heads/${name}`) !== undefined;
  const url = repositoryUrl(world, repository, `/branches/${encodeURIComponent(name)}/protection`);
  return {
    name,
    commit: { sha, url: repositoryUrl(world, repository, `/commits/${sha}`) },
    protected: isProtected,
    protection: { enabled: isProtected },
    protection_url: url,
  };
}

async function renameBranch(c: ApiContext): Promise<Response> {
  const actor = requirePermission(c, "admin");
  const { world, repository } = c.var;
  const from = pathParam(c, "branch");
  const to = requiredText(await readBody(c), "new_name");
  const sha = await readBranch(repository.dir, from);
  if (sha === undefined) throw notFound();
  if (!isBranchName(to)) throw unprocessable(`${to} is no name for a branch`);
  if (!(await moveRef(repository.dir, HEADS + to, ZERO_SHA, sha))) {
    throw unprocessable(`A branch named ${to} exists already`);
  }
  if (defaultBranch(repository) === from) await git(repository.dir, ["symbolic-ref", "HEAD", HEADS + to]);
  carryOver(repository, from, to);
  await moveRef(repository.dir, HEADS + from, sha, ZERO_SHA);
  const changes = [
    { ref: HEADS + to, before: ZERO_SHA, after: sha },
    { ref: HEADS + from, before: sha, after: ZERO_SHA },
  ];
  await world.pushed({ repository, actor, changes });
  return c.json(renderBranch(c, to, sha), 201);
}

/** Protection and pull requests go with a renamed branch. */
function carryOver({ dir }: Repository, from: string, to: string): void {
  const named = (name: string): string => (name === from ? to : name);
  writeList(
    dir,
    "protection",
    readList(dir, "protection").map((rule) => ({ ...rule, branch: named(rule.branch) })),
  );
  const pulls = readList(dir, "pulls").map((pull) => ({
    ...pull,
    head_ref: named(pull.head_ref),
    base_ref: named(pull.base_ref),
  }));
  writeList(dir, "pulls", pulls);
}
