import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
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
  const what = `Writing the render to ${dir}`;
  if (manifests.length === 0) throw new Mistake(what, ["it has no object; an empty render is refused"]);
  const files = manifestFiles(manifests);
  try {
    throwIfAny(what, checkFolder(dir));
    replaceFolder(resolve(dir), files);
  } catch (error) {
    if (error instanceof Mistake) throw error;
    throw new Mistake(what, [`${(error as Error).message}; what was in the folder is still there`]);
  }
}

function checkFolder(dir: string): string[] {
  const foreign = entriesOf(dir).filter((name) => !WRITTEN_NAME.test(name));
  if (foreign.length === 0) return [];
  return [`the folder has ${JSON.stringify(foreign[0])}, which no render wrote; name an empty folder`];
}

function entriesOf(dir: string): string[] {
  try {
    return readdirSync(dir);
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
    mkdirSync(fresh, { mode: 0o700 });
    for (const [name, text] of files) writeFileSync(join(fresh, name), text, { mode: FILE_MODE, flag: "wx" });
    exchange(dir, fresh, old);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function exchange(dir: string, fresh: string, old: string): void {
  const had = entriesOf(dirname(dir)).includes(basename(dir));
  if (had) renameSync(dir, old);
  try {
    renameSync(fresh, dir);
  } catch (error) {
    if (had) renameSync(old, dir);
    throw error;
  }
}
