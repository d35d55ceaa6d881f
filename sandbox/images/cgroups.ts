import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../processes/index.ts";

/** Below which control group an engine of this sandbox puts its containers: one that no other sandbox has. */
export function cgroupName(dir: string, engine: string): string {
  return `pulumi-delivery-${createHash("sha256").update(dir).digest("hex").slice(0, 12)}-${engine}`;
}

/** How long the kernel may take to end what was killed, in milliseconds. */
const TIMEOUT_MS = 5_000;

/**
 * Removes that control group from every hierarchy, with all below it.
 *
 * @throws when a process is still in it
 */
export async function removeCgroups(name: string): Promise<void> {
  const paths = cgroupMounts(readFileSync("/proc/self/mounts", "utf8")).map((point) => join(point, name));
  const areGone = async (): Promise<boolean> => {
    paths.forEach(removeTree);
    return true;
  };
  if (await waitUntil(areGone, TIMEOUT_MS)) return;
  throw new Error(`The control group ${name} is still in use. Stop what runs in it, and clean up again.`);
}

/** Where control groups are, of version 1 and 2: a machine may have both. */
export function cgroupMounts(mounts: string): string[] {
  const fields = mounts.split("\n").map((line) => line.split(" "));
  return fields.flatMap(([, point, type]) =>
    (type === "cgroup" || type === "cgroup2") && point ? [point] : [],
  );
}

/** The files in a control group cannot be removed, and go with it. */
function removeTree(path: string): void {
  if (!existsSync(path)) return;
  const inner = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  inner.forEach((entry) => removeTree(join(path, entry.name)));
  rmdirSync(path);
}
