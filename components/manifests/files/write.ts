import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Dirent } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Mistake, throwIfAny } from "../../mistake";
import { objectTitle } from "../manifest";
import type { Manifest } from "../manifest";
import { toYaml } from "../yaml";
import { manifestFileName } from "./name";

const FILE_MODE = 0o600;
const WRITTEN_NAME = /^[a-z0-9.-]+_[a-z0-9.-]+_[a-z0-9.-]*_[a-z0-9_.-]+\.yaml$/;

/**
 * One file per object: its name and its text. Equal objects give equal bytes.
 *
 * @throws Mistake when two objects would be one file, or one is no plain data.
 */
export function manifestFiles(manifests: readonly Manifest[]): Map<string, string> {
  const owners = new Map<string, Manifest>();
  const shared = manifests.filter((manifest) => {
    const name = manifestFileName(manifest);
    const taken = owners.has(name);
    if (!taken) owners.set(name, manifest);
    return taken;
  });
  const said = shared.map(
    (one) => `${objectTitle(one)} would be written to ${manifestFileName(one)} twice; keep one`,
  );
  throwIfAny("Naming the files of a render", said);
  return new Map([...owners].map(([name, manifest]) => [name, toYaml([manifest])]));
}

/**
 * Writes a render into a folder, readable by its owner only: exactly these files are in it afterwards, or, when
 * something fails, exactly those that were in it before. The folder has to be absent, empty or of an earlier call.
 *
 * @throws Mistake when something else is in the folder, nothing would be written, or it cannot be written.
 */
export function writeRendered(dir: string, manifests: readonly Manifest[]): void {
  writeFolders(dir, new Map([["", manifests]]));
}

/** {@link writeRendered} with a folder below `dir` for each list, all of them as deep: path → list. */
export function writeFolders(dir: string, lists: ReadonlyMap<string, readonly Manifest[]>): void {
  const what = `Writing the render to ${dir}`;
  const empty = [...lists].filter(([, manifests]) => manifests.length === 0).map(([folder]) => folder);
  throwIfAny(
    what,
    lists.size === 0 ? ["it has no list; an empty render is refused"] : empty.map(emptyRender),
  );
  const files = [...lists].flatMap(([folder, manifests]) =>
    [...manifestFiles(manifests)].map(([name, text]) => [join(folder, name), text] as const),
  );
  const depth = partsOf([...lists.keys()][0] ?? "").length;
  try {
    throwIfAny(what, checkFolder(dir, depth));
    replaceFolder(resolve(dir), new Map(files));
  } catch (error) {
    if (error instanceof Mistake) throw error;
    throw new Mistake(what, [`${(error as Error).message}; what was in the folder is still there`]);
  }
}

const partsOf = (path: string): string[] => path.split("/").filter((part) => part !== "");

function emptyRender(folder: string): string {
  return `${folder === "" ? "it" : folder} has no object; an empty render is refused`;
}

/** @param depth how many folders deep a render's files are */
function checkFolder(dir: string, depth: number): string[] {
  const foreign = entriesBelow(dir).find((entry) => {
    const parts = partsOf(relative(dir, join(entry.parentPath, entry.name)));
    if (entry.isDirectory()) return parts.length > depth;
    return parts.length !== depth + 1 || !WRITTEN_NAME.test(entry.name);
  });
  if (foreign === undefined) return [];
  const path = relative(dir, join(foreign.parentPath, foreign.name));
  return [`the folder has ${JSON.stringify(path)}, which no render wrote; name an empty folder`];
}

function entriesBelow(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Fills a new folder beside it and exchanges the two, so that no reader sees half of a render. */
function replaceFolder(dir: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(dirname(dir), { recursive: true });
  const work = mkdtempSync(join(dirname(dir), `.${basename(dir)}-`));
  const [fresh, old] = [join(work, "new"), join(work, "old")];
  try {
    const folders = new Set([...files.keys()].map((path) => dirname(join(fresh, path))));
    for (const folder of [fresh, ...folders]) mkdirSync(folder, { mode: 0o700, recursive: true });
    for (const [path, text] of files) writeFileSync(join(fresh, path), text, { mode: FILE_MODE, flag: "wx" });
    exchange(dir, fresh, old);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function exchange(dir: string, fresh: string, old: string): void {
  const had = readdirSync(dirname(dir)).includes(basename(dir));
  if (had) renameSync(dir, old);
  try {
    renameSync(fresh, dir);
  } catch (error) {
    if (had) renameSync(old, dir);
    throw error;
  }
}
