/** GitHub's rules for logins: letters, digits and single hyphens between them, 39 at most. */
const OWNER = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;
const REPOSITORY = /^[\w.-]{1,100}$/;
const RESERVED_ENDING = /\.(?:git|wiki)$/i;
const SHA = /^[0-9a-f]{40}$/;
/** What git-check-ref-format(1) refuses anywhere in a name: control characters, space and `~^:?*[\`. */
const REFUSED_IN_REF = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.$|^-/;

export const ZERO_SHA = "0".repeat(40);

export const isOwnerName = (name: string): boolean => OWNER.test(name);

export function isRepositoryName(name: string): boolean {
  return REPOSITORY.test(name) && name !== "." && name !== ".." && !RESERVED_ENDING.test(name);
}

export const isSha = (text: string): boolean => SHA.test(text);

/** Whether Git takes it as a branch or tag name, see git-check-ref-format(1). */
export function isBranchName(name: string): boolean {
  if (name === "" || name === "@" || name === "HEAD" || REFUSED_IN_REF.test(name)) return false;
  return name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}

/** Whether a file may have this path in a commit: relative, no `.` or `..`, nothing inside `.git`. */
export function isFilePath(path: string): boolean {
  if (path === "" || path.includes("\0")) return false;
  const refused = new Set(["", ".", "..", ".git"]);
  return path.split("/").every((part) => !refused.has(part.toLowerCase()));
}
