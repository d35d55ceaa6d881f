import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addIdentity, callApi } from "../../../sandbox/git/index.ts";
import { newProgram, up } from "./engine";
import type { Program, Said } from "./engine";
import {
  TOKEN_VARIABLE,
  argsFor,
  cloneAs,
  endWorld,
  failureOf,
  filesOf,
  git,
  publishIn,
  startWorld,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

let world: LedgerWorld;
let program: Program;
let deploy: Deploy;
let writer: { readonly environment: Readonly<Record<string, string | undefined>> };

beforeAll(async () => {
  world = await startWorld();
  program = await newProgram(world, "with-repository", ["pulumi-resource-github"]);
  const { server } = world;
  const name = "ledger-of-shop";
  deploy = { name, repository: `${server.url}acme/${name}.git`, bare: `${server.root}/acme/${name}.git` };
  const { token } = await addIdentity(server, { login: "publisher", access: { [`acme/${name}`]: "write" } });
  writer = { environment: { PATH: process.env["PATH"], [TOKEN_VARIABLE]: token } };
});
afterAll(() => endWorld(world));

const BRANCH = "deploy/shop/prod";
const files = (value: number): Record<string, string> => ({ "clusters/eu/a.yaml": `a: ${value}\n` });

/** The repository, its rules, and the first publication to it, in one program. */
function declare(changes: string, value: number): Promise<Said> {
  const { server } = world;
  program.write(`
const { DeployRepository } = require("pulumi-delivery");
const github = require("@pulumi/github");
const settings = ${JSON.stringify({ baseUrl: server.url, owner: "acme", writeDelayMs: 1 })};
const provider = new github.Provider("acme", { ...settings, token: pulumi.secret(process.env.${TOKEN_VARIABLE}) });
const made = new DeployRepository("deploy", { name: "${deploy.name}", changes: ${changes} }, { provider });
exports.url = made.httpsUrl;
new GitCommit("prod", {
  repository: "${deploy.repository}", branch: "${BRANCH}", prefixes: ["clusters/eu"],
  files: ${JSON.stringify(files(value))}, message: { subject: "Deploy", stack: "shop/prod" }, teardown: "keep",
  access: { kind: "token", token: { variable: "${TOKEN_VARIABLE}" } },
}, { dependsOn: made });`);
  return program.pulumi(up);
}

describe("a deploy repository, made by the real GitHub plugin in the program that publishes to it", () => {
  it("is there before the first commit, and takes the next ones", async () => {
    const said = await declare('"pushed"', 1);
    expect(said, said.output).toMatchObject({ code: 0 });
    expect(said.output).toContain("6 created");
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 1" });
    expect((await declare('"pushed"', 2)).code).toBe(0);
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 2" });
    const again = await program.pulumi([...up, "--expect-no-changes"]);
    expect(again).toMatchObject({ code: 0 });
  });

  it("keeps its deploy branches from being rewritten and deleted, by administrators too", async () => {
    const tip = await git(deploy, "rev-parse", BRANCH);
    const person = await cloneAs(world, deploy, BRANCH);
    await person.run("reset", "--quiet", "--hard", "HEAD~1");
    await expect(person.run("push", "--force")).rejects.toThrow(/Cannot force-push/);
    await expect(person.run("push", "origin", "--delete", BRANCH)).rejects.toThrow(/Cannot delete/);
    expect(await git(deploy, "rev-parse", BRANCH)).toBe(tip);
  });

  it("takes changes by pull request alone, once that is said", async () => {
    // A new branch is still made by its first push; only then there is something to propose against.
    expect((await declare("{ approvals: 0 }", 2)).code).toBe(0);
    const message = { subject: "Deploy 3", stack: "shop/prod" };
    const pushed = argsFor(deploy, files(3), { branch: BRANCH, message });
    expect((await failureOf(publishIn(world, pushed, writer))).failure).toBe("protected");
    const proposed = await publishIn(world, { ...pushed, pullRequest: { host: "github" } }, writer);
    expect(proposed.result).toBe("proposed");
    const path = `/repos/acme/${deploy.name}/pulls/1/merge`;
    const merged = await callApi(world.server, "PUT", path, { body: { merge_method: "squash" } });
    expect(merged.status).toBe(200);
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 3" });
  });

  it("is archived with its whole history when the program is destroyed", async () => {
    program.write("");
    expect(await program.pulumi(["up", "--yes", "--skip-preview"])).toMatchObject({ code: 0 });
    const { body } = await callApi(world.server, "GET", `/repos/acme/${deploy.name}`);
    expect(body).toMatchObject({ archived: true });
    expect(Number(await git(deploy, "rev-list", "--count", BRANCH))).toBeGreaterThan(2);
  });
});
