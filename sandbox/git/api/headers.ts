import { randomBytes } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { ApiEnvironment } from "./context.ts";

/** Counted per login and hour, and shown; never held against anybody. Faults play what happens at the limit. */
export const HOURLY_LIMIT = 15_000;
const HOUR_SECONDS = 3600;

interface Window {
  readonly reset: number;
  used: number;
}

/** `X-RateLimit-*` and the other headers that GitHub puts on every answer. */
export function createHeaders(): MiddlewareHandler<ApiEnvironment> {
  const windows = new Map<string, Window>();
  return async (c, next) => {
    await next();
    const now = Math.floor(Date.now() / 1000);
    const login = c.var.identity?.login ?? "";
    const known = windows.get(login);
    const window = known && known.reset > now ? known : { reset: now + HOUR_SECONDS, used: 0 };
    window.used += 1;
    windows.set(login, window);
    c.header("X-RateLimit-Limit", String(HOURLY_LIMIT));
    c.header("X-RateLimit-Remaining", String(Math.max(1, HOURLY_LIMIT - window.used)));
    c.header("X-RateLimit-Used", String(window.used));
    c.header("X-RateLimit-Reset", String(window.reset));
    c.header("X-RateLimit-Resource", "core");
    c.header("X-GitHub-Request-Id", randomBytes(8).toString("hex").toUpperCase());
    c.header("X-GitHub-Media-Type", "github.v3; format=json");
  };
}
