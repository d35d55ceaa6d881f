import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
  existsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addIdentity, clearFaults, clearRequests, requests, setFault } from "../../../sandbox/git/index.ts";
import {
  BRANCH,
  TOKEN_VARIABLE,
  argsFor,
  cloneAs,
  endWorld,
  failureOf,
  filesOf,
  git,
  leftovers,
  newDeploy,
  publishIn,
  startWorld,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => clearFaults(world.server));
afterAll(() => endWorld(world));

const FILES = { "clusters/eu/a.yaml": "a: 1\n" };

/** Every form in which a secret could stand somewhere, also in part. */
function formsOf(secret: string): string[] {
  const basic = Buffer.from(`x-access-token:${secret}`).toString("base64");
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  const slices = [secret.slice(0, 20), secret.slice(-20)];
  return [secret, basic, base64, Buffer.from(secret).toString("hex"), encodeURIComponent(secret), ...slices];
}

const hitsIn = (text: string, secret: string): string[] =>
  formsOf(secret).filter((form) => text.includes(form));

function commandLines(): string {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const read = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1");
    } catch {
      return "";
    }
  };
  return pids.map(read).join("\n");
}

function temporaryFiles(): { path: string; text: string; mode: number }[] {
  return leftovers().flatMap((name) =>
    readdirSync(join(tmpdir(), name), { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => existsSync(path))
      .map((path) => {
        const { mode } = statSync(path);
        return { path, mode, text: statSync(path).isFile() ? readFileSync(path, "latin1") : "" };
      }),
  );
}

async function writer(
  deploy: Deploy,
): Promise<{ token: string; environment: Record<string, string | undefined> }> {
  const { token } = await addIdentity(world.server, {
    login: `writer-${deploy.name}`,
    access: { [`acme/${deploy.name}`]: "write" },
  });
  return { token, environment: { PATH: process.env["PATH"], [TOKEN_VARIABLE]: token } };
}

describe("a token", () => {
  it("is in no command line and in no temporary file while any request is under way, nor in Git", async () => {
    const deploy = await newDeploy(world, "canary");
    const { token, environment } = await writer(deploy);
    let looks = 0;
    for (let skip = 0; skip < 5; skip++) {
      await clearRequests(world.server);
      await setFault(world.server, { kind: "pause", skip, times: 1 });
      const publishing = publishIn(world, argsFor(deploy, { "clusters/eu/a.yaml": `a: ${skip}\n` }), {
        environment,
      });
      await expect
        .poll(async () => (await requests(world.server)).length, { timeout: 20_000 })
        .toBeGreaterThan(skip);
      const files = temporaryFiles();
      expect(files.length).toBeGreaterThan(3);
      expect(hitsIn(commandLines(), token)).toEqual([]);
      expect(files.filter(({ text }) => hitsIn(text, token).length > 0)).toEqual([]);
      expect(
        files.filter(({ mode, path }) => (mode & 0o077) !== 0 && !path.includes("/repository/")),
      ).toEqual([]);
      looks++;
      await clearFaults(world.server);
      await publishing;
    }
    expect(looks).toBe(5);
    expect(hitsIn(await git(deploy, "log", "-p", "--format=raw", "--all"), token)).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  it("is in no error, whatever goes wrong", async () => {
    const deploy = await newDeploy(world, "canary-errors");
    const { token, environment } = await writer(deploy);
    await publishIn(world, argsFor(deploy, FILES), { environment });
    const wrong = [
      { kind: "status", status: 401 },
      { kind: "status", status: 403 },
      { kind: "status", status: 404 },
      { kind: "status", status: 500 },
      { kind: "status", status: 302 },
      { kind: "rate-limit", limit: "secondary", retryAfterSeconds: 999 },
      { kind: "cut-response", afterBytes: 10 },
    ] as const;
    for (const fault of wrong) {
      await setFault(world.server, fault);
      const error = await failureOf(
        publishIn(world, argsFor(deploy, { "clusters/eu/a.yaml": "a: 2\n" }), { environment }),
      );
      await clearFaults(world.server);
      expect(hitsIn(`${error.message}${error.stack ?? ""}${JSON.stringify(error)}`, token)).toEqual([]);
      expect(error.stack).not.toMatch(/^\s+at /m);
    }
  });

  it("with a line break in it is refused before it could become a header", async () => {
    const deploy = await newDeploy(world, "header");
    const environment = { PATH: process.env["PATH"], [TOKEN_VARIABLE]: "canary\r\nX-Evil: 1" };
    const error = await failureOf(publishIn(world, argsFor(deploy, FILES), { environment }));
    expect(error.failure).toBe("authentication");
    expect(error.message).not.toContain("canary");
  });
});

describe("somebody else's settings", () => {
  /** A home, a template folder and variables that would all run a program or change what is published. */
  function hostile(): { environment: Record<string, string>; mark: string } {
    const home = join(world.dir, "hostile");
    const mark = join(home, "ran");
    const hooks = join(home, "hooks");
    mkdirSync(join(home, ".config/git"), { recursive: true });
    mkdirSync(hooks, { recursive: true });
    const evil = join(home, "evil.sh");
    writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${mark}\ncat\n`);
    chmodSync(evil, 0o755);
    const names = [
      "pre-push",
      "reference-transaction",
      "post-index-change",
      "post-commit",
      "pre-auto-gc",
      "post-rewrite",
    ];
    for (const hook of names) {
      writeFileSync(join(hooks, hook), `#!/bin/sh\necho ${hook} >> ${mark}\nexit 1\n`);
      chmodSync(join(hooks, hook), 0o755);
    }
    const config = [
      `[core]\n\thooksPath = ${hooks}\n\tsshCommand = ${evil}\n\taskPass = ${evil}\n\tfsmonitor = ${evil}\n\tautocrlf = true\n\tattributesFile = ${home}/attributes`,
      `[credential]\n\thelper = "!${evil}"`,
      `[filter "evil"]\n\tclean = ${evil}\n\tsmudge = ${evil}`,
      `[url "http://127.0.0.1:1/"]\n\tinsteadOf = ${world.server.url}`,
      `[http]\n\tproxy = http://127.0.0.1:1\n\textraHeader = X-Evil: 1`,
      `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${evil}`,
      `[init]\n\ttemplateDir = ${hooks}\n[uploadpack]\n\tpackObjectsHook = ${evil}`,
    ].join("\n");
    for (const path of [".gitconfig", ".config/git/config"]) writeFileSync(join(home, path), config);
    writeFileSync(join(home, "attributes"), "* filter=evil text=auto eol=crlf\n");
    const environment = {
      PATH: process.env["PATH"] ?? "",
      [TOKEN_VARIABLE]: world.server.token,
      HOME: home,
      XDG_CONFIG_HOME: join(home, ".config"),
      GIT_DIR: "/nonexistent",
      GIT_INDEX_FILE: "/nonexistent/index",
      GIT_CONFIG_PARAMETERS: `'core.hooksPath=${hooks}'`,
      GIT_CONFIG_GLOBAL: join(home, ".gitconfig"),
      GIT_SSH_COMMAND: evil,
      GIT_ASKPASS: evil,
      GIT_EXTERNAL_DIFF: evil,
      GIT_PROXY_COMMAND: evil,
      GIT_TEMPLATE_DIR: hooks,
      GIT_EDITOR: evil,
      GIT_TRACE: mark,
      GIT_AUTHOR_NAME: "Mallory",
      GIT_COMMITTER_DATE: "1999-01-01T00:00:00Z",
    };
    return { environment, mark };
  }

  it("(configuration, hooks, filters, variables) run nothing and change nothing of what is published", async () => {
    const deploy = await newDeploy(world, "hostile");
    const { environment, mark } = hostile();
    const text = "a: 1\r\nb: |\r\n  $Id$\n";
    const made = await publishIn(world, argsFor(deploy, { "clusters/eu/a.yaml": text }), { environment });
    expect(made.result).toBe("published");
    expect(existsSync(mark)).toBe(false);
    expect(await git(deploy, "log", "-1", "--format=%an", BRANCH)).toBe("pulumi-delivery");
    const year = Number((await git(deploy, "log", "-1", "--format=%cI", BRANCH)).slice(0, 4));
    expect(year).toBeGreaterThan(2020);
    expect(`${await git(deploy, "cat-file", "blob", `${BRANCH}:clusters/eu/a.yaml`)}\n`).toBe(text);
  });

  it("on the branch itself (attributes, filters, submodules) change nothing either", async () => {
    const deploy = await newDeploy(world, "attributes");
    await publishIn(world, argsFor(deploy, FILES));
    const person = await cloneAs(world, deploy, BRANCH);
    writeFileSync(
      join(person.cwd, ".gitattributes"),
      "* text=auto eol=crlf filter=evil ident merge=ours export-subst\n",
    );
    writeFileSync(join(person.cwd, ".gitmodules"), '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c id\n');
    await person.run("add", "-A");
    await person.run("commit", "--quiet", "-m", "attributes");
    await person.run("push", "--quiet");
    const text = "b: 1\r\n# $Id$\n";
    await publishIn(world, argsFor(deploy, { "clusters/eu/a.yaml": text }), {
      environment: hostile().environment,
    });
    expect(`${await git(deploy, "cat-file", "blob", `${BRANCH}:clusters/eu/a.yaml`)}\n`).toBe(text);
    expect(Object.keys(await filesOf(deploy, BRANCH))).toEqual([
      ".gitattributes",
      ".gitmodules",
      "clusters/eu/a.yaml",
    ]);
  });
});
