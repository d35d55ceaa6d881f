import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { run } from "../../../sandbox/processes/index.ts";

/** The package as `npm publish` would send it, installed into an empty folder. */
export interface Installed {
  readonly folder: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  write(path: string, content: string): void;
  remove(): void;
}

/**
 * What a user has beside the package. They are taken from the checkout: what is tried is what we publish, and the
 * SDKs are large.
 */
const BESIDE = ["@pulumi", "@types", "typescript"];

/** Packs this checkout, and installs what came of it with the packages that it asks for. */
export async function installPackage(): Promise<Installed> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "installed-")));
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const [packed] = JSON.parse(await run("npm", pack, { cwd: CHECKOUT })) as [Packed];
  writeFileSync(join(folder, "package.json"), '{ "private": true, "main": "index.ts" }');
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--legacy-peer-deps"];
  await run("npm", ["install", ...quiet, join(folder, packed.filename)], { cwd: folder });
  for (const name of BESIDE)
    symlinkSync(join(CHECKOUT, "node_modules", name), join(folder, "node_modules", name));
  return {
    folder,
    files: packed.files.map(({ path }) => path),
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What a program's `tsconfig.json` has when it is strict in everything. */
export const STRICT = {
  strict: true,
  noEmit: true,
  module: "node16",
  moduleResolution: "node16",
  target: "es2023",
  types: ["node"],
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};
