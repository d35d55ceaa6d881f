import { join } from "node:path";
import { expect } from "vitest";
import { gitCredentials } from "../../../sandbox/git/index.ts";
import type { SandboxInfo } from "../../../sandbox/info.ts";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { tryRun } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import type { Project } from "../../support/project";

/** The command line as a user has it: compiled, in the folder of a project. */
export class Delivery {
  readonly project: Project;
  readonly env: Readonly<Record<string, string>>;

  constructor(project: Project, { git }: SandboxInfo) {
    this.project = project;
    this.env = {
      ...project.env,
      ...gitCredentials(git),
      ...{ GITHUB_API_URL: git.apiUrl, GITHUB_TOKEN: git.token },
      ...{ GIT_AUTHOR_NAME: "test", GIT_AUTHOR_EMAIL: "test@example.com" },
      ...{ GIT_COMMITTER_NAME: "test", GIT_COMMITTER_EMAIL: "test@example.com" },
    };
  }

  /** An empty pipeline's surroundings, with these stacks, in a repository without a commit. */
  async begin(app: string, stacks: readonly string[]): Promise<void> {
    const { project } = this;
    for (const part of ["tsconfig.base.json", "infra"]) project.copy(part);
    project.write("Pulumi.yaml", `name: ${app}\nruntime: nodejs\nmain: infra/\nstackConfigDir: stacks\n`);
    for (const stack of stacks) project.write(`stacks/Pulumi.${stack}.yaml`, "config: {}\n");
    project.write("app/main.txt", "one");
    await project.git("init", "--quiet", "--initial-branch=main");
    for (const stack of stacks) await project.pulumi("stack", "init", stack);
  }

  /** Runs it, whatever comes of it. */
  run(...words: string[]): Promise<RunResult> {
    const main = join(CHECKOUT, "dist", "cli", "main.js");
    const { root } = this.project;
    return tryRun(process.execPath, [main, ...words, "--project", root], { cwd: root, env: this.env });
  }

  /** What it says when it has to succeed. */
  async succeed(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...words);
    expect(code, `${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  }
}
