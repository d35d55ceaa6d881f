import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is read of a package.json. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly main?: unknown;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly pulumi?: PulumiManifest;
}

/** How the SDK of a provider says which plugin it belongs to. */
export interface PulumiManifest {
  readonly resource?: boolean;
  readonly name?: string;
  readonly version?: string;
  readonly server?: string;
  readonly parameterization?: { readonly name: string; readonly version: string; readonly value: string };
}

export interface InstalledPackage {
  /** Its real folder. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/** The package that a folder belongs to; undefined when there is no readable package.json up to the root. */
export function nearestManifest(directory: string): InstalledPackage | undefined {
  return firstUpwards(directory, (folder) => readManifest(folder));
}

/**
 * The packages that a program depends on, as they are installed: those its package.json names, and with
 * `transitive` everything below them. What is named and not installed is left out.
 */
export function installedPackages(programDirectory: string, transitive: boolean): InstalledPackage[] {
  const root = nearestManifest(programDirectory);
  if (root === undefined) return [];
  const found = new Map<string, InstalledPackage>();
  const add = (from: InstalledPackage, names: readonly string[]): void => {
    for (const name of names) {
      const installed = locatePackage(from.directory, name);
      if (installed === undefined || found.has(installed.directory)) continue;
      found.set(installed.directory, installed);
      if (transitive) add(installed, dependenciesOf(installed.manifest));
    }
  };
  add(root, [...dependenciesOf(root.manifest), ...Object.keys(root.manifest.devDependencies ?? {})]);
  return [...found.values()];
}

function dependenciesOf(manifest: Manifest): string[] {
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}

/** The package of that name that a file in `directory` would get from `require`. */
export function locatePackage(directory: string, name: string): InstalledPackage | undefined {
  return firstUpwards(directory, (folder) => readManifest(join(folder, "node_modules", name)));
}

function firstUpwards<Found>(
  directory: string,
  find: (folder: string) => Found | undefined,
): Found | undefined {
  const parent = dirname(directory);
  return find(directory) ?? (parent === directory ? undefined : firstUpwards(parent, find));
}

function readManifest(folder: string): InstalledPackage | undefined {
  try {
    const directory = realpathSync(folder);
    return { directory, manifest: JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) };
  } catch {
    return undefined;
  }
}
