import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readAccess, renderKubeconfig } from "../../../sandbox/clusters/kubeconfig.ts";

const accessTo = (name: string, port: number) => ({
  name,
  server: `https://127.0.0.1:${port}`,
  ca: `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`,
  user: "admin",
  token: `token-of-${name}`,
});

describe("kubeconfigs", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it("have one context for each cluster, named after it, and the first one is current", () => {
    const config = parse(renderKubeconfig([accessTo("eu", 1), accessTo("us", 2)])) as {
      "current-context": string;
      contexts: { name: string; context: { cluster: string } }[];
    };
    expect(config["current-context"]).toBe("eu");
    expect(config.contexts.map(({ name, context }) => [name, context.cluster])).toEqual([
      ["eu", "eu"],
      ["us", "us"],
    ]);
  });

  it("trust the cluster's own authority and never skip the check", () => {
    const text = renderKubeconfig([accessTo("eu", 1)]);
    expect(text).toContain(Buffer.from(accessTo("eu", 1).ca).toString("base64"));
    expect(text).not.toContain("insecure");
  });

  it("are read back as they were written, by context", () => {
    const path = join(dir, "merged");
    const all = [accessTo("eu", 1), accessTo("us-1", 2)];
    writeFileSync(path, renderKubeconfig(all));
    expect(all.map(({ name }) => readAccess(path, name))).toEqual(all);
    expect(readAccess(path)).toEqual(all[0]);
  });

  it("say which contexts they have when one is asked for that they lack", () => {
    const path = join(dir, "two");
    writeFileSync(path, renderKubeconfig([accessTo("eu", 1), accessTo("us", 2)]));
    expect(() => readAccess(path, "asia")).toThrow(`${path} has no context "asia"; it has: eu, us.`);
  });
});
