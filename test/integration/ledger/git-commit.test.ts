import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { GitCommit } from "../../../components/ledger";
import type { GitCommitArgs } from "../../../components/ledger";
import { unlessSecret } from "../../../components/ledger/resource/secrets";
import { observe } from "../../support/observe";

const args = (rest: Partial<GitCommitArgs> = {}): GitCommitArgs => ({
  repository: "https://github.com/acme/deploy.git",
  branch: "deploy/shop/prod",
  prefixes: ["clusters/eu"],
  files: { "clusters/eu/a.yaml": "a: 1\n" },
  message: { subject: "Deploy" },
  ...rest,
});

describe("GitCommit", () => {
  it("is one resource whose state names where credentials are, and the provider only by name", async () => {
    const access = { kind: "token", token: { variable: "TOKEN" } } as const;
    const world = await observe(() => new GitCommit("eu", args({ access, retired: ["clusters/old"] })));
    const { __provider, ...inputs } = world[0]?.inputs as Record<string, unknown>;
    expect(world).toHaveLength(1);
    expect(world[0]?.type).toBe("pulumi-nodejs:dynamic/delivery:GitCommit");
    expect(inputs).toEqual({
      owner: "eu",
      repository: "https://github.com/acme/deploy.git",
      branch: "deploy/shop/prod",
      access,
      prefixes: ["clusters/eu"],
      files: { "clusters/eu/a.yaml": "a: 1\n" },
      message: { subject: "Deploy", stack: "project/stack" },
      retired: ["clusters/old"],
      teardown: "delete",
    });
    expect(__provider).toContain('require("pulumi-delivery/provider").gitCommit.read');
    expect(String(__provider).length).toBeLessThan(1000);
  });

  it("takes texts that are known later, and is in the preview before they are", async () => {
    const files = { "clusters/eu/a.yaml": pulumi.interpolate`id: ${pulumi.output("later-value")}` };
    const world = await observe(() => new GitCommit("eu", args({ files })), { preview: true });
    expect(world[0]?.inputs["files"]).toEqual({ "clusters/eu/a.yaml": "id: later-value" });
  });

  it("has its results as outputs, unknown in a preview", async () => {
    let commit: pulumi.Output<string> | undefined;
    const outputs = (): Record<string, unknown> => ({ commit: "c0ffee", result: "published" });
    await observe(() => void (commit = new GitCommit("eu", args()).commit), { outputs });
    expect(await new Promise((resolve) => commit?.apply(resolve))).toBe("c0ffee");
  });

  it("says every problem of its arguments before it is declared", async () => {
    const world = await observe(() => {
      const bad = args({
        repository: "file:///x",
        branch: "a b",
        prefixes: ["a", "a/b"],
        files: { "../x": "" },
      });
      expect(() => new GitCommit("eu", bad)).toThrow(
        /GitCommit eu:[^]*no address that is taken[^]*"a b"[^]*overlap[^]*\.\.\/x/,
      );
    });
    expect(world).toEqual([]);
  });

  it("refuses a secret by the name of its field, and what was made of one, too", async () => {
    const secret = pulumi.secret("canary");
    const interpolated = pulumi.interpolate`x: ${secret}`;
    const made: pulumi.Output<unknown>[] = [secret, interpolated, pulumi.all([secret, "a"])];
    for (const output of made) {
      const refused = unlessSecret('files["a.yaml"]', output);
      await expect(refused).rejects.toThrow('files["a.yaml"] is a secret');
      await expect(refused).rejects.not.toThrow("canary");
    }
    const plain = pulumi.output("a");
    await expect(unlessSecret("x", plain).then((output) => output === plain)).resolves.toBe(true);
  });
});
