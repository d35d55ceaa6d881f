import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRepository } from "../../../sandbox/git/index.ts";
import type { SandboxInfo } from "../../../sandbox/info.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { Example } from "../../support/example";
import { Namespace } from "../../support/namespace";
import { sharedSandbox } from "../../support/sandbox";

let sandbox: SandboxInfo;
let example: Example | undefined;
beforeAll(async () => {
  sandbox = await sharedSandbox();
});
afterEach(() => example?.remove());

async function begin(name: string, config: Readonly<Record<string, string>>): Promise<Example> {
  return (example = await Example.begin(sandbox, name, config));
}

/** Flux has an example, too, which is run where there is a Flux: test/e2e/pull/flux.test.ts. */
describe("the example of one part alone", () => {
  it("has an image that is built once, and anew when its sources change", async () => {
    const image = await begin("image", { repository: `${sandbox.registry.address}/acme/one-part` });
    await image.project.up();
    const first = await image.output("ref");
    expect(first).toMatch(/\/acme\/one-part@sha256:[0-9a-f]{64}$/);
    await image.project.up();
    expect(await image.output("ref")).toBe(first);
    image.edit("app/index.html", "web", "another web");
    await image.project.up();
    expect(await image.output("ref")).not.toBe(first);
  });

  it("has files that are brought to clusters wave by wave, and a change of one that is", async () => {
    const clusters = { canary: "eu-1", rest: "dev-1" };
    const push = await begin("push", clusters);
    const texts = (): Promise<unknown[]> =>
      Promise.all(
        Object.values(clusters).map(
          async (cluster) => (await new Namespace(sandbox, cluster, "motd").configMap("motd"))["TEXT"],
        ),
      );
    await push.project.up();
    expect(await texts()).toEqual(["Welcome", "Welcome"]);
    push.edit("manifests/motd.yaml", "Welcome", "Welcome back");
    await push.project.up();
    expect(await texts()).toEqual(["Welcome back", "Welcome back"]);
    expect(await push.project.up()).toEqual({});
  });

  it("has a file on a branch of a Git repository, of which one commit is one change", async () => {
    const { fullName, cloneUrl } = await createRepository(sandbox.git, "one-part", { private: true });
    const bare = join(sandbox.git.root, `${fullName}.git`);
    const git = async (...args: string[]): Promise<string> =>
      (await run("git", ["--git-dir", bare, ...args])).trim();
    const commit = await begin("git-commit", { repository: cloneUrl });
    await commit.project.up();
    commit.edit("index.ts", 'TEXT: "Welcome"', 'TEXT: "Welcome back"');
    await commit.project.up();
    expect(await git("rev-list", "--count", "settings")).toBe("2");
    expect(await git("show", "settings:clusters/eu/settings.yaml")).toContain("TEXT: Welcome back");
    expect(await git("rev-parse", "settings")).toBe(await commit.output("commit"));
  });
});
