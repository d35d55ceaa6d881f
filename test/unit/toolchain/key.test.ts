import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileTargets, goKey, npmKey } from "../../../sandbox/toolchain/cache.ts";
import { ANY, ask, goPart } from "../../../sandbox/toolchain/entries.ts";
import { PARTS } from "../../../sandbox/toolchain/parts.ts";
import type { GoPart, NpmPart } from "../../../sandbox/toolchain/types.ts";

let module: string;
beforeEach(() => {
  module = mkdtempSync(join(tmpdir(), "toolchain-key-"));
  writeFileSync(join(module, "go.mod"), "module tiny\n");
  writeFileSync(join(module, "go.sum"), "sum\n");
});
afterEach(() => rmSync(module, { recursive: true, force: true }));

const partOf = (spec: { tags?: string[]; variables?: string[]; package?: string } = {}): GoPart => {
  const tiny = goPart("tiny", "1.2.3", { package: ".", coldSeconds: 5, fits: ANY, ask: ask(), ...spec });
  return { ...tiny, module };
};

describe("the key of a built tool", () => {
  it("stays the same as long as nothing that it depends on changes, wherever the module lies", () => {
    const before = goKey(partOf(), "1.26.8");
    const elsewhere = mkdtempSync(join(tmpdir(), "toolchain-key-"));
    cpSync(module, elsewhere, { recursive: true });
    expect(goKey({ ...partOf(), module: elsewhere }, "1.26.8")).toBe(before);
    rmSync(elsewhere, { recursive: true });
  });

  it("does not depend on what does not change the binary", () => {
    const slower = {
      ...partOf(),
      version: "1.2.4",
      tools: partOf().tools.map((tool) => ({ ...tool, coldSeconds: 99 })),
    };
    expect(goKey(slower, "1.26.8")).toBe(goKey(partOf(), "1.26.8"));
  });

  it.each(["go.mod", "go.sum", "main.go"])("changes with %s", (file) => {
    const before = goKey(partOf(), "1.26.8");
    writeFileSync(join(module, file), "changed\n");
    expect(goKey(partOf(), "1.26.8")).not.toBe(before);
  });

  it("changes with each flag, the package and the Go version", () => {
    const keys = [
      goKey(partOf(), "1.26.8"),
      goKey(partOf(), "1.26.9"),
      goKey(partOf({ tags: ["a"] }), "1.26.8"),
      goKey(partOf({ tags: ["a", "b"] }), "1.26.8"),
      goKey(partOf({ variables: ["main.a=1"] }), "1.26.8"),
      goKey(partOf({ package: "./cmd" }), "1.26.8"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("tells any two contents apart, also when text moves from one file to the next", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (mod, sum, otherMod, otherSum) => {
        const keyOf = (goMod: string, goSum: string): string => {
          writeFileSync(join(module, "go.mod"), goMod);
          writeFileSync(join(module, "go.sum"), goSum);
          return goKey(partOf(), "1.26.8");
        };
        const same = mod === otherMod && sum === otherSum;
        expect(keyOf(mod, sum) === keyOf(otherMod, otherSum)).toBe(same);
      }),
    );
    const keyOf = (sum: string, main: string): string => {
      writeFileSync(join(module, "go.sum"), sum);
      writeFileSync(join(module, "main.go"), main);
      return goKey(partOf(), "1.26.8");
    };
    expect(keyOf("ab", "c")).not.toBe(keyOf("a", "bc"));
  });
});

describe("the keys of what is not built", () => {
  it("changes with the pinned hash of an npm package", () => {
    const part = PARTS.find((one) => one.kind === "npm") as NpmPart;
    expect(npmKey({ ...part, integrity: "sha512-other" })).not.toBe(npmKey(part));
  });

  it("changes with the module that files are read from, not with how its tool is built", () => {
    const kwok = PARTS.find((one) => one.name === "kwok") as GoPart;
    const targets = fileTargets(kwok);
    expect(targets).toHaveLength(5);
    expect(fileTargets({ ...kwok, tags: ["other"] })).toEqual(targets);
    expect(fileTargets({ ...kwok, module })).not.toEqual(targets);
  });
});
