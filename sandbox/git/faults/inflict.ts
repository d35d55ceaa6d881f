import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultEffect, Struck } from "./faults.ts";

const DOCUMENTATION = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-";

/** Does to a request what the fault says. True when it was answered, and must not be carried out. */
export async function inflict(struck: Struck, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  const { effect } = struck;
  switch (effect.kind) {
    case "delay":
      await sleep(effect.ms);
      return false;
    case "pause":
      await struck.cleared;
      return req.destroyed;
    case "cut-request":
      cutRequest(req, effect.afterBytes);
      return false;
    case "cut-response":
      cutResponse(res, effect.afterBytes);
      return false;
    default:
      answer(effect, req, res);
      return true;
  }
}

type Answered = Extract<FaultEffect, { kind: "status" | "rate-limit" }>;

function answer(effect: Answered, req: IncomingMessage, res: ServerResponse): void {
  const status = effect.kind === "status" ? effect.status : 403;
  const headers: Record<string, string> = { "content-type": "application/json; charset=utf-8" };
  if (status === 401) headers["www-authenticate"] = 'Basic realm="GitHub"';
  if (effect.retryAfterSeconds !== undefined) headers["retry-after"] = String(effect.retryAfterSeconds);
  const primary = effect.kind === "rate-limit" && effect.limit === "primary";
  if (primary) {
    delete headers["retry-after"];
    headers["x-ratelimit-remaining"] = "0";
    headers["x-ratelimit-reset"] = String(Math.ceil(Date.now() / 1000) + effect.retryAfterSeconds);
  }
  // Whatever the client still sends is read and dropped: closing at once could lose the answer on its way.
  req.resume();
  res.writeHead(status, headers).end(JSON.stringify(bodyOf(effect, status)));
}

function bodyOf(effect: Answered, status: number): Record<string, unknown> {
  if (effect.kind === "rate-limit") {
    const name = effect.limit === "primary" ? "API" : "a secondary";
    const anchor = `${effect.limit}-rate-limits`;
    return { message: `You have exceeded ${name} rate limit.`, documentation_url: DOCUMENTATION + anchor };
  }
  const message =
    status === 401 ? "Bad credentials" : `Answered with ${status} by a fault set in the sandbox`;
  return { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
}

/**
 * Node hands every piece of a body to `push`, and null at its end: counting there leaves the readers of the request as
 * they are. What comes after the cut is dropped, its end too, since all of a short body can have come at once.
 */
function cutRequest(req: IncomingMessage, afterBytes: number): void {
  const push = req.push.bind(req);
  let left = afterBytes;
  req.push = (chunk: unknown): boolean => {
    if (req.socket.destroyed) return false;
    if (!Buffer.isBuffer(chunk) || chunk.length < left) {
      left -= Buffer.isBuffer(chunk) ? chunk.length : 0;
      return push(chunk);
    }
    push(chunk.subarray(0, left));
    req.socket.destroy();
    return false;
  };
}

type Callback = (error?: Error | null) => void;

/** Lets this many bytes of the answer's body out, then ends the connection. */
function cutResponse(res: ServerResponse, afterBytes: number): void {
  const write = res.write.bind(res) as (chunk: Buffer, callback?: Callback) => boolean;
  let left = afterBytes;
  const send = (chunk: Buffer): boolean => {
    const allowed = chunk.subarray(0, left);
    left -= allowed.length;
    if (left > 0) return write(allowed);
    const { socket } = res;
    res.flushHeaders();
    return write(allowed, () => socket?.destroy());
  };
  const bytes = (chunk: unknown): Buffer =>
    typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from((chunk as Uint8Array | undefined) ?? []);
  res.write = ((chunk: unknown) => (left > 0 ? send(bytes(chunk)) : false)) as typeof res.write;
  res.end = ((chunk?: unknown) => {
    if (typeof chunk !== "function" && chunk !== undefined && left > 0) send(bytes(chunk));
    res.socket?.destroySoon();
    return res;
  }) as typeof res.end;
}
