import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { Context } from "hono";
import { grantedAccess } from "./scopes.ts";
import type { Account, HubSettings } from "./settings.ts";
import type { Claims } from "./signing.ts";

type Sign = (claims: Claims) => Promise<string>;

/** Somebody without a name pulls what is public, and everything here is. */
const ANYBODY: Account = { username: "", password: "", may: ["pull"] };

/**
 * The token service: GET with or without a name and password, and the POST that BuildKit tries first.
 * https://distribution.github.io/distribution/spec/auth/token/ and …/auth/oauth/
 */
export function tokenApp(settings: HubSettings, sign: Sign, now: () => number = Date.now): Hono {
  const app = new Hono();
  app.get("/token", async (c) => {
    const account = accountOf(settings.accounts, basicCredentials(c.req.header("authorization")));
    return answer(c, account, (granted) => issue(granted, c.req.queries("scope") ?? []));
  });
  app.post("/token", async (c) => {
    const form = await c.req.formData();
    const given = { username: String(form.get("username")), password: String(form.get("password")) };
    const account = form.get("grant_type") === "password" ? accountOf(settings.accounts, given) : undefined;
    return answer(c, account, (granted) => issue(granted, form.getAll("scope").map(String)));
  });
  const issue = async (account: Account, scopes: readonly string[]): Promise<object> => {
    const issuedAt = Math.floor(now() / 1000);
    const token = await sign({
      issuer: settings.issuer,
      service: settings.service,
      subject: account.username,
      access: grantedAccess(scopes, account.may),
      issuedAt,
      expiresAt: issuedAt + settings.tokenSeconds,
    });
    const issued_at = new Date(issuedAt * 1000).toISOString();
    return { token, access_token: token, expires_in: settings.tokenSeconds, issued_at };
  };
  return app;
}

async function answer(
  c: Context,
  account: Account | undefined,
  issue: (account: Account) => Promise<object>,
): Promise<Response> {
  if (account !== undefined) return c.json(await issue(account));
  return c.json({ details: "incorrect username or password", id: randomUUID() }, 401);
}

type Given = Pick<Account, "username" | "password">;

/** Undefined for a wrong name or password; {@link ANYBODY} when none was given. */
function accountOf(accounts: readonly Account[], given: Given | undefined): Account | undefined {
  if (given === undefined) return ANYBODY;
  return accounts.find(
    ({ username, password }) => username === given.username && password === given.password,
  );
}

function basicCredentials(header: string | undefined): Given | undefined {
  if (header === undefined) return undefined;
  const [scheme = "", encoded = ""] = header.split(" ");
  const [username = "", ...rest] = Buffer.from(encoded, "base64").toString().split(":");
  return scheme.toLowerCase() === "basic"
    ? { username, password: rest.join(":") }
    : { username: "", password: "" };
}
