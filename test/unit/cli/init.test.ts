import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { projectFiles } from "../../../cli/init/files";
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

  it("is followed by the packages to install, with a TypeScript that Pulumi takes and that is not its own old one", async () => {
    const folder = mkdtempSync(join(root, "next-"));
    const { stdout } = await delivery(["init", "shop", "--project", folder]);
    const [, version] = /npm install pulumi-delivery .* typescript@(\d+)\n/.exec(stdout) ?? [];
    const { peerDependencies } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as {
      peerDependencies: Record<string, string>;
    };
    const [, limit] = /< (\d+)$/.exec(peerDependencies["typescript"]!) ?? [];
    expect(Number(version)).toBeLessThan(Number(limit));
    // What has `node16` modules, as infra/tsconfig.json says.
    expect(Number(version)).toBeGreaterThanOrEqual(5);
  });

  it("writes a program that compiles as it is", { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(root, "compiled-"));
    const files = projectFiles({
      app: "shop",
      repository: "r.example.com/shop",
      context: "app",
      ledger: undefined,
    });
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const config = join(folder, "infra", "tsconfig.json");
    const { options, fileNames } = ts.parseJsonConfigFileContent(
      JSON.parse(readFileSync(config, "utf8")),
      ts.sys,
      dirname(config),
    );
    const checkout = join(import.meta.dirname, "../../..");
    const paths = {
      "pulumi-delivery": [join(checkout, "components/index.ts")],
      "@pulumi/*": [join(checkout, "node_modules/@pulumi/*")],
    };
    const program = ts.createProgram(fileNames, {
      ...options,
      paths,
      typeRoots: [join(checkout, "node_modules/@types")],
    });
    const problems = fileNames.flatMap((name) => {
      const file = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    });
    expect(fileNames).toHaveLength(3);
    expect(problems.map(({ messageText }) => messageText)).toEqual([]);
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
