import { shown } from "../../manifests";

/** A reference is a file on most servers: longer names do not fit. In bytes. */
const MAX_BRANCH_BYTES = 240;
const FORBIDDEN = /[\0-\x20\x7f~^:?*[\\]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Problems of a branch's name, without `refs/heads/`, by Git's own rules.
 * Source: git-check-ref-format(1).
 */
export function checkBranch(branch: unknown): string[] {
  if (typeof branch !== "string") return [`branch is ${shown(branch)}; give its name`];
  const why = faultOf(branch);
  return why === undefined
    ? []
    : [`branch is ${shown(branch)}, which Git refuses: ${why}; give another name`];
}

function faultOf(branch: string): string | undefined {
  const rules: readonly (readonly [boolean, string])[] = [
    [branch === "", "it is empty"],
    [branch === "@" || branch === "HEAD", "it is a name that Git keeps for itself"],
    [branch.startsWith("-"), 'it begins with "-"'],
    [FORBIDDEN.test(branch), 'it has a space, a control character or one of ~ ^ : ? * [ and "\\"'],
    [LONE_SURROGATE.test(branch), "it is no well-formed text"],
    [branch.includes(".."), 'it has ".."'],
    [branch.includes("@{"), 'it has "@{"'],
    [branch.endsWith("."), 'it ends with "."'],
    [branch.split("/").some(isBadPart), 'a part of it is empty, begins with "." or ends with ".lock"'],
    [Buffer.byteLength(branch) > MAX_BRANCH_BYTES, `it is longer than ${MAX_BRANCH_BYTES} bytes`],
  ];
  return rules.find(([broken]) => broken)?.[1];
}

function isBadPart(part: string): boolean {
  return part === "" || part.startsWith(".") || part.endsWith(".lock");
}

/** The branch of a ledger for an environment of an application: `deploy/<app>/<environment>`. */
export function ledgerBranch(app: string, environment: string): string {
  return `deploy/${app}/${environment}`;
}
