export { openAccess } from "./access";
export type { ClusterAccess } from "./access";
export { ApiError, ClusterApi, openCluster } from "./api";
export type { ListQuery, LiveObject, ObjectRef, Send } from "./api";
export { openEndpoint, REQUEST_TIMEOUT_MS, UnreachableError } from "./http";
export type { Answer, Call } from "./http";
