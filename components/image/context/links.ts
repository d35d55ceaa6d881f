import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";

/** Whether a path is the folder itself or below it, by its text alone. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * Where a path leads to when every link on its way is followed. What does not exist is taken as it is written,
 * below the part that exists; a link that turns in circles counts as not existing.
 */
export function realTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realTarget(parent), basename(path));
  }
}

/**
 * What is wrong with a link of the context, or undefined. A link has to stay inside, whatever it passes through:
 * comparing the text is not enough, since a folder on the way may be a link itself.
 */
export function linkProblem(root: string, path: string): string | undefined {
  const target = readlinkSync(join(root, path));
  const shown = `${JSON.stringify(path)} is a link to ${JSON.stringify(target)}`;
  if (isAbsolute(target)) return `${shown}, an absolute path; make it relative, or list it in .dockerignore`;
  const destination = realTarget(join(root, dirname(path), target));
  if (isInside(root, destination)) return undefined;
  return `${shown}, which leaves the context; copy the file into the context, or list it in .dockerignore`;
}
