import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxInfo } from "../../sandbox/info.ts";
import { CHECKOUT } from "../../sandbox/paths.ts";
import { Project } from "./project";

const EXAMPLES = join(CHECKOUT, "examples", "one-part");

/** A program of `examples/one-part` as it stands, in a folder of its own. */
export class Example {
  readonly project: Project;

  private constructor(sandbox: SandboxInfo) {
    const { env, git } = sandbox;
    this.project = new Project({ ...sandbox, env: { ...env, DELIVERY_GIT_TOKEN: git.token } });
  }

  /** With its configuration in the stack `dev`. */
  static async begin(
    sandbox: SandboxInfo,
    name: string,
    config: Readonly<Record<string, string>>,
  ): Promise<Example> {
    const example = new Example(sandbox);
    cpSync(join(EXAMPLES, name), example.project.root, { recursive: true });
    await example.project.pulumi("stack", "init", "dev");
    for (const [key, value] of Object.entries(config)) {
      await example.project.pulumi("config", "set", key, value, ...(key === "readToken" ? ["--secret"] : []));
    }
    return example;
  }

  async output(name: string): Promise<unknown> {
    return (await this.project.outputs<Record<string, unknown>>())[name];
  }

  edit(path: string, from: string, to: string): void {
    const file = join(this.project.root, path);
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  }

  async remove(): Promise<void> {
    await this.project.pulumi("destroy", "--yes", "--skip-preview");
    this.project.remove();
  }
}
