import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A Git repository of its own in a temporary folder. */
export class Repository {
  readonly root: string;
  #clock = Date.parse("2026-11-01T00:00:00Z") / 1000;

  constructor(root = realpathSync(mkdtempSync(join(tmpdir(), "delivery-pending-")))) {
    this.root = root;
    this.git("init", "--quiet", "--initial-branch=main");
  }

  git(...args: readonly string[]): string {
    const who = { GIT_AUTHOR_NAME: "ada", GIT_AUTHOR_EMAIL: "a@b.c", GIT_COMMITTER_EMAIL: "a@b.c" };
    const when = { GIT_AUTHOR_DATE: `${this.#clock} +0000`, GIT_COMMITTER_DATE: `${this.#clock} +0000` };
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_COMMITTER_NAME: "ada", ...who };
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    return execFileSync("git", args, {
      cwd: this.root,
      env: { ...env, ...when },
      stdio,
      encoding: "utf8",
    }).trim();
  }

  /** Writes a file and commits everything, an hour after the last commit. Returns the commit. */
  commit(path: string, text: string, subject = `change ${path}`): string {
    this.write(path, text);
    this.#clock += 3600;
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", subject);
    return this.head();
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** When the last commit was made. */
  now(): Date {
    return new Date(this.#clock * 1000);
  }

  head(): string {
    return this.git("rev-parse", "HEAD");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
