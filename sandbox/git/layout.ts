import { join } from "node:path";

/** The folder of all bare repositories: `<root>/<owner>/<name>.git`. */
export const gitRoot = (dir: string): string => join(dir, "git");

/** The server's own files. No owner's name may begin with a dot, so no repository can be inside. */
export const serverFolder = (root: string): string => join(root, ".server");

export const settingsPath = (root: string): string => join(serverFolder(root), "server.json");
export const identitiesPath = (root: string): string => join(serverFolder(root), "identities.json");
export const idsPath = (root: string): string => join(serverFolder(root), "ids.json");
/** Git hooks of every repository (`core.hooksPath`). */
export const hooksFolder = (root: string): string => join(serverFolder(root), "hooks");
/** Pushes whose webhooks were not fired yet, one file each. */
export const spoolFolder = (root: string): string => join(serverFolder(root), "spool");
/** Repositories that are being made or deleted: what is in here is not served. */
export const stagingFolder = (root: string): string => join(serverFolder(root), "staging");

/** What GitHub keeps beside the Git data, inside the bare repository. */
export const STATE_FOLDER = "sandbox";
