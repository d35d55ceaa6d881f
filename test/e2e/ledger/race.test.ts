import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installLibrary } from "./library";
import {
  BRANCH,
  commitCount,
  endWorld,
  filesOf,
  git,
  newDeploy,
  publishIn,
  argsFor,
  startWorld,
} from "./support";
import type { LedgerWorld } from "./support";
import { startWriter } from "./writers";

const FULL = process.env["DELIVERY_FULL_COUNTS"] === "1";
const WRITERS = 16;
/** The full count takes some minutes on two cores. */
const ROUNDS = FULL ? 50 : 2;

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
  installLibrary(world.dir);
});
afterAll(() => endWorld(world));

/** Commits with the stack that made them and the folders that they touched. */
async function changes(deploy: {
  bare: string;
}): Promise<{ stack: string; parents: number; folders: string[] }[]> {
  const format = "--format=%x01%P%x02%(trailers:key=Delivery-Stack,valueonly)%x02";
  const said = await git(deploy, "log", format, "--name-only", BRANCH);
  return said
    .split("\x01")
    .slice(1)
    .map((record) => {
      const [parents = "", stack = "", names = ""] = record.split("\x02");
      const folders = names
        .split("\n")
        .filter(Boolean)
        .map((path) => path.split("/").slice(0, 2).join("/"));
      return {
        stack: stack.trim(),
        parents: parents.split(" ").filter(Boolean).length,
        folders: [...new Set(folders)],
      };
    });
}

describe(`${WRITERS} writers on one branch`, () => {
  it(
    `publish ${ROUNDS} times each: nothing is lost, nothing foreign is changed, history is a line`,
    { timeout: 3_600_000 },
    async () => {
      const deploy = await newDeploy(world, "race");
      await publishIn(world, argsFor(deploy, { "clusters/foreign/a.yaml": "a: 1\n" }));
      const began = performance.now();
      const names = Array.from({ length: WRITERS }, (_, index) => `clusters/writer-${index}`);
      const writers = names.map((prefix) => startWriter(world, deploy, { prefix, rounds: ROUNDS }));
      const ends = await Promise.all(writers.map(({ ended }) => ended));
      const seconds = (performance.now() - began) / 1000;
      expect(ends.filter(({ code }) => code !== 0).map(({ said }) => said)).toEqual([]);

      const made = (await changes(deploy)).slice(0, -1);
      expect(made).toHaveLength(WRITERS * ROUNDS);
      expect(made.filter(({ parents }) => parents !== 1)).toEqual([]);
      expect(made.filter(({ stack, folders }) => folders.join() !== stack.replace("writers/", ""))).toEqual(
        [],
      );
      for (const prefix of names) {
        expect(made.filter(({ stack }) => stack === `writers/${prefix}`)).toHaveLength(ROUNDS);
      }
      const last = ROUNDS % 2 === 0 ? "even" : "odd";
      const wanted = names.flatMap((prefix) => [
        [`${prefix}/app.yaml`, `round: ${ROUNDS}\nwriter: ${prefix}`],
        [`${prefix}/${last}.yaml`, "x: 1"],
      ]);
      expect(await filesOf(deploy, BRANCH)).toEqual({
        "clusters/foreign/a.yaml": "a: 1",
        ...Object.fromEntries(wanted),
      });
      console.log(
        `race: ${made.length} publications of ${WRITERS} writers in ${seconds.toFixed(1)} s, 0 lost`,
      );
    },
  );

  it("of one folder end with the input of one of them, whole", { timeout: 600_000 }, async () => {
    const trials = FULL ? 50 : 3;
    const deploy = await newDeploy(world, "whole");
    const inputs = ["a", "b"].map((name) =>
      Object.fromEntries(["1", "2", "3"].map((file) => [`clusters/eu/${file}.yaml`, `from: ${name}\n`])),
    );
    for (let trial = 0; trial < trials; trial++) {
      const stack = { subject: `trial ${trial}`, stack: "shop/prod" };
      await Promise.all(inputs.map((files) => publishIn(world, argsFor(deploy, files, { message: stack }))));
      const texts = new Set(Object.values(await filesOf(deploy, BRANCH)));
      expect(texts.size).toBe(1);
    }
    expect(await commitCount(deploy, BRANCH)).toBeGreaterThan(1);
  });
});
