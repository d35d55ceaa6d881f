import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contestant } from "../../contract.ts";
import { worker } from "../../runner/index.ts";
import { isRecord, listsOf } from "./lists.ts";
import { objectsBelow } from "./objects.ts";
import type { RenderSettings } from "./services.ts";

const FILES = { ours: "ours.ts", "js-yaml floor": "floor.ts", cdk8s: "cdk8s.ts" } as const;
/** Those that render in a Node process. */
export type Name = keyof typeof FILES;

/** A render into a new folder, in a new process; what it takes to start that process does not count. */
export function nodeRender(dir: string, name: Name, settings: Omit<RenderSettings, "out">): Contestant {
  const out = outOf(dir, name);
  const { services, environments } = settings;
  const objects = join(dir, `objects-${services}-${environments.length}.json`);
  if (name !== "ours") writeFileSync(objects, JSON.stringify(listsOf(services, environments)));
  return {
    name,
    run() {
      rmSync(out, { recursive: true, force: true });
      return worker(join(import.meta.dirname, FILES[name]), { ...settings, out, objects });
    },
  };
}

/** What the last run has written, without the record of the release: that is ours alone. */
export function outputOf(dir: string, name: Name): object[] {
  return objectsBelow(outOf(dir, name)).filter((object) => !isRecord(object));
}

const outOf = (dir: string, name: Name): string => join(dir, `out-${name.replace(/\W/g, "-")}`);
