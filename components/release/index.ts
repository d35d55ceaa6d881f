export { checkRelease, checkSchema, readRelease } from "./check";
export type { ReleaseShape } from "./check";
export { contentHash } from "./content-hash";
export { PIPELINE_MODULE, renderOlderSync } from "./older";
export type {
  OlderRelease,
  ReleaseFiles,
  ReleaseRequest,
  RenderedBy,
  RenderedList,
  RenderedLists,
} from "./older";
export { renderList, renderObjects } from "./render";
export type { Rendered } from "./render";
export { recordManifest, recordName, settingsHash } from "./record";
export type { RecordArgs } from "./record";
export { digestOf, makeRelease, releaseId } from "./release";
export type { Release, ReleaseContent, SchemaRange } from "./release";
export { releaseSchema } from "./schema";
export type { Schema } from "./schema";
