import { describe, expect, it } from "vitest";
import { gate } from "../../../components/provider";

const inputs = { app: "shop", wave: "canary", release: "shop-1", clusters: { eu: "h1", us: "h2" } };
const changes = async (news: object): Promise<boolean> =>
  (await gate.diff("id", inputs, { ...inputs, ...news })).changes;

describe("a gate", () => {
  it.each([
    ["another release", { release: "shop-2" }],
    ["another content of one cluster, so a change of settings alone", { clusters: { eu: "h1", us: "h3" } }],
    ["one cluster more", { clusters: { ...inputs.clusters, ap: "h4" } }],
    ["one cluster less", { clusters: { eu: "h1" } }],
    ["another cluster with the same content", { clusters: { eu: "h1", ap: "h2" } }],
  ])("is passed again with %s", async (_what, news) => {
    expect(await changes(news)).toBe(true);
  });

  it("stays as it is with the same wave, in whatever order the clusters are named", async () => {
    expect(await changes({})).toBe(false);
    expect(await changes({ clusters: { us: "h2", eu: "h1" } })).toBe(false);
  });

  it("is never replaced, for a replacement would come in another order", async () => {
    expect(Object.keys(await gate.diff("id", inputs, { ...inputs, release: "shop-2" }))).toEqual(["changes"]);
  });

  it("keeps what it was passed with", async () => {
    expect((await gate.check(undefined, inputs)).inputs).toEqual(inputs);
    expect((await gate.create(inputs)).outs).toEqual(inputs);
    const news = { ...inputs, release: "shop-2" };
    expect((await gate.update("id", inputs, news)).outs).toEqual(news);
    await expect(gate.delete()).resolves.toBeUndefined();
  });

  it("has an id of its application and wave, whatever the release", async () => {
    const { id } = await gate.create(inputs);
    expect((await gate.create({ ...inputs, release: "shop-2", clusters: {} })).id).toBe(id);
    expect((await gate.create({ ...inputs, wave: "rest" })).id).not.toBe(id);
    expect((await gate.create({ ...inputs, app: "cart" })).id).not.toBe(id);
  });
});
