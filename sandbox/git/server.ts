import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { API_PATH, createApi } from "./api/index.ts";
import { CONTROL_PATH, Faults, RequestLog, createControl, inflict } from "./faults/index.ts";
import { writeGitHooks } from "./policy/index.ts";
import { parseGitRequest, serveGit } from "./smart-http/index.ts";
import { Spool } from "./webhooks/index.ts";
import type { World } from "./world.ts";

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

export interface RunningServer {
  readonly server: Server;
  readonly spool: Spool;
}

/** Starts to serve Git, the GitHub API and the sandbox's own interface on one loopback port. */
export async function startServer(world: World): Promise<RunningServer> {
  writeGitHooks(world.root);
  const spool = new Spool(world, world.pushed);
  const handle = createHandler(world, spool);
  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => fail(error, res));
  });
  // A push may take long, and a paused request has no end: neither is ended by a timer.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(world.settings.port, "127.0.0.1", resolve);
  });
  spool.start();
  return { server, spool };
}

function fail(error: unknown, res: ServerResponse): void {
  console.error("A request failed:", error);
  if (!res.headersSent) res.writeHead(500);
  res.end();
}

function createHandler(world: World, spool: Spool): Handler {
  const faults = new Faults();
  const log = new RequestLog();
  const control = getRequestListener(createControl({ world, faults, log }).fetch);
  const rest = createApi(world, (c, login) => log.identify(c.env.incoming, login));
  const api = getRequestListener((request, env) => rest.fetch(request, env as HttpBindings));
  return async (req, res) => {
    const url = req.url ?? "/";
    if (url.startsWith(`${CONTROL_PATH}/`)) return control(req, res);
    log.keep(req, res);
    const struck = faults.strike(req.method ?? "GET", url);
    if (struck && (await inflict(struck, req, res))) return;
    if (url.startsWith(`${API_PATH}/`)) return api(req, res);
    const request = parseGitRequest(req.method ?? "GET", url);
    if (request === undefined) return refuse(req, res);
    await serveGit(world, request, { req, res }, (login) => log.identify(req, login));
    if (request.service === "git-receive-pack" && !request.advertisement) void spool.drain();
  };
}

function refuse(req: IncomingMessage, res: ServerResponse): void {
  req.resume();
  res.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("Not found.\n");
}
