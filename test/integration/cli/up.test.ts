import { join } from "node:path";
import { chmodSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Release } from "../../../components/release";
import { openWorld } from "./engine";
import type { World } from "./engine";

// There is no server here; test/e2e/cli has one.
vi.mock("../../../components/ledger/read/ledger", async () => {
  const { fakeReadLedger } = await import("./ledger");
  return { readLedger: fakeReadLedger };
});

let world: World;
const releases: Release[] = [];
beforeAll(async () => {
  world = openWorld(undefined, true);
  for (const size of [1, 2, 3, 4, 5]) releases.push(world.buildToDev("x".repeat(size)));
  // Production takes the first, and then all the others at once.
  for (const index of [0, 4]) {
    await world.run("promote", "prod", "--release", releases[index]!.id, "--up");
    world.commit();
  }
});
afterAll(() => world.close());

const id = (number: number): string => releases[number - 1]!.id;

describe("delivery up", () => {
  it("delivers what the file says, and names what it was", async () => {
    const { code, stdout, stderr } = await world.run("up", "prod");
    expect([code, stdout]).toEqual([0, "prod: 1 updated\n"]);
    expect(stderr).toContain("✓ wave rest passed");
    expect(world.running()).toMatchObject({ "eu-1": id(5), "us-1": id(5) });
  });

  it("leaves things as they are when it fails, unless it is told otherwise", async () => {
    world.breakOn({ "us-1": [id(5)] });
    const { code, stderr, stdout } = await world.run("up", "prod");
    expect([code, stdout]).toEqual([1, expect.stringContaining("us-1 cannot run")]);
    expect(stdout).toMatch(
      /Go on from there: delivery up prod; or go back to .*: delivery rollback prod --up\n$/,
    );
    expect(stderr).toContain("✗");
    expect(world.config("prod")["delivery:pins"]).toBeUndefined();
  });

  it("brings the wave that failed back, and leaves the one that passed: --on-failure revert-wave", async () => {
    const { code, stdout } = await world.run("up", "prod", "--on-failure", "revert-wave");
    expect([code, stdout]).toEqual([1, expect.stringContaining(`prod: us-1 is back at ${id(1)}, and held`)]);
    expect(world.running()).toMatchObject({ "eu-1": id(5), "us-1": id(1) });
    const {
      "delivery:pins": pins,
      "delivery:release": release,
      "delivery:hold": hold,
    } = world.config("prod");
    expect([pins, release]).toEqual([{ "us-1": releases[0] }, releases[4]]);
    expect(hold).toMatchObject({ reason: `reverted: ${id(5)} failed` });
    await world.run("hold", "prod", "--lift");
    await world.run("hold", "prod", "--cluster", "us-1", "--lift");
    expect(world.config("prod")["delivery:pins"]).toBeUndefined();
  });

  it("brings all of it back: --on-failure revert-all", async () => {
    const { code, stdout } = await world.run("up", "prod", "--on-failure", "revert-all");
    expect([code, stdout]).toEqual([1, expect.stringContaining(`prod is back at ${id(1)}, and held`)]);
    expect(world.running()).toMatchObject({ "eu-1": id(1), "us-1": id(1) });
    expect(world.config("prod")["delivery:release"]).toEqual(releases[0]);
    world.breakOn({});
    await world.run("hold", "prod", "--lift");
    await world.run("promote", "prod", "--up");
  });
});

describe("an engine that does not begin", () => {
  afterEach(() => world.refuse());

  it("is told in its own words alone, with what to do about a stack that is not there: code 2", async () => {
    world.refuse("stack", "error: no stack named 'prod' found");
    const { code, stdout, stderr } = await world.run("up", "prod");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.split("\n").slice(1)).toEqual([
      "Delivering the stack prod:",
      "  - there is no such stack yet; make it with: pulumi stack init prod",
      "",
    ]);
  });

  it("is told in its own words alone when it wants a passphrase, before and after it has found the stack", async () => {
    const words =
      "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables";
    world.refuse("stack", `error: getting secrets manager: ${words}`);
    const before = await world.run("up", "prod");
    expect([before.code, before.stderr]).toEqual([
      2,
      expect.stringMatching(/^Delivering the stack prod:\n  - getting secrets manager: passphrase .*\n$/m),
    ]);
    world.refuse("up", `error: getting secrets manager: ${words}`);
    const after = await world.run("up", "prod");
    expect([after.code, after.stdout]).toEqual([
      1,
      `prod: the update failed:\n  - getting secrets manager: ${words}\n`,
    ]);
  });

  it("since the stack is locked says how that is ended where nobody else is at it", async () => {
    const words =
      "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.";
    world.refuse("up", `error: ${words}`);
    const { code, stdout } = await world.run("up", "prod");
    expect([code, stdout]).toEqual([
      1,
      `prod: the update failed:\n  - ${words}\n    If no other update of it is running, as after one that was killed: pulumi cancel --stack prod\n`,
    ]);
  });

  it("takes nothing back, whatever is to become of a failure: another update may have locked the stack", async () => {
    world.refuse("up", "error: the stack is currently locked by 1 lock(s).");
    const before = [world.config("prod"), world.running()];
    for (const how of ["revert-all", "revert-wave"]) {
      const { code, stdout } = await world.run("up", "prod", "--on-failure", how);
      expect([code, stdout]).toEqual([1, expect.stringContaining("so nothing is taken back.\n")]);
      expect([world.config("prod"), world.running()]).toEqual(before);
    }
  });

  it("is missed by its name: code 2", async () => {
    const { PATH } = process.env;
    process.env["PATH"] = "/nowhere";
    const { code, stderr } = await world.run("up", "prod");
    process.env["PATH"] = PATH;
    expect([code, stderr]).toEqual([2, expect.stringContaining("  - pulumi is not on the PATH; install it")]);
  });
});

describe("delivery up agents", () => {
  it("says what to do when no environment is left to an agent, and runs nothing", async () => {
    const { code, stderr } = await world.run("up", "agents");
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("no environment of the pipeline is left to an agent"),
    ]);
  });
});

describe("delivery rollback --cluster", () => {
  it("pins one cluster to what has succeeded before, and leaves the others and the hold alone", async () => {
    const { code, stdout } = await world.run("rollback", "prod", "--cluster", "us-1", "--up");
    expect(code).toBe(0);
    expect(stdout).toBe("prod: 1 updated\n");
    expect(world.running()).toMatchObject({ "eu-1": id(5), "us-1": id(1) });
    expect(world.config("prod")["delivery:pins"]).toEqual({ "us-1": releases[0] });
    expect(world.config("prod")["delivery:hold"]).toBeUndefined();
  });

  it("lets it come again when the pin is lifted", async () => {
    const lifted = await world.run("hold", "prod", "--cluster", "us-1", "--lift");
    expect([lifted.code, lifted.stdout]).toEqual([
      0,
      expect.stringContaining("us-1 of prod: no longer pinned"),
    ]);
    await world.run("up", "prod");
    expect(world.running()).toMatchObject({ "us-1": id(5) });
    expect((await world.run("hold", "prod", "--cluster", "us-1", "--lift")).stdout).toContain("not pinned");
  });

  it("takes another release that is named, and refuses a cluster that the environment does not have", async () => {
    await world.run("rollback", "prod", "--cluster", "eu-1", "--to", id(1));
    expect(world.config("prod")["delivery:pins"]).toEqual({ "eu-1": releases[0] });
    const wrong = await world.run("rollback", "prod", "--cluster", "us-9");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("give one of eu-1, us-1")]);
    expect((await world.run("rollback", "prod", "--cluster", "eu-1", "--reason", "x")).code).toBe(2);
    await world.run("hold", "prod", "--cluster", "eu-1", "--lift");
  });
});

describe("delivery bisect", () => {
  it("says first what to do when the environment still is to run the bad one, which the hold of the way back keeps away", async () => {
    const { code, stderr } = await world.run("bisect", "prod", "--bad", id(5));
    expect([code, stderr]).toEqual([2, expect.stringContaining("delivery rollback prod --up")]);
    await world.run("rollback", "prod", "--to", id(1), "--reason", "INC-231", "--up");
    const again = await world.run("promote", "prod");
    expect([again.code, again.stdout]).toEqual([3, expect.stringContaining("INC-231; lift the hold first")]);
  });

  it("lists the releases in question", async () => {
    const { stdout } = await world.run("bisect", "prod", "--plan", "--json");
    const batch = { good: id(1), releases: [id(2), id(3), id(4), id(5)], cluster: "eu-1", tries: 2 };
    expect(JSON.parse(stdout)).toEqual(batch);
  });

  it("finds the first bad one on the canary, touches no other cluster, and brings the canary back", async () => {
    world.breakOn({ "eu-1": [id(3), id(4), id(5)] });
    const { code, stdout } = await world.run("bisect", "prod", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ bad: id(3), before: id(2), cluster: "eu-1", isBack: true, suspects: [] },
      tried: [
        { release: id(3), outcome: "bad" },
        { release: id(2), outcome: "good" },
      ],
      changes: [{ subject: "change", files: ["app/main.txt"] }],
    });
    expect(world.running()).toMatchObject({ "eu-1": id(1), "us-1": id(1) });
    expect(world.config("prod")["delivery:pins"]).toBeUndefined();
  });

  it("lets a program of the user have the last word", async () => {
    world.breakOn({});
    world.write(
      "bin/smoke",
      `#!/bin/sh\n[ "$DELIVERY_CLUSTER" = us-1 ] && [ "$DELIVERY_RELEASE" != ${id(4)} ]\n`,
    );
    chmodSync(join(world.root, "bin/smoke"), 0o755);
    const { stdout } = await world.run(
      "bisect",
      "prod",
      "--cluster",
      "us-1",
      "--test",
      "bin/smoke",
      "--json",
    );
    expect(JSON.parse(stdout)).toMatchObject({ bad: id(4), before: id(3), isBack: true });
    const none = await world.run("bisect", "prod", "--test", "bin/nothing");
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("cannot be run: ENOENT")]);
    expect(world.config("prod")["delivery:pins"]).toBeUndefined();
  });
});
