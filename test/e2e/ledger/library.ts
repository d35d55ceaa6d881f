import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../../sandbox/paths.ts";

/**
 * Puts the library, as this checkout has compiled it, into a folder's `node_modules`, as an installation would: for
 * programs that run in processes of their own.
 */
export function installLibrary(folder: string): void {
  const modules = join(folder, "node_modules");
  if (existsSync(modules)) return;
  mkdirSync(modules, { recursive: true });
  symlinkSync(CHECKOUT, join(modules, "pulumi-delivery"));
  for (const name of ["@pulumi", "yaml", "@balena", "tinyglobby"])
    symlinkSync(join(CHECKOUT, "node_modules", name), join(modules, name));
}
