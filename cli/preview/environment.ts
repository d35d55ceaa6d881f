import { relative } from "node:path";
import { parse } from "yaml";
import { hashSources } from "../../components/pipeline/manifests";
import { isMadeHere } from "../../components/pipeline/render";
import { readStackConfig, releaseIn, STACK_KEYS } from "../../components/promotion";
import { makeRelease } from "../../components/release";
import type { Release, RenderedLists } from "../../components/release";
import { placeOf } from "../../components/source/clone";
import { renderConfig } from "../render/run";
import { planChange } from "../promote/plan";
import type { PromotionPlan } from "../promote/plan";
import type { Context, Project } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { ask } from "../shell/programs";
import { objectChanges } from "./objects";
import type { ObjectChange } from "./objects";

type Config = Readonly<Record<string, unknown>>;

/** What a change of the checkout does to one environment. */
export interface EnvironmentPreview {
  readonly environment: string;
  /** `file`: the change promotes, takes back or sets something. `pipeline`: the next release will be another one. */
  readonly cause: "file" | "pipeline";
  /** When its release is another one. */
  readonly plan: PromotionPlan | undefined;
  /** When its release is another one and there is no plan. */
  readonly unjudged?: Unjudged | undefined;
  readonly changes: readonly ObjectChange[];
  /** Why the objects could not be compared; undefined when they were. */
  readonly problem: string | undefined;
}

/** A change of the release that nobody could judge: the job of a pull request has no token for the ledger. */
export interface Unjudged {
  readonly from: string | undefined;
  readonly release: string;
  readonly why: string;
}

/**
 * What the checkout would do to an environment, compared with `base`; undefined when nothing.
 *
 * @throws Mistake when the file or its history cannot be read.
 */
export async function previewEnvironment(
  project: Project,
  environment: string,
  base: string,
  context: Context,
): Promise<EnvironmentPreview | undefined> {
  const file = project.stackFile(environment);
  const { app } = project.pipeline;
  const [before, now] = [await configAt(project.root, file, base, context), readStackConfig(file)];
  const [old, release] = [releaseIn(app, before), releaseIn(app, now)];
  const isFile = JSON.stringify(before) !== JSON.stringify(now);
  const isPipeline = release !== undefined && !isMadeHere(project.pipeline, project.root, release);
  if (release === undefined || (!isFile && !isPipeline)) return undefined;
  const after = isFile ? now : { ...now, [STACK_KEYS.release]: nextRelease(project, release) };
  const isOther = isFile && release.id !== old?.id;
  const judged = isOther ? await judge({ project, environment, file }, { old, release }, context) : NONE;
  const compared = compare(project, environment, old === undefined ? undefined : before, after);
  const shown = isFile || compared.problem !== undefined || compared.changes.length > 0;
  return shown ? { environment, cause: isFile ? "file" : "pipeline", ...judged, ...compared } : undefined;
}

type Judged = Pick<EnvironmentPreview, "plan" | "unjudged">;
const NONE: Judged = { plan: undefined };

/** What could not be judged is shown all the same: release and objects are known without the ledger. */
async function judge(
  place: EnvironmentOf,
  { old, release }: { readonly old: Release | undefined; readonly release: Release },
  context: Context,
): Promise<Judged> {
  try {
    return { plan: await planChange(place, release, context) };
  } catch (error) {
    if ((error as Error).name !== "Mistake") throw error;
    const why = (error as Error).message;
    return { plan: undefined, unjudged: { from: old?.id, release: release.id, why } };
  }
}

/** What the release would be if it were built from this checkout with the same images. */
function nextRelease({ root, pipeline }: Project, { commit, images, schema }: Release): Release {
  const sources = hashSources(pipeline, root);
  return makeRelease(pipeline.app, { commit, sources, images, ...(schema === undefined ? {} : { schema }) });
}

function compare(
  project: Project,
  environment: string,
  before: Config | undefined,
  after: Config,
): Pick<EnvironmentPreview, "changes" | "problem"> {
  try {
    const old: RenderedLists | undefined =
      before === undefined ? undefined : renderConfig(project, environment, before);
    const changes = objectChanges(project.pipeline.app, old, renderConfig(project, environment, after));
    return { changes, problem: undefined };
  } catch (error) {
    if ((error as Error).name !== "Mistake") throw error;
    return { changes: [], problem: (error as Error).message };
  }
}

/** The configuration of a stack's file at another commit; empty when it did not exist. */
export async function configAt(
  root: string,
  file: string,
  commit: string,
  context: Context,
): Promise<Config> {
  const path = `${placeOf(root)?.prefix ?? ""}${relative(root, file)}`;
  const listed = await ask(
    { cwd: root, program: "git", args: ["ls-tree", "--full-tree", commit, "--", path] },
    context,
  );
  if (listed === "") return {};
  const text = await ask({ cwd: root, program: "git", args: ["show", `${commit}:${path}`] }, context);
  return ((parse(text) ?? {}) as { readonly config?: Config | null }).config ?? {};
}
