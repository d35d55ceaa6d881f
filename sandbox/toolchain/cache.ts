import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheRoot } from "../paths.ts";
import type { GoPart, NpmPart } from "./types.ts";

/** The same for every part; whatever else Go is told belongs to the part. */
export const GO_BUILD_ENV = {
  CGO_ENABLED: "0",
  GOTOOLCHAIN: "local",
  GOFLAGS: "-trimpath -buildvcs=false -mod=readonly",
} as const;

const MODULES = join(import.meta.dirname, "modules");
const MODULE_FILES = ["go.mod", "go.sum", "main.go"];

/** The folder of the part's go.mod. */
export function moduleFolder(part: GoPart): string {
  return resolve(MODULES, part.module);
}

/** The arguments of `go build` that decide on the binary, without the package and where to put it. */
export function buildFlags(part: GoPart): readonly string[] {
  const variables = part.variables.map((variable) => `-X ${variable}`);
  return ["-tags", part.tags.join(","), "-ldflags", ["-s", "-w", ...variables].join(" ")];
}

/** What a Go part's binaries depend on: its module files, flags and packages, the Go version and the machine. */
export function goKey(part: GoPart, goVersion: string): string {
  const packages = part.tools.map((tool) => `${tool.name}=${tool.package}`);
  const machine = [process.platform, process.arch];
  return hash([
    ...moduleFiles(part),
    JSON.stringify([GO_BUILD_ENV, buildFlags(part), packages, goVersion, machine]),
  ]);
}

export function npmKey(part: NpmPart): string {
  return hash([part.package, part.version, part.integrity]);
}

/** Where the binaries of a part are kept. */
export function toolsFolder(part: GoPart | NpmPart, key: string): string {
  return join(cacheRoot(), "tools", part.name, key);
}

/** The folder of the part's {@link GoPart.files}. */
export function filesFolder(part: GoPart): string {
  const key = hash([...moduleFiles(part), JSON.stringify(part.files ?? [])]);
  return join(cacheRoot(), "tools", `${part.name}-files`, key);
}

/** Where the part's {@link GoPart.files} are kept, in the order of the table. They do not depend on Go. */
export function fileTargets(part: GoPart): readonly string[] {
  const folder = filesFolder(part);
  return (part.files ?? []).flatMap(({ module, paths }) =>
    paths.map((path) => join(folder, fileName(module, path))),
  );
}

/** Where a file of a module is below the folder of its part's files: two modules may have files of one name. */
export function fileName(module: string, path: string): string {
  return join(module, path);
}

/** Where logs of builds that failed are kept. */
export function logPath(name: string): string {
  return join(cacheRoot(), "logs", `${name}.log`);
}

function moduleFiles(part: GoPart): string[] {
  const paths = MODULE_FILES.map((name) => join(moduleFolder(part), name));
  return paths.map((path) => (existsSync(path) ? readFileSync(path, "utf8") : ""));
}

/** Each text's length goes in too, so that moving a piece from one to the next gives another key. */
function hash(texts: readonly string[]): string {
  const sha = createHash("sha256");
  for (const text of texts) sha.update(`${Buffer.byteLength(text)}\n`).update(text);
  return sha.digest("hex").slice(0, 16);
}
