import { describe, expect, it } from "vitest";
import { Claims } from "../../../components/ledger/resource/claims";
import { UNKNOWN, fingerprint } from "../../../components/ledger/resource/inputs";
import type { GitCommitInputs, GitCommitOutputs } from "../../../components/ledger/resource/inputs";
import { gitCommit } from "../../../components/provider";

const inputs = (rest: Partial<GitCommitInputs> = {}): GitCommitInputs => ({
  owner: "eu",
  repository: "https://github.com/acme/deploy.git",
  branch: "deploy/shop/prod",
  prefixes: ["clusters/eu"],
  files: { "clusters/eu/a.yaml": "a: 1\n" },
  message: { subject: "Deploy", stack: "shop/prod" },
  teardown: "delete",
  ...rest,
});

const outputs = (from: GitCommitInputs, rest: Partial<GitCommitOutputs> = {}): GitCommitOutputs => ({
  ...from,
  result: "published",
  commit: "c",
  tree: "t",
  trees: {},
  head: "c",
  fingerprint: fingerprint(from),
  ...rest,
});

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`clusters/eu/${index}.yaml`, "a\n"]));

describe("the engine's check of a commit", () => {
  it("finds nothing wrong, and keeps the inputs as they are", async () => {
    const news = inputs({ owner: "check-1", branch: "check-1" });
    expect(await gitCommit.check({}, news)).toEqual({ inputs: news, failures: [] });
  });

  it("says everything at once, and names no property: the engine would print its value", async () => {
    const { failures } = await gitCommit.check(
      {},
      inputs({ branch: "a b", prefixes: ["../x"], teardown: "x" as never }),
    );
    expect(failures.length).toBeGreaterThanOrEqual(4);
    expect(failures.every(({ property }) => property === "")).toBe(true);
  });

  it("takes what a preview does not know yet", async () => {
    const files = { "clusters/eu/a.yaml": UNKNOWN };
    expect((await gitCommit.check({}, inputs({ branch: "check-2", files }))).failures).toEqual([]);
  });

  it("refuses to lose most of the files, in the preview already, unless that is allowed or it is another branch", async () => {
    const olds = inputs({ branch: "check-3", files: many(10) });
    const refused = await gitCommit.check(olds, { ...olds, files: many(4) });
    expect(refused.failures[0]?.reason).toContain("6 of 10 files would be removed");
    const allowed = await gitCommit.check(olds, { ...olds, files: many(4), allow: ["removals"] });
    expect(allowed.failures).toEqual([]);
    expect((await gitCommit.check(olds, { ...olds, files: many(4), branch: "check-4" })).failures).toEqual(
      [],
    );
  });

  it("refuses a folder that another resource owns, or a part of it", async () => {
    await gitCommit.check({}, inputs({ branch: "check-5" }));
    const other = inputs({
      branch: "check-5",
      owner: "other",
      prefixes: ["clusters"],
      files: { "clusters/x": "" },
    });
    expect((await gitCommit.check({}, other)).failures[0]?.reason).toContain("a folder has one owner");
  });
});

describe("the engine's diff of a commit", () => {
  it("sees the content, the folders, and how it is published; not the message and not a consent", async () => {
    const before = inputs();
    const changes = async (rest: Partial<GitCommitInputs>): Promise<boolean> =>
      (await gitCommit.diff("id", outputs(before), inputs(rest))).changes;
    expect(await changes({})).toBe(false);
    expect(await changes({ message: { subject: "Other", stack: "shop/prod" } })).toBe(false);
    expect(await changes({ allow: ["rewrite"] })).toBe(false);
    expect(await changes({ files: { "clusters/eu/a.yaml": "a: 2\n" } })).toBe(true);
    expect(await changes({ files: { "clusters/eu/a.yaml": UNKNOWN } })).toBe(true);
    expect(await changes({ retired: ["clusters/old"] })).toBe(true);
    expect(await changes({ teardown: "keep" })).toBe(true);
    expect(await changes({ access: { kind: "token", token: { variable: "T" } } })).toBe(true);
  });

  it("replaces what is on another branch or in another repository", async () => {
    const before = outputs(inputs());
    expect((await gitCommit.diff("id", before, inputs({ branch: "x" }))).replaces).toEqual(["branch"]);
    const repository = "https://github.com/acme/other.git";
    expect((await gitCommit.diff("id", before, inputs({ repository }))).replaces).toEqual(["repository"]);
  });

  it("looks at a proposal again, since it may have been merged", async () => {
    const before = outputs(inputs(), { result: "proposed" });
    expect((await gitCommit.diff("id", before, inputs())).changes).toBe(true);
  });

  it("is not moved by the order of fields or of files", () => {
    const files = { "clusters/eu/a": "1", "clusters/eu/b": "2" };
    const reversed = Object.fromEntries(Object.entries(files).toReversed());
    expect(fingerprint(inputs({ files }))).toBe(fingerprint(inputs({ files: reversed })));
  });
});

describe("a publication of something unknown", () => {
  it("is refused by the file's name", async () => {
    const files = { "clusters/eu/a.yaml": `x: ${UNKNOWN}` };
    await expect(gitCommit.create(inputs({ files }))).rejects.toThrow("clusters/eu/a.yaml is not known");
  });
});

describe("an import", () => {
  it("is refused with what to do instead", async () => {
    await expect(gitCommit.read("id", {} as GitCommitOutputs)).rejects.toThrow("declare it instead");
  });
});

describe("claims", () => {
  it("can be renewed by their owner, and kept from others on the same branch only", () => {
    const claims = new Claims();
    const { owner, repository, branch } = inputs();
    expect(claims.claim({ owner, repository, branch, prefixes: ["a"] })).toEqual([]);
    expect(claims.claim({ owner, repository, branch, prefixes: ["a", "b"] })).toEqual([]);
    expect(claims.claim({ owner: "x", repository, branch: "other", prefixes: ["a"] })).toEqual([]);
    expect(claims.claim({ owner: "y", repository, branch, prefixes: ["a/b"] })).toHaveLength(1);
    const spelled = repository.replace("/acme/deploy.git", "/Acme/deploy/");
    expect(claims.claim({ owner: "z", repository: spelled, branch, prefixes: ["b"] })).toHaveLength(1);
    expect(claims.unclaimed({ owner: "gone", repository, branch }, ["a", "b", "c"])).toEqual(["c"]);
    expect(claims.unclaimed({ owner: "z", repository, branch }, ["a"])).toEqual([]);
    expect(claims.unclaimed({ owner: "gone", repository, branch: "other" }, ["a", "b"])).toEqual(["b"]);
  });
});
