export { PipelineAgents } from "./agents";
export type { AgentSettings, PipelineAgentsArgs } from "./agents";
export { AGENTS_STACK, BUILD_STACK, DEFAULT_PIPELINE_SOURCES, push } from "./args";
export type {
  ClusterChoice,
  ClusterSpec,
  Config,
  DeliveryMode,
  EnvironmentArgs,
  LedgerSpec,
  PipelineArgs,
  PushMode,
  PushModeArgs,
  RenderContext,
  WaveArgs,
} from "./args";
export { checkStack } from "./check-stack";
export type { StackOfPipeline } from "./check-stack";
export { Pipeline } from "./component";
export type { PipelineComponentArgs, StackOutputs } from "./component";
export { definePipeline } from "./define";
export type { Environment, PipelineDefinition } from "./define";
export { flux } from "./flux";
export type { FluxArgs, FluxCredentials, FluxMode } from "./flux";
export type { ImageSpec } from "./images";
export { withLedger } from "./ledger";
export { pipelineSources } from "./manifests";
export type { PullSecretSpec } from "./pull-secrets";
export { stackSettings } from "./read";
export type { ReadSettings, SettingsReader } from "./read";
export { render, renderEnvironment, renderRelease } from "./render";
export type { EnvironmentTarget, RenderTarget } from "./render";
export { checkSettings, resolveConfig } from "./settings";
export type { StackSettings } from "./settings";
export { stackSchema } from "./stack-schema";
export type { SchemaSource } from "./stack-schema";
export { writeEnvironment } from "./write";
