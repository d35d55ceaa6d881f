import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLedger } from "../../../components/ledger/read";
import type { Ledger } from "../../../components/ledger/read";
import {
  BRANCH,
  argsFor,
  cloneAs,
  endWorld,
  failureOf,
  leftovers,
  newDeploy,
  publishIn,
  runtimeOf,
  startWorld,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";
import { clearRequests, requests } from "../../../sandbox/git/index.ts";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => endWorld(world));

const read = (deploy: Deploy, branch = BRANCH): Promise<Ledger> => {
  const { repository, access } = argsFor(deploy, { "a/b/c": "" });
  return readLedger({ repository, branch, ...(access === undefined ? {} : { access }) }, runtimeOf(world));
};

const SOURCE = "a".repeat(40);
const release = (
  id: string,
  subject = `Deploy ${id}`,
): { message: Record<"subject" | "stack" | "release" | "contentHash" | "sourceCommit", string> } => ({
  message: { subject, stack: "shop/prod", release: id, contentHash: `hash-of-${id}`, sourceCommit: SOURCE },
});

describe("a ledger", () => {
  it("tells what each cluster runs, its history with trailers, and the bytes of any earlier deployment", async () => {
    const deploy = await newDeploy(world, "read");
    const text = 'größe: "x"\r\n\u2028 # end';
    const first = await publishIn(
      world,
      argsFor(deploy, { "clusters/eu/web.yaml": text, "clusters/us/web.yaml": "a: 1\n" }, release("shop-1")),
    );
    const second = await publishIn(
      world,
      argsFor(deploy, { "clusters/eu/web.yaml": "a: 2\n" }, release("shop-2", "Größe: 2")),
    );
    await clearRequests(world.server);
    const ledger = await read(deploy);
    expect((await requests(world.server)).filter(({ method }) => method === "POST")).toHaveLength(2);
    expect(ledger.tip).toMatchObject({ commit: second.commit, release: "shop-2", subject: "Größe: 2" });
    expect(ledger.clusters).toEqual(
      new Map([
        ["eu", new Map([["web.yaml", "a: 2\n"]])],
        ["us", new Map([["web.yaml", "a: 1\n"]])],
      ]),
    );
    expect(ledger.history.map(({ commit }) => commit)).toEqual([second.commit, first.commit]);
    expect(ledger.history[1]).toMatchObject({
      tree: first.tree,
      author: "pulumi-delivery",
      stack: "shop/prod",
      contentHash: "hash-of-shop-1",
      sourceCommit: SOURCE,
      clusters: ["eu", "us"],
    });
    expect(ledger.history[0]?.clusters).toEqual(["eu"]);
    expect((await ledger.at(first.commit)).get("eu")?.get("web.yaml")).toBe(text);
    const error = await failureOf(ledger.at("f".repeat(40)));
    expect(error.failure).toBe("not-found");
    ledger.close();
    expect(leftovers()).toEqual([]);
  });

  it("shows edits by hand as what they are: no release, somebody's name", async () => {
    const deploy = await newDeploy(world, "read-hand");
    await publishIn(world, argsFor(deploy, { "clusters/eu/a.yaml": "a: 1\n" }, release("shop-1")));
    const person = await cloneAs(world, deploy, BRANCH, "Ann Example");
    writeFileSync(join(person.cwd, "clusters/eu/a.yaml"), "a: 2\n");
    await person.run("commit", "--quiet", "-am", "Hot fix");
    await person.run("push", "--quiet");
    const ledger = await read(deploy);
    expect(ledger.tip).toMatchObject({
      author: "Ann Example",
      subject: "Hot fix",
      release: undefined,
      clusters: ["eu"],
    });
    expect(ledger.history[1]?.release).toBe("shop-1");
    ledger.close();
  });

  it("is empty where nothing was published, and says so where there is no repository", async () => {
    const deploy = await newDeploy(world, "read-empty");
    const ledger = await read(deploy);
    expect(ledger).toMatchObject({ tip: undefined, history: [], clusters: new Map() });
    ledger.close();
    const error = await failureOf(
      read({ ...deploy, repository: deploy.repository.replace("read-empty", "none") }),
    );
    expect(error.failure).toBe("not-found");
    expect(leftovers()).toEqual([]);
  });
});
