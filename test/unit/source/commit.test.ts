import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Mistake } from "../../../components/mistake";
import { lastCommit, uncommittedFiles } from "../../../components/source";

const SOURCE = ["app/**", "infra/**"];
let root = "";

function git(...args: string[]): string {
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@example.com",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@example.com",
  };
  return execFileSync("git", args, {
    cwd: root,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Commits everything; returns the commit. */
function commit(message: string): string {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", message);
  return git("rev-parse", "HEAD");
}

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "delivery-commit-")));
  git("init", "--quiet", "--initial-branch=main");
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function mistake(program: () => unknown): Mistake {
  try {
    program();
  } catch (error) {
    if (error instanceof Mistake) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the commit of a release", () => {
  it("is the last one that touched its sources, so documentation alone makes no release", () => {
    write("app/main.go", "1");
    const code = commit("code");
    write("docs/readme.md", "1");
    commit("documentation");
    commit("nothing at all");
    expect(lastCommit(root, SOURCE)).toBe(code);
  });

  it("is one that touched the pipeline's own sources, too", () => {
    write("app/main.go", "1");
    commit("code");
    write("infra/pipeline.ts", "1");
    const pipeline = commit("pipeline");
    expect(lastCommit(root, SOURCE)).toBe(pipeline);
  });

  it.each([
    ["a rename inside", ["app/main.go", "app/shop.go"]],
    ["a rename out of", ["app/main.go", "docs/main.go"]],
  ] as const)("is one that made %s the paths", (_what, [from, to]) => {
    write("app/main.go", "1");
    write("app/other.go", "2");
    commit("code");
    mkdirSync(dirname(join(root, to)), { recursive: true });
    git("mv", from, to);
    const renamed = commit("rename");
    expect(lastCommit(root, SOURCE)).toBe(renamed);
  });

  it("is one that only removed a file", () => {
    write("app/main.go", "1");
    write("app/other.go", "2");
    commit("code");
    git("rm", "--quiet", "app/other.go");
    const removal = commit("less");
    expect(lastCommit(root, SOURCE)).toBe(removal);
  });

  it("of a merged branch is the branch's own, and not the merge", () => {
    write("app/main.go", "1");
    commit("code");
    git("switch", "--quiet", "--create", "feature");
    write("app/feature.go", "1");
    const feature = commit("feature");
    git("switch", "--quiet", "main");
    write("docs/readme.md", "1");
    commit("documentation");
    git("merge", "--quiet", "--no-ff", "--message", "merge", "feature");
    expect(lastCommit(root, SOURCE)).toBe(feature);
  });

  it("of a merge that brought both sides together is the merge", () => {
    write("app/main.go", "1");
    commit("code");
    git("switch", "--quiet", "--create", "feature");
    write("app/feature.go", "1");
    commit("feature");
    git("switch", "--quiet", "main");
    write("app/main.go", "2");
    commit("more code");
    git("merge", "--quiet", "--no-ff", "--message", "merge", "feature");
    expect(lastCommit(root, SOURCE)).toBe(git("rev-parse", "HEAD"));
  });

  it("is found from a folder of the repository, with paths below that folder", () => {
    write("services/shop/app/main.go", "1");
    const shop = commit("shop");
    write("services/cart/app/main.go", "1");
    commit("cart");
    expect(lastCommit(join(root, "services/shop"), SOURCE)).toBe(shop);
  });

  it("takes a path that looks like an option, or like Git's own magic, as a path", () => {
    write("--all/x", "1");
    const first = commit("odd");
    write("b", "1");
    commit("other");
    expect(lastCommit(root, ["--all/**"])).toBe(first);
    expect(mistake(() => lastCommit(root, [":(top)b"])).problems).toHaveLength(1);
  });

  it.each([
    ["log.follow", "true"],
    ["log.showSignature", "true"],
    ["log.showRoot", "false"],
    ["color.ui", "always"],
    ["core.quotePath", "true"],
  ])("is the same whatever %s says", (name, value) => {
    write("app/mäin.go", "1");
    const code = commit("code");
    git("config", name, value);
    expect(lastCommit(root, ["app/**"])).toBe(code);
  });

  it("is missing from a folder that is no repository, which the error says", () => {
    rmSync(join(root, ".git"), { recursive: true });
    const { message, problems } = mistake(() => lastCommit(root, SOURCE));
    expect(problems).toHaveLength(1);
    expect(message).toContain(`Looking for the release's commit in ${root}`);
    expect(message).toContain("not a git repository");
    expect(message).toContain("run it in a Git checkout");
  });

  it("is missing from a repository without commits", () => {
    expect(mistake(() => lastCommit(root, SOURCE)).problems).toHaveLength(1);
  });

  it("is missing when no commit touched the paths, with the paths and the remedy in the error", () => {
    write("docs/readme.md", "1");
    commit("documentation");
    expect(mistake(() => lastCommit(root, SOURCE)).problems).toEqual([
      "no commit touched app/**, infra/**; commit the application first, or correct source.paths",
    ]);
  });

  it("is missing from a folder that does not exist", () => {
    expect(mistake(() => lastCommit(join(root, "nowhere"), SOURCE)).problems).toHaveLength(1);
  });
});

describe("files that differ from the commit", () => {
  it("are none in a clean checkout", () => {
    write("app/main.go", "1");
    commit("code");
    expect(uncommittedFiles(root, SOURCE)).toEqual([]);
  });

  it("are the changed, the new, the removed and the staged ones of the paths, and no others", () => {
    for (const name of ["changed", "removed", "staged", "kept"]) write(`app/${name}.go`, "1");
    write("docs/readme.md", "1");
    commit("code");
    write("app/changed.go", "2");
    write("app/new folder/ä\n.go", "1");
    write("app/staged.go", "2");
    git("add", "app/staged.go");
    rmSync(join(root, "app/removed.go"));
    write("docs/readme.md", "2");
    expect(uncommittedFiles(root, SOURCE).sort()).toEqual([
      "app/changed.go",
      "app/new folder/ä\n.go",
      "app/removed.go",
      "app/staged.go",
    ]);
  });

  it("are both names of a renamed file", () => {
    write("app/a.go", "1");
    commit("code");
    git("mv", "app/a.go", "app/b.go");
    expect(uncommittedFiles(root, SOURCE).sort()).toEqual(["app/a.go", "app/b.go"]);
  });

  it("are not those that Git ignores", () => {
    write(".gitignore", "*.log\n");
    write("app/main.go", "1");
    commit("code");
    write("app/debug.log", "1");
    expect(uncommittedFiles(root, SOURCE)).toEqual([]);
  });

  it("are all named, even when the list is above a megabyte", () => {
    write("app/main.go", "1");
    commit("code");
    const folder = `app/${"x".repeat(200)}/${"y".repeat(200)}`;
    mkdirSync(join(root, folder), { recursive: true });
    for (let n = 0; n < 3000; n++) writeFileSync(join(root, folder, String(n)), "");
    expect(uncommittedFiles(root, SOURCE)).toHaveLength(3000);
  });
});
