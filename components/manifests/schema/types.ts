import { SCHEMA_TEXT } from "./kubernetes";

/**
 * The type of a field in one code: `s` text, `i` whole number, `n` number, `b` truth value, `q` text or number,
 * `*` anything; `s(A|B)` is one of these texts, `[x` a list of x, `{x` an object with values x, `#T` the type T.
 */
export type TypeCode = string;

/** The fields of a type of object. */
export interface ObjectType {
  readonly name: string;
  readonly fields: ReadonlyMap<string, TypeCode>;
  readonly required: readonly string[];
}

interface SchemaText {
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, TypeCode>>>>;
}

let parsed: SchemaText | undefined;
const types = new Map<string, ObjectType>();

/** Parsed once, when it is first asked for: a program that renders nothing does not pay for it. */
function schema(): SchemaText {
  return (parsed ??= JSON.parse(SCHEMA_TEXT) as SchemaText);
}

/** The type of a built-in kind, as `apps/v1` and `Deployment`; undefined when the schema has none. */
export function typeOfKind(apiVersion: string, kind: string): ObjectType | undefined {
  const { kinds } = schema();
  const key = `${apiVersion}/${kind}`;
  return Object.hasOwn(kinds, key) ? objectType(kinds[key] ?? "") : undefined;
}

/** The API versions that serve a kind, in whatever group, as `["apps/v1"]`. */
export function versionsOfKind(kind: string): string[] {
  const keys = Object.keys(schema().kinds).filter((key) => key.endsWith(`/${kind}`));
  return keys.map((key) => key.slice(0, -kind.length - 1));
}

let groups: ReadonlySet<string> | undefined;

/** Whether the schema has an API group, so that it knows every kind of it. */
export function isBuiltInGroup(group: string): boolean {
  groups ??= new Set(Object.keys(schema().kinds).map(groupOfKey));
  return groups.has(group);
}

function groupOfKey(key: string): string {
  const parts = key.split("/");
  return parts.length === 3 ? (parts[0] ?? "") : "";
}

export function objectType(name: string): ObjectType {
  const known = types.get(name);
  if (known !== undefined) return known;
  const entries = Object.entries(schema().types[name] ?? {});
  const made: ObjectType = {
    name: name.slice(name.lastIndexOf(".") + 1),
    fields: new Map(entries.map(([field, code]) => [field.replace(/!$/, ""), code])),
    required: entries.filter(([field]) => field.endsWith("!")).map(([field]) => field.slice(0, -1)),
  };
  types.set(name, made);
  return made;
}
