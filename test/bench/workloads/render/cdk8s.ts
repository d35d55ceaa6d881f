import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ApiObject, App, Chart, YamlOutputType } from "cdk8s";
import type { ApiObjectProps } from "cdk8s";
import { report, settings } from "../report.ts";
import type { RenderSettings } from "./services.ts";

/** What its constructs are made of is there already, to its favour. */
interface Cdk8sSettings extends RenderSettings {
  /** A JSON file: the list of objects by environment. */
  readonly objects: string;
}

const { environments, objects, out } = settings<Cdk8sSettings>();
const lists = JSON.parse(readFileSync(objects, "utf8")) as Record<string, readonly ApiObjectProps[]>;

await report(() => {
  for (const environment of environments) {
    // Files are named after kind and name: the environments of one app would overwrite each other.
    const app = new App({
      outdir: join(out, environment),
      yamlOutputType: YamlOutputType.FILE_PER_RESOURCE,
    });
    const chart = new Chart(app, environment);
    for (const [index, object] of (lists[environment] ?? []).entries()) {
      new ApiObject(chart, `${environment}-${index}`, object);
    }
    app.synth();
  }
});
