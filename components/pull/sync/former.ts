import type { ClusterApi, ObjectRef } from "../../clusters/api";
import type { Manifest } from "../../manifests";
import { formerKindsManifests } from "../access";
import type { Kind } from "../../manifests/rules";
import type { SyncGateInputs } from "./inputs";

/** Kinds that a release had, and the next one has no more: the agent has to delete their objects still. */
export function formerKinds(before: readonly Kind[], now: readonly Kind[]): Kind[] {
  const known = new Set(now.map(groupAndKind));
  return before.filter((kind) => !known.has(groupAndKind(kind)));
}

/** Without its version, which says nothing of rights. */
function groupAndKind({ apiVersion, kind }: Kind): string {
  return `${apiVersion.includes("/") ? apiVersion.split("/")[0]! : ""} ${kind}`;
}

type Stack = Pick<SyncGateInputs, "name" | "namespace">;

/** Lets the stack's account delete objects of these kinds, until {@link revokeFormer}. */
export async function grantFormer(stack: Stack, kinds: readonly Kind[], api: ClusterApi): Promise<void> {
  await revokeFormer(stack, kinds, api);
  for (const manifest of formerKindsManifests(stack, kinds)) await api.create(refOf(manifest), manifest);
}

export async function revokeFormer(stack: Stack, kinds: readonly Kind[], api: ClusterApi): Promise<void> {
  for (const manifest of formerKindsManifests(stack, kinds)) await api.remove(refOf(manifest));
}

function refOf({ apiVersion, kind, metadata }: Manifest): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
