/** A path with `*` for any characters, slashes too; a `?` in it asks for the query as well. */
export function matchesPath(pattern: string, url: string): boolean {
  const subject = pattern.includes("?") ? url : url.split("?")[0]!;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(subject);
}
