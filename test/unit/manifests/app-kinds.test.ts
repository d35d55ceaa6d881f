import { describe, expect, it } from "vitest";
import {
  app,
  checkManifests,
  cronJob,
  job,
  migration,
  manifestFileName,
  migrationOf,
  stageOf,
} from "../../../components/manifests";
import type { AppArgs, CronJobArgs, JobArgs, Manifest, MigrationArgs } from "../../../components/manifests";
import { checkObjects, POD_SECURITY_EXCEPTION } from "../../../components/manifests/checks";
import { originOf } from "../../../components/manifests/origin";
import { podTemplateOf } from "../../../components/manifests/pods";
import { Mistake } from "../../../components/mistake";
import { restrictedViolations } from "../../support/pod-security";
import { EVERY_APP, EVERY_CRON_JOB, EVERY_JOB, EVERY_MIGRATION, IMAGE, STATELESS_APP } from "./everything";

const small: AppArgs = { name: "web", image: IMAGE, port: 8080 };
const placement = { app: "shop", namespace: "shop", clusterScope: [] };
const find = (manifests: readonly Manifest[], kind: string): Manifest =>
  manifests.find((one) => one.kind === kind) as Manifest;
const problemsOf = (action: () => unknown): readonly string[] => {
  try {
    action();
  } catch (error) {
    if (error instanceof Mistake) return error.problems;
    throw error;
  }
  return [];
};

describe("app()", () => {
  it("makes what is asked for, and nothing else", () => {
    expect(app(small).map(({ kind }) => kind)).toEqual(["ServiceAccount", "Service", "Deployment"]);
    expect(app(EVERY_APP).map(({ kind }) => kind)).toEqual([
      "ServiceAccount",
      "ConfigMap",
      "Service",
      "Service",
      "StatefulSet",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
      "Ingress",
      "HTTPRoute",
      "NetworkPolicy",
    ]);
  });

  it.each([
    ["app(), stateful", app(EVERY_APP)],
    ["app(), stateless", app(STATELESS_APP)],
    ["job()", job(EVERY_JOB)],
    ["cronJob()", cronJob(EVERY_CRON_JOB)],
    ["migration()", migration(EVERY_MIGRATION)],
  ])("or its like makes objects that no check finds anything in: %s", (_what, manifests) => {
    expect(checkManifests(manifests, placement)).toEqual([]);
    expect(checkObjects(manifests)).toEqual([]);
    const templates = manifests.flatMap((manifest) => podTemplateOf(manifest) ?? []);
    expect(templates).toHaveLength(1);
    expect(templates.flatMap(({ spec }) => restrictedViolations(spec))).toEqual([]);
    expect(templates[0]?.spec.automountServiceAccountToken).toBe(false);
    for (const manifest of manifests)
      expect(originOf(manifest)).toMatch(/^(app|job|cronJob|migration)\(".*"\)$/);
  });

  it.each([
    ["app()", app(EVERY_APP)],
    ["job()", job(EVERY_JOB)],
    ["cronJob()", cronJob(EVERY_CRON_JOB)],
    ["migration()", migration(EVERY_MIGRATION)],
  ])(
    "or its like has the last words of every container kept, for who asks why it crashed: %s",
    (_what, all) => {
      const [spec] = all.flatMap((manifest) => podTemplateOf(manifest)?.spec ?? []);
      const { initContainers = [], containers } = spec as unknown as Record<string, object[]>;
      expect(containers!.length).toBeGreaterThan(0);
      for (const container of [...initContainers, ...containers!])
        expect(container).toMatchObject({ terminationMessagePolicy: "FallbackToLogsOnError" });
    },
  );

  it("leaves the number of pods to the autoscaler, if there is one", () => {
    expect(find(app(STATELESS_APP), "Deployment").spec).not.toHaveProperty("replicas");
    expect(find(app(EVERY_APP), "StatefulSet").spec).not.toHaveProperty("replicas");
    expect(find(app(EVERY_APP), "HorizontalPodAutoscaler").spec).toMatchObject({
      scaleTargetRef: { kind: "StatefulSet", name: "web" },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [{ resource: { target: { averageUtilization: 60 } } }],
    });
  });

  it("names a port of the Service by the container's name for it", () => {
    expect(find(app(EVERY_APP), "Service").spec).toMatchObject({
      ports: [
        { name: "http", port: 8080, targetPort: "http", protocol: "TCP" },
        { name: "metrics", port: 9090, targetPort: "metrics", protocol: "TCP" },
        { name: "dns", port: 5353, targetPort: "dns", protocol: "UDP" },
      ],
    });
  });

  it("gives pods of a StatefulSet names and volumes of their own", () => {
    const manifests = app(EVERY_APP);
    const [, headless] = manifests.filter(({ kind }) => kind === "Service");
    expect(headless?.spec).toMatchObject({ clusterIP: "None" });
    const { spec } = find(manifests, "StatefulSet") as Manifest & { spec: Record<string, unknown> };
    expect(spec.serviceName).toBe(headless?.metadata.name);
    expect(spec.volumeClaimTemplates).toMatchObject([
      { metadata: { name: "data" }, spec: { storageClassName: "fast" } },
    ]);
    const pod = podTemplateOf(find(manifests, "StatefulSet"))?.spec as {
      containers: { volumeMounts: object[] }[];
      securityContext: object;
    };
    expect(pod.containers[0]?.volumeMounts).toContainEqual({ name: "data", mountPath: "/data" });
    expect(pod.securityContext).toMatchObject({ fsGroup: 65532 });
  });

  it("closes the network but for what is declared, and DNS", () => {
    const policy = (network: AppArgs["network"]): unknown =>
      find(app({ ...small, ...(network === undefined ? {} : { network }) }), "NetworkPolicy").spec;
    const dns = {
      to: [{ namespaceSelector: {} }],
      ports: [
        { port: 53, protocol: "UDP" },
        { port: 53, protocol: "TCP" },
      ],
    };
    expect(policy({})).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [dns],
    });
    expect(
      policy({ from: [{ app: "a", namespace: "b" }], to: [{ cidr: "10.0.0.0/8", ports: [443] }] }),
    ).toMatchObject({
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "b" } },
              podSelector: { matchLabels: { "app.kubernetes.io/name": "a" } },
            },
          ],
          ports: [{ port: 8080, protocol: "TCP" }],
        },
      ],
      egress: [dns, { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 443, protocol: "TCP" }] }],
    });
  });

  it("refers to secrets and never has one", () => {
    const text = JSON.stringify(app(EVERY_APP));
    expect(text).toContain('{"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}');
    expect(text).toContain('{"secretRef":{"name":"more"}}');
    expect(text).toContain('"imagePullSecrets":[{"name":"registry"}]');
    expect(text).toContain('"secret":{"secretName":"keys"}');
  });

  it("runs init containers to their end and sidecars beside, all restricted", () => {
    const pod = podTemplateOf(find(app(EVERY_APP), "StatefulSet"))?.spec as {
      initContainers: Record<string, unknown>[];
    };
    expect(pod.initContainers.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
      ["init", undefined],
      ["proxy", "Always"],
    ]);
  });

  it("leaves the restricted profile only with a reason, which stands in the object", () => {
    const podSecurityException = { because: "it measures the node's network", pod: { hostNetwork: true } };
    const manifests = app({ ...small, podSecurityException });
    expect(find(manifests, "Deployment").metadata.annotations).toEqual({
      [POD_SECURITY_EXCEPTION]: podSecurityException.because,
    });
    expect(checkObjects(manifests)).toEqual([]);
    expect(problemsOf(() => app({ ...small, podSecurityException: { because: " " } }))).toEqual([
      expect.stringContaining("say why"),
    ]);
    const needless = { because: "just in case" };
    expect(checkObjects(app({ ...small, podSecurityException: needless }))).toEqual([
      expect.stringContaining("is not needed"),
    ]);
  });

  it("changes an object by the transform of its kind, and no other", () => {
    const transform = {
      Service: (manifest: Manifest): Manifest => ({
        ...manifest,
        spec: { ...(manifest.spec as object), sessionAffinity: "ClientIP" },
      }),
    };
    const changed = app({ ...small, transform });
    expect(find(changed, "Service").spec).toMatchObject({ sessionAffinity: "ClientIP" });
    expect(changed.filter(({ kind }) => kind !== "Service")).toEqual(
      app(small).filter(({ kind }) => kind !== "Service"),
    );
    expect(originOf(find(changed, "Service"))).toBe('app("web")');
  });

  it.each([
    [
      "replicas beside an autoscaler",
      { replicas: 2, scaling: { min: 1, max: 2 } },
      /^replicas is given beside scaling/,
    ],
    [
      "an autoscaler upside down",
      { scaling: { min: 3, max: 2 } },
      /^scaling\.max is 2; give a whole number, 3 or more/,
    ],
    ["an autoscaler to nothing", { scaling: { min: 0, max: 2 } }, /^scaling\.min is 0/],
    [
      "a port's name twice",
      { ports: [{ name: "http", port: 1 }] },
      /^ports\[0\]\.name is "http", which is taken/,
    ],
    [
      "a port's name that is none",
      { ports: [{ name: "Metrics_1", port: 1 }] },
      /^ports\[0\]\.name is "Metrics_1"/,
    ],
    ["a port's name of digits", { ports: [{ name: "99", port: 1 }] }, /with a letter/],
    ["a port twice", { ports: [{ name: "a", port: 8080 }] }, /^ports\[0\]\.port is 8080, which is taken/],
    ["a volume without a source", { volumes: [{ name: "v", path: "/v" }] }, /^volumes\[0\] has no source/],
    [
      "a volume with two sources",
      { volumes: [{ name: "v", path: "/v", empty: {}, secret: "s" }] },
      /^volumes\[0\] has empty, secret/,
    ],
    ["a relative path", { volumes: [{ name: "v", path: "v", empty: {} }] }, /^volumes\[0\]\.path is "v"/],
    [
      "a mount of no volume",
      { sidecars: [{ name: "s", image: "r/s", mounts: { v: "/v" } }] },
      /^sidecars\[0\]\.mounts has "v"/,
    ],
    [
      "two containers of one name",
      { sidecars: [{ name: "web", image: "r/s" }] },
      /a container is named "web" twice/,
    ],
    ["a sidecar without an image", { sidecars: [{ name: "s" }] }, /^sidecars\[0\]\.image is missing/],
    [
      "a secret in place of its name",
      { secretEnv: { A: "canary" } },
      /^secretEnv\.A is of type string; name a value of a Secret/,
    ],
    [
      "a disruption of both kinds",
      { disruption: { maxUnavailable: 1, minAvailable: 1 } },
      /^disruption has to have one/,
    ],
    [
      "a disruption of more than all",
      { disruption: { maxUnavailable: "101%" } },
      /^disruption\.maxUnavailable is "101%"/,
    ],
    ["a host that is none", { ingress: { host: "a_b" } }, /^ingress\.host is "a_b"/],
    [
      "addresses that are none",
      { network: { from: [{ cidr: "10.0.0.0/33" }] } },
      /^network\.from\[0\]\.cidr is "10\.0\.0\.0\/33"/,
    ],
    [
      "a size that is none",
      { stateful: { claims: [{ name: "d", path: "/d", size: "10 GB" }] } },
      /^stateful\.claims\[0\]\.size is "10 GB"/,
    ],
    [
      "a name too long for a StatefulSet",
      { name: "a".repeat(53), stateful: { claims: [] } },
      /^name has 53 characters; a StatefulSet's may have 52/,
    ],
  ])("refuses %s", (_what, args, sentence) => {
    const problems = problemsOf(() => app({ ...small, ...args } as AppArgs));
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems.join()).not.toContain("canary");
  });
});

describe("job()", () => {
  const nameOf = (args: Partial<JobArgs>): string =>
    find(job({ name: "seed", image: IMAGE, ...args }), "Job").metadata.name;

  it("runs once for each change of what it runs, and before the workloads", () => {
    expect(nameOf({})).toMatch(/^seed-[0-9a-f]{8}$/);
    expect(nameOf({})).toBe(nameOf({}));
    expect(nameOf({ config: { A: "1" } })).not.toBe(nameOf({ config: { A: "2" } }));
    expect(nameOf({ args: ["a"] })).not.toBe(nameOf({}));
    expect(stageOf(find(job(EVERY_JOB), "Job"))).toBe("jobs");
  });

  it("is never made again because it deleted itself", () => {
    expect(JSON.stringify(job(EVERY_JOB))).not.toContain("ttlSecondsAfterFinished");
  });

  it.each([
    [
      "an image known only later",
      { image: Promise.resolve(IMAGE) },
      /^image is known only later; a job's name is made from it/,
    ],
    ["a name too long for its hash", { name: "a".repeat(55) }, /^name has 55 characters; give 54/],
    ["fewer retries than none", { retries: -1 }, /^retries is -1/],
    ["no time", { deadlineSeconds: 0 }, /^deadlineSeconds is 0/],
  ])("refuses %s", (_what, args, sentence) => {
    expect(problemsOf(() => job({ name: "seed", image: IMAGE, ...args }))).toEqual([
      expect.stringMatching(sentence),
    ]);
  });
});

describe("cronJob()", () => {
  it("has its zone in the object, whatever the zone of the cluster's control plane is", () => {
    const zoneOf = (more: Partial<CronJobArgs>): unknown => {
      const { spec } = find(cronJob({ ...small, schedule: "0 3 * * *", ...more }), "CronJob");
      return (spec as { readonly timeZone?: string }).timeZone;
    };
    expect(zoneOf({})).toBe("Etc/UTC");
    expect(zoneOf({ timeZone: "Europe/Zurich" })).toBe("Europe/Zurich");
  });

  const small: CronJobArgs = { name: "clean", image: IMAGE, schedule: "0 3 * * *" };

  it.each(["@daily", "*/5 * * * MON-FRI", "0 0 1,15 * ?"])("takes the schedule %j", (schedule) => {
    expect(find(cronJob({ ...small, schedule }), "CronJob").spec).toMatchObject({
      schedule,
      concurrencyPolicy: "Forbid",
    });
  });

  it.each([
    ["four fields", { schedule: "0 3 * *" }, /^schedule is "0 3 \* \*"; give five fields/],
    ["a zone in the schedule", { schedule: "TZ=UTC 0 3 * * *" }, /^schedule is/],
    ["the machine's zone", { timeZone: "Local" }, /^timeZone is "Local"/],
    ["a name too long for its jobs", { name: "a".repeat(53) }, /^name has 53 characters/],
    [
      "an unknown word",
      { concurrency: "Never" },
      /^concurrency is "Never"; give one of Allow, Forbid, Replace/,
    ],
  ])("refuses %s", (_what, args, sentence) => {
    expect(problemsOf(() => cronJob({ ...small, ...args } as CronJobArgs))).toEqual([
      expect.stringMatching(sentence),
    ]);
  });
});

describe("migration()", () => {
  const small: MigrationArgs = { name: "migrate", image: IMAGE, release: "shop-0123456789ab" };

  it("is named by its release, so that each release runs its own", () => {
    expect(find(migration(small), "Job").metadata.name).toBe("migrate-0123456789ab");
  });

  it("says which clusters run it, and whether on the way back", () => {
    expect(migrationOf(find(migration(small), "Job"))).toEqual({ oncePer: "cluster", onRollback: "skip" });
    expect(migrationOf(find(migration(EVERY_MIGRATION), "Job"))).toEqual({
      oncePer: "environment",
      onRollback: "run",
    });
    expect(migrationOf(find(job(EVERY_JOB), "Job"))).toBeUndefined();
  });

  it("says so of all that it needs, too: its account and its settings go where it goes", () => {
    const made = migration({ ...small, config: { A: "1" } });
    expect(made.map(({ kind }) => kind)).toEqual(["ServiceAccount", "ConfigMap", "Job"]);
    for (const manifest of made) expect(migrationOf(manifest)).toMatchObject({ oncePer: "cluster" });
  });

  it("is in files of names of their own, which an agent can leave out", () => {
    const made = migration(small);
    expect(made.map(manifestFileName)).toEqual([
      "migration_core_serviceaccount__migrate.yaml",
      "migration_batch_job__migrate-0123456789ab.yaml",
    ]);
    expect(manifestFileName(find(job(EVERY_JOB), "Job"))).toMatch(/^batch_job_/);
  });

  it("refuses what is no release", () => {
    expect(problemsOf(() => migration({ ...small, release: "latest" }))).toEqual([
      expect.stringMatching(/^release is "latest"; give the id/),
    ]);
  });
});
