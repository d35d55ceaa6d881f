import { canonicalJson } from "../../manifests";
import type { Manifest } from "../../manifests";
import { parseYaml } from "../../manifests/yaml";
import { contentHash } from "../content-hash";
import { recordManifest, recordName, settingsHash } from "../record";
import { inListOrder } from "../render";
import type { Rendered } from "../render";
import type { ReleaseRequest } from "./args";

/**
 * The list that files were written from; undefined when they are no list of this application.
 *
 * @param files name → text, as `manifestFiles` makes them.
 */
export function readList(app: string, files: Iterable<readonly [string, string]>): Rendered | undefined {
  const parsed = [...files].flatMap(([origin, text]) => parseYaml(text, { origin }));
  if (!parsed.every(isManifest)) return undefined;
  const [record, ...more] = parsed.filter((object) => isRecord(app, object));
  const hash = (record?.data as Readonly<Record<string, unknown>> | undefined)?.contentHash;
  if (record === undefined || more.length > 0 || typeof hash !== "string") return undefined;
  const objects = inListOrder(parsed.filter((object) => object !== record));
  return { objects: [...objects, record], contentHash: hash };
}

/** Whether a list is exactly what the release is with these settings: nobody has edited it, and its record says so. */
export function isListOf({ app, release, settings }: ReleaseRequest, list: Rendered): boolean {
  const objects = list.objects.slice(0, -1);
  const expected = recordManifest({
    app,
    namespace: "",
    release: release.id,
    commit: release.commit,
    images: release.images,
    contentHash: contentHash(objects),
    settings: settingsHash(settings),
  });
  return canonicalJson(list.objects.at(-1)?.data) === canonicalJson(expected.data);
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Manifest>;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string";
}

function isRecord(app: string, { apiVersion, kind, metadata }: Manifest): boolean {
  return apiVersion === "v1" && kind === "ConfigMap" && metadata.name === recordName(app);
}
