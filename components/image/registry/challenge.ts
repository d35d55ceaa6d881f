/** One way in that a server names in `WWW-Authenticate`: RFC 9110, section 11.6.1. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const PARAMETER = /([\w-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,"]+))/;
const NEXT = new RegExp(`${PARAMETER.source}|([A-Za-z][\\w-]*)`, "g");

/** Reads the header's challenges, in order. */
export function readChallenges(header: string | undefined): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const [, name, quoted, plain, scheme] of (header ?? "").matchAll(NEXT)) {
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    const current = challenges.at(-1);
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name !== undefined && value !== undefined && current)
      current.parameters[name.toLowerCase()] = value;
  }
  return challenges;
}
