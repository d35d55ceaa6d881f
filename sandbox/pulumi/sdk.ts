import { createRequire, Module } from "node:module";

/**
 * What the SDK loads at every start, and uses only where a function of the program goes into the state: the TypeScript
 * compiler, and npm's own reader of `node_modules`. They are half of what a start takes.
 */
const LATE = ["../../typescript-shim", "@npmcli/arborist"];

const MAPS = "source-map-support";
const NO_MAP = { version: 3, sources: [], names: [], mappings: "" };

/** Runs a program of the SDK in this process, as `@pulumi/pulumi/cmd/run`. @param path its file */
export function runSdk(path: string): void {
  const require = createRequire(path);
  for (const name of LATE) loadLate(require, name);
  leavePositions(require);
  require(path);
}

/**
 * Has the positions in packages shown as those of the files that run. The SDK looks at its stack for each resource, and
 * would read and decode the source maps of itself for that.
 */
function leavePositions(require: NodeJS.Require): void {
  if (tryResolve(require, MAPS) === undefined) return;
  const { install } = require(MAPS) as { readonly install: (options: object) => void };
  const isPackage = (file: string): boolean => file.includes("/node_modules/");
  install({ retrieveSourceMap: (file: string) => (isPackage(file) ? { url: file, map: NO_MAP } : null) });
}

/** Has a module loaded when something of it is used. One that this version of the SDK does not have is left alone. */
export function loadLate(require: NodeJS.Require, name: string): void {
  const path = tryResolve(require, name);
  if (path === undefined || require.cache[path] !== undefined) return;
  const load = (): Record<PropertyKey, unknown> => {
    if (require.cache[path] === late) delete require.cache[path];
    return require(path) as Record<PropertyKey, unknown>;
  };
  // Said to be compiled from a module, so that nobody copies its fields, which would load it.
  const get = (_: unknown, key: PropertyKey): unknown => (key === "__esModule" ? true : load()[key]);
  const late = Object.assign(new Module(path), { filename: path, loaded: true });
  late.exports = new Proxy({}, { get, has: (_, key) => key in load() });
  require.cache[path] = late;
}

function tryResolve(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}
