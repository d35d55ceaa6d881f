import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askSync, whyNot } from "../../../components/source/ask";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ask-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bounds = { what: "asks the ledger", seconds: 20, maxBytes: 1000 };

/** What a program with this source answers. */
function ask(source: string, more: object = {}): unknown {
  const program = join(folder, "main.js");
  writeFileSync(program, source);
  return askSync(program, { secret: "s3cr3t" }, { ...bounds, ...more });
}

describe("a question to another process", () => {
  it("gets the answer that the program writes, and the order goes through its standard input alone", () => {
    const source = `const said = require("fs").readFileSync(0, "utf8");
      process.stdout.write(JSON.stringify({ said: JSON.parse(said), args: process.argv.slice(2) }));`;
    expect(ask(source)).toEqual({ said: { secret: "s3cr3t" }, args: [] });
  });

  it("gets moments back as what they were", () => {
    const revive = (field: string, value: unknown): unknown =>
      field === "time" ? new Date(String(value)) : value;
    const source = `process.stdout.write(JSON.stringify({ time: new Date(0) }));`;
    expect(ask(source, { revive })).toEqual({ time: new Date(0) });
  });

  it.each([
    ["ends with an exit code", "process.exit(3)", {}, "(3)"],
    ["is killed", "process.kill(process.pid, 'SIGKILL')", {}, "(SIGKILL)"],
    ["takes too long", "setInterval(() => {}, 1000)", { seconds: 1 }, "(after 1 s)"],
    ["answers too much", `process.stdout.write("x".repeat(5000))`, {}, "(more than 1000 bytes)"],
  ])("is a problem and no exception when the program %s", (_what, source, more, how) => {
    expect(ask(source, more)).toEqual({
      problems: [`the process that asks the ledger ended without an answer ${how}; see above`],
    });
  });

  it("is told what stands in the way when this machine cannot start the program", () => {
    const failed = Object.assign(new Error("spawn"), { code: "EMFILE" });
    expect(whyNot("asks the ledger", failed, bounds)).toBe(
      "the process that asks the ledger could not be started (EMFILE): this machine's limits of open files, processes or memory were reached; raise them",
    );
  });
});
