import { generateKeyPairSync } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addApp,
  addIdentity,
  callApi,
  clearFaults,
  clearRequests,
  requests,
  setFault,
} from "../../../sandbox/git/index.ts";
import { proposalBranch } from "../../../components/ledger/publish";
import { readLedger } from "../../../components/ledger/read";
import type { GitAccess } from "../../../components/ledger/access";
import type { PublishArgs } from "../../../components/ledger/publish";
import {
  BRANCH,
  TOKEN_VARIABLE,
  argsFor,
  commitCount,
  endWorld,
  failureOf,
  filesOf,
  newDeploy,
  publishIn,
  runtimeOf,
  startWorld,
  tipOf,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => clearFaults(world.server));
afterAll(() => endWorld(world));

const PREFIX = "clusters/eu";
const files = (value: number): Record<string, string> => ({ [`${PREFIX}/a.yaml`]: `a: ${value}\n` });
const PULL_REQUEST = { host: "github" } as const;

interface Pull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly head: { readonly sha: string; readonly ref: string };
  readonly html_url: string;
}

const api = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
  (await callApi<T>(world.server, method, path, body === undefined ? {} : { body })).body;

const openPulls = (deploy: Deploy): Promise<Pull[]> =>
  api<Pull[]>("GET", `/repos/acme/${deploy.name}/pulls?state=open`);

/** A branch with one publication that takes pull requests only, and somebody who may write otherwise. */
async function guarded(
  name: string,
): Promise<{ deploy: Deploy; environment: Record<string, string | undefined> }> {
  const deploy = await newDeploy(world, name);
  await publishIn(world, argsFor(deploy, files(1)));
  await api("PUT", `/repos/acme/${name}/branches/${encodeURIComponent(BRANCH)}/protection`, {
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 0 },
    restrictions: null,
  });
  const { token } = await addIdentity(world.server, {
    login: `w-${name}`,
    access: { [`acme/${name}`]: "write" },
  });
  return { deploy, environment: { PATH: process.env["PATH"], [TOKEN_VARIABLE]: token } };
}

describe("a protected branch", () => {
  it("is an error with the server's reason when there is no other way, and stays", async () => {
    const { deploy, environment } = await guarded("protected");
    const tip = await tipOf(deploy, BRANCH);
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2)), { environment }));
    expect(error.failure).toBe("protected");
    expect(error.message).toContain("pull request");
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
  });

  it("gets one pull request with the same content, which is kept, brought up to date, and seen when it is merged", async () => {
    const { deploy, environment } = await guarded("proposed");
    const tip = await tipOf(deploy, BRANCH);
    const rest: Partial<PublishArgs> = {
      pullRequest: PULL_REQUEST,
      message: { subject: "Deploy 2", stack: "shop/prod", release: "shop-2" },
    };
    const first = await publishIn(world, argsFor(deploy, files(2), rest), { environment });
    expect(first).toMatchObject({ result: "proposed", head: tip });
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
    const side = proposalBranch(BRANCH, [PREFIX]);
    expect(await filesOf(deploy, side)).toEqual({ "clusters/eu/a.yaml": "a: 2" });
    const [pull, ...others] = await openPulls(deploy);
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: "Deploy 2",
      html_url: first.pullRequestUrl,
      head: { sha: first.commit },
    });
    expect(pull?.body).toContain("Delivery-Release: shop-2");

    expect(await publishIn(world, argsFor(deploy, files(2), rest), { environment })).toEqual(first);
    expect(await tipOf(deploy, side)).toBe(first.commit);

    const newer = { ...rest, message: { subject: "Deploy 3", stack: "shop/prod" } };
    const second = await publishIn(world, argsFor(deploy, files(3), newer), { environment });
    expect(second.pullRequestUrl).toBe(first.pullRequestUrl);
    const [updated, ...more] = await openPulls(deploy);
    expect(more).toEqual([]);
    expect(updated).toMatchObject({ title: "Deploy 3", head: { sha: second.commit } });

    await api("PUT", `/repos/acme/${deploy.name}/pulls/${updated?.number}/merge`, { merge_method: "squash" });
    const merged = await publishIn(world, argsFor(deploy, files(3), newer), { environment });
    expect(merged.result).toBe("unchanged");
    expect(merged.commit).toBe(await tipOf(deploy, BRANCH));
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 3" });
  });

  it.each(["merge", "squash"] as const)(
    "reads as one deployment at the time of its %s, with the trailers of what was proposed",
    async (method) => {
      const { deploy, environment } = await guarded(`read-${method}`);
      const args = argsFor(deploy, files(2), {
        pullRequest: PULL_REQUEST,
        message: { subject: "Deploy 2", stack: "shop/prod", release: "shop-2" },
      });
      const early = new Date("2001-01-01T00:00:00Z");
      const made = await publishIn(world, args, { environment, now: () => early });
      expect(made.result).toBe("proposed");
      const [pull] = await openPulls(deploy);
      const message = method === "squash" ? { commit_message: pull?.body } : {};
      const order = { merge_method: method, ...message };
      await api("PUT", `/repos/acme/${deploy.name}/pulls/${pull?.number}/merge`, order);
      const ledger = await readLedger(args, runtimeOf(world));
      ledger.close();
      const [merged, first, ...more] = ledger.history;
      expect([first?.subject, more]).toEqual(["Deploy", []]);
      const commit = await tipOf(deploy, BRANCH);
      expect(merged).toMatchObject({ commit, clusters: ["eu"], stack: "shop/prod", release: "shop-2" });
      expect(merged?.time.getTime()).toBeGreaterThan(early.getTime());
      expect(ledger.clusters.get("eu")?.get("a.yaml")).toBe("a: 2\n");
    },
  );

  it("whose API has had too many requests is waited for", async () => {
    const { deploy, environment } = await guarded("limited");
    await setFault(world.server, {
      kind: "rate-limit",
      limit: "secondary",
      retryAfterSeconds: 1,
      times: 1,
      path: "*/pulls*",
    });
    const made = await publishIn(world, argsFor(deploy, files(2), { pullRequest: PULL_REQUEST }), {
      environment,
    });
    expect(made.result).toBe("proposed");
    expect(await openPulls(deploy)).toHaveLength(1);
  });
});

describe("a GitHub App", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const accessOf = (app: string, installation: number): GitAccess => ({
    kind: "github-app",
    app,
    installation: String(installation),
    privateKey: { variable: "APP_KEY" },
  });
  const environment = { PATH: process.env["PATH"], APP_KEY: privateKey };

  it("publishes with a token of its installation, made for that repository", async () => {
    const deploy = await newDeploy(world, "app");
    const { installationId } = await addApp(world.server, {
      login: "delivery[bot]",
      appId: "7",
      publicKey,
      access: { "acme/app": "write" },
    });
    await clearRequests(world.server);
    const made = await publishIn(
      world,
      argsFor(deploy, files(1), { access: accessOf("7", installationId) }),
      { environment },
    );
    expect(made.result).toBe("published");
    const asked = await requests(world.server);
    expect(asked.filter(({ path }) => path.endsWith("/access_tokens"))).toHaveLength(1);
    expect(await commitCount(deploy, BRANCH)).toBe(1);
  });

  it("whose token runs out on the way gets another one", async () => {
    const deploy = await newDeploy(world, "app-renewed");
    const { installationId } = await addApp(world.server, {
      login: "renewed[bot]",
      appId: "8",
      publicKey,
      access: { "acme/app-renewed": "write" },
    });
    await setFault(world.server, {
      kind: "status",
      status: 401,
      times: 1,
      path: "*service=git-receive-pack*",
    });
    const made = await publishIn(
      world,
      argsFor(deploy, files(1), { access: accessOf("8", installationId) }),
      { environment },
    );
    expect(made.result).toBe("published");
  });

  it("that the server does not know is refused by its id, and never by its key", async () => {
    const deploy = await newDeploy(world, "app-unknown");
    const error = await failureOf(
      publishIn(world, argsFor(deploy, files(1), { access: accessOf("999", 1) }), { environment }),
    );
    expect(error.failure).toBe("authentication");
    expect(error.message).not.toContain(privateKey.split("\n")[3]);
    const noKey = { ...environment, APP_KEY: "canary-no-key" };
    const other = await failureOf(
      publishIn(world, argsFor(deploy, files(1), { access: accessOf("999", 1) }), { environment: noKey }),
    );
    expect(other.message).toContain("is no PEM key");
    expect(other.message).not.toContain("canary");
  });
});
