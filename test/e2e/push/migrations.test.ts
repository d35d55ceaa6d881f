import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeObject } from "../../../sandbox/clusters/index.ts";
import { makePushWorld, target, wave } from "./world";
import type { PushWorld } from "./world";

const BOTH = `waves: [${wave("canary", ["eu-1", "us-1"], "maxParallel: 2")}]`;
const IMAGE = `registry.example.com/acme/orders@sha256:${"5".repeat(64)}`;
const QUOTA = { apiVersion: "v1", kind: "ResourceQuota" } as const;

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("migrations");
});
afterAll(() => world?.remove());

/** Source text of a migration of the release whose id ends with these digits. */
const migration = (digits: string, more = ""): string =>
  `require("pulumi-delivery").migration({ name: "migrate", image: "${IMAGE}", release: "orders-${digits}", ${more} })`;
const [FIRST, SECOND, THIRD] = ["000000000001", "000000000002", "000000000003"] as const;

async function jobsIn(cluster: string): Promise<Record<string, KubeObject>> {
  const { api, name } = world.in(cluster);
  const found = await api.list({ apiVersion: "batch/v1", kind: "Job" }, { namespace: name });
  const there = found.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return Object.fromEntries(there.map((job) => [job.metadata.name, job]));
}
const completed = (job: KubeObject | undefined): string =>
  (job?.status as { completionTime?: string } | undefined)?.completionTime ?? "never";
const greetingIn = async (cluster: string): Promise<string | undefined> =>
  (await world.in(cluster).objects())["ConfigMap/orders-config"]?.data?.["GREETING"];

/** In order, on one delivery: what one does, the next goes on from. */
describe("a migration in real clusters", () => {
  it("of the environment runs in the first cluster, and no workload of any cluster is there before it is over", async () => {
    const more = `[...${migration(FIRST, 'oncePer: "environment"')}]`;
    world.deliver({ targets: BOTH, more });
    await world.project.up();
    const [jobs, others] = [await jobsIn("eu-1"), await jobsIn("us-1")];
    expect([Object.keys(jobs), Object.keys(others)]).toEqual([[`migrate-${FIRST}`], []]);
    const over = completed(jobs[`migrate-${FIRST}`]);
    for (const cluster of ["eu-1", "us-1"]) {
      const deployment = (await world.in(cluster).objects())["Deployment/orders"];
      const made = String(deployment?.metadata.creationTimestamp);
      expect(made >= over, `${cluster}: ${made} ${over}`).toBe(true);
    }
    expect(await world.project.up()).toEqual({});
  });

  it("of the next release runs anew, and the Job of the one before it is gone", async () => {
    world.deliver({ targets: BOTH, more: `[...${migration(SECOND)}]` });
    await world.project.up();
    for (const cluster of ["eu-1", "us-1"]) {
      const jobs = await jobsIn(cluster);
      expect(Object.keys(jobs)).toEqual([`migrate-${SECOND}`]);
      expect(completed(jobs[`migrate-${SECOND}`])).not.toBe("never");
    }
  });

  it("that fails is named, and leaves the workloads of its cluster as they are", async () => {
    const { api, name } = world.in("eu-1");
    await api.apply({
      ...QUOTA,
      metadata: { name: "none", namespace: name },
      spec: { hard: { pods: "0" } },
    } as never);
    const before = (await world.in("eu-1").versions())["Deployment/orders"];
    const more = `[...${migration(THIRD, "deadlineSeconds: 2")}]`;
    world.deliver({ targets: `clusters: [${target("eu-1")}]`, greeting: "good day", more });
    const { code, stdout } = await world.project.tryUp();
    expect(code).not.toBe(0);
    expect(stdout).toMatch(new RegExp(`migrate-${THIRD}.*fail`, "is"));
    expect(stdout).toContain("DeadlineExceeded");
    expect((await world.in("eu-1").versions())["Deployment/orders"]).toBe(before);
  });

  it("is run anew by the next update, when it was mended", async () => {
    const { api, name } = world.in("eu-1");
    const failed = (await jobsIn("eu-1"))[`migrate-${THIRD}`]!.metadata.uid;
    await api.remove({ ...QUOTA, metadata: { name: "none", namespace: name } });
    await world.project.up();
    const job = (await jobsIn("eu-1"))[`migrate-${THIRD}`];
    expect(job?.metadata.uid).not.toBe(failed);
    expect(completed(job)).not.toBe("never");
    expect(await greetingIn("eu-1")).toBe("good day");
  });

  it("is left out on the way back, and its release is there all the same", async () => {
    const targets = `clusters: [${target("eu-1")}], isWayBack: () => true`;
    world.deliver({ targets, more: `[...${migration(SECOND)}]` });
    await world.project.up();
    expect(await jobsIn("eu-1")).toEqual({});
    expect(await greetingIn("eu-1")).toBe("hello");
    expect(await world.project.up()).toEqual({});
  });
});
