import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { moduleFolder } from "../../../sandbox/toolchain/cache.ts";
import { GO_PARTS } from "../../../sandbox/toolchain/go-parts.ts";
import { PARTS } from "../../../sandbox/toolchain/parts.ts";
import { MIN_GO } from "../../../sandbox/toolchain/preflight.ts";
import type { GoPart, Part } from "../../../sandbox/toolchain/types.ts";
import { fits } from "../../../sandbox/toolchain/versions.ts";

const goParts: readonly GoPart[] = GO_PARTS;
const parts: readonly Part[] = PARTS;
const read = (...path: string[]): string => readFileSync(join(...path), "utf8");
const { devDependencies } = JSON.parse(read(CHECKOUT, "package.json")) as {
  devDependencies: Record<string, string>;
};

/** The version that a module's go.mod has of the module that a package is in. */
function requiredVersion(goMod: string, packagePath: string): string | undefined {
  const lines = [...goMod.matchAll(/^(?:require )?\s*([\w./-]+) v(\S+)/gm)];
  const holding = lines.filter(([, path]) => `${packagePath}/`.startsWith(`${path}/`));
  return holding.sort((a, b) => (b[1]?.length ?? 0) - (a[1]?.length ?? 0))[0]?.[2];
}

describe("the table of parts", () => {
  it("names each tool and each part once", () => {
    const tools = parts.flatMap((part) => part.tools.map((tool) => tool.name));
    expect(tools).toHaveLength(new Set(tools).size);
    expect(parts).toHaveLength(new Set(parts.map((part) => part.name)).size);
  });

  it("brings every tool that the sandbox asks for", () => {
    const tools = parts.flatMap((part) => part.tools.map((tool): string => tool.name));
    const control = [
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kwok",
      "kubectl",
      "helm",
    ];
    const plugins = ["kubernetes", "github", "docker-build"].map((name) => `pulumi-resource-${name}`);
    const images = ["buildkitd", "runc", "dockerd", "docker-registry", "docker"];
    expect(tools).toEqual(expect.arrayContaining([...control, "pulumi", ...plugins, ...images]));
  });

  it.each(goParts.map((part) => [part.name, part] as const))("has the module files of %s", (_name, part) => {
    const folder = moduleFolder(part);
    expect(["go.mod", "go.sum"].filter((file) => !existsSync(join(folder, file)))).toEqual([]);
    const ownPackage = part.tools.some((tool) => tool.package === ".");
    expect(existsSync(join(folder, "main.go"))).toBe(ownPackage);
    expect(/^go (\S+)$/m.exec(read(folder, "go.mod"))?.[1]).toBe(MIN_GO);
  });

  it.each(
    goParts.flatMap((part) =>
      part.tools.filter((tool) => tool.package !== ".").map((tool) => [tool.name, part, tool] as const),
    ),
  )("has the version of %s that its go.mod pins", (_name, part, tool) => {
    expect(requiredVersion(read(moduleFolder(part), "go.mod"), tool.package)).toBe(part.version);
  });

  it("accepts the versions that it makes", () => {
    const refused = goParts.flatMap((part) => part.tools.filter((tool) => !fits(part.version, tool.fits)));
    expect(refused).toEqual([]);
  });

  it("builds plugins in exactly the version of the package that speaks to them", () => {
    const plugins = goParts.filter((part) => part.name.startsWith("pulumi-resource-"));
    const versions = Object.fromEntries(
      plugins.map((part) => [part.name.slice("pulumi-resource-".length), part]),
    );
    for (const [name, part] of Object.entries(versions)) {
      expect([name, part.version]).toEqual([name, devDependencies[`@pulumi/${name}`]]);
      expect(part.tools[0]?.fits).toEqual({ kind: "exact", version: part.version });
    }
    expect(Object.keys(versions).sort()).toEqual(["docker-build", "github", "kubernetes"]);
  });

  it("builds the engine of the SDK's version", () => {
    expect(goParts.find((part) => part.name === "pulumi")?.version).toBe(devDependencies["@pulumi/pulumi"]);
  });

  it("stamps the version into every plugin, so that it can be asked", () => {
    for (const part of goParts.filter((one) => one.name.startsWith("pulumi-resource-"))) {
      const own = join(moduleFolder(part), "main.go");
      const source = existsSync(own) ? read(own) : "";
      expect([...part.variables, source].join("\n")).toContain(part.version);
    }
  });

  it("never takes an unstamped build for one that fits", () => {
    for (const tool of parts.flatMap((part): Part["tools"] => part.tools)) {
      if (tool.unstamped === undefined) continue;
      expect([tool.name, fits(tool.unstamped, tool.fits)]).toEqual([tool.name, false]);
    }
  });

  it("takes no engine or client of Docker that would not work with the other", () => {
    const docker = parts.find((part) => part.name === "docker.io")?.tools ?? [];
    const range = (name: string) => docker.find((tool) => tool.name === name)?.fits;
    expect(range("docker")).toMatchObject({ kind: "range", from: "20.10.0", below: "23.0.0" });
    expect(range("dockerd")).toMatchObject({ kind: "range", from: "20.10.0", below: "29.0.0" });
  });
});
