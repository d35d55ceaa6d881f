import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderBuildkitdConfig } from "../../../sandbox/images/buildkitd-config.ts";
import { cgroupMounts, cgroupName } from "../../../sandbox/images/cgroups.ts";
import { pathWith } from "../../../sandbox/images/contained.ts";
import { engineAddress } from "../../../sandbox/images/engine-api.ts";
import { renderRegistryConfig } from "../../../sandbox/images/registry-config.ts";
import type { RegistryAuth } from "../../../sandbox/images/registry-config.ts";

describe("a registry's configuration", () => {
  const render = (auth: RegistryAuth): Record<string, unknown> =>
    parse(renderRegistryConfig({ port: 20_000, data: "/d", secret: "s", auth })) as Record<string, unknown>;

  it("listens on the loopback address only, keeps files in its folder, and allows deletes", () => {
    expect(render({ kind: "none" })).toMatchObject({
      http: { addr: "127.0.0.1:20000", secret: "s" },
      storage: { filesystem: { rootdirectory: "/d" }, delete: { enabled: true } },
    });
  });

  it("has exactly the asked kind of authentication", () => {
    expect(render({ kind: "none" })).not.toHaveProperty("auth");
    expect(render({ kind: "basic", htpasswd: "/h" })["auth"]).toEqual({
      htpasswd: { realm: "sandbox", path: "/h" },
    });
    const token = {
      kind: "token",
      realm: "http://r/token",
      service: "s",
      issuer: "i",
      certificate: "/c",
    } as const;
    expect(render(token)["auth"]).toEqual({
      token: { realm: "http://r/token", service: "s", issuer: "i", rootcertbundle: "/c" },
    });
  });
});

describe("BuildKit's configuration", () => {
  it("names each registry that speaks plain HTTP, and quotes what it is given", () => {
    const config = renderBuildkitdConfig({
      root: '/a "b"\\c',
      socket: "/s",
      runc: "/usr/sbin/runc",
      cgroup: "g",
      insecureRegistries: ["127.0.0.1:5000", "127.0.0.1:5001"],
    });
    expect(config).toContain(
      '[registry."127.0.0.1:5000"]\nhttp = true\n[registry."127.0.0.1:5001"]\nhttp = true\n',
    );
    expect(config).toContain('root = "/a \\"b\\"\\\\c"\n');
  });
});

describe("control groups of an engine", () => {
  it("have a name that depends on the sandbox and the engine", () => {
    const names = [cgroupName("/a", "docker"), cgroupName("/a", "buildkit"), cgroupName("/b", "docker")];
    expect(new Set(names).size).toBe(3);
    expect(cgroupName("/a", "docker")).toBe(names[0]);
    expect(names[0]).toMatch(/^pulumi-delivery-[0-9a-f]{12}-docker$/);
  });

  it("are looked for in both versions' hierarchies", () => {
    const mounts = [
      "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
      "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
      "/dev/vda / ext4 rw 0 0",
      "",
    ];
    expect(cgroupMounts(mounts.join("\n"))).toEqual(["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/unified"]);
  });
});

describe("a DOCKER_HOST", () => {
  it.each([
    ["unix:///var/run/docker.sock", { socketPath: "/var/run/docker.sock" }],
    ["tcp://127.0.0.1:2375", { host: "127.0.0.1", port: "2375" }],
    ["tcp://localhost:2375/", { host: "localhost", port: "2375" }],
  ])("%s is an address on this machine", (host, address) => {
    expect(engineAddress(host)).toEqual(address);
  });

  it.each([
    "ssh://user@build",
    "tcp://10.0.0.1:2376",
    "npipe:////./pipe/docker",
    "",
    "unix://",
    "127.0.0.1:2375",
  ])("%j is none", (host) => {
    expect(engineAddress(host)).toBeUndefined();
  });
});

describe("the PATH of an engine", () => {
  it("begins with the given binaries' folders, each once", () => {
    expect(pathWith("/opt/a/dockerd", "/opt/a/runc", "/opt/b/x")).toMatch(
      /^\/opt\/a:\/opt\/b:\/usr\/local\/sbin:/,
    );
  });
});
