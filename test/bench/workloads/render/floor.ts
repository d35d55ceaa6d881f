import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { report, settings } from "../report.ts";
import type { RenderSettings } from "./services.ts";

/** The objects are there already: no rendering can be faster than writing them. */
interface FloorSettings extends RenderSettings {
  /** A JSON file: the list of objects by environment. */
  readonly objects: string;
}

const { environments, objects, out } = settings<FloorSettings>();
const lists = JSON.parse(readFileSync(objects, "utf8")) as Record<string, readonly object[]>;

await report(() => {
  for (const environment of environments) {
    mkdirSync(join(out, environment), { recursive: true });
    for (const [index, object] of (lists[environment] ?? []).entries()) {
      writeFileSync(join(out, environment, `${index}.yaml`), dump(object), { mode: 0o600 });
    }
  }
});
