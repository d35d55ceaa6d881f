/** The methods that the engine may call on a dynamic resource, by the name of its implementation. */
const METHODS = {
  agentCheck: ["check", "diff", "create", "update", "delete"],
  agentRelease: ["check", "diff", "create", "update", "delete"],
  gate: ["check", "diff", "create", "update", "delete"],
  generated: ["check", "diff", "create", "delete"],
  gitCommit: ["configure", "check", "diff", "create", "read", "update", "delete"],
  sealed: ["check", "diff", "create", "update", "delete"],
  syncGate: ["configure", "check", "diff", "create", "read", "update", "delete"],
} as const;

/** Dynamic resources of the library, by the name of their implementation in `pulumi-delivery/provider`. */
export type ImplementationName = keyof typeof METHODS;

/**
 * The program that the state keeps of a dynamic resource: methods that look their implementation up when they are
 * called, so that a state written by one version of the library is served by the next. Written out here, since
 * Pulumi's own serializer loads the TypeScript compiler to make the same few lines.
 */
export function providerText(name: ImplementationName): string {
  const implementation = `require("pulumi-delivery/provider").${name}`;
  const methods = METHODS[name].map(
    (method) => `${method}: async (...args) => ${implementation}.${method}(...args)`,
  );
  return `exports.handler = () => ({ ${methods.join(", ")} });`;
}
