import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lastCommit } from "../../../components/source";
import {
  cloneEnvironment,
  hasCommit,
  isCutBehind,
  isShallow,
  placeOf,
} from "../../../components/source/clone";

const ENVIRONMENT = {
  PATH: process.env["PATH"],
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
};
let dir: string;
let commits: string[];

const at = (clone: string): string => join(dir, clone);
const git = (clone: string, ...args: string[]): string =>
  execFileSync("git", args, { cwd: at(clone), env: ENVIRONMENT, encoding: "utf8" }).trim();

/** Four commits; the second one makes the application, the others change the documentation. */
beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "delivery-clone-")));
  mkdirSync(join(dir, "full", "services", "shop"), { recursive: true });
  git("full", "init", "--quiet", "--initial-branch=main");
  commits = ["docs", "services/shop/app", "docs", "docs"].map((path, index) => {
    writeFileSync(join(dir, "full", path), String(index));
    git("full", "add", "--all");
    git("full", "commit", "--quiet", "--message", "change");
    return git("full", "rev-parse", "HEAD");
  });
  for (const depth of ["1", "2", "3"]) {
    git("full", "clone", "--quiet", `--depth=${depth}`, `file://${at("full")}`, at(`depth-${depth}`));
  }
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("a clone", () => {
  it("that is whole has every commit, and is cut nowhere", () => {
    expect(isShallow(at("full"))).toBe(false);
    for (const commit of commits) {
      expect(hasCommit(at("full"), commit)).toBe(true);
      expect(isCutBehind(at("full"), commit)).toBe(false);
    }
  });

  it("that is shallow lacks older commits", () => {
    expect(isShallow(at("depth-2"))).toBe(true);
    expect(commits.map((commit) => hasCommit(at("depth-2"), commit))).toEqual([false, false, true, true]);
  });

  it.each(["1", "2"])(
    "of depth %s names a wrong last commit, and it is known that it may be wrong",
    (depth) => {
      const clone = at(`depth-${depth}`);
      const named = lastCommit(clone, ["services/**"]);
      expect(named).not.toBe(commits[1]);
      expect(isCutBehind(clone, named)).toBe(true);
    },
  );

  it("that is deep enough names the right one, and only the oldest one that it has is in doubt", () => {
    const clone = at("depth-3");
    expect(lastCommit(clone, ["docs"])).toBe(commits[3]);
    expect(isCutBehind(clone, commits[3] ?? "")).toBe(false);
    expect(isCutBehind(clone, commits[1] ?? "")).toBe(true);
  });

  it("knows an object that is no commit, and a folder that is in none, as such", () => {
    expect(hasCommit(at("full"), git("full", "rev-parse", "HEAD^{tree}"))).toBe(false);
    expect(hasCommit(dir, commits[0] ?? "")).toBe(false);
    expect(placeOf(dir)).toBeUndefined();
    expect(isShallow(dir)).toBe(false);
  });

  it("is found from any of its folders", () => {
    expect(placeOf(at("full"))).toEqual({ top: at("full"), prefix: "" });
    const place = placeOf(join(at("full"), "services", "shop"));
    expect(place).toEqual({ top: at("full"), prefix: "services/shop/" });
  });
});

it("Git gets its user's settings and credentials, and nothing that moves the repository", () => {
  const system = {
    PATH: "/bin",
    HOME: "/h",
    SSH_AUTH_SOCK: "/s",
    GIT_DIR: "/x",
    GIT_INDEX_FILE: "/y",
    TOKEN: "canary",
  };
  expect(Object.keys(cloneEnvironment(system)).sort()).toEqual([
    "GIT_OPTIONAL_LOCKS",
    "GIT_TERMINAL_PROMPT",
    "HOME",
    "LC_ALL",
    "PATH",
    "SSH_AUTH_SOCK",
  ]);
});
