import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkClusterTarget, clusterFromFile } from "../../../components/clusters";
import { openAccess } from "../../../components/clusters/api";

const [TOKEN, OTHER] = ["canary-7a01", "canary-other-7a02"];
const USER = { token: TOKEN };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "delivery-from-file-"));
  writeFileSync(join(folder, "ca.crt"), "authority");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with two contexts, of which `eu` is the current one. */
function file(user: object = USER, cluster: object = {}): string {
  const path = join(folder, "kubeconfig");
  const names = ["eu", "us"];
  const config = {
    "current-context": "eu",
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: names.map((name) => ({
      name,
      cluster: { server: `https://${name}.example.com`, "certificate-authority": "ca.crt", ...cluster },
    })),
    users: [
      { name: "eu", user },
      { name: "us", user: { token: OTHER } },
    ],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

describe("a cluster by the path of a kubeconfig", () => {
  it("has what its context needs and nothing else, with the certificates that it names", async () => {
    const target = clusterFromFile({
      name: "eu-1",
      path: relative(process.cwd(), file()),
      labels: { a: "b" },
    });
    expect(target).toMatchObject({ name: "eu-1", labels: { a: "b" } });
    expect(JSON.stringify(target)).not.toContain(OTHER);
    expect(JSON.stringify(target)).not.toContain(folder);
    expect(checkClusterTarget(target)).toEqual([]);
    const endpoint = openAccess("eu-1", { kubeconfig: target.kubeconfig as string });
    expect(endpoint).toMatchObject({ server: "https://eu.example.com", ca: "authority" });
    expect(await endpoint.credentials(false)).toEqual({ token: TOKEN });
  });

  it("is another context of it where one is named", () => {
    const { kubeconfig } = clusterFromFile({ name: "us-1", path: file(), context: "us" });
    expect(openAccess("us-1", { kubeconfig: kubeconfig as string }).server).toBe("https://us.example.com");
  });

  it("may have the program run that it names, and no other", () => {
    const target = clusterFromFile({ name: "eu-1", path: file({ exec: { command: "login" } }) });
    expect([target.allowExec, checkClusterTarget(target)]).toEqual([["login"], []]);
    expect(clusterFromFile({ name: "eu-1", path: file() }).allowExec).toBeUndefined();
  });

  it("is refused with its name where the file is not there, or not safe, and no message has a credential", () => {
    const missing = join(folder, "none");
    expect(() => clusterFromFile({ name: "eu-1", path: missing })).toThrow(
      `cluster "eu-1":\n  - the file ${missing} cannot be read (ENOENT)`,
    );
    const insecure = { "insecure-skip-tls-verify": true };
    const tried = (allowInsecureTls: boolean) => () =>
      clusterFromFile({ name: "eu-1", path: file(USER, insecure), allowInsecureTls });
    expect(tried(false)).toThrow(
      /does not check the certificate of eu\.example\.com.*allowInsecureTls: true/,
    );
    expect(tried(false)).not.toThrow(TOKEN);
    expect(checkClusterTarget(tried(true)())).toEqual([]);
  });
});
