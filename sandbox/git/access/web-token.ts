import { verify } from "node:crypto";
import type { Identity } from "../state/index.ts";

/** GitHub takes no token of an app that is valid for longer. */
const MAX_LIFETIME_SECONDS = 600;
/** Clocks may differ a little. */
const LEEWAY_SECONDS = 60;

/** The app whose key signed this JSON web token (RS256), unless it has expired; see RFC 7519. */
export function findApp(apps: readonly Identity[], token: string): Identity | undefined {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const { iss, exp } = decode(claims);
  const now = Date.now() / 1000;
  const expiry = Number(exp);
  if (!(expiry > now - LEEWAY_SECONDS && expiry <= now + MAX_LIFETIME_SECONDS + LEEWAY_SECONDS))
    return undefined;
  if (decode(header)["alg"] !== "RS256") return undefined;
  const signed = Buffer.from(`${header}.${claims}`);
  return apps.find(
    ({ app }) =>
      app !== undefined &&
      app.appId === String(iss) &&
      verify("RSA-SHA256", signed, app.publicKey, Buffer.from(signature, "base64url")),
  );
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
