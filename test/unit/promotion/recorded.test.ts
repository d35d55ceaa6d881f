import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { editStackFile, recordedReleases } from "../../../components/promotion";
import { makeRelease } from "../../../components/release";
import type { Release } from "../../../components/release";

const root = mkdtempSync(join(tmpdir(), "recorded-"));
afterAll(() => rmSync(root, { recursive: true }));
const file = join(root, "Pulumi.prod.yaml");

function git(...args: string[]): void {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...who, ...args], { cwd: root, stdio: "ignore" });
}

const made = (letter: string, image = "shop"): Release =>
  makeRelease("shop", {
    commit: letter.repeat(40),
    sources: letter.repeat(64),
    images: { [image]: `registry.example.com/acme@sha256:${letter.repeat(64)}` },
  });

function commit(release: unknown): void {
  editStackFile(file, { "delivery:release": release });
  git("add", ".");
  git("commit", "--quiet", "--allow-empty", "--message", "promote");
}

describe("releases that a stack's file has named", () => {
  it("are those of the file as it is, without a repository", async () => {
    writeFileSync(file, "config: {}\n");
    expect(await recordedReleases("shop", file)).toEqual([]);
    editStackFile(file, { "delivery:release": made("a") });
    expect(await recordedReleases("shop", file)).toEqual([made("a")]);
  });

  it("are found in its history, newest first and once each, also with other images than now", async () => {
    git("init", "--quiet");
    for (const release of [made("a", "old-name"), made("b"), made("c"), made("b")]) commit(release);
    editStackFile(file, { "delivery:release": made("d") });
    expect(await recordedReleases("shop", file)).toEqual([
      made("d"),
      made("b"),
      made("c"),
      made("a", "old-name"),
    ]);
  });

  it("leave out blocks that were changed by hand, and texts that are no YAML", async () => {
    commit({ ...made("e"), id: "shop-000000000000" });
    writeFileSync(file, "config: {");
    git("commit", "--quiet", "--all", "--message", "broken");
    git("rm", "--quiet", "Pulumi.prod.yaml");
    git("commit", "--quiet", "--all", "--message", "removed");
    writeFileSync(file, "config: {}\n");
    expect(await recordedReleases("shop", file)).toEqual([made("b"), made("c"), made("a", "old-name")]);
  });
});
