import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bcryptHash } from "../../../sandbox/images/bcrypt.ts";
import { htpasswdFile, keptIdentities } from "../../../sandbox/images/credentials.ts";
import { keptPorts } from "../../../sandbox/images/ports.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "kept-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("what a registry keeps", () => {
  it("is the same ports at every start, and no two alike", async () => {
    const file = join(dir, "ports.json");
    const names = ["a", "b", "c"] as const;
    const first = await keptPorts(file, names);
    expect(await keptPorts(file, names)).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(3);
  });

  it("is the same passwords at every start, for this user's eyes only, and others in another folder", async () => {
    const first = await keptIdentities(join(dir, "one"));
    expect(await keptIdentities(join(dir, "one"))).toEqual(first);
    expect((await keptIdentities(join(dir, "two"))).owner.password).not.toBe(first.owner.password);
    expect(first.reader.password).not.toBe(first.owner.password);
    const path = await htpasswdFile(join(dir, "one"), first.owner);
    for (const file of [path, join(dir, "one", "identities.json")])
      expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(path, "utf8")).not.toContain(first.owner.password);
  });
});

describe("a password hash", () => {
  it("is bcrypt, with a new salt each time", async () => {
    const [first, second] = [await bcryptHash("secret"), await bcryptHash("secret")];
    expect(first).toMatch(/^\$2y\$05\$[./A-Za-z0-9]{53}$/);
    expect(first).not.toBe(second);
  });
});
