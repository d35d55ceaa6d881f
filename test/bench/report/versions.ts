import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../../sandbox/paths.ts";

/** Packages that take part: ours, Pulumi's, and those of the peers. */
const PACKAGES = [
  "@pulumi/kubernetes",
  "@pulumi/pulumi",
  "cdk8s",
  "js-yaml",
  "pulumi-delivery",
  "typescript",
] as const;

/** Versions of Node and of the npm packages; those of other tools belong to the rows that run them. */
export function packageVersions(): Record<string, string> {
  const versions = PACKAGES.map((name) => {
    const path = join(CHECKOUT, "node_modules", name, "package.json");
    return [name, (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version] as const;
  });
  return { node: process.versions.node, ...Object.fromEntries(versions) };
}
