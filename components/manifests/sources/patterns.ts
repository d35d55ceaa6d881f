import { isFolder } from "./paths";
import type { ManifestsFrom } from "./args";
import { kustomizationFolders } from "./kustomize";
import { libraries } from "../../libraries";

/**
 * Glob patterns below the root of all that a source is read from: what a release's sources are hashed over.
 *
 * @throws Mistake when it cannot be read.
 */
export function sourcePatterns(source: ManifestsFrom, root: string): readonly string[] {
  switch (source.manifestsFrom) {
    case "yamlFiles":
      return source.patterns;
    case "kustomize":
      return kustomizationFolders(source.folder, root).map(allOf);
    case "helmTemplate": {
      const chart = isFolder(root, source.chart) ? allOf(source.chart) : fileOf(source.chart);
      return [chart, ...(source.valueFiles ?? []).map(fileOf)];
    }
  }
}

/** `./` in front would be another name for Git. */
const clean = (path: string): string => libraries.glob.escapePath(path.replace(/^(\.\/)+|\/+$/g, ""));
const fileOf = (path: string): string => clean(path);
const allOf = (folder: string): string => (clean(folder) === "." ? "**" : `${clean(folder)}/**`);
