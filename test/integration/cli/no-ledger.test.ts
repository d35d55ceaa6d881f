import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Release } from "../../../components/release";
import { openWorld } from "./engine";
import type { World } from "./engine";

let world: World;
const releases: Release[] = [];
beforeAll(async () => {
  world = openWorld();
  for (const size of [1, 2, 3]) releases.push(world.buildToDev("x".repeat(size)));
  for (const index of [0, 2]) {
    await world.run("promote", "prod", "--release", releases[index]!.id, "--up");
    world.commit();
  }
});
afterAll(() => world.close());

const file = (): string => readFileSync(join(world.root, "stacks/Pulumi.prod.yaml"), "utf8");

describe("without a ledger, which has what each cluster was told", () => {
  it.each([
    [["rollback", "prod", "--cluster", "us-1", "--up"], "or leave it out, and all of prod goes back"],
    [["up", "prod", "--on-failure", "revert-wave"], "or give revert-all"],
    [["bisect", "prod"], "or try one release after the other: delivery rollback prod --to R --up"],
  ])("%j is refused with what else can be done, and neither file nor clusters change", async (words, fix) => {
    const [before, running] = [file(), world.running()];
    const { code, stderr } = await world.run(...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(fix)]);
    expect(stderr).toContain("by pins, and these need a ledger");
    expect([file(), world.running()]).toEqual([before, running]);
  });

  it("all of an environment goes back, by hand and when its update fails", async () => {
    world.breakOn({ "us-1": [releases[2]!.id] });
    const failed = await world.run("up", "prod", "--on-failure", "revert-all");
    expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining("prod is back at")]);
    expect(world.running()).toMatchObject({ "eu-1": releases[0]!.id, "us-1": releases[0]!.id });
  });
});
