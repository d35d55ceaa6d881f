/** The token of an `Authorization` header: `Bearer` and `token` as the API takes them, `Basic` as Git sends it. */
export function parseToken(header: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^(\S+)\s+(.+)$/.exec(header?.trim() ?? "") ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
    case "token":
      return value;
    case "basic":
      return fromBasic(value);
    default:
      return undefined;
  }
}

/** The token is the password, whatever the user's name; without a password it is the user's name. */
function fromBasic(value: string): string | undefined {
  const [, user = "", password = ""] =
    /^([^:]*):?(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
  return password || user || undefined;
}
