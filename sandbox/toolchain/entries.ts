import type { Ask, GoPart, GoTool, Range } from "./types.ts";

export const exactly = (version: string): Range => ({ kind: "exact", version });
export const between = (from: string, below: string): Range => ({ kind: "range", from, below });
export const ANY: Range = { kind: "any" };

export const ask = (...args: readonly string[]): Ask => ({ by: "arguments", args });
export const PLUGIN: Ask = { by: "plugin" };

interface OneTool extends Omit<GoTool, "name"> {
  readonly tags?: readonly string[];
  readonly variables?: readonly string[];
  readonly files?: GoPart["files"];
}

/** A Go part of one binary, where part, module folder and binary have the same name. */
export function goPart<const N extends string>(name: N, version: string, spec: OneTool) {
  const { tags = [], variables = [], files, ...tool } = spec;
  return {
    kind: "go" as const,
    name,
    version,
    module: name,
    tags,
    variables,
    tools: [{ name, ...tool }],
    ...(files === undefined ? {} : { files }),
  };
}
