import { extname, basename } from "node:path";
import { readFileSync } from "node:fs";
import { Mistake, throwIfAny } from "../../mistake";
import { canonicalJson } from "../canonical";
import { fieldsOf } from "../fields";
import type { Manifest } from "../manifest";
import { checkDnsLabel, shown } from "../names";
import { titleOf, originOf, withOrigin } from "../origin";
import type { KubernetesVersion } from "../schema";
import { checkData, toYaml } from "../yaml";
import { DEFAULT_INCLUDE_CRDS, sourceTitle } from "./args";
import type { HelmTemplateSource } from "./args";
import { helmManifests } from "./objects";
import { filesBelow, readYaml, requireBelow } from "./paths";
import { runTool } from "./tool";

/** Where a chart's objects go, and for which Kubernetes. */
export interface HelmPlace {
  readonly root: string;
  readonly namespace: string;
  readonly kubernetesVersion: KubernetesVersion;
}

/** @throws Mistake with what of the chart or its values is refused, or what helm says. */
export function readChart(source: HelmTemplateSource, place: HelmPlace): Manifest[] {
  const { root } = place;
  throwIfAny(sourceTitle(source), checkChart(source));
  requireBelow(root, source.chart);
  const files = filesBelow(root, source.chart);
  for (const path of [...files.filter(isPlainYaml), ...(source.valueFiles ?? [])]) readYaml(root, path);
  const manifests = template(source, place);
  if (files.some((path) => mayChange(root, path))) requireSame(source, manifests, template(source, place));
  return withoutHooks(source, manifests).map(ownedByUs);
}

function checkChart({ chart, values = {}, valueFiles = [], name }: HelmTemplateSource): string[] {
  const isElsewhere = /^[a-z][a-z0-9+.-]*:/i.test(chart);
  return [
    ...(isElsewhere
      ? [`chart is ${shown(chart)}; keep the chart in the repository (helm pull --untar)`]
      : []),
    ...(valueFiles.every((path) => typeof path === "string") ? [] : ["valueFiles has what is no path"]),
    ...(name === undefined ? [] : checkDnsLabel("name", name)),
    ...checkData("values", values),
  ];
}

/** What in a chart is YAML before anything is filled in. */
function isPlainYaml(path: string): boolean {
  const isTemplate = path.includes("/templates/");
  return !isTemplate && /(^|\/)(Chart|values)\.ya?ml$|\/crds\/.*\.ya?ml$/.test(path);
}

const LIMIT = ["--skip-tests", "--include-crds"];

function template(source: HelmTemplateSource, { root, namespace, kubernetesVersion }: HelmPlace): Manifest[] {
  const { chart, valueFiles = [], includeCrds = DEFAULT_INCLUDE_CRDS } = source;
  const name = source.name ?? basename(chart).replace(/-\d.*$|\.tgz$/, "");
  const text = runTool({
    tool: "helm",
    root,
    files: { "values.yaml": toYaml([source.values ?? {}]) },
    args: (own) => [
      ...["template", name, requireBelow(root, chart), "--namespace", namespace],
      ...["--kube-version", `v${kubernetesVersion}.0`],
      ...LIMIT.filter((flag) => includeCrds || flag !== "--include-crds"),
      ...valueFiles.flatMap((path) => ["--values", requireBelow(root, path)]),
      ...["--values", `${own}/values.yaml`],
    ],
  });
  return helmManifests(text, sourceTitle(source));
}

/** Functions of templates that give something else each time. Source: Helm, "Template Function List". */
const CHANGING = /\b(rand\w+|gen(CA|PrivateKey|SelfSignedCert|SignedCert)\w*|uuidv4|now|htpasswd|bcrypt)\b/;

/** What is packed is not looked into. */
function mayChange(root: string, path: string): boolean {
  if (extname(path) === ".tgz") return true;
  return path.includes("/templates/") && CHANGING.test(readFileSync(requireBelow(root, path), "utf8"));
}

function requireSame(source: HelmTemplateSource, one: readonly Manifest[], two: readonly Manifest[]): void {
  const changed = one.filter((manifest, index) => canonicalJson(manifest) !== canonicalJson(two[index]));
  const fix = "set by values what the chart makes up, or make the object beside the list";
  throwIfAny(
    sourceTitle(source),
    changed.map((manifest) => `${titleOf(manifest)} is another one each time; ${fix}`),
  );
}

const HOOK = "helm.sh/hook";

function withoutHooks(source: HelmTemplateSource, manifests: readonly Manifest[]): Manifest[] {
  const isHook = ({ metadata }: Manifest): boolean => fieldsOf(metadata.annotations)[HOOK] !== undefined;
  const hooks = manifests.filter(isHook);
  if (source.hooks === "drop") return manifests.filter((manifest) => !isHook(manifest));
  if (source.hooks === "keep")
    return manifests.map((manifest) => (isHook(manifest) ? plain(manifest) : manifest));
  if (hooks.length === 0) return [...manifests];
  const named = hooks.map((hook) => `${titleOf(hook)} (${shown(fieldsOf(hook.metadata.annotations)[HOOK])})`);
  throw new Mistake(sourceTitle(source), [
    `the chart has hooks, which nothing runs here: ${named.join(", ")}; say hooks: "drop", or "keep" to make them plain objects`,
  ]);
}

function plain(manifest: Manifest): Manifest {
  const { annotations = {}, ...metadata } = manifest.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith(HOOK));
  const rest = kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) };
  return withOrigin({ ...manifest, metadata: { ...metadata, ...rest } }, originOf(manifest));
}

const MANAGER = "app.kubernetes.io/managed-by";

/** Charts say that Helm manages what they make, which it does not here. */
function ownedByUs(manifest: Manifest): Manifest {
  const { labels, ...metadata } = manifest.metadata;
  if (labels?.[MANAGER] !== "Helm") return manifest;
  const kept = Object.entries(labels).filter(([key]) => key !== MANAGER);
  const own = { ...manifest, metadata: { ...metadata, labels: Object.fromEntries(kept) } };
  return withOrigin(own, originOf(manifest));
}
