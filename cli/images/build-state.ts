import { BUILD_STACK } from "../../components/pipeline/args";
import type { Context, Project } from "../shell/contract";
import { stackState } from "../shell/state";

/** What the engine knows of images that no release names yet. */
export interface BuildState {
  /** Digests of all images that the stack has made. */
  readonly digests: readonly string[];
  /** What it is at, or was when it was broken off: sentences. */
  readonly problems: readonly string[];
}

/** As much of a state as is read of it. Source: Pulumi, `sdk/go/common/apitype`, `DeploymentV3`. */
interface State {
  readonly deployment?: {
    readonly pending_operations?: readonly {
      readonly type: string;
      readonly resource: { readonly urn: string };
    }[];
  };
}

const DIGEST = /sha256:[0-9a-f]{64}/g;

/**
 * The engine notes each resource before it begins with it and when it is done: what a registry was seen to have before this
 * is read, and a build of this stack has pushed, is in it, or is under way.
 *
 * @throws Mistake when the engine cannot be asked.
 */
export async function readBuildState(project: Project, context: Context): Promise<BuildState> {
  const text = (await stackState(project, BUILD_STACK, context)) ?? "{}";
  const { deployment } = JSON.parse(text) as State;
  const problems = (deployment?.pending_operations ?? []).map(({ type, resource: { urn } }) => {
    const name = urn.split("::").at(-1);
    return `${BUILD_STACK} is ${type} ${name}, so its image may be in use in a moment; wait for it, or, if it was broken off: pulumi refresh --clear-pending-creates --stack ${BUILD_STACK}`;
  });
  return { digests: text.match(DIGEST) ?? [], problems };
}
