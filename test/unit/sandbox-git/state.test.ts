import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  DEFAULT_REPOSITORY_SETTINGS,
  Identities,
  Ids,
  changedSettings,
  checkSettings,
  readJson,
  readList,
  settleSettings,
  timestamp,
  writeJson,
  writeList,
} from "../../../sandbox/git/state/index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "git-state-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("a kept value", () => {
  it("comes back as it was, in a file for its owner only, with nothing beside it", () => {
    const path = join(dir, "deep", "value.json");
    writeJson(path, { text: "ä\n", list: [1, null] });
    expect(readJson(path, undefined)).toEqual({ text: "ä\n", list: [1, null] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, "deep"))).toEqual(["value.json"]);
  });

  it("is the fallback where there is no file, and an error without its content where it is broken", () => {
    expect(readJson(join(dir, "none.json"), 7)).toBe(7);
    const path = join(dir, "broken.json");
    writeFileSync(path, '{"token": "hidden');
    expect(() => readJson(path, 7)).toThrow(/broken\.json is not valid JSON/);
    expect(() => readJson(path, 7)).not.toThrow(/hidden/);
  });

  it("is still the old one when a write was begun and not ended", () => {
    const path = join(dir, "value.json");
    writeJson(path, "old");
    writeFileSync(`${path}.new`, '"ne');
    expect(readJson(path, "")).toBe("old");
    writeJson(path, "newer");
    expect(readJson(path, "")).toBe("newer");
  });

  it("has no file when it is an empty list", () => {
    writeList(dir, "public-keys", [{ key_id: "1", key: "x" }]);
    expect(readList(dir, "public-keys")).toHaveLength(1);
    writeList(dir, "public-keys", []);
    expect(readdirSync(join(dir, "sandbox"))).toEqual([]);
    expect(readList(dir, "public-keys")).toEqual([]);
  });
});

describe("ids", () => {
  it("are never given twice, after a restart too", () => {
    const path = join(dir, "ids.json");
    const first = new Ids(path);
    const given = [first.next(), first.next(), new Ids(path).next()];
    expect(new Set(given).size).toBe(3);
  });
});

describe("the server's settings", () => {
  it("keep port and tokens, and add organizations", async () => {
    const first = await settleSettings(dir, { organizations: ["a"], anonymousRead: true });
    const second = await settleSettings(dir, { organizations: ["b"], anonymousRead: false });
    expect(second).toEqual({ ...first, organizations: ["a", "b"], anonymousRead: false });
    expect(first.token).not.toBe(first.controlToken);
  });
});

describe("identities", () => {
  const open = (): Identities => new Identities(join(dir, "identities.json"), new Ids(join(dir, "ids.json")));

  it("are found by their tokens, which are nowhere to be read", () => {
    const identities = open();
    const ann = identities.add({ login: "Ann", type: "User", access: { "acme/x": "read" } });
    const token = identities.makeToken(ann);
    expect(open().findByToken(token)?.login).toBe("Ann");
    expect(open().find("ann")?.id).toBe(ann.id);
    expect(identities.findByToken(`${token}x`)).toBeUndefined();
    expect(readFileSync(join(dir, "identities.json"), "utf8")).not.toContain(token);
  });

  it("keep id and tokens when they get other access", () => {
    const identities = open();
    const before = identities.add({ login: "ann", type: "User", access: {} });
    const token = identities.makeToken(before);
    const after = identities.add({ login: "ann", type: "User", access: "admin" });
    expect(after.id).toBe(before.id);
    expect(identities.findByToken(token)?.access).toBe("admin");
  });

  it("are not let in by tokens that expired, and a token's own access counts", () => {
    const identities = open();
    const ann = identities.add({ login: "ann", type: "User", access: "admin" });
    const old = identities.makeToken(ann, { expiresAt: new Date(Date.now() - 1).toISOString() });
    const narrow = identities.makeToken(ann, { access: { "acme/x": "read" } });
    expect(identities.findByToken(old)).toBeUndefined();
    expect(identities.findByToken(narrow)?.access).toEqual({ "acme/x": "read" });
    identities.expire(identities.find("ann") ?? ann);
    expect(identities.findByToken(narrow)).toBeUndefined();
    expect(identities.find("ann")?.access).toBe("admin");
  });
});

describe("settings of a repository", () => {
  it("change by what a request has, and stay by what it leaves out", () => {
    const changed = changedSettings(DEFAULT_REPOSITORY_SETTINGS, {
      description: "x",
      has_wiki: false,
      unknown: 1,
    });
    expect(changed).toEqual({ ...DEFAULT_REPOSITORY_SETTINGS, description: "x", has_wiki: false });
    expect(changedSettings(changed, { description: null, has_wiki: null })).toEqual({
      ...changed,
      description: null,
    });
  });

  it("take visibility by both of its words, the newer one first", () => {
    const { visibility: byPrivate } = changedSettings(DEFAULT_REPOSITORY_SETTINGS, { private: true });
    const both = changedSettings(DEFAULT_REPOSITORY_SETTINGS, { private: true, visibility: "public" });
    expect([byPrivate, both.visibility]).toEqual(["private", "public"]);
  });

  it("name what is of the wrong kind", () => {
    expect(
      checkSettings({ has_wiki: "yes", description: 1, visibility: "secret", topics: "a" }).sort(),
    ).toEqual(["description", "has_wiki", "topics", "visibility"]);
    expect(checkSettings({ has_wiki: true, description: null, visibility: "internal", topics: [] })).toEqual(
      [],
    );
  });
});

describe("times", () => {
  it("are written as GitHub does, to the second in UTC", () => {
    expect(timestamp(new Date("2026-11-23T13:00:00.987+01:00"))).toBe("2026-11-23T12:00:00Z");
  });
});
