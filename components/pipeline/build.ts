import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Image } from "../image";
import type { ImageArgs } from "../image";
import { assertValid } from "../problems";
import type { DeliveredRecord } from "../push";
import { makeRelease } from "../release";
import { hashFiles, lastCommit, uncommittedFiles } from "../source";
import type { PipelineComponentArgs, StackOutputs } from "./component";
import type { ImageSpec } from "./images";
import { withRegistry } from "./registry";
import { pipelineSources } from "./manifests";
import { secretReader } from "./secrets";
import type { SecretReader } from "./secrets";

/** How many files a warning names. */
const MAX_NAMED_FILES = 5;

/** The stack `build`: every image of the pipeline, and the release that they make. */
export function createBuild(
  name: string,
  args: PipelineComponentArgs,
  parent: pulumi.Resource,
): StackOutputs {
  const { pipeline, root } = args;
  const { app, source, schema } = pipeline;
  const sources = pipelineSources(pipeline, root);
  const paths = [...source.paths, ...sources];
  const made = { commit: lastCommit(root, paths), sources: hashFiles(root, sources) };
  warnOfUncommitted(uncommittedFiles(root, paths), parent);
  const refs = pulumi.output(createImages(name, args, parent));
  const range = schema === undefined ? {} : { schema };
  return {
    release: refs.apply((images) => makeRelease(app, { ...made, images, ...range })),
    record: pulumi.output({} as Record<string, DeliveredRecord>),
  };
}

function createImages(
  name: string,
  args: PipelineComponentArgs,
  parent: pulumi.Resource,
): Record<string, pulumi.Output<string>> {
  const { read, problems } = secretReader(args);
  const images = Object.entries(args.pipeline.images).map(([image, spec]) => {
    return [image, { ...imageArgs(spec, args), ...secretsOf(image, spec, read) }] as const;
  });
  assertValid(parent, problems);
  const refs = images.map(
    ([image, of]) => [image, new Image(`${name}/${image}`, of, { parent }).ref] as const,
  );
  return Object.fromEntries(refs);
}

function secretsOf(
  image: string,
  { secrets = {}, registry }: ImageSpec,
  read: SecretReader["read"],
): Pick<ImageArgs, "secrets" | "registry"> {
  const values = Object.entries(secrets).map(([id, source]) => {
    return [id, read(`images.${image}.secrets.${id}`, source)] as const;
  });
  const found = { secrets: Object.fromEntries(values) };
  if (registry === undefined) return found;
  const password = read(`images.${image}.registry.password`, registry.password);
  return { ...found, registry: { ...registry, password } };
}

/** What is no secret; the places of those are replaced by what is there. */
function imageArgs(
  spec: Omit<ImageSpec, "secrets" | "registry">,
  { root, registry, builder }: PipelineComponentArgs,
): ImageArgs {
  const repository = registry === undefined ? spec.repository : withRegistry(spec.repository, registry);
  const context = join(root, spec.context);
  return { ...spec, repository, context, ...(builder === undefined ? {} : { builder }) };
}

function warnOfUncommitted(files: readonly string[], resource: pulumi.Resource): void {
  if (files.length === 0) return;
  const more = files.length > MAX_NAMED_FILES ? ` and ${files.length - MAX_NAMED_FILES} more` : "";
  const named = files.slice(0, MAX_NAMED_FILES).join(", ") + more;
  const text = `The release names the last commit, which lacks what is built: not committed are ${named}.`;
  void pulumi.log.warn(text, resource);
}
