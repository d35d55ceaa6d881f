import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What stands in a file: text, or a link to a path. */
export type Content = string | { readonly link: string };

/** A folder of its own for one test, with these files; a path that ends with `*` is executable. It goes with the test. */
export function folderOf(files: Readonly<Record<string, Content>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "delivery-image-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeContent(root, name, content);
  return root;
}

/** Writes one file below a folder, with the folders on the way. */
export function writeContent(root: string, name: string, content: Content): void {
  const isExecutable = name.endsWith("*");
  const path = join(root, isExecutable ? name.slice(0, -1) : name);
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content !== "string") return symlinkSync(content.link, path);
  writeFileSync(path, content);
  if (isExecutable) chmodSync(path, 0o755);
}
