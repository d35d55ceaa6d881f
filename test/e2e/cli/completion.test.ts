import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";

// The first time on a machine they are installed, which no test's time limit is made for.
const shells = await ensureTools(["zsh", "fish"]);
const MAIN = join(CHECKOUT, "dist", "cli", "main.js");
const root = mkdtempSync(join(tmpdir(), "shells-"));
afterAll(() => rmSync(root, { recursive: true }));

mkdirSync(join(root, "stacks"));
for (const stack of ["build", "dev", "prod"])
  writeFileSync(join(root, "stacks", `Pulumi.${stack}.yaml`), "config: {}\n");
mkdirSync(join(root, "bin"));
writeFileSync(join(root, "bin", "delivery"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
chmodSync(join(root, "bin", "delivery"), 0o755);
const env = { PATH: [join(root, "bin"), process.env["PATH"]].join(delimiter), HOME: root, TERM: "dumb" };

/** A line that is begun, and the word that it is completed to. */
const LINES = [
  ["delivery rol", "rollback"],
  ["delivery promote --rel", "--release"],
  ["delivery promote pr", "prod"],
  ["delivery up dev --on-failure revert-a", "revert-all"],
  ["delivery completion zs", "zsh"],
] as const;

describe("completion by the shells themselves", () => {
  it.each(LINES)("in fish makes of %s: %s", async (line, word) => {
    const script = `source (delivery completion fish | psub); complete --do-complete "${line}"`;
    const said = await run(shells.fish, ["--no-config", "-c", script], { cwd: root, env });
    expect(said.split("\n").flatMap((each) => (each === "" ? [] : [each.split("\t")[0]]))).toEqual([word]);
  });

  it("in fish explains what it offers", async () => {
    const script = `source (delivery completion fish | psub); complete --do-complete "delivery pro"`;
    const said = await run(shells.fish, ["--no-config", "-c", script], { cwd: root, env });
    expect(said).toMatch(/^promote\tBring /);
  });

  it("in zsh completes the same lines, as somebody who presses Tab", async () => {
    // A terminal of zsh's own, which waits for each answer: Tab completes, Ctrl+T prints what the line has become.
    const typed = LINES.map(([line]) => `zpty -w -n shell $'${line}\t\x14\x15'; wait_for '<<delivery*>>'`);
    const script = `
      zmodload zsh/zpty
      zpty shell ${shells.zsh} -f -i
      wait_for() { local text; zpty -r -m shell text "*$1*" && print -r -- "$text"; }
      zpty -w shell 'COLUMNS=200 PROMPT=; autoload -Uz compinit; compinit -u -D; eval "$(delivery completion zsh)"'
      zpty -w shell 'show() { print -r -- "<<$BUFFER>>"; }; zle -N show; bindkey "^T" show; bindkey "^U" kill-whole-line'
      zpty -w shell 'print read""y'
      wait_for ready
      ${typed.join("\n")}
      exit 0`;
    const said = await run(shells.zsh, ["-f", "-c", script], { cwd: root, env, timeoutMs: 20_000 });
    const lines = [...said.matchAll(/<<(delivery.*?)>>/g)].map(([, line]) => line!.trimEnd());
    expect(lines).toEqual(LINES.map(([line, word]) => [...line.split(" ").slice(0, -1), word].join(" ")));
  });
});
