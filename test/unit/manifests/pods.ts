import fc from "fast-check";

const rarely = <T>(common: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(common) },
    ...others.map((other) => ({ weight: 1, arbitrary: fc.constant(other) })),
  );
const defined = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const record = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(fields).map(defined);

const context = {
  runAsUser: rarely<unknown>(undefined, 0, 1000),
  runAsNonRoot: rarely<unknown>(true, undefined),
  seccompProfile: rarely<unknown>(
    { type: "RuntimeDefault" },
    undefined,
    { type: "Unconfined" },
    { type: "Localhost", localhostProfile: "a.json" },
  ),
  seLinuxOptions: rarely<unknown>(
    undefined,
    { type: "container_t" },
    { type: "spc_t" },
    { user: "u" },
    { role: "" },
    { level: "s0" },
  ),
  appArmorProfile: rarely<unknown>(undefined, { type: "RuntimeDefault" }, { type: "Unconfined" }),
};

const container = (name: string): fc.Arbitrary<Record<string, unknown>> =>
  record({
    name: fc.constant(name),
    image: fc.constant("r/a"),
    securityContext: record({
      ...context,
      allowPrivilegeEscalation: rarely<unknown>(false, true, undefined),
      privileged: rarely<unknown>(undefined, false),
      procMount: rarely<unknown>(undefined, "Default"),
      capabilities: rarely<unknown>(
        { drop: ["ALL"] },
        undefined,
        { drop: ["NET_RAW"] },
        { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
        { drop: ["ALL"], add: ["CHOWN"] },
        { drop: ["ALL"], add: ["SYS_ADMIN"] },
      ),
    }),
    ports: rarely<unknown>(
      undefined,
      [{ containerPort: 80 }],
      [{ containerPort: 80, hostPort: name.charCodeAt(0) }],
    ),
    readinessProbe: rarely<unknown>(
      undefined,
      { httpGet: { port: 80 } },
      { httpGet: { port: 80, host: "example.com" } },
    ),
    lifecycle: rarely<unknown>(undefined, { preStop: { tcpSocket: { port: 80, host: "1.2.3.4" } } }),
  });

/** Specs of pods that an API server takes as such, most of them one step from what the restricted profile lets in. */
export const PODS: fc.Arbitrary<Record<string, unknown>> = record({
  hostNetwork: rarely<unknown>(undefined, false),
  hostPID: rarely<unknown>(undefined, true),
  hostIPC: rarely<unknown>(undefined, true),
  securityContext: record({
    ...context,
    sysctls: rarely<unknown>(
      undefined,
      [{ name: "net.ipv4.tcp_rmem", value: "1" }],
      [{ name: "net.core.somaxconn", value: "1" }],
    ),
  }),
  volumes: rarely<unknown>(
    undefined,
    [{ name: "v", emptyDir: {} }],
    [{ name: "v", hostPath: { path: "/" } }],
    [{ name: "v", nfs: { server: "a", path: "/" } }],
  ),
  containers: fc.oneof(fc.tuple(container("a")), fc.tuple(container("a"), container("b"))),
  initContainers: fc.option(
    fc.tuple(container("i").map((fields) => ({ ...fields, restartPolicy: "Always" }))),
    { nil: undefined, freq: 3 },
  ),
});
