/**
 * Whether a value is known only later: an `Output` or a promise. An `Output` is told by its mark, since two copies of
 * Pulumi may be installed.
 */
export function isLate(value: unknown): boolean {
  return (
    value instanceof Promise || (value as { __pulumiOutput?: unknown } | undefined)?.__pulumiOutput === true
  );
}

type IsWanted = (leaf: unknown) => boolean;

/** Where the leaves stand that are wanted, as `spec.ports[0].name`. What is known only later counts as one leaf. */
export function leafPaths(value: unknown, isWanted: IsWanted, path = ""): string[] {
  // As a rule there is none, and then no path has to be written.
  return hasLeaf(value, isWanted) ? pathsBelow(value, isWanted, path) : [];
}

function hasLeaf(value: unknown, isWanted: IsWanted): boolean {
  if (typeof value !== "object" || value === null || isLate(value)) return isWanted(value);
  if (Array.isArray(value)) return value.some((item) => hasLeaf(item, isWanted));
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields)) if (hasLeaf(fields[key], isWanted)) return true;
  return false;
}

function pathsBelow(value: unknown, isWanted: IsWanted, path: string): string[] {
  if (typeof value !== "object" || value === null || isLate(value)) return isWanted(value) ? [path] : [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => pathsBelow(item, isWanted, `${path}[${index}]`));
  }
  const prefix = path === "" ? "" : `${path}.`;
  return Object.entries(value).flatMap(([key, field]) => pathsBelow(field, isWanted, prefix + key));
}

/** Whether a value on the way down a path is known only later, and so what stands at its end. */
export function isLateAt(value: unknown, path: readonly string[]): boolean {
  if (isLate(value)) return true;
  const [first, ...rest] = path;
  if (first === undefined || typeof value !== "object" || value === null) return false;
  return isLateAt((value as Readonly<Record<string, unknown>>)[first], rest);
}
