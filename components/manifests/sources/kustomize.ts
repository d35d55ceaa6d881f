import { existsSync } from "node:fs";
import { join } from "node:path";
import { Mistake, throwIfAny } from "../../mistake";
import { fieldsOf } from "../fields";
import type { Fields } from "../fields";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { parseYaml } from "../yaml";
import { sourceTitle } from "./args";
import type { KustomizeSource } from "./args";
import { asManifests } from "./objects";
import { fromRoot, isFolder, readYaml, requireBelow } from "./paths";
import { runTool } from "./tool";

/** Source: kubectl, "Kustomization". */
const FILE_NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/** Fields whose entries are folders or files, which may be addresses as well. */
const REFERENCES = [
  "resources",
  "bases",
  "components",
  "crds",
  "configurations",
  "generators",
  "transformers",
  "validators",
  "patchesStrategicMerge",
];
/** Fields that start other programs, or read charts from elsewhere. */
const REFUSED = ["helmCharts", "helmChartInflationGenerator", "helmGlobals"];
/** Most folders that one kustomization is made of. */
const MAX_FOLDERS = 500;

/** @throws Mistake with what of it is refused, or what kubectl says. */
export function readKustomization(source: KustomizeSource, root: string): Manifest[] {
  const folders = kustomizationFolders(source.folder, root);
  const text = runTool({ tool: "kubectl", root, args: () => ["kustomize", requireBelow(root, folders[0]!)] });
  const origin = sourceTitle(source);
  return asManifests(parseYaml(text, { origin }), origin);
}

/**
 * The folders that a kustomization is made of, from the root, its own first. Everything that kubectl would read is
 * below one of them.
 *
 * @throws Mistake with all that leaves the root or would be fetched.
 */
export function kustomizationFolders(folder: string, root: string): string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const path = fromRoot(root, requireBelow(root, next));
    if (seen.has(path)) continue;
    seen.add(path);
    if (seen.size > MAX_FOLDERS)
      throw new Mistake(`Reading ${folder}`, [`it has over ${MAX_FOLDERS} folders`]);
    open.push(...visit(root, path, problems));
  }
  throwIfAny(`Reading ${sourceTitle({ manifestsFrom: "kustomize", folder })}`, problems);
  return [...seen];
}

/** Folders that a kustomization names. What it has of files is read, so that no bomb reaches kubectl. */
function visit(root: string, folder: string, problems: string[]): string[] {
  const name = FILE_NAMES.find((one) => existsSync(join(root, folder, one)));
  if (name === undefined) {
    problems.push(`${folder} has none of ${FILE_NAMES.join(", ")}; name the folder of a kustomization`);
    return [];
  }
  const at = `${folder}/${name}`;
  const [file] = readYaml(root, at).map(fieldsOf);
  const fields = file ?? {};
  for (const field of REFUSED.filter((one) => fields[one] !== undefined)) {
    problems.push(`${at}: ${field} is not read; use helmTemplate() beside it`);
  }
  return references(fields).flatMap(({ field, entry }) => {
    const problem = problemOf(root, folder, entry);
    if (problem !== undefined) problems.push(`${at}: ${field} has ${shown(entry)}, ${problem}`);
    const path = join(folder, entry);
    if (problem !== undefined || entry.includes("\n")) return [];
    if (isFolder(root, path)) return [path];
    readYaml(root, path);
    return [];
  });
}

function references(fields: Fields): { field: string; entry: string }[] {
  const listed = REFERENCES.flatMap((field) => textsOf(fields[field]).map((entry) => ({ field, entry })));
  const patches = ["patches", "patchesJson6902", "replacements"].flatMap((field) => {
    const list = Array.isArray(fields[field]) ? (fields[field] as unknown[]) : [];
    return list.flatMap((item) => textsOf([fieldsOf(item).path]).map((entry) => ({ field, entry })));
  });
  return [...listed, ...patches];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** A text of several lines is a configuration of its own, and no path. */
function problemOf(root: string, folder: string, entry: string): string | undefined {
  if (entry.includes("\n")) return undefined;
  try {
    requireBelow(root, fromRoot(root, join(root, folder, entry)));
    return undefined;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return "which is no file or folder below the root; keep a copy there, nothing is fetched";
  }
}
