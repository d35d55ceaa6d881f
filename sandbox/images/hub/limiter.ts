import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { forward, Target } from "../../proxy/index.ts";
import { readBearer } from "./bearer.ts";
import { PullCounter } from "./pull-counter.ts";
import type { PullLimit } from "./settings.ts";

const MANIFEST = /^\/v2\/.+\/manifests\/[^/]+$/;
const TOO_MANY = JSON.stringify({
  errors: [{ code: "TOOMANYREQUESTS", message: "You have reached your pull rate limit." }],
});

/**
 * Stands before the registry and limits how many manifests an identity pulls, as Docker Hub does: a GET counts,
 * a HEAD does not. It also holds tokens to their second; the registry itself allows a minute more.
 */
export function createLimiter(registryPort: number, limit: PullLimit): Server {
  const target = new Target(registryPort);
  const counter = new PullCounter(limit);
  const options = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
  return createServer(options, (req, res) => {
    const bearer = readBearer(req.headers.authorization, Date.now());
    if (bearer?.isExpired === true) return forward(target, req, res, { headers: withoutAuthorization(req) });
    if (bearer === undefined || !isPull(req)) return forward(target, req, res);
    if (counter.remaining(bearer.subject, Date.now()) === 0 && req.method === "GET") {
      return refuse(res, counter.headers(bearer.subject, Date.now()));
    }
    forward(target, req, res, { onHead: (answer) => countPull(counter, bearer.subject, req, answer) });
  });
}

function countPull(
  counter: PullCounter,
  subject: string,
  req: IncomingMessage,
  answer: IncomingMessage,
): readonly string[] {
  if (req.method === "GET" && answer.statusCode === 200) counter.count(subject, Date.now());
  return counter.headers(subject, Date.now());
}

const isPull = ({ method, url = "" }: IncomingMessage): boolean =>
  (method === "GET" || method === "HEAD") && MANIFEST.test(url);

const withoutAuthorization = ({ rawHeaders }: IncomingMessage): string[] =>
  rawHeaders.filter((_, at) => rawHeaders[at - (at % 2)]?.toLowerCase() !== "authorization");

function refuse(res: ServerResponse, headers: readonly string[]): void {
  res.writeHead(429, ["content-type", "application/json", ...headers]);
  res.end(TOO_MANY);
}
