import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tryRun } from "../../../sandbox/processes/index.ts";
import { HOLD_VARIABLE, withServicesHeld } from "../../../sandbox/toolchain/debian.ts";

const FORBIDDEN = 101;
const DEFERRED = 104;
let folder: string;
let policy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toolchain-policy-"));
  policy = join(folder, "policy-rc.d");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const answer = async (env: NodeJS.ProcessEnv = {}): Promise<number> =>
  (await tryRun(policy, ["docker", "start"], { env: { ...process.env, ...env } })).code;
const ours = { [HOLD_VARIABLE]: "1" };

function writeFormer(code: number): string {
  writeFileSync(policy, `#!/bin/sh\nexit ${code}\n`);
  chmodSync(policy, 0o755);
  return readFileSync(policy, "utf8");
}

describe("while packages are installed", () => {
  it("forbids to start a service to our own apt-get, and nothing to anybody else", async () => {
    const answers = await withServicesHeld(policy, async () => [await answer(ours), await answer()]);
    expect(answers).toEqual([FORBIDDEN, 0]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves the policy of the machine in force for everybody else, and puts it back", async () => {
    const former = writeFormer(DEFERRED);
    const answers = await withServicesHeld(policy, async () => [await answer(ours), await answer()]);
    expect(answers).toEqual([FORBIDDEN, DEFERRED]);
    expect([readFileSync(policy, "utf8"), readdirSync(folder)]).toEqual([former, ["policy-rc.d"]]);
  });

  it("puts it back when the work fails", async () => {
    const former = writeFormer(DEFERRED);
    await expect(withServicesHeld(policy, () => Promise.reject(new Error("no disk")))).rejects.toThrow(
      "no disk",
    );
    expect(readFileSync(policy, "utf8")).toBe(former);
  });

  it.each([undefined, DEFERRED])(
    "clears up after a run that was killed, where the machine's policy said %s",
    async (code) => {
      const former = code === undefined ? undefined : writeFormer(code);
      const names = await withServicesHeld(policy, async () => {
        cpSync(folder, `${folder}.killed`, { recursive: true });
        return readdirSync(folder);
      });
      cpSync(`${folder}.killed`, folder, { recursive: true });
      rmSync(`${folder}.killed`, { recursive: true });
      expect(readdirSync(folder)).toEqual(names);
      expect(await answer()).toBe(code ?? 0);
      expect(await withServicesHeld(policy, () => answer(ours))).toBe(FORBIDDEN);
      expect(existsSync(policy) ? readFileSync(policy, "utf8") : undefined).toBe(former);
      expect(readdirSync(folder)).toHaveLength(code === undefined ? 0 : 1);
    },
  );
});
