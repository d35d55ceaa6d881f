import { changedFiles, listCommits, readCommits, resolveCommit } from "../plumbing/index.ts";
import type { Commit } from "../plumbing/index.ts";
import { Refusal, conflict, unprocessable } from "../refusals.ts";
import { renderChangedFile, renderCommit } from "../render/index.ts";
import { defaultBranch } from "../state/index.ts";
import { newApi, pathParam } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

/** Commits to read: a list, optionally of one path, and one of them with its files. */
export function createCommitRoutes(): Api {
  const api = newApi();
  api.get("/commits", async (c) => {
    const { world, repository } = c.var;
    const from = await resolveCommit(repository.dir, c.req.query("sha") ?? defaultBranch(repository));
    if (from === undefined)
      throw c.req.query("sha") ? new Refusal(404, "Not Found") : conflict("Git Repository is empty.");
    const path = c.req.query("path");
    const shas = await listCommits(repository.dir, from, path === undefined ? {} : { path });
    const commits = await readCommits(repository.dir, pageOf(c, shas));
    return c.json(commits.map((commit) => renderCommit(world, repository, commit)));
  });
  return api;
}

/** Last of all routes that begin with `/commits/`: a reference may have slashes. */
export function addCommitRoute(api: Api): void {
  api.get("/commits/:ref{.+}", async (c) => {
    const commit = await requireCommit(c, pathParam(c, "ref"));
    const files = (await changedFiles(c.var.repository.dir, commit)).map(renderChangedFile);
    return c.json({ ...renderCommit(c.var.world, c.var.repository, commit), files: pageOf(c, files) });
  });
}

/** @throws Refusal (422) as GitHub does when there is no such commit */
export async function requireCommit(c: ApiContext, ref: string): Promise<Commit> {
  const sha = await resolveCommit(c.var.repository.dir, ref);
  const [commit] = sha === undefined ? [] : await readCommits(c.var.repository.dir, [sha]);
  if (commit === undefined) throw unprocessable(`No commit found for SHA: ${ref}`);
  return commit;
}
