import { Mistake } from "../../mistake";
import type { Manifest } from "../manifest";
import type { YamlFilesSource } from "./args";
import { asManifests } from "./objects";
import { readYaml, requireBelow } from "./paths";
import { libraries } from "../../libraries";

/** @throws Mistake for a pattern that fits no file, and for what is no YAML or leaves the root. */
export function readYamlFiles(source: YamlFilesSource, root: string): Manifest[] {
  return findFiles(source, root).flatMap((path) => asManifests(readYaml(root, path), path));
}

function findFiles({ patterns }: YamlFilesSource, root: string): string[] {
  const found = patterns.map((pattern) => {
    const files = libraries.glob.globSync([pattern], {
      cwd: root,
      dot: true,
      ignore: ["**/node_modules/**", "**/.git/**"],
    });
    for (const path of files) requireBelow(root, path);
    return { pattern, files };
  });
  const unfit = found.filter(({ files }) => files.length === 0);
  if (patterns.length > 0 && unfit.length === 0) {
    return [...new Set(found.flatMap(({ files }) => files))].sort();
  }
  const none = ["yamlFiles() names no pattern; name the files"];
  const said = unfit.map(({ pattern }) => `${JSON.stringify(pattern)} fits no file; correct the pattern`);
  throw new Mistake("Looking for YAML files", patterns.length === 0 ? none : said);
}
