import type { Manifest } from "../manifest";

/** Whether the CRDs of a chart are part of what it gives. */
export const DEFAULT_INCLUDE_CRDS = true;

/** Objects of a chart that Helm runs around an installation: `drop` leaves them out, `keep` makes them plain objects. */
export type HelmHooks = "drop" | "keep";

/** A chart and what it is filled with. */
export interface HelmTemplateArgs {
  /** Folder or package (`.tgz`) of the chart, below the root. Charts of a registry are kept in the repository. */
  readonly chart: string;
  /**
   * Name of Helm's release, a DNS-1123 label: many charts make names of it.
   * @default the last part of `chart`
   */
  readonly name?: string;
  /** What the chart's values are otherwise. Plain data. @default none */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Files of values below the root; a later one holds before an earlier one, and `values` before all. @default none */
  readonly valueFiles?: readonly string[];
  /**
   * What becomes of hooks. A chart that has some is refused as long as this is not said: dropping them may leave out
   * a migration. Tests of a chart are always left out.
   */
  readonly hooks?: HelmHooks;
  /** @default {@link DEFAULT_INCLUDE_CRDS} */
  readonly includeCrds?: boolean;
}

/** YAML files, as a description. */
export interface YamlFilesSource {
  readonly manifestsFrom: "yamlFiles";
  readonly patterns: readonly string[];
}
/** A kustomization, as a description. */
export interface KustomizeSource {
  readonly manifestsFrom: "kustomize";
  readonly folder: string;
}
/** A chart, as a description. */
export interface HelmTemplateSource extends HelmTemplateArgs {
  readonly manifestsFrom: "helmTemplate";
}

/** Manifests that a team has in files. Plain data: nothing is read until a list is rendered. */
export type ManifestsFrom = YamlFilesSource | KustomizeSource | HelmTemplateSource;

/** What a list of manifests may have in it. */
export type ManifestEntry = Manifest | ManifestsFrom;

/**
 * The objects of YAML files.
 *
 * @param patterns glob patterns below the root; one that fits no file is a mistake.
 * @example
 * manifests: [...yamlFiles("deploy/*.yaml")]
 */
export function yamlFiles(...patterns: string[]): ManifestsFrom[] {
  return [{ manifestsFrom: "yamlFiles", patterns }];
}

/**
 * The objects of a kustomization, as `kubectl kustomize` makes them. Its bases are folders below the root.
 *
 * @example
 * manifests: ({ environment }) => [...kustomize(`deploy/overlays/${environment}`)]
 */
export function kustomize(folder: string): ManifestsFrom[] {
  return [{ manifestsFrom: "kustomize", folder }];
}

/**
 * The objects of a chart, as `helm template` makes them. Nothing is installed by Helm, and no cluster is asked.
 *
 * @example
 * manifests: [...helmTemplate({ chart: "charts/worker", values: { replicas: 2 }, hooks: "drop" })]
 */
export function helmTemplate(args: HelmTemplateArgs): ManifestsFrom[] {
  return [{ manifestsFrom: "helmTemplate", ...args }];
}

/** Whether an entry of a list describes objects instead of being one. */
export function isSource(entry: ManifestEntry): entry is ManifestsFrom {
  return typeof (entry as Partial<ManifestsFrom> | null)?.manifestsFrom === "string";
}

/** How messages name a source. */
export function sourceTitle(source: ManifestsFrom): string {
  switch (source.manifestsFrom) {
    case "yamlFiles":
      return `yamlFiles(${source.patterns.map((pattern) => JSON.stringify(pattern)).join(", ")})`;
    case "kustomize":
      return `kustomize(${JSON.stringify(source.folder)})`;
    case "helmTemplate":
      return `helmTemplate(${JSON.stringify(source.chart)})`;
  }
}
