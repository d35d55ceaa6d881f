import { throwIfAny } from "../../mistake";
import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { originOf, withOrigin } from "../origin";
import { isBuiltInGroup } from "../schema";
import { checkData, isFields } from "../yaml";
import { DIRECTIVE, DIRECTIVES, merged } from "./merge";

/**
 * A part of an object that is laid over it: kind and name say over which, everything else is what changes. It is a
 * strategic merge patch, as kubectl and kustomize have it: `null` takes a field away, containers, variables, volumes and
 * ports are found by their name or number, `$patch: delete` removes one, or the whole object.
 */
export interface Overlay {
  readonly kind: string;
  /** Only where two kinds of several groups have one name. */
  readonly apiVersion?: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** One pure function per kind, which returns a new object: the last step before a list is checked. */
export type KindTransform = Readonly<Record<string, (manifest: Manifest) => Manifest>>;

/**
 * The objects with every overlay on them, the first one first.
 *
 * @throws Mistake with every overlay that fits no object or cannot be laid over one.
 * @example
 * overlaid(app({ … }), [{ kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 3 } }])
 */
export function overlaid(manifests: readonly Manifest[], overlays: readonly Overlay[]): Manifest[] {
  throwIfAny("Overlays", overlays.flatMap(checkOverlay));
  const problems: string[] = [];
  const result = overlays.reduce<readonly Manifest[]>((list, overlay) => {
    if (!list.some((manifest) => fits(overlay, manifest))) problems.push(unfit(overlay, list));
    return list.flatMap((manifest) => (fits(overlay, manifest) ? laidOver(overlay, manifest) : [manifest]));
  }, manifests);
  throwIfAny("Overlays", problems);
  return [...result];
}

/** Each object changed by the function of its kind, if there is one. */
export function transformedBy(manifests: readonly Manifest[], transform: KindTransform): Manifest[] {
  return manifests.map((manifest) => {
    const kind = String((manifest as Partial<Manifest> | null)?.kind);
    const change = Object.hasOwn(transform, kind) ? transform[kind] : undefined;
    if (change === undefined) return manifest;
    const changed = change(manifest);
    return isFields(changed) ? withOrigin(changed, originOf(manifest)) : changed;
  });
}

const titleOf = ({ kind, metadata }: Overlay): string => `overlay of ${kind} ${metadata.name}`;

function checkOverlay(overlay: Overlay, index: number): string[] {
  const { kind, metadata } = overlay as Partial<Overlay>;
  if (typeof kind !== "string" || typeof metadata?.name !== "string") {
    return [`overlay ${index + 1} has no kind or no metadata.name; say which object it is laid over`];
  }
  const problems = checkData(titleOf(overlay), overlay, true);
  return problems.length > 0 ? problems : checkDirectives(titleOf(overlay), overlay);
}

function checkDirectives(at: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => checkDirectives(`${at}[${index}]`, item));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    if (key === DIRECTIVE && DIRECTIVES.includes(String(field))) return [];
    if (key === DIRECTIVE) return [`${at}: ${key} is ${shown(field)}; give one of ${DIRECTIVES.join(", ")}`];
    if (/^\$(setElementOrder|deleteFromPrimitiveList|retainKeys)/.test(key)) {
      return [`${at}: ${shown(key)} is not known here; give the whole list`];
    }
    return checkDirectives(`${at}.${key}`, field);
  });
}

function fits({ apiVersion, kind, metadata }: Overlay, manifest: Manifest): boolean {
  if (!isFields(manifest) || !isFields(manifest.metadata)) return false;
  const isSame = apiVersion === undefined || groupOf({ apiVersion }) === groupOf(manifest);
  return isSame && kind === manifest.kind && metadata.name === manifest.metadata.name;
}

function unfit(overlay: Overlay, list: readonly Manifest[]): string {
  const known = list.filter(({ kind }) => kind === overlay.kind).map(({ metadata }) => shown(metadata.name));
  const fix = known.length === 0 ? "the list has none of this kind" : `name one of ${known.join(", ")}`;
  return `${titleOf(overlay)} fits no object; ${fix}`;
}

function laidOver(overlay: Overlay, manifest: Manifest): Manifest[] {
  if (overlay[DIRECTIVE] === "delete") return [];
  const lists = isBuiltInGroup(groupOf(manifest)) ? "by key" : "replace";
  const { apiVersion, kind } = manifest;
  const next = { ...(merged(manifest, overlay, lists) as Manifest), apiVersion, kind };
  return [withOrigin(next, originOf(manifest))];
}
