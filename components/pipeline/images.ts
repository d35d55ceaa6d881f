import type { ImageArgs } from "../image";

/** An image of the pipeline: what it is built from and where it goes. Who builds it is a setting of the run. */
export type ImageSpec = Pick<
  ImageArgs,
  "repository" | "context" | "dockerfile" | "args" | "target" | "platforms"
>;
