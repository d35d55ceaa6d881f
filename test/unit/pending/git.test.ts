import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commitsBetween, committedAt, headCommit, relationOf } from "../../../components/pending/git";
import type { CountedSource } from "../../../components/pending/git";
import { Mistake } from "../../../components/mistake";
import { Repository } from "./repository";

let repository: Repository;
let first = "";
const PATHS = ["app/**", "infra/**"];

beforeEach(() => {
  repository = new Repository();
  first = repository.commit("app/main.go", "1", "begin");
});
afterEach(() => repository.remove());

async function pending(source: Partial<CountedSource> = {}, from = first): Promise<string[]> {
  const all = { root: repository.root, paths: PATHS, ...source };
  const commits = await commitsBetween(all, from, repository.git("rev-parse", "HEAD"));
  return commits.map(({ subject }) => subject);
}

describe("pending commits", () => {
  it("are those of the application and its pipeline, the newest first, with author and time", async () => {
    repository.commit("app/main.go", "2", "two");
    repository.commit("infra/pipeline.ts", "1", "three");
    expect(await pending()).toEqual(["three", "two"]);
    const [newest] = await commitsBetween({ root: repository.root, paths: PATHS }, first, repository.head());
    expect(newest).toEqual({
      ...{ kind: "commit", commit: repository.head(), subject: "three", author: "ada" },
      ...{ time: repository.now(), files: ["infra/pipeline.ts"] },
    });
  });

  it("leave out a commit of the documentation alone: it is rightly not deployed", async () => {
    repository.commit("docs/readme.md", "x");
    expect(await pending()).toEqual([]);
    repository.commit("app/main.go", "2", "two");
    expect(await pending()).toEqual(["two"]);
  });

  it("count a merge as the one change that it was on its line, whatever its branch had", async () => {
    repository.git("switch", "--quiet", "--create", "feature");
    repository.commit("app/a.go", "1", "work in progress");
    repository.commit("app/a.go", "2", "more work");
    repository.git("switch", "--quiet", "main");
    repository.commit("app/main.go", "2", "meanwhile");
    repository.git("merge", "--quiet", "--no-ff", "--message", "merge the feature", "feature");
    expect(await pending()).toEqual(["merge the feature", "meanwhile"]);
  });

  it("leave out a merge that brought nothing of the application", async () => {
    repository.git("switch", "--quiet", "--create", "docs");
    repository.commit("docs/a.md", "1");
    repository.git("switch", "--quiet", "main");
    repository.commit("app/main.go", "2", "meanwhile");
    repository.git("merge", "--quiet", "--no-ff", "--message", "merge the docs", "docs");
    expect(await pending()).toEqual(["meanwhile"]);
  });

  it("are none when a change was reverted: the same would be delivered", async () => {
    const bad = repository.commit("app/main.go", "2", "bad");
    repository.git("revert", "--no-edit", bad);
    expect(await pending()).toEqual([]);
    expect(await pending({}, bad)).toEqual(['Revert "bad"']);
  });

  it.each([
    ["inside", "app/shop.go"],
    ["out of", "docs/main.go"],
  ])("count a rename %s the paths", async (_where, to) => {
    repository.commit("app/other.go", "1", "other");
    const before = repository.head();
    repository.git("mv", "app/main.go", join(to).replace("docs/", ""));
    repository.commit("unrelated", "x", "rename");
    expect(await pending({}, before)).toEqual(["rename"]);
  });

  it("are those of one application of a monorepo, whether its paths or its root tell them apart", async () => {
    for (const name of ["one", "two", "three"]) repository.commit(`apps/${name}/main.go`, "1", name);
    expect(await pending({ paths: ["apps/two/**"] })).toEqual(["two"]);
    const root = join(repository.root, "apps", "three");
    expect(await pending({ root, paths: ["**"] })).toEqual(["three"]);
  });

  it("can be chosen by a function, which sees the files of each", async () => {
    repository.commit("app/readme.md", "1", "words");
    repository.commit("app/main.go", "2", "code");
    const seen: (readonly string[])[] = [];
    const counts: CountedSource["counts"] = ({ files }) => {
      seen.push(files);
      return files.some((file) => file.endsWith(".go"));
    };
    expect(await pending({ counts })).toEqual(["code"]);
    expect(seen).toEqual([["app/main.go"], ["app/readme.md"]]);
  });

  it("survive whatever a subject says", async () => {
    const subject = `\u0001\u0001${"a".repeat(40)} $(rm) --output=x é`;
    repository.commit("app/main.go", "2", subject);
    expect(await pending()).toEqual([subject]);
  });
});

describe("how two commits lie", () => {
  const relation = (from: string, to: string): Promise<string> => relationOf(repository.root, from, to);

  it("is told by the graph, not by the clock", async () => {
    const second = repository.commit("app/main.go", "2");
    expect(await relation(first, first)).toBe("same");
    expect(await relation(first, second)).toBe("ahead");
    expect(await relation(second, first)).toBe("behind");
  });

  it("is diverged after the history was rewritten, and what runs is no longer part of it", async () => {
    const lost = repository.commit("app/main.go", "2", "lost");
    repository.git("reset", "--quiet", "--hard", first);
    const kept = repository.commit("app/main.go", "3", "kept");
    expect(await relation(lost, kept)).toBe("diverged");
    expect(await pending({}, lost)).toEqual(["kept"]);
  });

  it("is unknown when the clone lacks a commit", async () => {
    expect(await relation("f".repeat(40), first)).toBe("unknown");
  });

  it("is unknown in a shallow clone that was cut between them, and never taken for a rewrite", async () => {
    const second = repository.commit("app/main.go", "2");
    repository.commit("app/main.go", "3");
    const third = repository.head();
    const clone = realpathSync(mkdtempSync(join(tmpdir(), "delivery-shallow-")));
    try {
      const url = `file://${repository.root}`;
      execFileSync("git", ["clone", "--quiet", "--depth=1", url, clone]);
      expect(await relationOf(clone, second, third)).toBe("unknown");
      execFileSync("git", ["fetch", "--quiet", "--depth=1", "origin", first], { cwd: clone });
      expect(await relationOf(clone, first, third)).toBe("unknown");
      execFileSync("git", ["fetch", "--quiet", "--unshallow"], { cwd: clone });
      expect(await relationOf(clone, first, third)).toBe("ahead");
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });
});

describe("the history of a file", () => {
  it("tells when it was committed last, and nothing of what is not committed", async () => {
    const path = join(repository.root, "stacks/Pulumi.prod.yaml");
    repository.commit("stacks/Pulumi.prod.yaml", "a: 1\n");
    const time = repository.now();
    repository.commit("app/main.go", "2");
    expect(await committedAt(repository.root, path)).toEqual(time);
    repository.write("stacks/Pulumi.prod.yaml", "a: 2\n");
    expect(await committedAt(repository.root, path)).toBeUndefined();
  });

  it("is refused outside a repository, by a sentence that says where", async () => {
    const outside = mkdtempSync(join(tmpdir(), "delivery-outside-"));
    try {
      await expect(committedAt(outside, "x")).rejects.toThrow(Mistake);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});

describe("the commit that is checked out", () => {
  it("is told; a repository without any says what to do, and so does a folder that is none", async () => {
    expect(await headCommit(repository.root)).toBe(first);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "delivery-head-")));
    await expect(headCommit(folder)).rejects.toThrow("run it in the Git checkout of the application");
    execFileSync("git", ["init", "--quiet"], { cwd: folder });
    await expect(headCommit(folder)).rejects.toThrow("it has no commit yet; commit the application");
    rmSync(folder, { recursive: true });
  });
});
