import { forbidden, notFound } from "../refusals.ts";
import { renderComment } from "../render/index.ts";
import { findPull } from "../pulls/index.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { Comment } from "../state/index.ts";
import { readBody, requiredText } from "./body.ts";
import { newApi, numberParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

/** Comments on pull requests, under GitHub's name for them: those of an issue. There are no other issues here. */
export function createCommentRoutes(): Api {
  const api = newApi();
  api.get("/issues/comments/:id", (c) =>
    c.json(renderComment(c.var.world, c.var.repository, findComment(c))),
  );
  api.patch("/issues/comments/:id", async (c) => {
    const comment = ownComment(c);
    const body = requiredText(await readBody(c), "body");
    return c.json(keep(c, { ...comment, body, updated_at: timestamp() }));
  });
  api.delete("/issues/comments/:id", (c) => {
    const { id } = ownComment(c);
    const { dir } = c.var.repository;
    writeList(
      dir,
      "comments",
      readList(dir, "comments").filter((comment) => comment.id !== id),
    );
    return c.body(null, 204);
  });
  addThreadRoutes(api);
  return api;
}

function addThreadRoutes(api: Api): void {
  api.get("/issues/:number/comments", (c) => {
    const { number } = findPull(c.var.repository, numberParam(c, "number"));
    const comments = readList(c.var.repository.dir, "comments").filter(({ issue }) => issue === number);
    return c.json(
      pageOf(c, comments).map((comment) => renderComment(c.var.world, c.var.repository, comment)),
    );
  });
  api.post("/issues/:number/comments", async (c) => {
    const { login: user } = requirePermission(c, "read");
    const { number: issue } = findPull(c.var.repository, numberParam(c, "number"));
    const body = requiredText(await readBody(c), "body");
    const now = timestamp();
    const comment = { id: c.var.world.ids.next(), issue, user, body, created_at: now, updated_at: now };
    return c.json(keep(c, comment), 201);
  });
}

function findComment(c: ApiContext): Comment {
  const id = numberParam(c, "id");
  const comment = readList(c.var.repository.dir, "comments").find((candidate) => candidate.id === id);
  if (comment === undefined) throw notFound();
  return comment;
}

/** A comment is changed by who wrote it, or by somebody who may write to the repository. */
function ownComment(c: ApiContext): Comment {
  const { login, permission } = requirePermission(c, "read");
  const comment = findComment(c);
  if (comment.user !== login && permission === "read") throw forbidden();
  return comment;
}

function keep(c: ApiContext, comment: Comment): object {
  const { world, repository } = c.var;
  const others = readList(repository.dir, "comments").filter(({ id }) => id !== comment.id);
  const all = [...others, comment].sort((a, b) => a.id - b.id);
  writeList(repository.dir, "comments", all);
  return renderComment(world, repository, comment);
}
