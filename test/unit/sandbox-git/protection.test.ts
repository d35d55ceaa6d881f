import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseProtection } from "../../../sandbox/git/api/index.ts";
import { ZERO_SHA } from "../../../sandbox/git/names.ts";
import {
  checkMerge,
  checkRefChange,
  decodeActor,
  encodeActor,
  findRule,
} from "../../../sandbox/git/policy/index.ts";
import type { Actor, MergeFacts, RefChange } from "../../../sandbox/git/policy/index.ts";
import { Refusal } from "../../../sandbox/git/refusals.ts";
import { writeList } from "../../../sandbox/git/state/index.ts";
import type { Ruleset } from "../../../sandbox/git/state/index.ts";

const OPEN = {
  required_status_checks: null,
  enforce_admins: false,
  required_pull_request_reviews: null,
  restrictions: null,
};
const rule = (parts: object = {}) => parseProtection("main", { ...OPEN, ...parts }, undefined);
const change = (parts: Partial<RefChange> = {}): RefChange => ({
  ref: "refs/heads/main",
  before: "a".repeat(40),
  after: "b".repeat(40),
  forced: false,
  ...parts,
});
const ruleset = (parts: Partial<Ruleset> = {}): Ruleset => ({
  ...{ id: 1, name: "ledger", target: "branch", enforcement: "active", rules: [], bypass_actors: [] },
  conditions: { ref_name: { include: ["refs/heads/deploy/**/*"], exclude: ["refs/heads/deploy/not/*"] } },
  ...{ created_at: "", updated_at: "" },
  ...parts,
});
const writer: Actor = { login: "writer", permission: "write" };
const admin: Actor = { login: "admin", permission: "admin" };
const reviews = { required_pull_request_reviews: { required_approving_review_count: 2 } };

describe("a change of a protected branch", () => {
  it("may be anything that loses nothing when the rule asks for nothing", () => {
    expect(checkRefChange(rule(), change(), writer, [])).toEqual([]);
    expect(checkRefChange(rule(), change({ before: ZERO_SHA }), writer, [])).toEqual([]);
  });

  it.each([writer, admin])("may neither lose commits nor delete the branch, for $login", (actor) => {
    expect(checkRefChange(rule(), change({ forced: true }), actor, [])).toHaveLength(1);
    expect(checkRefChange(rule(), change({ after: ZERO_SHA }), actor, [])).toHaveLength(1);
    const lax = rule({ allow_force_pushes: true, allow_deletions: true });
    expect(checkRefChange(lax, change({ forced: true }), actor, [])).toEqual([]);
    expect(checkRefChange(lax, change({ after: ZERO_SHA }), actor, [])).toEqual([]);
  });

  it.each([
    ["reviews", reviews],
    ["restrictions", { restrictions: { users: [], teams: [], apps: [] } }],
    ["a lock", { lock_branch: true }],
    ["checks", { required_status_checks: { strict: false, contexts: ["build"] } }],
  ])("stands before %s for writers, and for administrators only when they are included", (_, parts) => {
    expect(checkRefChange(rule(parts), change(), writer, [])).toHaveLength(1);
    expect(checkRefChange(rule(parts), change(), admin, [])).toEqual([]);
    expect(checkRefChange(rule({ ...parts, enforce_admins: true }), change(), admin, [])).toHaveLength(1);
  });

  it("may be made by those who are named", () => {
    const people = { users: ["writer"], teams: [], apps: [] };
    const bypass = { required_pull_request_reviews: { bypass_pull_request_allowances: people } };
    expect(checkRefChange(rule({ restrictions: people }), change(), writer, [])).toEqual([]);
    expect(checkRefChange(rule(bypass), change(), writer, [])).toEqual([]);
  });

  it("needs the latest status of every required check of that very commit to be a success", () => {
    const checked = rule({
      required_status_checks: { strict: false, checks: [{ context: "build" }, { context: "test" }] },
    });
    const status = (context: string, state: string, sha = "b".repeat(40)) => ({ sha, context, state });
    const problems = (...statuses: ReturnType<typeof status>[]): number =>
      checkRefChange(checked, change(), writer, statuses).length;
    expect(problems(status("build", "success"))).toBe(1);
    expect(problems(status("build", "success"), status("test", "success", "c".repeat(40)))).toBe(1);
    expect(problems(status("build", "success"), status("test", "success"), status("build", "failure"))).toBe(
      1,
    );
    expect(problems(status("build", "failure"), status("test", "success"), status("build", "success"))).toBe(
      0,
    );
  });
});

describe("a merge into a protected branch", () => {
  const facts: MergeFacts = { head: "b".repeat(40), approvals: 2, changesRequested: false, upToDate: false };

  it("needs its approvals, nobody against it, and to be up to date when the rule says so", () => {
    const strict = { required_status_checks: { strict: true, checks: [] } };
    expect(checkMerge(rule(reviews), facts, writer, [])).toEqual([]);
    expect(checkMerge(rule(reviews), { ...facts, approvals: 1 }, writer, [])).toHaveLength(1);
    expect(checkMerge(rule(reviews), { ...facts, changesRequested: true }, writer, [])).toHaveLength(1);
    expect(checkMerge(rule(strict), facts, writer, [])).toHaveLength(1);
    expect(checkMerge(rule(strict), { ...facts, upToDate: true }, writer, [])).toEqual([]);
    expect(checkMerge(rule(reviews), { ...facts, approvals: 0 }, admin, [])).toEqual([]);
  });
});

describe("a rule", () => {
  it("is for its own branch only, and a ruleset for those that its patterns have", () => {
    const dir = mkdtempSync(join(tmpdir(), "rules-"));
    try {
      writeList(dir, "protection", [rule(), { ...rule(), branch: "deploy/own" }]);
      writeList(dir, "rulesets", [
        ruleset({ enforcement: "disabled" }),
        ruleset({ rules: [{ type: "non_fast_forward" }] }),
      ]);
      expect(findRule(dir, "refs/heads/deploy/own")?.branch).toBe("deploy/own");
      expect(findRule(dir, "refs/heads/main/x")).toBeUndefined();
      expect(findRule(dir, "refs/tags/main")).toBeUndefined();
      expect(findRule(dir, "refs/heads/deploy/not/this")).toBeUndefined();
      const found = findRule(dir, "refs/heads/deploy/shop/prod");
      expect(found).toMatchObject({ branch: "ledger", allow_force_pushes: false, allow_deletions: true });
      expect(checkRefChange(found!, change({ forced: true }), admin, [])).toHaveLength(1);
      expect(checkRefChange(found!, change(), writer, [])).toEqual([]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("must say something about each of GitHub's four parts", () => {
    const refused = (body: object): unknown => {
      try {
        return parseProtection("main", body as Record<string, unknown>, undefined);
      } catch (error) {
        return error;
      }
    };
    for (const name of Object.keys(OPEN)) {
      const rest = Object.fromEntries(Object.entries(OPEN).filter(([key]) => key !== name));
      expect(refused(rest)).toMatchObject({ status: 422, message: expect.stringContaining(name) });
    }
    expect(refused({ ...OPEN, restrictions: "all" })).toBeInstanceOf(Refusal);
  });
});

describe("who pushes, as the hooks of Git hear it", () => {
  it("comes through as it was, and is nobody otherwise", () => {
    expect(decodeActor(encodeActor(writer))).toEqual(writer);
    for (const text of [undefined, "", "x"]) expect(decodeActor(text).permission).toBe("none");
  });
});
