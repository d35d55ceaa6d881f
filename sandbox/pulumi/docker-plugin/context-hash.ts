import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import ignore from "@balena/dockerignore";

/**
 * One hash over what a build can read: the Dockerfile, and each file of the context that is not ignored, with
 * its name, its executable bit and its content; of a symbolic link, where it points.
 */
export function hashContext(context: string, dockerfile: string): string {
  const hash = createHash("sha256").update(readFileSync(dockerfile));
  const ignored = ignore({ ignorecase: false }).add(ignoreFile(context, dockerfile));
  for (const name of filesIn(context, "").filter((file) => !ignored.ignores(file))) {
    const path = join(context, name);
    const stat = lstatSync(path);
    const content = stat.isSymbolicLink() ? Buffer.from(readlinkSync(path)) : readFileSync(path);
    const kind = stat.isSymbolicLink() ? "link" : stat.mode & 0o100;
    hash.update(`\0${name}\0${kind}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** A Dockerfile may bring an ignore file of its own, which then is the only one. */
function ignoreFile(context: string, dockerfile: string): string {
  return tryRead(`${dockerfile}.dockerignore`) ?? tryRead(join(context, ".dockerignore")) ?? "";
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Regular files and symbolic links below a folder, in the order of their names. */
function filesIn(root: string, below: string): string[] {
  const entries = readdirSync(join(root, below), { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isFile() || entry.isSymbolicLink())
    .flatMap((entry) => {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesIn(root, name) : [name];
    });
  return names.sort();
}
