import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preparePulumiHome } from "../../../sandbox/pulumi/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import type { Tools } from "../../../sandbox/toolchain/index.ts";
import { makeWorld } from "./support.ts";
import type { World } from "./support.ts";

let world: World;
let tools: Tools<"pulumi" | "pulumi-resource-github">;
beforeAll(async () => {
  tools = await ensureTools(["pulumi", "pulumi-resource-github"]);
  world = await makeWorld(tools);
});
afterAll(() => world?.remove());

describe("a Pulumi home with a real plugin", () => {
  it("has it where the engine finds it, in the version of the installed SDK", async () => {
    const project = await world.project("plugins", { "index.js": "" });
    const { output } = await project.pulumi("plugin", "ls", "--json");
    const found = (JSON.parse(output) as { name: string; version: string }[]).map(
      ({ name, version }) => `${name} ${version}`,
    );
    expect(found).toContain("github 6.15.0");
  });

  it("is refused when the plugin is not of the version that the SDK wants", async () => {
    const wrong = { pulumi: tools.pulumi, "pulumi-resource-kubernetes": tools["pulumi-resource-github"] };
    await expect(preparePulumiHome(world.dir, wrong)).rejects.toThrow(
      /is version 6\.15\.0, and the installed npm package @pulumi\/kubernetes wants 4\.25\.0/,
    );
  });
});
