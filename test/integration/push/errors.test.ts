import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { observe } from "../../support/observe";
import type { World } from "../../support/observe";
import { CANARY, cluster, IMAGE, manifests } from "./world";

/** What the user reads, and what had been declared by then. */
async function refused(
  args: object,
  name = "shop",
): Promise<{ message: string; declared: World; error: unknown }> {
  const declared: World = [];
  let error: unknown;
  await observe(() => {
    try {
      return new PushDelivery(name, { manifests, clusters: [cluster("eu")], ...args } as PushDeliveryArgs);
    } catch (thrown) {
      error = thrown;
    }
  }).then((world) => declared.push(...world));
  if (error === undefined) throw new Error("nothing was refused");
  return { message: (error as Error).message, declared, error };
}

const twice = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
const wave = (name: string, ...clusters: string[]): object => ({ name, clusters: clusters.map(cluster) });

describe("a delivery that cannot be right", () => {
  it.each([
    ["a name that is no DNS-1123 label", { app: "Shop" }, 'app is "Shop", which is no DNS-1123 label'],
    [
      "a cluster in two waves",
      { clusters: undefined, waves: [wave("a", "eu"), wave("b", "eu")] },
      '"eu" is named twice',
    ],
    [
      "a duplicate object",
      { manifests: [twice, twice] },
      "ConfigMap a is declared twice: manifests[0] and manifests[1]",
    ],
    ["an empty render", { manifests: [] }, "manifests returned no object"],
    [
      "a function that returns nothing",
      { manifests: () => undefined },
      'cluster "eu": manifests returned undefined',
    ],
    [
      "an empty render for one cluster",
      { manifests: () => [] },
      'cluster "eu": manifests returned no object',
    ],
    [
      "a tag",
      { manifests: [{ ...twice, kind: "Pod", spec: { containers: [{ image: "web:1" }] } }] },
      "repository@sha256:",
    ],
    [
      "a malformed kubeconfig",
      { clusters: [{ name: "eu", kubeconfig: "-" }] },
      'cluster "eu": its kubeconfig is no',
    ],
    [
      "a kubeconfig without the context",
      { clusters: [{ ...cluster("eu"), context: "us" }] },
      'cluster "eu": its kubeconfig has no context "us"; it has "eu"',
    ],
    [
      "a cluster that nothing says how to reach",
      { clusters: [{ name: "eu" }] },
      'neither "context" nor "kubeconfig"',
    ],
  ])("because of %s is refused before anything is declared", async (_what, args, sentence) => {
    const { message, declared, error } = await refused(args);
    expect(message).toMatch(/^Invalid arguments:\n {2}- /);
    expect(message).toContain(sentence);
    expect(message).not.toContain(CANARY);
    expect(declared.map(({ type }) => type)).toEqual(["delivery:push:PushDelivery"]);
    expect(pulumi.ResourceError.isInstance(error)).toBe(true);
    expect((error as pulumi.ResourceError).hideStack).toBe(true);
  });

  it("has all of its problems in one error", async () => {
    const { message } = await refused({
      app: "Shop",
      clusters: undefined,
      waves: [wave("A", "eu"), { ...wave("b", "eu"), maxParallel: 0 }],
    });
    expect(message.split("\n  - ")).toHaveLength(5);
  });

  it("has every problem of every cluster's objects in one error", async () => {
    const { message } = await refused({
      clusters: [cluster("eu"), cluster("us")],
      manifests: (name: string) => (name === "eu" ? [twice, twice] : [{ ...twice, metadata: { name: "B" } }]),
    });
    expect(message).toContain('cluster "eu": ConfigMap a is declared twice');
    expect(message).toContain('cluster "us": manifests[0].metadata.name is "B"');
  });

  it("says a problem once when every cluster gets the same objects", async () => {
    const { message } = await refused({
      clusters: [cluster("eu"), cluster("us")],
      manifests: [twice, twice],
    });
    expect(message.match(/is declared twice/g)).toHaveLength(1);
  });

  it("shows no secret of its kubeconfig and of its objects", async () => {
    const leaky = [
      { apiVersion: "v1", kind: "Secret", metadata: { name: "A" }, data: { key: CANARY } },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "a" },
        spec: { containers: [{ env: [{ value: CANARY }] }] },
      },
    ];
    const kubeconfig = `clusters: [{ name: eu, cluster: { token: ${CANARY}`;
    expect((await refused({ manifests: leaky })).message).not.toContain(CANARY);
    expect((await refused({ clusters: [{ name: "eu", kubeconfig }] })).message).not.toContain(CANARY);
    expect(IMAGE).not.toContain(CANARY);
  });
});
