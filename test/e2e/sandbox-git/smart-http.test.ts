import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addIdentity,
  clearFaults,
  createRepository,
  expireToken,
  setFault,
  startGitServer,
} from "../../../sandbox/git/index.ts";
import type { GitServer } from "../../../sandbox/git/index.ts";
import { isBranchName } from "../../../sandbox/git/names.ts";
import { run, waitUntil } from "../../../sandbox/processes/index.ts";
import { clone, commitFile, git, newSandbox, processesIn, removeSandbox, tipOf, tryGit } from "./support.ts";
import type { GitClient } from "./support.ts";

let dir: string;
let server: GitServer;

beforeAll(async () => {
  dir = newSandbox();
  server = await startGitServer(dir);
});
afterAll(() => removeSandbox(dir));

async function filled(name: string, options: { private?: boolean } = {}): Promise<GitClient> {
  await createRepository(server, name, { autoInit: true, ...options });
  return clone(server, dir, `acme/${name}`);
}

describe("Git over HTTP", () => {
  it("gives back by clone and fetch what was pushed", async () => {
    const first = await filled("round-trip");
    const sha = await commitFile(first, "a.txt", "one\n");
    await git(first, "push", "--quiet", "origin", "main");
    const second = await clone(server, dir, "acme/round-trip");
    expect(await git(second, "rev-parse", "HEAD")).toBe(sha);
    const later = await commitFile(first, "a.txt", "two\n");
    await git(
      first,
      "push",
      "--quiet",
      "origin",
      "main",
      "HEAD:refs/heads/deploy/shop/prod",
      "HEAD:refs/tags/v1",
    );
    await git(second, "fetch", "--quiet", "--tags");
    expect(await git(second, "rev-parse", "origin/main", "origin/deploy/shop/prod", "v1")).toBe(
      [later, later, later].join("\n"),
    );
    expect(readFileSync(join(first.cwd, "a.txt"), "utf8")).toBe(
      (await git(second, "show", "v1:a.txt")) + "\n",
    );
  });

  it("takes a push of 50 MB, which the client sends in chunks of unknown number", async () => {
    const client = await filled("big");
    await git(client, "config", "core.compression", "0");
    const sha = await commitFile(client, "big.bin", randomBytes(50 * 1024 * 1024));
    await git(client, "push", "--quiet", "origin", "main");
    expect(await tipOf(server, "acme/big")).toBe(sha);
    const copy = await clone(server, dir, "acme/big");
    expect(statSync(join(copy.cwd, "big.bin")).size).toBe(50 * 1024 * 1024);
  });

  it("reads a request body that is compressed", async () => {
    await filled("zipped");
    const command = "0014command=ls-refs\n00010009peel\n0000";
    const response = await fetch(`${server.url}acme/zipped.git/git-upload-pack`, {
      method: "POST",
      headers: {
        "content-type": "application/x-git-upload-pack-request",
        "content-encoding": "gzip",
        "git-protocol": "version=2",
      },
      body: gzipSync(command),
    });
    expect(await response.text()).toContain(`${await tipOf(server, "acme/zipped")} refs/heads/main`);
  });

  it("lets one of many writers at once win, and the others find out", async () => {
    await filled("race");
    const writers = await Promise.all(Array.from({ length: 6 }, () => clone(server, dir, "acme/race")));
    const shas = await Promise.all(writers.map((writer, n) => commitFile(writer, `${n}.txt`, "x")));
    const results = await Promise.all(writers.map((writer) => tryGit(writer, "push", "origin", "main")));
    const winners = results.flatMap(({ code }, n) => (code === 0 ? [n] : []));
    expect(winners).toHaveLength(1);
    expect(await tipOf(server, "acme/race")).toBe(shas[winners[0] ?? -1]);
    const loser = winners[0] === 0 ? 1 : 0;
    const again = await tryGit(writers[loser]!, "push", "origin", "main");
    expect(again.stderr).toMatch(/rejected.*fetch first|non-fast-forward/);
    await git(writers[loser]!, "pull", "--quiet", "--rebase", "origin", "main");
    await git(writers[loser]!, "push", "--quiet", "origin", "main");
    expect(await git(writers[loser]!, "rev-list", "--count", "origin/main")).toBe("3");
  });

  it("answers a wrong or expired token with 401 and changes nothing", async () => {
    const client = await filled("guarded");
    const before = await tipOf(server, "acme/guarded");
    await commitFile(client, "a.txt", "one\n");
    const someone = await addIdentity(server, { login: "someone", access: { "acme/guarded": "write" } });
    await expireToken(server, "someone");
    for (const token of ["wrong", someone.token]) {
      const url = server.url.replace("//", `//x:${token}@`);
      const push = await tryGit({ cwd: client.cwd }, "push", `${url}acme/guarded.git`, "main");
      expect(push.code).not.toBe(0);
      expect(push.stderr).toMatch(/Authentication failed|401/);
    }
    expect(await tipOf(server, "acme/guarded")).toBe(before);
  });

  it("lets a read-only token read and not push", async () => {
    await filled("readable", { private: true });
    const reader = await addIdentity(server, { login: "reader", access: { "acme/readable": "read" } });
    const client = await clone(server, dir, "acme/readable", reader.token);
    const before = await tipOf(server, "acme/readable");
    await commitFile(client, "a.txt", "one\n");
    const push = await tryGit(client, "push", "origin", "main");
    expect(push.stderr).toMatch(/403/);
    expect(await tipOf(server, "acme/readable")).toBe(before);
  });

  it("hides a private repository from those who may not read it", async () => {
    await filled("hidden", { private: true });
    const other = await addIdentity(server, { login: "other", access: { "acme/else": "admin" } });
    await expect(clone(server, dir, "acme/hidden", other.token)).rejects.toThrow(/not found/);
    const anonymous = await tryGit({ cwd: dir }, "ls-remote", `${server.url}acme/hidden.git`);
    expect(anonymous.code).not.toBe(0);
  });

  it("lets anybody read a public repository, and nobody write without a token", async () => {
    const client = await filled("public");
    const url = `${server.url}acme/public.git`;
    expect((await tryGit({ cwd: dir }, "ls-remote", url)).stdout).toContain("refs/heads/main");
    await commitFile(client, "a.txt", "one\n");
    expect((await tryGit({ cwd: client.cwd }, "push", url, "main")).code).not.toBe(0);
  });

  it("refuses objects with paths that a checkout must not have", async () => {
    const client = await filled("fsck");
    const tip = await tipOf(server, "acme/fsck");
    const blob = await git(client, "hash-object", "-w", "README.md");
    const { cwd } = client;
    const entry = Buffer.concat([Buffer.from("100644 .GIT\0"), Buffer.from(blob, "hex")]);
    const tree = (
      await gitWithInput(cwd, entry, "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
    ).trim();
    const commit = await git(client, "commit-tree", tree, "-p", tip, "-m", "bad");
    const push = await tryGit(client, "push", "origin", `${commit}:refs/heads/bad`);
    expect(push.code).not.toBe(0);
    expect(await tipOf(server, "acme/fsck", "bad")).toBe("");
  });

  it("keeps the old commit when a push is cut off anywhere, and leaves no process behind", async () => {
    const client = await filled("cut");
    const before = await tipOf(server, "acme/cut");
    const after = await commitFile(client, "big.bin", randomBytes(4 * 1024 * 1024));
    for (const afterBytes of [1, 150, 500, 100_000, 4_000_000]) {
      const path = "/acme/cut.git/git-receive-pack";
      await setFault(server, { kind: "cut-request", method: "POST", path, afterBytes });
      expect((await tryGit(client, "push", "origin", "main")).code).not.toBe(0);
      expect(await tipOf(server, "acme/cut")).toBe(before);
      await clearFaults(server);
    }
    const bare = join(server.root, "acme", "cut.git");
    expect(await waitUntil(async () => processesIn(bare).length === 0, 10_000)).toBe(true);
    await git(client, "push", "--quiet", "origin", "main");
    expect(await tipOf(server, "acme/cut")).toBe(after);
  });
});

describe("names of branches", () => {
  it("are the ones that Git itself takes, without those that mean something else on a command line", async () => {
    const part = fc.constantFrom(
      "a",
      "B",
      "/",
      ".",
      "-",
      "@",
      "{",
      ".lock",
      "~",
      ":",
      "*",
      " ",
      "\\",
      "ä",
      "HEAD",
      "_",
    );
    const names = fc.sample(fc.array(part, { minLength: 1, maxLength: 5 }), { numRuns: 150, seed: 7 });
    for (const name of new Set(names.map((parts) => parts.join("")))) {
      const { code } = await tryGit({ cwd: dir }, "check-ref-format", `refs/heads/${name}`);
      const usable = code === 0 && !name.startsWith("-") && name !== "@" && name !== "HEAD";
      expect([name, isBranchName(name)]).toEqual([name, usable]);
    }
  });
});

describe("addresses outside of the repositories", () => {
  const paths = [
    "/acme/../.server/server.json",
    "/.server/server.json",
    "/acme/%2e%2e/.server/server.json/info/refs?service=git-upload-pack",
    "/acme/round-trip.git/HEAD",
    "/acme/round-trip.git/sandbox/hooks.json",
    "/acme/round-trip.git/objects/info/packs",
    "/acme/..%2f..%2fetc/info/refs?service=git-upload-pack",
    "//etc/passwd",
  ];

  it.each(paths)("answers 404 to %s, with nothing of a file", async (path) => {
    const { port, token, controlToken } = server;
    const authorization = `Bearer ${token}`;
    const { status, body } = await raw({ port, path, headers: { authorization } });
    expect(status).toBe(404);
    expect(body).not.toContain(controlToken);
  });

  it("keeps the files with tokens for their owner", () => {
    const folder = join(server.root, ".server");
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    expect(files).toContain("server.json");
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    expect(readFileSync(join(folder, "identities.json"), "utf8")).not.toContain(server.token);
  });
});

async function gitWithInput(cwd: string, input: Buffer, ...args: string[]): Promise<string> {
  return run("git", args, { cwd, input });
}

/** Sends the path as it is: `fetch` would resolve its dots. */
async function raw(options: { port: number; path: string; headers: Record<string, string> }): Promise<{
  status: number | undefined;
  body: string;
}> {
  return new Promise((resolve, reject) => {
    const req = request({ host: "127.0.0.1", ...options }, (res) => {
      let body = "";
      res.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
      res.on("end", () => resolve({ status: res.statusCode, body }));
    });
    req.on("error", reject).end();
  });
}
