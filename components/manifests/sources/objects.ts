import { Mistake } from "../../mistake";
import { fieldsOf } from "../fields";
import type { Manifest } from "../manifest";
import { withOrigin } from "../origin";
import { parseYaml } from "../yaml";

/** What was read, as objects that messages can name. Lists are taken apart, as kubectl does. */
export function asManifests(values: readonly unknown[], origin: string): Manifest[] {
  return values.flatMap((value) => {
    const { kind, apiVersion, items } = fieldsOf(value);
    if (apiVersion === "v1" && kind === "List" && Array.isArray(items)) return asManifests(items, origin);
    const { metadata } = fieldsOf(value);
    if (typeof apiVersion === "string" && typeof kind === "string" && typeof metadata === "object") {
      return [withOrigin(value as Manifest, origin)];
    }
    throw new Mistake(`Reading ${origin}`, [
      "it has a document without apiVersion, kind or metadata; give Kubernetes objects only",
    ]);
  });
}

const DOCUMENT = /^---[ \t]*\n(?=# Source: )/m;

/** What helm printed; each object knows the template that it is from. */
export function helmManifests(text: string, origin: string): Manifest[] {
  return text.split(DOCUMENT).flatMap((part) => {
    const [, template] = /^# Source: (\S+)/.exec(part) ?? [];
    const from = template === undefined ? origin : `${origin}: ${template}`;
    return asManifests(parseYaml(part, { origin: from }), from);
  });
}
