import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LedgerError } from "../../../components/ledger/failure";
import { closeWorkspace, openWorkspace } from "../../../components/ledger/git/workspace";

let folder: string;
let before: string | undefined;

beforeEach(() => {
  before = process.env["TMPDIR"];
  folder = mkdtempSync(join(tmpdir(), "workspace-test-"));
  process.env["TMPDIR"] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(folder, { recursive: true });
});

const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** The id of a process that has ended. */
const gonePid = (): number => spawnSync("true").pid;

function leave(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, "key"), "x");
  return path;
}

describe("a temporary folder", () => {
  it("is for its owner only, and gone when it is closed", () => {
    const path = openWorkspace();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    writeFileSync(join(path, "file"), "x");
    closeWorkspace(path);
    expect(existsSync(path)).toBe(false);
  });

  it("of a process that is gone is removed by the next one; of one that lives, or of another machine, not", () => {
    const gone = leave(`delivery-ledger-${machine}-${gonePid()}-abc`);
    const alive = leave(`delivery-ledger-${machine}-${process.ppid}-abc`);
    const elsewhere = leave(`delivery-ledger-00000000-${gonePid()}-abc`);
    const old = leave(`delivery-ledger-00000000-${gonePid()}-def`);
    const other = leave("delivery-ledger");
    utimesSync(old, 0, 0);
    closeWorkspace(openWorkspace());
    expect([gone, alive, elsewhere, old, other].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  it("that is a link in truth leads nowhere: what it points at stays", () => {
    const precious = leave("precious");
    symlinkSync(precious, join(folder, `delivery-ledger-${machine}-${gonePid()}-abc`));
    closeWorkspace(openWorkspace());
    expect(existsSync(join(precious, "key"))).toBe(true);
  });

  it("that cannot be made is named", () => {
    process.env["TMPDIR"] = join(folder, "missing");
    expect(() => openWorkspace()).toThrow(LedgerError);
    expect(() => openWorkspace()).toThrow(/missing.*ENOENT/);
  });

  it("takes its listeners away with it", () => {
    const count = (): number => process.listenerCount("SIGTERM") + process.listenerCount("exit");
    const listeners = count();
    const paths = [openWorkspace(), openWorkspace()];
    expect(count()).toBe(listeners + 2);
    paths.forEach(closeWorkspace);
    expect(count()).toBe(listeners);
  });
});
