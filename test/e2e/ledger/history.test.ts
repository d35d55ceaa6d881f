import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withdraw } from "../../../components/ledger/publish";
import {
  BRANCH,
  argsFor,
  cloneAs,
  commitCount,
  endWorld,
  failureOf,
  filesOf,
  git,
  newDeploy,
  publishIn,
  runtimeOf,
  startWorld,
  tipOf,
} from "./support";
import type { Deploy, LedgerWorld, Person } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => endWorld(world));

const files = (value: number): Record<string, string> => ({ "clusters/eu/a.yaml": `a: ${value}\n` });
const US = { "clusters/us/a.yaml": "a: 1\n" };

async function edit(person: Person, path: string, text: string, message = "By hand"): Promise<void> {
  mkdirSync(join(person.cwd, path, ".."), { recursive: true });
  writeFileSync(join(person.cwd, path), text);
  await person.run("add", "--", path);
  await person.run("commit", "--quiet", "-m", message);
}

/** Somebody else's commits after one's own. */
async function pushedBy(deploy: Deploy, count: number): Promise<void> {
  const person = await cloneAs(world, deploy, BRANCH);
  for (let index = 0; index < count; index++) await edit(person, "elsewhere.yaml", `${index}\n`);
  await person.run("push", "--quiet");
}

describe("history that others go on with", () => {
  it("is built upon, however many commits they made since", async () => {
    const deploy = await newDeploy(world, "deep");
    const known = await publishIn(world, argsFor(deploy, files(1)));
    await pushedBy(deploy, 60);
    const made = await publishIn(world, argsFor(deploy, files(2), { known }));
    expect(made.result).toBe("published");
    expect(await commitCount(deploy, BRANCH)).toBe(62);
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 2", "elsewhere.yaml": "59" });
  });
});

describe("history that was rewritten", () => {
  async function rewrite(
    name: string,
  ): Promise<{ deploy: Deploy; known: Awaited<ReturnType<typeof publishIn>> }> {
    const deploy = await newDeploy(world, name);
    await publishIn(world, argsFor(deploy, files(1)));
    const known = await publishIn(world, argsFor(deploy, files(2)));
    const person = await cloneAs(world, deploy, BRANCH);
    await person.run("reset", "--quiet", "--hard", "HEAD~1");
    await edit(person, "other.yaml", "x: 1\n");
    await person.run("push", "--quiet", "--force");
    return { deploy, known };
  }

  it("is refused with both heads named, and left as it is", async () => {
    const { deploy, known } = await rewrite("rewritten");
    const tip = await tipOf(deploy, BRANCH);
    const error = await failureOf(publishIn(world, argsFor(deploy, files(3), { known })));
    expect(error.failure).toBe("rewritten");
    expect(error.message).toContain(known.head);
    expect(error.message).toContain(tip);
    expect(error.message).toContain('allow: ["rewrite"]');
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
  });

  it("is gone on with when that is allowed", async () => {
    const { deploy, known } = await rewrite("rewrite-allowed");
    await publishIn(world, argsFor(deploy, files(3), { known, allow: ["rewrite"] }));
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 3", "other.yaml": "x: 1" });
  });

  it("is refused when the whole branch is gone", async () => {
    const deploy = await newDeploy(world, "gone");
    const known = await publishIn(world, argsFor(deploy, files(1)));
    await git(deploy, "update-ref", "-d", `refs/heads/${BRANCH}`);
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2), { known })));
    expect(error.failure).toBe("rewritten");
    expect(error.message).toContain("is gone");
    await publishIn(world, argsFor(deploy, files(2), { known, allow: ["rewrite"] }));
    expect(await commitCount(deploy, BRANCH)).toBe(1);
  });

  it("is noticed in the middle of a publication, too", async () => {
    const deploy = await newDeploy(world, "mid");
    await publishIn(world, argsFor(deploy, files(1)));
    await publishIn(world, argsFor(deploy, files(2)));
    const back = await git(deploy, "rev-parse", `${BRANCH}~1`);
    let moved = false;
    const error = await failureOf(
      publishIn(world, argsFor(deploy, files(3)), {
        onStep: (step) => {
          if (step !== "committed" || moved) return;
          moved = true;
          // Synchronous, so that it is done before the push begins.
          writeFileSync(join(deploy.bare, "refs/heads", BRANCH), `${back}\n`);
        },
      }),
    );
    expect(moved).toBe(true);
    expect(error.failure).toBe("rewritten");
    expect(await tipOf(deploy, BRANCH)).toBe(back);
  });
});

describe("folders that another stack publishes to", () => {
  it("are refused with its name, until they are taken over", async () => {
    const deploy = await newDeploy(world, "two-stacks");
    await publishIn(world, argsFor(deploy, files(1), { message: { subject: "x", stack: "shop/staging" } }));
    await pushedBy(deploy, 60);
    const tip = await tipOf(deploy, BRANCH);
    const error = await failureOf(publishIn(world, argsFor(deploy, files(2))));
    expect(error.failure).toBe("foreign");
    expect(error.message).toContain('"shop/staging"');
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
    await publishIn(world, argsFor(deploy, files(2), { allow: ["foreign"] }));
    expect((await filesOf(deploy, BRANCH))["clusters/eu/a.yaml"]).toBe("a: 2");
  });

  it("are refused when the other one owns a folder above them", async () => {
    const deploy = await newDeploy(world, "above");
    const stack = { subject: "x", stack: "shop/staging" };
    await publishIn(world, argsFor(deploy, files(1), { prefixes: ["clusters"], message: stack }));
    expect((await failureOf(publishIn(world, argsFor(deploy, files(2))))).failure).toBe("foreign");
  });

  it("and were edited by hand are replaced, as the next render would", async () => {
    const deploy = await newDeploy(world, "by-hand");
    const known = await publishIn(world, argsFor(deploy, files(1)));
    const person = await cloneAs(world, deploy, BRANCH);
    await edit(person, "clusters/eu/a.yaml", "a: 9\n");
    await person.run("push", "--quiet");
    await publishIn(world, argsFor(deploy, files(1), { known }));
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 1" });
  });
});

describe("a link in the way", () => {
  it.each(["clusters", "clusters/eu"])("at %s is refused and stays", async (path) => {
    const deploy = await newDeploy(world, `link-${path.replace("/", "-")}`);
    await publishIn(world, argsFor(deploy, { "base/x/a.yaml": "a\n" }, { prefixes: ["base/x"] }));
    const person = await cloneAs(world, deploy, BRANCH);
    mkdirSync(join(person.cwd, path, ".."), { recursive: true });
    symlinkSync("../base", join(person.cwd, path));
    await person.run("add", "-A");
    await person.run("commit", "--quiet", "-m", "link");
    await person.run("push", "--quiet");
    const tip = await tipOf(deploy, BRANCH);
    const error = await failureOf(publishIn(world, argsFor(deploy, files(1))));
    expect(error.message).toContain("not a folder");
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
    rmSync(person.cwd, { recursive: true });
  });
});

describe("most of the files gone", () => {
  const many = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`clusters/eu/${index}.yaml`, "a\n"]));

  it("is refused without consent, and half of them is not", async () => {
    const deploy = await newDeploy(world, "removals");
    await publishIn(world, argsFor(deploy, many(10)));
    const error = await failureOf(publishIn(world, argsFor(deploy, many(4))));
    expect(error.failure).toBe("removals");
    expect(error.message).toContain("6 of 10 files would be removed");
    await publishIn(world, argsFor(deploy, many(5)));
    await publishIn(world, argsFor(deploy, many(1), { allow: ["removals"] }));
    expect(Object.keys(await filesOf(deploy, BRANCH))).toHaveLength(1);
  });
});

describe("a removal", () => {
  it("takes the owned folders away as one commit and leaves the others", async () => {
    const deploy = await newDeploy(world, "withdraw");
    const known = await publishIn(world, argsFor(deploy, { ...files(1), ...US }));
    const args = argsFor(deploy, files(1), { known });
    await withdraw(args, runtimeOf(world));
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/us/a.yaml": "a: 1" });
    expect(await commitCount(deploy, BRANCH)).toBe(2);
    await withdraw(args, runtimeOf(world));
    expect(await commitCount(deploy, BRANCH)).toBe(2);
  });

  it("of the last folder leaves an empty commit, and of a branch that is not there nothing", async () => {
    const deploy = await newDeploy(world, "withdraw-all");
    await withdraw(argsFor(deploy, files(1)), runtimeOf(world));
    expect(await git(deploy, "for-each-ref")).toBe("");
    const known = await publishIn(world, argsFor(deploy, files(1)));
    await withdraw(argsFor(deploy, files(1), { known }), runtimeOf(world));
    expect(await filesOf(deploy, BRANCH)).toEqual({});
  });

  it("leaves a folder that another stack has published to since", async () => {
    const deploy = await newDeploy(world, "withdraw-foreign");
    const known = await publishIn(world, argsFor(deploy, { ...files(1), ...US }));
    const other = { subject: "x", stack: "shop/other" };
    await publishIn(world, argsFor(deploy, files(2), { message: other, allow: ["foreign"] }));
    await withdraw(argsFor(deploy, { ...files(1), ...US }, { known }), runtimeOf(world));
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 2" });
  });

  it("of folders by the one publication that also retires them is one commit", async () => {
    const deploy = await newDeploy(world, "retired");
    await publishIn(world, argsFor(deploy, { ...files(1), ...US }));
    await publishIn(world, argsFor(deploy, files(2), { retired: ["clusters/us"] }));
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 2" });
    expect(await commitCount(deploy, BRANCH)).toBe(2);
  });
});
