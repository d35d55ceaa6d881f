import { ZERO_SHA, isBranchName, isSha } from "../names.ts";
import { listRefs, readCommit, readRef, readTree, typeOf, readBlob } from "../plumbing/index.ts";
import { notFound, unprocessable } from "../refusals.ts";
import { renderGitCommit, renderRef, repositoryUrl } from "../render/index.ts";
import { defaultBranch } from "../state/index.ts";
import type { Repository } from "../state/index.ts";
import { flag, readBody, requiredText } from "./body.ts";
import { newApi, pathParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";
import { changeRef, isForced } from "./ref-changes.ts";

/** Only branches and tags may be written; GitHub keeps the rest to itself. */
const WRITABLE = /^refs\/(?:heads|tags)\//;

/** The Git data API: references, and objects to read. */
export function createRefRoutes(): Api {
  const api = newApi();
  api.get("/git/ref/:ref{.+}", async (c) => {
    const ref = refParam(c);
    const found = (await listRefs(c.var.repository.dir, ref)).find((candidate) => candidate.ref === ref);
    if (found === undefined) throw notFound();
    return c.json(renderRef(c.var.world, c.var.repository, found));
  });
  api.get("/git/matching-refs/:ref{.+}", async (c) => {
    const refs = await listRefs(c.var.repository.dir, refParam(c));
    return c.json(pageOf(c, refs).map((ref) => renderRef(c.var.world, c.var.repository, ref)));
  });
  api.post("/git/refs", createRef);
  api.patch("/git/refs/:ref{.+}", updateRef);
  api.delete("/git/refs/:ref{.+}", deleteRef);
  addObjectRoutes(api);
  return api;
}

const refParam = (c: ApiContext): string => `refs/${pathParam(c, "ref").replace(/^refs\//, "")}`;

async function writableRef(c: ApiContext): Promise<{ ref: string; before: string }> {
  const ref = refParam(c);
  const before = await readRef(c.var.repository.dir, ref);
  if (before === undefined || !WRITABLE.test(ref)) throw unprocessable("Reference does not exist");
  return { ref, before };
}

async function knownObject(repository: Repository, ref: string, sha: string): Promise<string> {
  const type = isSha(sha) ? await typeOf(repository.dir, sha) : undefined;
  if (type === undefined) throw unprocessable("Object does not exist");
  if (ref.startsWith("refs/heads/") && type !== "commit") throw unprocessable("Object is not a commit");
  return sha;
}

async function createRef(c: ApiContext): Promise<Response> {
  const actor = requirePermission(c, "write");
  const { world, repository } = c.var;
  const body = await readBody(c);
  const ref = requiredText(body, "ref");
  if (!WRITABLE.test(ref) || !isBranchName(ref.replace(WRITABLE, ""))) {
    throw unprocessable("Reference name is malformed");
  }
  const after = await knownObject(repository, ref, requiredText(body, "sha"));
  if ((await readRef(repository.dir, ref)) !== undefined) throw unprocessable("Reference already exists");
  await changeRef(world, repository, { ref, before: ZERO_SHA, after, actor, refusedWith: 422 });
  const type = (await typeOf(repository.dir, after)) ?? "commit";
  return c.json(renderRef(world, repository, { ref, sha: after, type }), 201);
}

async function updateRef(c: ApiContext): Promise<Response> {
  const actor = requirePermission(c, "write");
  const { world, repository } = c.var;
  const { ref, before } = await writableRef(c);
  const body = await readBody(c);
  const after = await knownObject(repository, ref, requiredText(body, "sha"));
  if (!flag(body, "force", false) && (await isForced(repository, before, after))) {
    throw unprocessable("Update is not a fast forward");
  }
  await changeRef(world, repository, { ref, before, after, actor, refusedWith: 422 });
  const type = (await typeOf(repository.dir, after)) ?? "commit";
  return c.json(renderRef(world, repository, { ref, sha: after, type }));
}

async function deleteRef(c: ApiContext): Promise<Response> {
  const actor = requirePermission(c, "write");
  const { world, repository } = c.var;
  const { ref, before } = await writableRef(c);
  if (ref === `refs/heads/${defaultBranch(repository)}`)
    throw unprocessable("Cannot delete the default branch");
  await changeRef(world, repository, { ref, before, after: ZERO_SHA, actor, refusedWith: 422 });
  return c.body(null, 204);
}

function addObjectRoutes(api: Api): void {
  api.get("/git/commits/:sha", async (c) => {
    const commit = await readCommit(c.var.repository.dir, pathParam(c, "sha"));
    if (commit === undefined) throw notFound();
    return c.json(renderGitCommit(c.var.world, c.var.repository, commit));
  });
  api.get("/git/trees/:sha{.+}", async (c) => {
    const { world, repository } = c.var;
    const name = pathParam(c, "sha");
    const sha = isBranchName(name) ? await readRef(repository.dir, `${name}^{tree}`) : undefined;
    if (sha === undefined) throw notFound();
    const entries = await readTree(repository.dir, sha, c.req.query("recursive") !== undefined);
    const tree = entries.map(({ size, ...entry }) => (entry.type === "blob" ? { ...entry, size } : entry));
    return c.json({
      sha,
      url: repositoryUrl(world, repository, `/git/trees/${sha}`),
      tree,
      truncated: false,
    });
  });
  api.get("/git/blobs/:sha", async (c) => {
    const sha = pathParam(c, "sha");
    if ((await typeOf(c.var.repository.dir, sha)) !== "blob") throw notFound();
    const blob = await readBlob(c.var.repository.dir, sha);
    return c.json({ sha, size: blob.length, encoding: "base64", content: blob.toString("base64") });
  });
}
