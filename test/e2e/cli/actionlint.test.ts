import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { GITHUB_FILE, githubWorkflow } from "../../../cli/ci/github";
import { ciModel } from "../../../cli/ci/model";
import { definePipeline } from "../../../components/pipeline";
import { tryRun } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { example } from "../../unit/pipeline/example";

// The first time on a machine it is built, which no test's time limit is made for.
const { actionlint } = await ensureTools(["actionlint"]);
const root = mkdtempSync(join(tmpdir(), "workflow-"));
afterAll(() => rmSync(root, { recursive: true }));

/** What the linter says, without the ones of other programs that may be on the machine. */
async function lint(text: string): Promise<RunResult> {
  const file = join(root, GITHUB_FILE);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return tryRun(actionlint, ["-no-color", "-shellcheck=", "-pyflakes=", file]);
}

describe("the workflow for GitHub", () => {
  const text = githubWorkflow(ciModel(definePipeline(example)));

  it("has nothing to be found by actionlint: syntax, expressions, contexts, permissions, injections", async () => {
    expect(await lint(text)).toMatchObject({ code: 0, stdout: "" });
  });

  it.each([
    ["a job that is not there", "needs: build", "needs: bild", "bild"],
    ["a context that is not there", "github.event.pull_request.base.sha", "githb.base", "githb"],
    ["a permission that is not there", "id-token: write", "id-tokn: write", "id-tokn"],
  ])("would not get past it with %s", async (_what, right, wrong, said) => {
    const { code, stdout } = await lint(text.replace(right, wrong));
    expect([code, stdout]).toEqual([1, expect.stringContaining(said)]);
  });
});
