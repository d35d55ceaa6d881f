import { imageStore } from "../../components/image/clients";
import { partsOf, prunePlan } from "../../components/image/copy";
import type { PrunePlan, Stored } from "../../components/image/copy";
import { dockerCredentials } from "../../components/image/registry/credentials";
import type { RegistryStore } from "../../components/image/registry";
import { repositoryName, tryParseReference } from "../../components/image/reference";
import type { Repository } from "../../components/image/reference";
import { withRegistry } from "../../components/pipeline/registry";
import { readStackConfig } from "../../components/promotion";
import { EXIT } from "../shell/contract";
import type { Context, Input, Project, Result } from "../shell/contract";
import { UsageError } from "../shell/usage-error";
import { existsSync } from "node:fs";
import { neededImages } from "./needed";
import type { Needed } from "./needed";

/** How many releases that have succeeded stay in each environment. */
const DEFAULT_KEEP = 10;

/** `delivery images prune` */
export async function images(input: Input, context: Context): Promise<Result> {
  const keep = Number(input.text("keep") ?? DEFAULT_KEEP);
  if (!Number.isInteger(keep) || keep < 1)
    throw new UsageError("images", [
      `--keep is ${JSON.stringify(input.text("keep"))}; give a whole number from 1 on`,
    ]);
  const project = await context.project();
  const store = imageStore(context.env, dockerCredentials(context.env));
  const looked: { repository: Repository; stored: readonly Stored[] }[] = [];
  for (const repository of repositoriesOf(project)) {
    context.progress(`looking at ${repositoryName(repository)}`);
    looked.push({ repository, stored: await storedImages(store, repository) });
  }
  const needed = await neededImages(project, keep, context);
  const inUse = new Set(needed.digests.keys());
  const found = looked.map(({ repository, stored }) => {
    return { repository, plan: prunePlan(project.pipeline.app, stored, inUse) };
  });
  if (!input.flag("delete")) return told(found, needed, { removed: false });
  if (needed.problems.length > 0) return { ...told(found, needed, { removed: false }), exit: EXIT.blocked };
  for (const { repository, plan } of found) {
    for (const digest of plan.digests) await store.deleteManifest(repository, digest);
  }
  return told(found, needed, { removed: true });
}

interface Found {
  readonly repository: Repository;
  readonly plan: PrunePlan;
}

/** The repositories of the pipeline's images, in the registry of the build and in those of the environments. */
function repositoriesOf({ pipeline, stackFile }: Project): Repository[] {
  const file = stackFile("build");
  const builtFor = existsSync(file) ? readStackConfig(file)["delivery:registry"] : undefined;
  const registries = [
    typeof builtFor === "string" ? builtFor : undefined,
    ...Object.values(pipeline.environments).map(({ registry }) => registry),
  ];
  const names = Object.values(pipeline.images).flatMap(({ repository }) =>
    registries.map((registry) => (registry === undefined ? repository : withRegistry(repository, registry))),
  );
  return [...new Set(names)].map((name) => tryParseReference(name)!);
}

/** What has a tag in a repository, each once. */
async function storedImages(store: RegistryStore, repository: Repository): Promise<Stored[]> {
  const tags = new Map<string, { tags: string[]; parts: Stored["parts"] }>();
  for (const tag of await store.listTags(repository)) {
    const manifest = await store.readManifest(repository, tag);
    if (manifest === undefined) continue;
    const known = tags.get(manifest.digest);
    if (known !== undefined) known.tags.push(tag);
    else tags.set(manifest.digest, { tags: [tag], parts: partsOf(manifest) });
  }
  return [...tags].map(([digest, image]) => ({ digest, ...image }));
}

const NO_IMAGES = "The pipeline builds no image, so there is none to look for.";

function told(
  found: readonly Found[],
  { digests, problems }: Needed,
  { removed }: { readonly removed: boolean },
): Result {
  const value = {
    removed,
    problems,
    repositories: found.map(({ repository, plan }) => ({
      repository: repositoryName(repository),
      unused: plan.images.map(({ digest, tags }) => ({ digest, tags })),
      manifests: plan.digests,
      kept: plan.kept.map(({ digest, tags }) => ({
        ...{ digest, tags },
        why: digests.get(digest) ?? "a tag of somebody else, or part of an image that stays",
      })),
    })),
  };
  const lines = value.repositories.flatMap(({ repository, unused, manifests, kept }) => [
    `${repository}: ${unused.length} unused, ${kept.length} stay`,
    ...unused.map(({ digest, tags }) => `  - ${tags.join(", ")}  ${digest}`),
    ...(removed && manifests.length > 0 ? [`  removed, ${manifests.length} manifests in all`] : []),
  ]);
  const unused = value.repositories.some((one) => one.unused.length > 0);
  const end =
    problems.length > 0
      ? ["Nothing may be removed while this is not known:", ...problems.map((problem) => `  - ${problem}`)]
      : [removed || !unused ? "" : "To remove them: delivery images prune --delete"];
  return { value, text: [...lines, ...end].filter((line) => line !== "").join("\n") || NO_IMAGES };
}
