import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Release } from "../../../../components/release";
import { callApi, createRepository, gitCredentials } from "../../../../sandbox/git/index.ts";
import type { SandboxInfo } from "../../../../sandbox/info.ts";
import { CHECKOUT } from "../../../../sandbox/paths.ts";
import { run } from "../../../../sandbox/processes/index.ts";
import { Namespace } from "../../../support/namespace";
import { Project } from "../../../support/project";

export const APP = "hosts";
const MAIN = join(CHECKOUT, "dist", "cli", "main.js");
const STACKS = ["build", "dev", "prod"];

const PIPELINE = (ledger: string): string => `
import { app, definePipeline, push } from "pulumi-delivery";
export const pipeline = definePipeline({
  app: "${APP}", ledger: { repository: "${ledger}" }, source: { paths: ["app/**"] },
  images: { web: { repository: "registry.example.com/acme/${APP}", context: "app" } },
  clusters: { "dev-1": { context: "dev-1" }, "eu-1": { context: "eu-1" } },
  environments: {
    dev: { from: "build", delivery: push(), clusters: ["dev-1"] },
    prod: { from: "dev", delivery: push(), clusters: ["eu-1"] },
  },
  manifests: ({ images }) => app({
    name: "${APP}", image: images.web, port: 8080, resources: { requests: { cpu: "10m", memory: "16Mi" } },
  }),
});
`;

/** A developer's checkout, the server that it is pushed to, and where jobs of a CI system run. */
export interface CiWorld {
  readonly project: Project;
  readonly origin: string;
  readonly repository: string;
  /** What the agents of a CI system have, with the right to read and write. */
  readonly env: Readonly<Record<string, string>>;
  /** The same without a secret. */
  readonly bareEnv: Readonly<Record<string, string>>;
  delivery(...words: string[]): Promise<string>;
  /** Commits a change of the application with all else that was changed, and pushes it. Returns the commit. */
  push(text: string): Promise<string>;
  /** What the stack `build` has made. */
  built(): Promise<Release>;
  /** The release that a cluster itself says it runs. */
  runs(cluster: string): Promise<unknown>;
  /** A new folder in which programs find the packages of this checkout. */
  place(name: string): string;
  remove(): Promise<void>;
}

export async function makeCiWorld(sandbox: SandboxInfo): Promise<CiWorld> {
  const project = new Project(sandbox);
  const places = mkdtempSync(join(sandbox.dir, "ci-"));
  writePackages(places);
  const { cloneUrl: ledger } = await createRepository(sandbox.git, `${APP}-deploy`, { private: true });
  const { cloneUrl: origin } = await createRepository(sandbox.git, `${APP}-source`, { private: true });
  const bareEnv = bareOf(project.env, places);
  const token = { GITHUB_TOKEN: sandbox.git.token, DELIVERY_GIT_TOKEN: sandbox.git.token };
  const env = { ...bareEnv, ...gitCredentials(sandbox.git), ...token, GITHUB_API_URL: sandbox.git.apiUrl };
  const git = (...args: string[]): Promise<string> => run("git", args, { cwd: project.root, env });
  const delivery = (...words: string[]): Promise<string> =>
    run(process.execPath, [MAIN, ...words], { cwd: project.root, env });
  const push = async (text: string): Promise<string> => {
    project.write("app/main.txt", text);
    await git("add", "--all");
    await git("commit", "--quiet", "--message", `feat: ${text}`);
    await git("push", "--quiet", "origin", "HEAD:main");
    return (await git("rev-parse", "HEAD")).trim();
  };
  await writeProject(project, ledger, sandbox);
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", origin);
  return {
    ...{
      project,
      origin,
      repository: `${sandbox.git.organization}/${APP}-source`,
      env,
      bareEnv,
      delivery,
      push,
    },
    built: async () => (await project.outputs<{ release: Release }>("build")).release,
    runs: async (cluster) =>
      (await new Namespace(sandbox, cluster, APP).configMap(`${APP}-release`))["release"],
    place: (name) => mkdtempSync(join(places, `${name}-`)),
    async remove() {
      for (const stack of ["prod", "dev"]) await project.pulumi("destroy", "--yes", "--stack", stack);
      project.remove();
      rmSync(places, { recursive: true, force: true });
    },
  };
}

async function writeProject(project: Project, ledger: string, sandbox: SandboxInfo): Promise<void> {
  for (const part of ["tsconfig.base.json", "infra"]) project.copy(part);
  project.write("infra/pipeline.ts", PIPELINE(ledger));
  project.write("Pulumi.yaml", `name: ${APP}\nruntime: nodejs\nmain: infra/\nstackConfigDir: stacks\n`);
  project.write("app/Dockerfile", "FROM scratch\nCOPY main.txt /\n");
  project.write("app/main.txt", "zero");
  project.write(".gitignore", "node_modules\nstate\n");
  // The packages are those of the checkout, above every job's folder: what npm ci installs is nothing, truly.
  const packages = { name: APP, version: "1.0.0" };
  project.write("package.json", JSON.stringify({ ...packages, private: true }));
  const lock = { ...packages, lockfileVersion: 3, requires: true, packages: { "": packages } };
  project.write("package-lock.json", JSON.stringify(lock));
  for (const stack of STACKS) project.write(`stacks/Pulumi.${stack}.yaml`, "config: {}\n");
  for (const stack of STACKS) await project.pulumi("stack", "init", stack);
  const settings = { registry: sandbox.registry.address, builder: sandbox.builder };
  for (const [name, value] of Object.entries(settings))
    await project.pulumi("config", "set", `delivery:${name}`, value, "--stack", "build");
}

/** `npx` and Node.js look into the folders above, too. */
function writePackages(places: string): void {
  const from = join(CHECKOUT, "node_modules");
  const to = join(places, "node_modules");
  mkdirSync(join(to, ".bin"), { recursive: true });
  for (const name of readdirSync(from).filter((each) => !each.startsWith(".")))
    symlinkSync(join(from, name), join(to, name));
  writeProgram(join(to, ".bin", "delivery"), `exec "${process.execPath}" "${MAIN}" "$@"`);
  // A stand-in for GitHub's own program: it notes what it is told.
  const note = `{ printf '%s ' "$@"; echo; case "$*" in *--body-file*) cat ;; esac; } >> "${join(places, "gh.log")}"`;
  writeProgram(join(places, "bin", "gh"), note);
}

function writeProgram(path: string, line: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}

const PERSON = { AUTHOR: "test", COMMITTER: "test" };

function bareOf(env: Readonly<Record<string, string>>, places: string): Record<string, string> {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => name !== "DELIVERY_GIT_TOKEN"));
  const who = Object.entries(PERSON).flatMap(([role, name]) => [
    [`GIT_${role}_NAME`, name],
    [`GIT_${role}_EMAIL`, `${name}@example.com`],
  ]);
  const npm = { npm_config_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
  const path = [join(places, "bin"), rest["PATH"]].join(delimiter);
  return {
    ...rest,
    ...Object.fromEntries(who),
    ...npm,
    npm_config_update_notifier: "false",
    PATH: path,
    CI: "true",
  };
}

/** Merges a pull request as a person does on GitHub. */
export async function merge(sandbox: SandboxInfo, repository: string, number: number): Promise<void> {
  const { status, body } = await callApi(sandbox.git, "PUT", `/repos/${repository}/pulls/${number}/merge`, {
    body: {},
  });
  if (status !== 200) throw new Error(`Merging ${number} was refused: ${JSON.stringify(body)}`);
}
