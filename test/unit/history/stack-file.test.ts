import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStackFile, stackFileOf } from "../../../components/history";
import { Mistake } from "../../../components/mistake";
import { settingsHash } from "../../../components/release";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "delivery-file-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const path = join(folder, "Pulumi.prod.yaml");
  writeFileSync(path, text);
  return path;
}

describe("the file of a stack", () => {
  it("says what the environment is to run, and what holds it", () => {
    const path = write(`# prod
config:
  delivery:release:
    id: "shop-7f3c9a1b20d4"
    commit: "${"4f".repeat(20)}"
  delivery:config: { replicas: 3 }
  delivery:pins: { us-1: { id: "shop-000000000001", commit: "x" } }
  delivery:hold: { reason: "INC-231", until: "2026-12-01" }
  delivery:override: { release: "shop-7f3c9a1b20d4", reason: "agreed" }
`);
    expect(readStackFile(path)).toEqual({
      release: { id: "shop-7f3c9a1b20d4", commit: "4f".repeat(20) },
      settings: settingsHash({ replicas: 3 }),
      pins: { "us-1": "shop-000000000001" },
      hold: { reason: "INC-231", until: new Date("2026-12-01") },
      override: { release: "shop-7f3c9a1b20d4", reason: "agreed" },
      ledger: undefined,
    });
  });

  it("says nothing when it is not there, or is empty", () => {
    const nothing = stackFileOf({});
    expect(readStackFile(join(folder, "none.yaml"))).toEqual(nothing);
    expect(readStackFile(write(""))).toEqual(nothing);
    expect(Object.values(nothing).filter((value) => value !== undefined)).toEqual([{}]);
  });

  it("holds for ever when the end of a hold is no date: it is safer to ask", () => {
    expect(stackFileOf({ "delivery:hold": { reason: "x", until: "soon" } }).hold).toEqual({ reason: "x" });
  });

  it("is refused when it is not YAML", () => {
    expect(() => readStackFile(write("a: [1"))).toThrow(Mistake);
  });
});
