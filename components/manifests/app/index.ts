export { app } from "./app";
export { DEFAULT_HEALTH_PATH, DEFAULT_REPLICAS } from "./args";
export type { AppArgs } from "./args";
export { CONFIG_HASH_ANNOTATION } from "./config-map";
export { cronJob } from "./cron-job";
export { REVISION_HISTORY_LIMIT } from "./deployment";
export { job } from "./job";
export {
  DEFAULT_CONCURRENCY,
  DEFAULT_DEADLINE_SECONDS,
  DEFAULT_HISTORY,
  DEFAULT_ON_ROLLBACK,
  DEFAULT_ONCE_PER,
  DEFAULT_RETRIES,
  DEFAULT_SCHEDULE_ZONE,
} from "./job-args";
export type {
  Concurrency,
  CronJobArgs,
  JobArgs,
  JobKind,
  MigrationArgs,
  OncePer,
  OnRollback,
} from "./job-args";
export { migration } from "./migration";
export {
  isOncePerEnvironment,
  isSkippedOnRollback,
  migrationOf,
  ON_ROLLBACK_ANNOTATION,
  ONCE_PER_ANNOTATION,
} from "./migration-of";
export type { Migration } from "./migration-of";
export { DEFAULT_RESOURCES, DEFAULT_SPREAD_OVER, DEFAULT_SPREAD_REQUIRED, DEFAULT_USER } from "./pod-args";
export type {
  ContainerArgs,
  PodArgs,
  PodSecurityExceptionArgs,
  Resources,
  SecretKey,
  SpreadArgs,
  VolumeArgs,
  VolumeSource,
} from "./pod-args";
export { DEFAULT_PROTOCOL, DEFAULT_ROUTE_PATH, DEFAULT_SCALING_CPU } from "./reach-args";
export type {
  Amount,
  ClaimArgs,
  DisruptionArgs,
  HttpRouteArgs,
  IngressArgs,
  NetworkArgs,
  Peer,
  PortArgs,
  ScalingArgs,
  StatefulArgs,
} from "./reach-args";
export type { AppKind, AppTransform, Transform } from "./transform";
