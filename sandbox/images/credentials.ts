import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { bcryptHash } from "./bcrypt.ts";
import { kept, readIfThere, writePrivate } from "./files.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Identities {
  /** May pull, push and delete. */
  readonly owner: Credentials;
  /** May only pull. */
  readonly reader: Credentials;
}

const identity = (username: string): Credentials => ({
  username,
  password: randomBytes(18).toString("base64url"),
});

/** Who may use this registry: made at the first call, kept in its folder. */
export async function keptIdentities(home: string): Promise<Identities> {
  return kept(join(home, "identities.json"), () => ({
    owner: identity("owner"),
    reader: identity("reader"),
  }));
}

/** The path of a htpasswd file that lets these in, in their only known form: every one may do everything. */
export async function htpasswdFile(home: string, { username, password }: Credentials): Promise<string> {
  const path = join(home, "htpasswd");
  if (readIfThere(path) === undefined) writePrivate(path, `${username}:${await bcryptHash(password)}\n`);
  return path;
}
