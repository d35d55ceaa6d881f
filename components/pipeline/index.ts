export { BUILD_STACK, DEFAULT_PIPELINE_SOURCES, push } from "./args";
export type {
  ClusterSpec,
  Config,
  EnvironmentArgs,
  PipelineArgs,
  PushMode,
  RenderContext,
  WaveArgs,
} from "./args";
export { Pipeline } from "./component";
export type { PipelineComponentArgs, StackOutputs } from "./component";
export { definePipeline } from "./define";
export type { Environment, PipelineDefinition } from "./define";
export type { ImageSpec } from "./images";
export { render } from "./render";
export type { RenderTarget } from "./render";
export { checkSettings, resolveConfig } from "./settings";
export type { StackSettings } from "./settings";
