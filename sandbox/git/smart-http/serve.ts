import type { IncomingMessage, ServerResponse } from "node:http";
import { allows, parseToken, permissionOf } from "../access/index.ts";
import { readRecord } from "../state/index.ts";
import type { Permission, Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { runBackend } from "./backend.ts";
import type { GitRequest } from "./route.ts";

interface Denial {
  readonly status: 401 | 403 | 404;
  readonly message: string;
}

interface Grant {
  readonly repository: Repository;
  readonly login: string | undefined;
  readonly permission: Permission;
}

/** Answers a request of a Git client; `onLogin` hears who it is. */
export async function serveGit(
  world: World,
  request: GitRequest,
  { req, res }: { req: IncomingMessage; res: ServerResponse },
  onLogin: (login: string) => void,
): Promise<void> {
  const grant = authorize(world, request, req.headers.authorization);
  if ("status" in grant) return deny(grant, req, res);
  const { repository, login, permission } = grant;
  if (login !== undefined) onLogin(login);
  const actor = login === undefined ? undefined : { login, permission };
  await runBackend({ root: world.root, request, repository, actor }, req, res);
}

/** A repository that somebody may not read does not exist for them, as on GitHub. */
function authorize(world: World, request: GitRequest, header: string | undefined): Grant | Denial {
  const token = parseToken(header);
  const identity = token === undefined ? undefined : world.identities.findByToken(token);
  if (header !== undefined && identity === undefined) {
    return { status: 401, message: "Invalid username or token." };
  }
  const repository = world.repositories.find(request.owner, request.name);
  const permission = repository ? permissionOf(world, identity, repository) : "none";
  const wanted = request.service === "git-receive-pack" ? "write" : "read";
  if (repository !== undefined && allows(permission, wanted)) {
    const archived = wanted === "write" && readRecord(repository).settings.archived;
    if (archived) return { status: 403, message: "This repository was archived so it is read-only." };
    return { repository, login: identity?.login, permission };
  }
  if (identity === undefined) return { status: 401, message: "Authentication is needed." };
  if (permission === "none") return { status: 404, message: "Repository not found." };
  const name = `${request.owner}/${request.name}.git`;
  return { status: 403, message: `Permission to ${name} denied to ${identity.login}.` };
}

function deny({ status, message }: Denial, req: IncomingMessage, res: ServerResponse): void {
  req.resume();
  const challenge = status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
  res.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...challenge }).end(`${message}\n`);
}
