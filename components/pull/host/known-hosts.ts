import { checkKnownHosts } from "../../ledger/access/check";
import { parseAddress } from "../../ledger/location";

const DEFAULT_PORT = "22";

/** Problems of pinned host keys, among them that there is none of the very server: an agent would refuse it later. */
export function checkPinnedHost(field: string, text: string, repository: string): string[] {
  const problems = checkKnownHosts(field, text);
  const { scheme, host, port } = parseAddress(repository);
  if (problems.length > 0 || scheme !== "ssh") return problems;
  const name = port === "" || port === DEFAULT_PORT ? host : `[${host}]:${port}`;
  if (namesOf(text).some((pattern) => covers(pattern, name))) return [];
  return [`${field} has no line for ${name}; give that server's, from a source you trust`];
}

function namesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim().replace(/^@cert-authority\s+/, ""));
  return lines.flatMap((line) => (line.startsWith("#") ? [] : (line.split(/\s/)[0] ?? "").split(",")));
}

/** Names can be patterns, and they can be hashed, which is taken as a yes. Source: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
function covers(pattern: string, name: string): boolean {
  return pattern.startsWith("|1|") || /[*?]/.test(pattern) || pattern.toLowerCase() === name.toLowerCase();
}
