import { decode } from "hono/jwt";

export interface Bearer {
  /** Empty for somebody without a name. */
  readonly subject: string;
  readonly isExpired: boolean;
}

/** Who a request's token is for. The registry checks its signature; undefined when there is none or it is no JWT. */
export function readBearer(header: string | undefined, now: number): Bearer | undefined {
  const token = /^bearer (.+)$/i.exec(header ?? "")?.[1];
  if (token === undefined) return undefined;
  try {
    const { payload } = decode(token);
    return { subject: String(payload["sub"] ?? ""), isExpired: Number(payload.exp) * 1000 <= now };
  } catch {
    return undefined;
  }
}
