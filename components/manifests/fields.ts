import { isLate } from "./late";

/** An object by its fields, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a value; none when it is no object, or one that is known only later. */
export function fieldsOf(value: unknown): Fields {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && !isLate(value) ? (value as Fields) : {};
}

/** The objects of a list; none when it is no list. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** The fields at the end of a path. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  return path.reduce<Fields>((fields, name) => fieldsOf(fields[name]), fieldsOf(value));
}
