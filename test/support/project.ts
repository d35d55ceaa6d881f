import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SandboxInfo } from "../../sandbox/info.ts";
import { CHECKOUT } from "../../sandbox/paths.ts";
import { run, tryRun } from "../../sandbox/processes/index.ts";
import type { RunResult } from "../../sandbox/processes/index.ts";

/** Resources by what the engine did with them, without those it left alone. */
export type Changes = Readonly<Record<string, number>>;

/** A Pulumi project in a folder of its own, with a state of its own, on the shared sandbox. */
export class Project {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;

  /** @param packages whether the project has the packages of the checkout. @default true */
  constructor(sandbox: SandboxInfo, packages = true) {
    this.root = mkdtempSync(join(sandbox.dir, "project-"));
    mkdirSync(join(this.root, "state"));
    this.env = { ...sandbox.env, HOME: this.root, PULUMI_BACKEND_URL: `file://${join(this.root, "state")}` };
    if (packages) symlinkSync(join(CHECKOUT, "node_modules"), join(this.root, "node_modules"));
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Copies a part of the checkout to the same place. */
  copy(path: string): void {
    cpSync(join(CHECKOUT, path), join(this.root, path), { recursive: true });
  }

  /** A program without a pipeline: one JavaScript file, in the stack `dev`. */
  async program(source: string): Promise<void> {
    // The TypeScript compiler takes longer to load than all the rest of a program.
    this.write("Pulumi.yaml", "name: trial\nruntime: { name: nodejs, options: { typescript: false } }\n");
    this.write("package.json", '{ "private": true, "main": "index.js" }');
    this.write("index.js", source);
    await this.pulumi("stack", "select", "--create", "dev");
  }

  async git(...args: string[]): Promise<string> {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    return run("git", [...who, ...args], { cwd: this.root, env: this.env });
  }

  /** Commits everything but the packages and the state. */
  async commit(subject: string): Promise<string> {
    await this.git("add", "--all", "--", ".", ":!node_modules", ":!state", ":!changes.json");
    await this.git("commit", "--quiet", "--message", subject);
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  /** @throws when Pulumi ends with an error */
  async pulumi(...args: string[]): Promise<string> {
    return run("pulumi", [...args, "--non-interactive"], { cwd: this.root, env: this.env });
  }

  /** The same, whatever comes of it. */
  async tryPulumi(...args: string[]): Promise<RunResult> {
    const plain = ["--non-interactive", "--color", "never"];
    return tryRun("pulumi", [...args, ...plain], { cwd: this.root, env: this.env });
  }

  /** `pulumi up`, whatever comes of it. */
  async tryUp(stack = "dev", env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", stack];
    return tryRun("pulumi", args, { cwd: this.root, env: { ...this.env, ...env } });
  }

  /** What a `pulumi up` that has to succeed changed. */
  async up(stack = "dev", env: Readonly<Record<string, string>> = {}): Promise<Changes> {
    const result = await this.tryUp(stack, env);
    if (result.code !== 0) throw new Error(`pulumi up ${stack} failed:\n${result.stdout}\n${result.stderr}`);
    return changesOf(result.stdout);
  }

  async outputs<T>(stack = "dev"): Promise<T> {
    return JSON.parse(
      await this.pulumi("stack", "output", "--json", "--show-secrets", "--stack", stack),
    ) as T;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const CHANGED = /^\s+(?:\+-|[-+~])\s*(\d+) (created|updated|replaced|deleted)/gm;

/** The counts that Pulumi prints below "Resources:". */
export function changesOf(output: string): Changes {
  return Object.fromEntries([...output.matchAll(CHANGED)].map(([, count, kind]) => [kind, Number(count)]));
}
