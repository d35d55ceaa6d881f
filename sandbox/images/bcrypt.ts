import { randomInt } from "node:crypto";
import { tryRun } from "../processes/index.ts";

/** Cheap on purpose, as with `htpasswd -B`: the registry checks the password anew with every request. */
const COST = "05";
const SALT_LENGTH = 22;
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** crypt(3) of Debian's libcrypt, which knows bcrypt; perl-base is part of every Debian system. */
const SCRIPT = "my $password = <STDIN>; print crypt($password, $ARGV[0]);";

/**
 * Hashes a password for a htpasswd file. The password goes through a pipe, never over a command line.
 *
 * @throws when this system's crypt(3) has no bcrypt
 */
export async function bcryptHash(password: string): Promise<string> {
  const salt = Array.from({ length: SALT_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  const { stdout } = await tryRun("perl", ["-e", SCRIPT, `$2y$${COST}$${salt}`], { input: password });
  if (/^\$2y\$[./A-Za-z0-9$]{56}$/.test(stdout)) return stdout;
  throw new Error(
    "No password hash for the registry: perl's crypt made no bcrypt hash. Is perl-base installed?",
  );
}
