import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Environment } from "../environment";

/** Texts of the kubeconfig files in use, in the order in which they are merged. */
export interface Kubeconfigs {
  readonly texts: readonly string[];
  /** The folders that the files are in, in the same order. */
  readonly folders: readonly string[];
  /** How an error names them. */
  readonly origin: string;
  readonly problems: readonly string[];
}

/**
 * The kubeconfig files that `kubectl` would use: those of `KUBECONFIG` that exist, else `~/.kube/config`.
 * Source: Kubernetes, "Organizing Cluster Access Using kubeconfig Files".
 */
export function readKubeconfigs({ KUBECONFIG, HOME }: Environment): Kubeconfigs {
  const named = (KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  const paths = named.length > 0 ? named : [join(HOME ?? homedir(), ".kube", "config")];
  const origin = named.length > 0 ? `KUBECONFIG (${paths.join(", ")})` : paths.join();
  const files = paths.map(tryRead);
  const texts = files.flatMap(({ text }) => text ?? []);
  const folders = paths.filter((_, index) => files[index]?.text !== undefined).map((path) => dirname(path));
  const unreadable = files.flatMap(({ problem }) => problem ?? []);
  const none = `none of its kubeconfig files can be read: ${paths.join(", ")}; set KUBECONFIG to one that exists`;
  return { texts, folders, origin, problems: texts.length + unreadable.length === 0 ? [none] : unreadable };
}

/** A file that does not exist is left out, as by kubectl; one that cannot be read is a problem. */
function tryRead(path: string): { readonly text?: string; readonly problem?: string } {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return {};
    return { problem: `${path} cannot be read (${code}); correct it or take it out of KUBECONFIG` };
  }
}
