/** An object by its fields, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a value; none when it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The objects of a list; none when it is no list. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** The fields at the end of a path. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  return path.reduce<Fields>((fields, name) => fieldsOf(fields[name]), fieldsOf(value));
}
