import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../../cli/commands";
import { environmentNames } from "../../../cli/completion/environments";
import { delivery } from "./run";

const root = mkdtempSync(join(tmpdir(), "completion-"));
afterAll(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, "stacks"));
for (const stack of ["build", "dev", "prod"])
  writeFileSync(join(root, "stacks", `Pulumi.${stack}.yaml`), "config: {}\n");

/** What bash offers for the last of the words. */
async function offered(...words: string[]): Promise<string[]> {
  const { stdout } = await delivery(["completion", "bash"]);
  // The program itself is not on the path here: a function in its place says what it would.
  const stub = `delivery() { printf 'dev\\nprod\\n'; }`;
  const ask = `COMP_WORDS=(${["delivery", ...words].map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _delivery; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync("bash", ["-c", `${stub}\n${stdout}\n${ask}`], { encoding: "utf8" });
  return said.split("\n").filter((line) => line !== "");
}

describe("completion", () => {
  it("in bash offers commands, options, values and environments", async () => {
    expect(await offered("rol")).toEqual(["rollback"]);
    expect(await offered("promote", "--re")).toEqual(["--release"]);
    expect(await offered("promote", "p")).toEqual(["prod"]);
    expect(await offered("up", "dev", "--on-failure", "")).toEqual(["stop", "revert-wave", "revert-all"]);
    expect(await offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await offered("hold", "dev", "--reason", "")).toEqual([]);
  });

  it.each(["bash", "zsh", "fish"])("for %s has every command and every option", async (shell) => {
    const { stdout, code } = await delivery(["completion", shell]);
    expect(code).toBe(0);
    for (const { name, options } of commands) {
      expect(stdout).toContain(name);
      for (const option of options)
        expect(stdout).toContain(shell === "fish" ? `-l ${option.name}` : `--${option.name}`);
    }
  });

  it("knows the environments by the stacks' files, and tells nothing in another folder", () => {
    expect(environmentNames(root)).toEqual(["dev", "prod"]);
    expect(environmentNames(join(root, "nowhere"))).toEqual([]);
  });
});
