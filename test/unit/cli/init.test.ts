import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { delivery } from "./run";

const root = mkdtempSync(join(tmpdir(), "init-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("delivery init", () => {
  it("writes a project, and a second time nothing", async () => {
    const { code, stdout } = await delivery(["init", "shop", "--project", root, "--json"]);
    expect(code).toBe(0);
    const { written } = JSON.parse(stdout) as { written: string[] };
    expect(written).toEqual(
      expect.arrayContaining(["Pulumi.yaml", "infra/pipeline.ts", "stacks/Pulumi.prod.yaml"]),
    );
    expect(readFileSync(join(root, "stacks/Pulumi.prod.yaml"), "utf8")).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/node_modules\/pulumi-delivery\/.+\nconfig: \{\}\n$/,
    );
    const before = readFileSync(join(root, "infra/pipeline.ts"), "utf8");
    writeFileSync(join(root, "infra/pipeline.ts"), `${before}// mine\n`);
    expect(JSON.parse((await delivery(["init", "other", "--project", root, "--json"])).stdout)).toMatchObject(
      { written: [], kept: written },
    );
    expect(readFileSync(join(root, "infra/pipeline.ts"), "utf8")).toBe(`${before}// mine\n`);
  });

  it("puts the names into strings, whatever they are, and refuses an application that is no label", async () => {
    const folder = mkdtempSync(join(root, "app-"));
    const name = 'registry.example.com/a"b';
    await delivery(["init", "shop", "--project", folder, "--repository", name]);
    expect(readFileSync(join(folder, "infra/pipeline.ts"), "utf8")).toContain(JSON.stringify(name));
    const bad = mkdtempSync(join(root, "bad-"));
    expect(await delivery(["init", "Shop_1", "--project", bad])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("DNS-1123"),
    });
    expect(readdirSync(bad)).toEqual([]);
  });
});
