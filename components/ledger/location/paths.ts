import { shown } from "../../manifests";

/** Longest name of a file or folder, in bytes, on the file systems that agents and people check out to. */
export const MAX_NAME_BYTES = 255;
/** Longest path, in bytes. */
export const MAX_PATH_BYTES = 1024;

/**
 * What one file system or another reads as something else: control and invisible characters (HFS+ leaves them out
 * of a name, so that `.g<U+200C>it` is `.git`), separators, streams and short names of NTFS (`GIT~1`).
 */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\\:*?"<>|~]/u;
/** Source: Microsoft, "Naming Files, Paths, and Namespaces". The digits may also be superscripts. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)/i;

/** Problems of one path in a repository: relative, with "/" between its parts, the same on every file system. */
export function checkPath(what: string, path: string): string[] {
  const why = faultOf(path);
  return why === undefined ? [] : [`${what} ${shown(path)} is refused: ${why}`];
}

function faultOf(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (path.startsWith("/")) return "it is absolute; paths are relative to the root of the branch";
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  if (FORBIDDEN.test(path)) {
    return 'it has an invisible or control character or one of ~ : * ? " < > | and "\\"; use others';
  }
  if (path !== path.normalize("NFC")) return "its accents are decomposed; write it in Unicode's form NFC";
  return path
    .split("/")
    .map(partFault)
    .find((fault) => fault !== undefined);
}

function partFault(part: string): string | undefined {
  if (part === "") return 'it has an empty part; write one "/" between names and none at the end';
  if (part === "." || part === "..") return 'it has "." or ".." as a part; write where it leads to';
  if (/^\.git/i.test(part)) return `it has the part ${shown(part)}, which Git reads as its own`;
  if (/[. ]$/.test(part)) return `its part ${shown(part)} ends with a dot or a space, which Windows drops`;
  if (part.startsWith(" ")) return `its part ${shown(part)} begins with a space`;
  if (DEVICE.test(part)) return `its part ${shown(part)} is a device's name on Windows`;
  return Buffer.byteLength(part) > MAX_NAME_BYTES
    ? `a part is longer than ${MAX_NAME_BYTES} bytes`
    : undefined;
}

/** Whether a path is the folder itself or inside it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** How a file system that ignores case sees a name. */
function folded(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Names that are two here and one on a file system which ignores case. */
export function checkCaseTwins(paths: readonly string[]): string[] {
  const spellings = new Map<string, string>();
  const problems = new Set<string>();
  for (const name of new Set(paths.flatMap(withAncestors))) {
    const first = spellings.get(folded(name)) ?? name;
    spellings.set(folded(name), first);
    if (first === name) continue;
    problems.add(`${shown(first)} and ${shown(name)} are one name where case does not count; rename one`);
  }
  return [...problems];
}

/** Paths that would have to be a file and a folder at once. */
export function checkFileFolders(paths: readonly string[]): string[] {
  const files = new Set(paths);
  const both = paths.flatMap((path) =>
    withAncestors(path).filter((name) => name !== path && files.has(name)),
  );
  return [...new Set(both)].map((name) => `${shown(name)} is a file and a folder at once; rename one`);
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
export function withAncestors(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
