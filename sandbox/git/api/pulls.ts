import { readBranch } from "../plumbing/index.ts";
import { Refusal, invalid, unprocessable } from "../refusals.ts";
import { renderPull, renderReview } from "../render/index.ts";
import {
  closePull,
  currentPull,
  emitPull,
  findPull,
  mergePull,
  openPull,
  readMergeability,
  reopenPull,
  savePull,
} from "../pulls/index.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { Pull, Review } from "../state/index.ts";
import { flag, optionalText, readBody, requiredText } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, numberParam, personOf, requireIdentity, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

/** Pull requests inside one repository, and their reviews. */
export function createPullRoutes(): Api {
  const api = newApi();
  api.get("/pulls", listPulls);
  api.post("/pulls", async (c) => {
    const { login } = requirePermission(c, "write");
    const { world, repository } = c.var;
    const body = await readBody(c);
    const wanted = {
      title: requiredText(body, "title"),
      body: optionalText(body, "body") ?? null,
      head_ref: headOf(c, requiredText(body, "head")),
      base_ref: requiredText(body, "base"),
      draft: flag(body, "draft", false),
      maintainer_can_modify: flag(body, "maintainer_can_modify", false),
      user: login,
    };
    return c.json(renderPull(world, repository, await openPull(world, repository, wanted)), 201);
  });
  api.get("/pulls/:number", async (c) =>
    c.json(await withMergeability(c, findPull(c.var.repository, numberParam(c, "number")))),
  );
  api.patch("/pulls/:number", updatePull);
  api.put("/pulls/:number/merge", merge);
  addReviewRoutes(api);
  return api;
}

/** "owner:branch" is the long form; there are no forks here, so the owner can only be this one. */
function headOf(c: ApiContext, head: string): string {
  const [owner, branch] = head.includes(":") ? head.split(":", 2) : [c.var.repository.owner, head];
  if (owner !== c.var.repository.owner) throw invalid("PullRequest", "head", "The sandbox has no forks");
  return branch ?? "";
}

async function withMergeability(c: ApiContext, stored: Pull): Promise<object> {
  const { world, repository, permission, identity } = c.var;
  const pull = await currentPull(repository, stored);
  const actor = { login: identity?.login ?? "", permission };
  return { ...renderPull(world, repository, pull), ...(await readMergeability(repository, pull, actor)) };
}

async function listPulls(c: ApiContext): Promise<Response> {
  const { world, repository } = c.var;
  const state = c.req.query("state") ?? "open";
  const base = c.req.query("base");
  const head = c.req.query("head");
  const matching = readList(repository.dir, "pulls")
    .filter((pull) => state === "all" || pull.state === state)
    .filter((pull) => base === undefined || pull.base_ref === base)
    .filter((pull) => head === undefined || `${repository.owner}:${pull.head_ref}` === head);
  const newestFirst = c.req.query("direction") !== "asc";
  const ordered = newestFirst ? matching.toReversed() : matching;
  const current = await Promise.all(pageOf(c, ordered).map((pull) => currentPull(repository, pull)));
  return c.json(current.map((pull) => renderPull(world, repository, pull)));
}

async function updatePull(c: ApiContext): Promise<Response> {
  const { login } = requirePermission(c, "write");
  const { world, repository } = c.var;
  const body = await readBody(c);
  const state = optionalText(body, "state");
  if (state !== undefined && state !== "open" && state !== "closed") throw unprocessable(`state is ${state}`);
  let pull = await edit(c, findPull(repository, numberParam(c, "number")), body);
  if (state === "closed" && pull.state === "open") pull = closePull(world, repository, pull, login);
  if (state === "open" && pull.state === "closed") pull = await reopenPull(world, repository, pull, login);
  return c.json(await withMergeability(c, pull));
}

async function edit(c: ApiContext, before: Pull, body: Body): Promise<Pull> {
  const { world, repository } = c.var;
  const base_ref = optionalText(body, "base") ?? before.base_ref;
  const base_sha =
    base_ref === before.base_ref ? before.base_sha : await readBranch(repository.dir, base_ref);
  if (base_sha === undefined) throw invalid("PullRequest", "base", `There is no branch ${base_ref}`);
  const wanted = {
    title: optionalText(body, "title") ?? before.title,
    body: optionalText(body, "body") ?? before.body,
    maintainer_can_modify: flag(body, "maintainer_can_modify", before.maintainer_can_modify),
    base_ref,
    base_sha,
  };
  const pull = { ...before, ...wanted };
  if (JSON.stringify(pull) === JSON.stringify(before)) return before;
  const saved = savePull(repository, { ...pull, updated_at: timestamp() });
  emitPull(world, repository, { pull: saved, action: "edited", sender: requireIdentity(c).login });
  return saved;
}

async function merge(c: ApiContext): Promise<Response> {
  const actor = requirePermission(c, "write");
  const { world, repository } = c.var;
  const pull = findPull(repository, numberParam(c, "number"));
  const body = await readBody(c);
  const method = optionalText(body, "merge_method") ?? "merge";
  if (method !== "merge" && method !== "squash") {
    throw new Refusal(405, `The sandbox merges by "merge" and "squash", not by "${method}"`);
  }
  const squashed = `${pull.title} (#${pull.number})`;
  const merged = `Merge pull request #${pull.number} from ${repository.owner}/${pull.head_ref}`;
  const order = {
    method,
    title: optionalText(body, "commit_title") ?? (method === "merge" ? merged : squashed),
    message: optionalText(body, "commit_message") ?? (method === "merge" ? pull.title : ""),
    actor,
    author: personOf(actor),
  } as const;
  const sha = optionalText(body, "sha");
  const done = await mergePull(world, repository, pull, sha === undefined ? order : { ...order, sha });
  return c.json({ sha: done.merge_commit_sha, merged: true, message: "Pull Request successfully merged" });
}

const VERDICTS: Readonly<Record<string, Review["state"]>> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

function addReviewRoutes(api: Api): void {
  api.get("/pulls/:number/reviews", (c) => {
    const { number } = findPull(c.var.repository, numberParam(c, "number"));
    const reviews = readList(c.var.repository.dir, "reviews").filter(({ pull }) => pull === number);
    return c.json(pageOf(c, reviews).map((review) => renderReview(c.var.world, c.var.repository, review)));
  });
  api.post("/pulls/:number/reviews", async (c) => {
    const { login } = requirePermission(c, "write");
    const { world, repository } = c.var;
    const pull = await currentPull(repository, findPull(repository, numberParam(c, "number")));
    const body = await readBody(c);
    const state = VERDICTS[requiredText(body, "event")];
    if (state === undefined) throw unprocessable(`event is not one of ${Object.keys(VERDICTS).join(", ")}`);
    if (state !== "COMMENTED" && pull.user === login)
      throw unprocessable("Can not approve your own pull request");
    const text = optionalText(body, "body") ?? "";
    const submitted = { commit_id: pull.head_sha, submitted_at: timestamp() };
    const review = { id: world.ids.next(), pull: pull.number, user: login, state, body: text, ...submitted };
    writeList(repository.dir, "reviews", [...readList(repository.dir, "reviews"), review]);
    return c.json(renderReview(world, repository, review));
  });
}
