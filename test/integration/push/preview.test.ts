import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import { contentHash, renderObjects } from "../../../components/release";
import { observe } from "../../support/observe";
import { registrations } from "../../support/registrations";
import { cluster, find, IMAGE } from "./world";

/** An image whose reference is known only once it was pushed. */
class PushedImage extends pulumi.CustomResource {
  declare public readonly ref: pulumi.Output<string>;

  constructor() {
    super("test:index:PushedImage", "web", { ref: undefined });
  }
}

const RECORD = "shop/eu/core/ConfigMap/shop/shop-release";
const placement = { app: "shop", namespace: "shop", clusterScope: [] };

function deliver(image: pulumi.Input<string>, env: Record<string, pulumi.Input<string>> = {}): PushDelivery {
  const manifests = app({ name: "web", image, port: 8080, env });
  return new PushDelivery("shop", { manifests, clusters: [cluster("eu")] });
}

describe("a preview with an image that is not built yet", () => {
  it("has every object, and nowhere the text that JavaScript makes of an Output", async () => {
    const known = await registrations(() => deliver(IMAGE), { preview: true });
    const unknown = await registrations(() => deliver(new PushedImage().ref), { preview: true });
    const names = (world: typeof known): string[] => world.map(({ name }) => name).sort();
    expect(names(unknown)).toEqual([...names(known), "web"].sort());
    expect(JSON.stringify(unknown)).not.toMatch(/Calling \[to|\[object Object\]|undefined/);
  });

  it("does not know the record's content yet, and says so instead of guessing", async () => {
    const world = await registrations(() => deliver(new PushedImage().ref), { preview: true });
    const { release, contentHash: hash } = find(world, RECORD).inputs.data as Record<string, unknown>;
    expect([release, hash]).toEqual([pulumi.runtime.unknownValue, pulumi.runtime.unknownValue]);
  });

  it("knows all of it when the image is known", async () => {
    const world = await registrations(() => deliver(IMAGE), { preview: true });
    expect(find(world, RECORD).inputs.data).toMatchObject({
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });
});

describe("values that are known only later", () => {
  const hashOf = async (program: () => PushDelivery): Promise<unknown> => {
    const world = await observe(program);
    const { data } = world.find(({ name }) => name === RECORD)?.inputs as { data: unknown };
    return (pulumi.runtime.unwrapRpcSecret(data) as Record<string, unknown>).contentHash;
  };
  const plain = contentHash(
    renderObjects(app({ name: "web", image: IMAGE, port: 8080, env: { REGION: "eu" } }), placement),
  );

  it.each<[string, (value: string) => pulumi.Input<string>]>([
    ["plain texts", (value) => value],
    ["outputs", (value) => pulumi.output(value)],
    ["promises", (value) => Promise.resolve(value)],
    [
      "texts made of outputs",
      (value) => pulumi.interpolate`${value.slice(0, 1)}${pulumi.output(value.slice(1))}`,
    ],
    ["secrets", (value) => pulumi.secret(value)],
  ])("have the content hash that plain values have: %s", async (_what, late) => {
    expect(await hashOf(() => deliver(late(IMAGE), { REGION: late("eu") }))).toBe(plain);
  });
});
