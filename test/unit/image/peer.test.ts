import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { loadPeer } from "../../../components/image/builders/peer";

const require = createRequire(import.meta.url);

describe("a package that one builder needs", () => {
  it("is loaded when it is there", () => {
    expect(loadPeer("docker()", "node:path", () => require("node:path") as unknown)).toBe(
      require("node:path"),
    );
  });

  it("is named with what to install when it is not there", () => {
    const load = (): unknown => require("@pulumi/not-there");
    expect(() => loadPeer("docker()", "@pulumi/not-there", load)).toThrow(
      'builder docker() needs the package @pulumi/not-there, which is not installed; run "npm install @pulumi/not-there".',
    );
  });

  it("is not blamed for what it lacks itself", () => {
    const load = (): unknown => require("some-dependency-of-it");
    expect(() => loadPeer("docker()", "@pulumi/docker", load)).toThrow(
      "Cannot find module 'some-dependency-of-it'",
    );
  });
});
