import { isBranchName, isFilePath } from "../names.ts";
import { readBlob, readBranch, readCommit, readEntry, readFolder, resolveCommit } from "../plumbing/index.ts";
import type { Entry, Person } from "../plumbing/index.ts";
import { Refusal, conflict, missing, notFound, unprocessable } from "../refusals.ts";
import { renderContent, renderGitCommit } from "../render/index.ts";
import { defaultBranch } from "../state/index.ts";
import { optionalObject, optionalText, readBody, requiredText } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, pathParam, personOf, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { writeFile } from "./files.ts";

/** Of larger files GitHub gives no content here, only their hash. */
export const MAX_INLINE_BYTES = 1024 * 1024;

/** Files: read, write and delete by real commits, one a request. */
export function createContentRoutes(): Api {
  const api = newApi();
  for (const root of ["/contents", "/contents/"]) api.get(root, (c) => readContent(c, ""));
  api.get("/contents/:path{.+}", (c) => readContent(c, pathParam(c, "path")));
  api.put("/contents/:path{.+}", putFile);
  api.delete("/contents/:path{.+}", deleteFile);
  return api;
}

async function readContent(c: ApiContext, path: string): Promise<Response> {
  const { world, repository } = c.var;
  const ref = c.req.query("ref") || defaultBranch(repository);
  const commit = await resolveCommit(repository.dir, ref);
  if (commit === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  if (path !== "" && !isFilePath(path)) throw notFound();
  const entry = path === "" ? undefined : await readEntry(repository.dir, commit, path);
  if (path !== "" && entry === undefined) throw notFound();
  if (entry?.type !== "blob") {
    const entries = await readFolder(repository.dir, commit, path);
    return c.json(entries.map((inside) => renderContent(world, repository, inside, ref)));
  }
  return fileResponse(c, entry, ref);
}

async function fileResponse(c: ApiContext, entry: Entry, ref: string): Promise<Response> {
  const { world, repository } = c.var;
  const blob = await readBlob(repository.dir, entry.sha);
  if (c.req.header("accept")?.includes("raw")) return c.body(new Uint8Array(blob));
  const inline = blob.length <= MAX_INLINE_BYTES;
  const content = inline ? blob.toString("base64").replace(/.{60}/g, "$&\n") : "";
  const encoding = inline ? "base64" : "none";
  return c.json({ ...renderContent(world, repository, entry, ref), content, encoding });
}

interface Target {
  readonly branch: string;
  readonly path: string;
  readonly existing: Entry | undefined;
}

async function findTarget(c: ApiContext, body: Body): Promise<Target> {
  const { dir } = c.var.repository;
  const home = defaultBranch(c.var.repository);
  const branch = (optionalText(body, "branch") ?? home).replace(/^refs\/heads\//, "");
  const path = pathParam(c, "path");
  if (!isFilePath(path)) throw unprocessable("path contains a malformed path component");
  const commit = await readBranch(dir, branch);
  const isFirst = branch === home && isBranchName(branch);
  if (commit === undefined && !isFirst) throw new Refusal(404, `Branch ${branch} not found`);
  return { branch, path, existing: commit === undefined ? undefined : await readEntry(dir, commit, path) };
}

async function putFile(c: ApiContext): Promise<Response> {
  const actor = requirePermission(c, "write");
  const body = await readBody(c);
  const target = await findTarget(c, body);
  checkSha(target, optionalText(body, "sha"));
  const encoded = optionalText(body, "content");
  if (encoded === undefined) throw missing("content");
  if (!isBase64(encoded)) throw unprocessable("content is not valid Base64");
  const content = Buffer.from(encoded, "base64");
  const people = peopleOf(body, personOf(actor));
  const message = requiredText(body, "message");
  const { branch, path } = target;
  const sha = await writeFile(c.var.world, c.var.repository, {
    branch,
    path,
    content,
    message,
    actor,
    ...people,
  });
  return answer(c, target, sha);
}

async function deleteFile(c: ApiContext): Promise<Response> {
  const actor = requirePermission(c, "write");
  const body = await readBody(c);
  const target = await findTarget(c, body);
  if (target.existing === undefined) throw notFound();
  requiredText(body, "sha");
  checkSha(target, optionalText(body, "sha"));
  const people = peopleOf(body, personOf(actor));
  const message = requiredText(body, "message");
  const { branch, path } = target;
  const change = { branch, path, content: null, message, actor, ...people };
  const sha = await writeFile(c.var.world, c.var.repository, change);
  return answer(c, { ...target, existing: undefined }, sha, null);
}

/** An existing file is changed only by those who know what they replace. */
function checkSha({ existing, path }: Target, sha: string | undefined): void {
  if (existing === undefined && sha !== undefined)
    throw conflict(`${path} does not exist and cannot match ${sha}`);
  if (existing !== undefined && sha === undefined) throw missing("sha");
  if (existing !== undefined && sha !== existing.sha) throw conflict(`${path} does not match ${sha}`);
}

const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text);

function peopleOf(body: Body, actor: Person): { author: Person; committer: Person } {
  const committer = parsePerson(optionalObject(body, "committer")) ?? actor;
  return { committer, author: parsePerson(optionalObject(body, "author")) ?? committer };
}

function parsePerson(body: Body | undefined): Person | undefined {
  return body && { name: requiredText(body, "name"), email: requiredText(body, "email") };
}

async function answer(c: ApiContext, target: Target, sha: string, content?: null): Promise<Response> {
  const { world, repository } = c.var;
  const commit = await readCommit(repository.dir, sha);
  const entry = content === null ? undefined : await readEntry(repository.dir, sha, target.path);
  const created = content !== null && target.existing === undefined;
  const rendered = entry ? renderContent(world, repository, entry, target.branch) : null;
  return c.json(
    { content: rendered, commit: commit && renderGitCommit(world, repository, commit) },
    created ? 201 : 200,
  );
}
