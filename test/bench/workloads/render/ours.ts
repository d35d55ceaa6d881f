import { join } from "node:path";
import { writeRendered } from "pulumi-delivery";
import { report, settings } from "../report.ts";
import { pipelineOf, renderOf } from "./pipeline.ts";
import type { RenderSettings } from "./services.ts";

const { services, environments, out } = settings<RenderSettings>();

await report(() => {
  const pipeline = pipelineOf(services);
  for (const environment of environments) {
    writeRendered(join(out, environment), renderOf(pipeline, services, environment));
  }
});
