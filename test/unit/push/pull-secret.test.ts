import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import {
  checkPullSecrets,
  checkPullSecretUse,
  pullSecretManifest,
} from "../../../components/push/pull-secret";
import type { PullSecret } from "../../../components/push";

const secret: PullSecret = {
  name: "acme",
  registry: "registry.example.com",
  username: "reader",
  password: "canary-1f00",
};
const image = `registry.example.com/acme/web@sha256:${"a".repeat(64)}`;

async function configOf(change: Partial<PullSecret>): Promise<unknown> {
  const { stringData } = pullSecretManifest("shop", { ...secret, ...change });
  const text = (stringData as Record<string, pulumi.Output<string>>)[".dockerconfigjson"]!;
  expect(await pulumi.isSecret(text)).toBe(true);
  return new Promise((resolve) => text.apply((json) => resolve(JSON.parse(json))));
}

describe("a pull secret", () => {
  it("is what kubelets read, and secret in the program", async () => {
    const auth = Buffer.from("reader:canary-1f00").toString("base64");
    expect(await configOf({})).toEqual({
      auths: { "registry.example.com": { username: "reader", password: "canary-1f00", auth } },
    });
    expect(pullSecretManifest("shop", secret)).toMatchObject({ type: "kubernetes.io/dockerconfigjson" });
  });

  it("for Docker Hub has the address that kubelets look it up by", async () => {
    const { auths } = (await configOf({ registry: "docker.io" })) as { auths: object };
    expect(Object.keys(auths)).toEqual(["https://index.docker.io/v1/"]);
  });

  it.each([
    ["a name that is none", { name: "Acme" }, 'a name is "Acme"'],
    [
      "a registry with a path",
      { registry: "https://registry.example.com/acme" },
      "give its host and no path",
    ],
    ["no password", { password: "" }, 'the password of "acme" is empty'],
  ])("is refused with %s, and no message has its password", (_what, change, problem) => {
    const problems = checkPullSecrets([{ ...secret, ...change }]);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toContain("canary");
  });

  it("is refused twice under one name", () => {
    expect(checkPullSecrets([secret, secret])).toEqual(['pullSecrets: two are named "acme"; keep one']);
  });

  it("has to be named by a pod, a ServiceAccount's pods included, and be there once", () => {
    const objects = (imagePullSecrets: string[]) => app({ name: "web", image, port: 80, imagePullSecrets });
    expect(checkPullSecretUse([secret], objects(["acme"]))).toEqual([]);
    expect(checkPullSecretUse([secret], objects(["other"]))).toEqual([
      expect.stringContaining('no pod pulls with "acme"'),
    ]);
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "a" },
      imagePullSecrets: [{ name: "acme" }],
    };
    expect(checkPullSecretUse([secret], [account])).toEqual([]);
    const twin = { apiVersion: "v1", kind: "Secret", metadata: { name: "acme" } };
    expect(checkPullSecretUse([secret], [...objects(["acme"]), twin])).toEqual([
      expect.stringContaining("is among the manifests, too"),
    ]);
  });
});
