/** How the engine begins its warning of an update before that was killed. Source: Pulumi, "Interrupted updates". */
const WARNING = /^Attempting to deploy or update resources with \d+ pending operations/;
const CREATION = /^\s*\* (urn:.+), interrupted while creating$/gm;

/** URNs that an update before was making when it was broken off, as the engine warns of them; undefined of other warnings. */
export function brokenOff(warning: string): readonly string[] | undefined {
  if (!WARNING.test(warning)) return undefined;
  return [...warning.matchAll(CREATION)].map(([, urn]) => urn!);
}

/** The stack that a resource is in. To look at that one is to ask nothing of any plugin. */
export function stackUrnOf(urn: string): string {
  const [stack = "", project = ""] = urn.split("::");
  return `${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack.split(":").at(-1)}`;
}
