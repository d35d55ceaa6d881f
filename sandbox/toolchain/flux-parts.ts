import { ask, exactly, goPart } from "./entries.ts";
import type { GoPart, ModuleFiles } from "./types.ts";

const FLUX = "github.com/fluxcd";

/** Of the distribution: which versions of the controllers go together. */
export const FLUX_VERSION = "2.9.4";

/** What the published install manifests have beside the controllers' own: accounts, roles, network policies. */
const DISTRIBUTION: ModuleFiles = {
  module: `${FLUX}/flux2/v2`,
  pinned: { version: `v${FLUX_VERSION}`, sum: "h1:/o9IdC9YZVFEsnuJawjEn5tpU8gpnxGftsG85Ubw+bI=" },
  paths: [
    ...["source", "kustomize", "notification"].flatMap((name) =>
      ["account", "labels", "patch"].map((file) => `manifests/bases/${name}-controller/${file}.yaml`),
    ),
    ...["namespace", "labels"].map((file) => `manifests/install/${file}.yaml`),
    ...["controller", "edit", "kustomization", "reconciler", "resourcequota", "view"].map(
      (file) => `manifests/rbac/${file}.yaml`,
    ),
    ...["allow-egress", "allow-scraping", "allow-webhooks", "kustomization"].map(
      (file) => `manifests/policies/${file}.yaml`,
    ),
  ],
};

/** A controller, with the manifests that its module has. It can only be asked for its version in a cluster. */
function controller<const N extends string>(
  name: N,
  version: string,
  spec: { readonly coldSeconds: number; readonly paths: readonly string[]; readonly more?: ModuleFiles },
) {
  const { coldSeconds, paths, more } = spec;
  const own = { module: `${FLUX}/${name}`, paths };
  return {
    ...goPart(name, version, {
      package: `${FLUX}/${name}`,
      coldSeconds,
      fits: exactly(version),
      ask: ask("--help"),
    }),
    files: more === undefined ? [own] : [own, more],
  };
}

const crd = (group: string, ...kinds: readonly string[]): string[] =>
  kinds.map((kind) => `config/crd/bases/${group}.toolkit.fluxcd.io_${kind}.yaml`);
const manager = (...files: readonly string[]): string[] =>
  ["kustomization", "deployment", ...files].map((file) => `config/manager/${file}.yaml`);

/** The controllers of Flux that pull delivery needs. Only tests and demos of pull delivery ask for them. */
export const FLUX_PARTS = [
  controller("source-controller", "1.9.3", {
    coldSeconds: 145,
    paths: [
      ...crd("source", "buckets", "externalartifacts", "gitrepositories"),
      ...crd("source", "helmcharts", "helmrepositories", "ocirepositories"),
      ...manager("service"),
    ],
  }),
  controller("kustomize-controller", "1.9.4", {
    coldSeconds: 160,
    paths: [...crd("kustomize", "kustomizations"), ...manager()],
    more: DISTRIBUTION,
  }),
  controller("notification-controller", "1.9.3", {
    coldSeconds: 120,
    paths: [...crd("notification", "alerts", "providers", "receivers"), ...manager("service")],
  }),
] as const satisfies readonly GoPart[];

export type FluxController = (typeof FLUX_PARTS)[number]["name"];

/** Their names, in the order in which they are installed. */
export const FLUX_CONTROLLERS: readonly FluxController[] = FLUX_PARTS.map(({ name }) => name);
