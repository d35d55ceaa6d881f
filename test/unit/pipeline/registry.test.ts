import { describe, expect, it } from "vitest";
import { checkRegistry, relocated } from "../../../components/pipeline/registry";
import { makeRelease } from "../../../components/release";

describe("an environment's registry", () => {
  it.each(["registry.example.com", "127.0.0.1:5000", "localhost:5000"])("may be %s", (registry) => {
    expect(checkRegistry("registry", registry)).toEqual([]);
  });

  it.each(["https://registry.example.com", "registry.example.com/acme", "registry", ""])(
    "may not be %j",
    (registry) => {
      expect(checkRegistry("environments.prod.registry", registry)).toEqual([
        `environments.prod.registry is ${JSON.stringify(registry)}; give a host, with its port if it has one: "registry.example.com"`,
      ]);
    },
  );

  it("leaves a release what it is, with its images elsewhere", () => {
    const ref = (host: string): string => `${host}/acme/shop@sha256:${"a".repeat(64)}`;
    const made = {
      commit: "c".repeat(40),
      sources: "5".repeat(64),
      images: { shop: ref("build.example.com") },
    };
    const release = makeRelease("shop", made);
    const moved = relocated("prod.example.com", release);
    expect(moved.images).toEqual({ shop: ref("prod.example.com") });
    expect(makeRelease("shop", moved)).toEqual(moved);
    expect(moved.id).toBe(release.id);
    expect(relocated(undefined, release)).toBe(release);
  });
});
