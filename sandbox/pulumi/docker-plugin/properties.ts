import { isDeepStrictEqual } from "node:util";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** What the engine sends in place of a value that is not known before something else has been made. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Readonly<Record<string, unknown>>;

export function readProperties(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

export function propertyStruct(properties: Properties): Struct {
  return structPb.Struct.fromJavaScript(
    properties as unknown as Parameters<typeof structPb.Struct.fromJavaScript>[0],
  );
}

/** Whether the value, or anything in it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN;
  return Object.values(value).some(hasUnknown);
}

/** The value as an object; empty when it is none. */
export function asObject(value: unknown): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

/** The value when it is a known string. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

/** The known strings of a list; empty when the value is no list. */
export function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((one) => asString(one) ?? []) : [];
}

export type Change = "add" | "delete" | "update";

/** What differs between two objects, by path (`build.args.VERSION`), down to the first value that is no object. */
export function changesBetween(before: Properties, after: Properties): Map<string, Change> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return new Map(differing.flatMap((name) => changesOf(name, before[name], after[name])));
}

function changesOf(name: string, before: unknown, after: unknown): [string, Change][] {
  const path = /^\w+$/.test(name) ? name : `[${JSON.stringify(name)}]`;
  if (before === undefined) return [[path, "add"]];
  if (after === undefined) return [[path, "delete"]];
  const below = [...changesBetween(asObject(before), asObject(after))];
  if (below.length === 0) return [[path, "update"]];
  return below.map(([rest, change]) => [rest.startsWith("[") ? path + rest : `${path}.${rest}`, change]);
}
