import { isLate } from "../late";
import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";
import { joined, kindOfValue, Report, suggestion } from "./report";

/**
 * A schema as a CustomResourceDefinition has it: the parts that are checked. Patterns and CEL rules are left to the
 * API server: they are code of somebody else.
 * Source: Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions".
 */
interface CustomSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, CustomSchema>>;
  readonly additionalProperties?: boolean | CustomSchema;
  readonly items?: CustomSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
}

/** The schemas of the custom kinds that a render defines, by group, version and kind. */
export type CustomSchemas = ReadonlyMap<string, CustomSchema | undefined>;

interface Definition {
  readonly group?: string;
  readonly names?: { readonly kind?: string };
  readonly versions?: readonly {
    readonly name?: string;
    readonly served?: boolean;
    readonly schema?: { readonly openAPIV3Schema?: CustomSchema };
  }[];
}

export function customSchemas(manifests: readonly Manifest[]): CustomSchemas {
  const found = new Map<string, CustomSchema | undefined>();
  for (const manifest of manifests.filter(isDefinition)) {
    const { group, names, versions = [] } = manifest.spec as Definition;
    const served = versions.filter((version) => version.served !== false);
    found.set(`${group}/${names?.kind}`, undefined);
    for (const { name, schema } of served) {
      found.set(`${group}/${name}/${names?.kind}`, schema?.openAPIV3Schema ?? {});
    }
  }
  return found;
}

function isDefinition(manifest: Manifest): boolean {
  const isKind = manifest.kind === "CustomResourceDefinition" && groupOf(manifest) === "apiextensions.k8s.io";
  return isKind && typeof manifest.spec === "object" && manifest.spec !== null;
}

/** Problems of a custom object by the definition of its kind in the same render; empty when there is none. */
export function checkCustom(title: string, manifest: Manifest, schemas: CustomSchemas): string[] {
  const { apiVersion, kind } = manifest;
  if (!schemas.has(`${groupOf(manifest)}/${kind}`)) return [];
  const report = new Report(title);
  const schema = schemas.get(`${apiVersion}/${kind}`);
  if (schema === undefined)
    report.add("apiVersion", `${apiVersion} is not served by the kind's definition beside it`);
  else checkValue(report, "", { ...schema, "x-kubernetes-embedded-resource": true }, manifest);
  return report.problems;
}

function checkValue(report: Report, at: string, schema: CustomSchema, value: unknown): void {
  if (value === undefined || value === null || isLate(value) || report.isFull) return;
  if (!hasType(schema, value)) return report.add(at, `is ${kindOfValue(value)}; give ${wanted(schema)}`);
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    report.add(
      at,
      `is none of ${schema.enum.map((one) => JSON.stringify(one)).join(", ")}; give one of them`,
    );
  }
  checkRange(report, at, schema, value);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      checkValue(report, `${at}[${index}]`, schema.items ?? {}, item);
  } else if (typeof value === "object") checkFields(report, at, schema, value as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

/** What every object has, beside the fields of its schema. */
const EMBEDDED: Readonly<Record<string, CustomSchema>> = { apiVersion: {}, kind: {}, metadata: {} };

function checkFields(report: Report, at: string, schema: CustomSchema, value: Fields): void {
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const properties = { ...schema.properties, ...(embedded ? EMBEDDED : {}) };
  for (const [field, item] of Object.entries(value)) {
    const own = Object.hasOwn(properties, field) ? properties[field] : undefined;
    if (own !== undefined) checkValue(report, joined(at, field), own, item);
    else if (typeof schema.additionalProperties === "object") {
      checkValue(report, joined(at, field), schema.additionalProperties, item);
    } else if (isClosed(schema)) {
      report.add(
        joined(at, field),
        `is no field of the kind's definition; ${suggestion(field, Object.keys(properties))}`,
      );
    }
  }
  for (const field of schema.required ?? []) {
    if (!Object.hasOwn(value, field))
      report.add(joined(at, field), "is missing; the kind's definition needs it");
  }
}

/** Whether a field that no property names would be dropped without a word. */
function isClosed(schema: CustomSchema): boolean {
  if (schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true)
    return false;
  return schema.properties !== undefined;
}

function wanted(schema: CustomSchema): string {
  return schema["x-kubernetes-int-or-string"] === true ? "text or a whole number" : `${schema.type}`;
}

function hasType(schema: CustomSchema, value: unknown): boolean {
  if (schema["x-kubernetes-int-or-string"] === true)
    return typeof value === "string" || Number.isInteger(value);
  switch (schema.type) {
    case "object":
      return typeof value === "object" && !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return schema.type === undefined || typeof value === schema.type;
  }
}

function checkRange(report: Report, at: string, schema: CustomSchema, value: unknown): void {
  const [least, most, size] = rangeOf(schema, value);
  if (size === undefined) return;
  if (least !== undefined && size < least)
    report.add(at, `is ${size}${unitOf(value)}; give ${least} at least`);
  if (most !== undefined && size > most) report.add(at, `is ${size}${unitOf(value)}; give ${most} at most`);
}

function rangeOf(schema: CustomSchema, value: unknown): readonly (number | undefined)[] {
  if (typeof value === "number") return [schema.minimum, schema.maximum, value];
  if (typeof value === "string") return [schema.minLength, schema.maxLength, [...value].length];
  return Array.isArray(value) ? [schema.minItems, schema.maxItems, value.length] : [];
}

function unitOf(value: unknown): string {
  if (typeof value === "number") return "";
  return typeof value === "string" ? " characters" : " items";
}
