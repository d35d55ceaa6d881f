import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nodeLauncher, writeWhole } from "../../../sandbox/pulumi/files.ts";
import { preparePulumiHome } from "../../../sandbox/pulumi/index.ts";
import { locateOfficialPlugin } from "../../../sandbox/pulumi/official.ts";
import { checkPlugin, checkStandIn, PROVIDERS, sdkVersion } from "../../../sandbox/pulumi/plugins.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "delivery-"));
  vi.stubEnv("PULUMI_HOME", join(dir, "users-own"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

function tool(name: string, content = "\x7fELF"): string {
  const path = join(dir, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

describe("a sandbox's Pulumi home", () => {
  it("brings the engine, Node and everything that its environment needs", async () => {
    const pulumi = tool("tools/pulumi");
    const { env, bin, home, backendUrl } = await preparePulumiHome(dir, { pulumi });
    expect(env["PATH"]?.split(delimiter)[0]).toBe(bin);
    expect(realpathSync(join(bin, "pulumi"))).toBe(realpathSync(pulumi));
    expect(realpathSync(join(bin, "node"))).toBe(realpathSync(process.execPath));
    expect(env).toMatchObject({
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: backendUrl,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
    expect(statSync(backendUrl.replace("file://", "")).isDirectory()).toBe(true);
  });

  it("keeps its passphrase, random and for the user alone", async () => {
    const tools = { pulumi: tool("tools/pulumi") };
    const { env } = await preparePulumiHome(dir, tools);
    expect(env["PULUMI_CONFIG_PASSPHRASE"]).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(dir, "pulumi-passphrase")).mode & 0o777).toBe(0o600);
    expect((await preparePulumiHome(dir, tools)).env).toEqual(env);
    const other = await preparePulumiHome(join(dir, "other"), tools);
    expect(other.env["PULUMI_CONFIG_PASSPHRASE"]).not.toBe(env["PULUMI_CONFIG_PASSPHRASE"]);
  });

  it("lays out only the plugins whose tools it was given", async () => {
    const { plugins, home } = await preparePulumiHome(dir, { pulumi: tool("tools/pulumi") });
    expect(plugins).toEqual([]);
    expect(
      existsSync(join(home, "plugins", `resource-kubernetes-v${sdkVersion("@pulumi/kubernetes")}`)),
    ).toBe(false);
  });

  it("has the stand-in for the docker plugin, and says so", async () => {
    const tools = { pulumi: tool("tools/pulumi"), docker: "/usr/bin/docker" };
    const { plugins } = await preparePulumiHome(dir, tools);
    expect(plugins).toEqual([
      expect.objectContaining({ name: "docker", version: "5.2.0", origin: "stand-in" }),
    ]);
    expect(readFileSync(plugins[0]?.path ?? "", "utf8")).toContain("/usr/bin/docker");
  });

  it("takes the official docker plugin where the user has it", async () => {
    const official = tool("users-own/plugins/resource-docker-v5.2.0/pulumi-resource-docker");
    const tools = { pulumi: tool("tools/pulumi"), docker: "/usr/bin/docker" };
    const { plugins } = await preparePulumiHome(dir, tools);
    expect(plugins).toEqual([expect.objectContaining({ name: "docker", origin: "real" })]);
    expect(realpathSync(plugins[0]?.path ?? "")).toBe(realpathSync(official));
  });

  it("does not take the stand-in of a sandbox for the official plugin", async () => {
    const tools = { pulumi: tool("tools/pulumi"), docker: "/usr/bin/docker" };
    const { home } = await preparePulumiHome(dir, tools);
    expect(locateOfficialPlugin("docker", "5.2.0", { PULUMI_HOME: home })).toBeUndefined();
  });
});

describe("the versions of plugins", () => {
  it("are those of the installed SDKs", () => {
    expect(PROVIDERS.map(({ name, sdk }) => `${name} ${sdkVersion(sdk)}`)).toEqual([
      "kubernetes 4.25.0",
      "github 6.15.0",
      "docker-build 0.0.22",
    ]);
    expect(checkStandIn()).toEqual([]);
  });

  it("that are others are refused with both versions named", () => {
    const [kubernetes] = PROVIDERS;
    if (kubernetes === undefined) throw new Error("no providers");
    expect(checkPlugin(kubernetes, "/t/plugin", "4.25.0")).toEqual([]);
    const [problem] = checkPlugin(kubernetes, "/t/plugin", "4.24.0");
    expect(problem).toContain("/t/plugin is version 4.24.0");
    expect(problem).toContain("@pulumi/kubernetes wants 4.25.0");
    expect(checkPlugin(kubernetes, "/t/plugin", undefined)[0]).toContain("did not answer");
  });
});

describe("a launcher", () => {
  it("runs Node with any file, arguments and environment, and passes on what is added", () => {
    const folder = join(dir, `it's "a" $folder`);
    const script = join(folder, "print.js");
    writeWhole(script, "console.log(JSON.stringify([process.argv.slice(2), process.env.WHERE]))");
    const launcher = join(folder, "launch");
    writeWhole(launcher, nodeLauncher(script, ["--docker", "a b's"], { WHERE: `${folder}\`x` }), 0o755);
    const { stdout } = spawnSync(launcher, ["added $HOME"], { encoding: "utf8", env: {} });
    expect(JSON.parse(stdout)).toEqual([["--docker", "a b's", "added $HOME"], `${folder}\`x`]);
  });

  it("leaves alone what the environment has already", () => {
    writeWhole(join(dir, "print.js"), "console.log(process.env.WHERE)");
    writeWhole(join(dir, "launch"), nodeLauncher(join(dir, "print.js"), [], { WHERE: "fallback" }), 0o755);
    const { stdout } = spawnSync(join(dir, "launch"), { encoding: "utf8", env: { WHERE: "mine" } });
    expect(stdout.trim()).toBe("mine");
  });
});
