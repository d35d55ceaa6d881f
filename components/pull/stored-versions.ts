import type { ClusterApi, LiveObject } from "../clusters/api";
import { ApiError } from "../clusters/api";
import { shown } from "../manifests";
import type { Manifest } from "../manifests";
import { fieldsAt, listOf } from "../manifests/fields";

const API = "apiextensions.k8s.io/v1";
const KIND = "CustomResourceDefinition";

/** The versions that a definition has, by its name. */
export type Definitions = Readonly<Record<string, readonly string[]>>;

/** What manifests define. */
export function definitionsOf(manifests: readonly Manifest[]): Definitions {
  const definitions = manifests.filter(({ kind }) => kind === KIND);
  return Object.fromEntries(
    definitions.map((definition) => [definition.metadata.name, versionsOf(definition)]),
  );
}

/** A definition in the cluster of which objects are kept in versions that the new one does not have. */
export interface OutdatedDefinition {
  readonly name: string;
  /** Group and kind of its objects. */
  readonly group: string;
  readonly kind: string;
  /** Versions that objects may be kept in and that are removed. */
  readonly removed: readonly string[];
  /** Those that stay. */
  readonly kept: readonly string[];
  /** The one that objects are written in now. */
  readonly storage: string;
  /** Whether the new definition has that one. */
  readonly isBridged: boolean;
}

/** Definitions that the API server would not let go to the new versions: it refuses to lose what is kept in others. */
export async function readOutdated(definitions: Definitions, api: ClusterApi): Promise<OutdatedDefinition[]> {
  const found = await Promise.all(
    Object.entries(definitions).map(async ([name, versions]) => {
      const live = await api.get({ apiVersion: API, kind: KIND, name });
      return live === undefined ? [] : outdated(name, live, versions);
    }),
  );
  return found.flat();
}

function outdated(name: string, live: LiveObject, versions: readonly string[]): OutdatedDefinition[] {
  const { storedVersions = [] } = fieldsAt(live, "status") as { storedVersions?: readonly string[] };
  const removed = storedVersions.filter((version) => !versions.includes(version));
  if (removed.length === 0) return [];
  const { group, names } = fieldsAt(live, "spec") as { group: string; names: { kind: string } };
  const storage = listOf(fieldsAt(live, "spec").versions).find((version) => version.storage === true);
  const written = String(storage?.name);
  const kept = [...new Set([...storedVersions.filter((version) => versions.includes(version)), written])];
  return [
    { name, group, kind: names.kind, removed, kept, storage: written, isBridged: versions.includes(written) },
  ];
}

/** Problems of an upgrade that no rewriting helps: nothing that is there can be read afterwards. */
export function checkOutdated(outdated: readonly OutdatedDefinition[], version: string): string[] {
  return outdated
    .filter(({ isBridged }) => !isBridged)
    .map(
      ({ name, storage }) =>
        `${name} has objects in ${shown(storage)}, which ${version} does not know any more; upgrade to a version first that knows both`,
    );
}

/** Has every object written once more, in a version that stays, and says so in the definition. */
export async function rewriteStored(outdated: readonly OutdatedDefinition[], api: ClusterApi): Promise<void> {
  for (const { name, group, kind, storage, kept } of outdated) {
    const query = { apiVersion: `${group}/${storage}`, kind };
    for (const { metadata } of await api.list(query)) {
      const { namespace } = metadata;
      // A patch without a change is enough: the server sees that it would be kept in another version.
      await api.merge(
        { ...query, name: metadata.name, ...(namespace === undefined ? {} : { namespace }) },
        {},
      );
    }
    await setStored(name, kept, api);
  }
}

async function setStored(name: string, storedVersions: readonly string[], api: ClusterApi): Promise<void> {
  const path = `/apis/${API}/customresourcedefinitions/${name}/status`;
  const contentType = "application/merge-patch+json";
  const answer = await api.send({ method: "PATCH", path, contentType, body: { status: { storedVersions } } });
  if (answer.status >= 400) throw new ApiError(answer.status, answer.text);
}

function versionsOf(definition: Manifest): string[] {
  return listOf(fieldsAt(definition, "spec").versions).map(({ name }) => String(name));
}
