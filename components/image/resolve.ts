import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { systemEnvironment } from "../environment";
import type { ImageArgs } from "./args";
import { DEFAULT_DOCKERFILE, DEFAULT_PLATFORMS } from "./args";
import type { Builder, RegistryLogin } from "./builders";
import { docker } from "./builders";
import type { BuildContext } from "./context";
import { readContext } from "./context";
import type { Repository } from "./reference";
import { tryParseReference } from "./reference";

/** An image's arguments with every default in its place, and what they name looked up on disk. */
export interface ResolvedImage {
  readonly repository: Repository;
  readonly context: BuildContext;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty for the last stage. */
  readonly target: string;
  readonly platforms: readonly string[];
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly builder: Builder;
  readonly login: RegistryLogin | undefined;
  readonly environment: Environment;
}

/** Puts the defaults in their places and looks at the context. What is wrong with them is for `checkImage` to say. */
export function resolveImage(args: ImageArgs): ResolvedImage {
  const { domain, path } = tryParseReference(args.repository) ?? { domain: "", path: args.repository };
  return {
    repository: { domain, path },
    context: readContext({ context: args.context, dockerfile: args.dockerfile ?? DEFAULT_DOCKERFILE }),
    args: args.args ?? {},
    labels: args.labels ?? {},
    target: args.target ?? "",
    platforms: args.platforms ?? DEFAULT_PLATFORMS,
    secrets: args.secrets ?? {},
    builder: args.builder ?? docker(),
    login: args.registry,
    environment: args.environment ?? systemEnvironment(),
  };
}
