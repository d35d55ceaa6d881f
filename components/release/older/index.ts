export { PIPELINE_MODULE } from "./args";
export type {
  OlderRelease,
  ReleaseFiles,
  ReleaseRequest,
  RenderedBy,
  RenderedList,
  RenderedLists,
} from "./args";
export { renderOlderSync } from "./sync";
