import type { AppArgs, CronJobArgs, JobArgs, MigrationArgs } from "../../../components/manifests";

export const IMAGE = `registry.example.com/acme/web@sha256:${"0123456789abcdef".repeat(4)}`;

const pod = {
  image: IMAGE,
  config: { GREETING: "hello" },
  env: { REGION: "eu" },
  secretEnv: { PASSWORD: { secret: "db", key: "password" } },
  secretEnvFrom: ["more"],
  command: ["/web"],
  args: ["--verbose"],
  labels: { team: "blue" },
  volumes: [
    { name: "tmp", path: "/tmp", empty: { size: "10Mi" } },
    { name: "settings", path: "/settings", configMap: "settings" },
    { name: "keys", path: "/keys", secret: "keys" },
    { name: "shared", path: "/shared", claim: "shared" },
  ],
  initContainers: [{ name: "init", image: IMAGE, command: ["/init"], mounts: { tmp: "/out" } }],
  sidecars: [
    {
      name: "proxy",
      image: IMAGE,
      args: ["--port=9"],
      env: { A: "b" },
      secretEnv: { T: { secret: "t", key: "k" } },
    },
  ],
  imagePullSecrets: ["registry"],
  spread: { over: "kubernetes.io/hostname", required: true },
} as const;

/** A service without volumes of its own, with every part that is asked for. */
export const STATELESS_APP: AppArgs = {
  ...pod,
  name: "web",
  port: 8080,
  ports: [
    { name: "metrics", port: 9090 },
    { name: "dns", port: 5353, protocol: "UDP" },
  ],
  scaling: { min: 2, max: 5, cpu: 60 },
  disruption: { maxUnavailable: "25%" },
  ingress: {
    host: "shop.example.com",
    path: "/api",
    className: "nginx",
    tlsSecret: "tls",
    annotations: { "a.io/b": "c" },
  },
  route: {
    hostnames: ["*.example.com"],
    gateway: { name: "edge", namespace: "gateways", section: "https" },
    path: "/api",
  },
  network: {
    from: [{ namespace: "ingress" }, { app: "front" }, { cidr: "10.0.0.0/8" }],
    to: [{ app: "db", namespace: "data", ports: [5432] }, { cidr: "2001:db8::/32" }],
  },
};

/** A service with every part. */
export const EVERY_APP: AppArgs = {
  ...STATELESS_APP,
  stateful: { claims: [{ name: "data", path: "/data", size: "1Gi", storageClass: "fast" }] },
};

export const EVERY_JOB: JobArgs = { ...pod, name: "seed", retries: 0, deadlineSeconds: 60 };
export const EVERY_CRON_JOB: CronJobArgs = {
  ...pod,
  name: "clean",
  schedule: "*/5 3 * * 1-5",
  timeZone: "Europe/Zurich",
  concurrency: "Replace",
};
export const EVERY_MIGRATION: MigrationArgs = {
  ...pod,
  name: "migrate",
  release: "shop-0123456789ab",
  oncePer: "environment",
  onRollback: "run",
};
