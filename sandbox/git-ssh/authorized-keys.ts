import { join } from "node:path";
import { knownKeys } from "./keys.ts";

/**
 * What sshd asks for each connection (`AuthorizedKeysCommand`): `authorized-keys.ts ROOT TYPE KEY`. It prints the
 * line of the deploy key, if there is one, so that a key counts from the moment the API has it.
 */
function lineOf(root: string, type: string, key: string): string | undefined {
  const known = knownKeys(root).find(
    (candidate) => candidate.key.split(" ").slice(0, 2).join(" ") === `${type} ${key}`,
  );
  if (known === undefined) return undefined;
  const serve = [
    process.execPath,
    "--no-warnings",
    join(import.meta.dirname, "serve.ts"),
    root,
    String(known.id),
  ];
  return `command="${serve.map(quoted).join(" ")}",restrict ${type} ${key}`;
}

/** For the user's shell, inside the quotes of authorized_keys (sshd(8)). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`.replaceAll('"', '\\"');
}

const [root = "", type = "", key = ""] = process.argv.slice(2);
const line = lineOf(root, type, key);
if (line !== undefined) process.stdout.write(`${line}\n`);
