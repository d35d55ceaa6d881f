import { vi } from "vitest";
import { app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { manifestFiles } from "../../../components/manifests/files";
import type { PushDeliveryArgs } from "../../../components/push";
import type { Survey, Told, ToldList } from "../../../components/push/survey";
import { surveySync } from "../../../components/push/survey/sync";
import { renderList } from "../../../components/release";
import type { Registration } from "../../support/registrations";
import { cluster, find, IMAGE } from "./world";

/** A canary, and behind it the other cluster. */
export const twoWaves = [
  { name: "canary", clusters: [cluster("eu")] },
  { name: "rest", clusters: [cluster("us")] },
];
export const ledger = { repository: "https://git.example.com/acme/deploy.git" };

/** A release by a digit. */
export const release = (mark: string): NonNullable<PushDeliveryArgs["release"]> => ({
  id: `shop-${mark.repeat(12)}`,
  ...{ commit: mark.repeat(40), sources: "b".repeat(64), images: { web: IMAGE } },
});

export const manifests = (greeting: string): readonly Manifest[] =>
  app({ name: "web", image: IMAGE, port: 80, config: { GREETING: greeting } });

export const configMap = (name: string): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data: { a: "1" },
});

/** A list as the ledger has it of a release. */
export function toldList(mark: string, objects: readonly Manifest[] = manifests("old")): ToldList {
  const place = { app: "shop", namespace: "shop", clusterScope: [], kubernetesVersion: "1.36" } as const;
  const list = renderList(objects, place, release(mark));
  const [record] = list.objects.slice(-1);
  const files = Object.fromEntries(manifestFiles(list.objects));
  const { contentHash } = list;
  return {
    release: release(mark).id,
    objects: list.objects.slice(0, -1),
    contentHash,
    record: record!,
    files,
  };
}

/** What the ledger says of a cluster in which all that it was told has succeeded. */
export const told = (list = toldList("1"), more: Partial<Told> = {}): Told => ({
  ...{ list, verified: list.contentHash, earlier: [], previous: undefined, pinned: undefined, uid: "u" },
  ...more,
});

/** How things are from now on; for tests that mock `survey/sync`. */
export function answer(survey: Partial<Survey>): void {
  const nothing: Survey = { reach: {}, told: {}, foreign: {}, ledgerProblem: undefined };
  vi.mocked(surveySync).mockReturnValue({ ...nothing, ...survey });
}

/** What is declared in a cluster. */
export const declaredIn = (world: readonly Registration[], cluster: string): Registration[] =>
  world.filter((each) => each.name.startsWith(`shop/${cluster}/`));

export const greetingIn = (world: readonly Registration[], cluster: string): unknown =>
  find(world, `shop/${cluster}/core/ConfigMap/shop/web-config`).inputs["data"];
