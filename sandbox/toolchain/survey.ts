import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileTargets, goKey, npmKey, toolsFolder } from "./cache.ts";
import { isExecutable, locateTool } from "./locate.ts";
import type { Folders } from "./locate.ts";
import type { DebianPart, GoPart, NpmPart, Part, ToolSpec } from "./types.ts";

type Of<P extends Part> = { readonly part: P; readonly tools: readonly P["tools"][number][] };

/** What has to be made, part by part, in the order of the table. */
export interface Missing {
  readonly go: readonly Of<GoPart>[];
  readonly npm: readonly Of<NpmPart>[];
  readonly debian: readonly Of<DebianPart>[];
  /** Parts of which {@link GoPart.files} are not in the cache. */
  readonly files: readonly GoPart[];
}

export interface Survey {
  /** Absolute paths of the tools that are there. */
  readonly paths: Readonly<Record<string, string>>;
  readonly missing: Missing;
  /** Binaries that bear the name of a missing tool and do not fit, as sentences. */
  readonly passedOver: readonly string[];
}

interface Settings {
  readonly folders: Folders;
  readonly goVersion: string | undefined;
}

/** Finds out which of the named tools are there and what has to be made for the others. */
export async function surveyTools(
  table: readonly Part[],
  names: readonly string[],
  settings: Settings,
): Promise<Survey> {
  const wanted = new Set(names);
  const looked = table.flatMap((part) =>
    part.tools.filter((tool) => wanted.has(tool.name)).map((tool) => lookFor(part, tool, settings)),
  );
  const found = await Promise.all(looked);
  const paths = Object.fromEntries(
    found.flatMap(({ tool, path }) => (path === undefined ? [] : [[tool.name, path]])),
  );
  const missing = listMissing(table, wanted, new Set(Object.keys(paths)));
  const needs = missing.npm.flatMap(({ part }) => part.needs).filter((name) => !wanted.has(name));
  if (needs.length > 0) return surveyTools(table, [...names, ...needs], settings);
  return {
    paths,
    missing,
    passedOver: found.flatMap((one) => (one.path === undefined ? one.passedOver : [])),
  };
}

async function lookFor(part: Part, tool: ToolSpec, { folders, goVersion }: Settings) {
  const { path, passedOver } = await locateTool(tool, folders);
  return { tool, path: path ?? cachedTool(part, tool, goVersion), passedOver };
}

function cachedTool(part: Part, tool: ToolSpec, goVersion: string | undefined): string | undefined {
  const folder = cachedFolder(part, goVersion);
  const path = folder && join(folder, tool.name);
  return path && isExecutable(path) ? path : undefined;
}

function cachedFolder(part: Part, goVersion: string | undefined): string | undefined {
  if (part.kind === "npm") return toolsFolder(part, npmKey(part));
  if (part.kind === "go" && goVersion !== undefined) return toolsFolder(part, goKey(part, goVersion));
  return undefined;
}

function listMissing(
  table: readonly Part[],
  wanted: ReadonlySet<string>,
  found: ReadonlySet<string>,
): Missing {
  const toMake = (name: string): boolean => wanted.has(name) && !found.has(name);
  const ofKind = <P extends Part>(kind: P["kind"]): Of<P>[] =>
    table
      .filter((part): part is P => part.kind === kind)
      .map((part): Of<P> => ({ part, tools: part.tools.filter((tool) => toMake(tool.name)) }))
      .filter(({ tools }) => tools.length > 0);
  const files = table.filter((part): part is GoPart => part.kind === "go" && needsFiles(part, wanted));
  return {
    go: ofKind<GoPart>("go"),
    npm: ofKind<NpmPart>("npm"),
    debian: ofKind<DebianPart>("debian"),
    files,
  };
}

function needsFiles(part: GoPart, wanted: ReadonlySet<string>): boolean {
  const isWanted = part.tools.some((tool) => wanted.has(tool.name));
  return isWanted && !fileTargets(part).every((path) => existsSync(path));
}

export function isComplete({ go, npm, debian, files }: Missing): boolean {
  return [go, npm, debian, files].every((list) => list.length === 0);
}
