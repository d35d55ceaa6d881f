import { createHash } from "node:crypto";
import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { memoryFinding, timed, timeFinding } from "../runner/index.ts";
import { filesOf } from "../workloads/publish/content.ts";
import { PublishWorld } from "../workloads/publish/world.ts";
import type { Publisher } from "../workloads/publish/world.ts";
import type { PublishSettings } from "../workloads/publish/content.ts";

/** One publication of many files. */
const LARGE = { stacks: 1, rounds: 1, files: 1500, branches: "one" } as const;
/** Many publishers of one repository at once, five objects each, as the ledger has them: a branch for each stack. */
const RACE = { stacks: 16, rounds: 3, files: 5, branches: "each" } as const;
const QUICK = { large: { ...LARGE, files: 50 }, race: { ...RACE, stacks: 4, rounds: 1 } };
/** Rounds of what takes many seconds each. */
const SLOW_RUNS = 3;

const row: Row = {
  id: "B6",
  title: "Git publish: many files in one commit, many stacks racing, nothing to do",
  async run(bench) {
    const { large, race } = bench.quick ? QUICK : { large: LARGE, race: RACE };
    const version = (await timed("git", ["--version"])).stdout.split(" ").at(-1)?.trim() ?? "unknown";
    const world = await PublishWorld.start(bench.dir);
    try {
      const findings = [
        ...(await manyFiles(bench, world, large)),
        ...(await racing(bench, world, race)),
        ...(await racing(bench, world, { ...race, branches: "one" })),
        ...(await unchanged(world, large)),
      ];
      return findings.map((finding) => ({ ...finding, versions: { git: version } }));
    } finally {
      await world.stop();
    }
  },
};
export default row;

type Size = Pick<PublishSettings, "stacks" | "rounds" | "files" | "branches">;

async function manyFiles(bench: Bench, world: PublishWorld, size: Size): Promise<Finding[]> {
  const peer = "a commit for each file";
  const counts = new Map<Publisher, number>();
  for (const who of ["ours", peer] as const) counts.set(who, await checked(world, who, size));
  bench.say(`${size.files} files at both tips; commits: ${[...counts.values()].join(" and ")}`);
  const contestants = (["ours", peer] as const).map((who) => publishing(world, who, size));
  const comparison = await bench.compare(contestants, { runs: SLOW_RUNS, warm: false });
  const metric = `publish ${size.files} changed files`;
  return [
    timeFinding(comparison, { metric, ours: "ours", peer }),
    memoryFinding(comparison, { metric: `memory, ${metric}`, ours: "ours", peer }),
    exactly(
      `commits of ${size.files} changed files`,
      { ours: counts.get("ours")!, peer: counts.get(peer)!, peerName: peer },
      1,
    ),
  ];
}

async function racing(bench: Bench, world: PublishWorld, size: Size): Promise<Finding[]> {
  const peer = "retry loop";
  const publications = size.stacks * size.rounds;
  const made = { ours: await checked(world, "ours", size), peer: await checked(world, peer, size) };
  bench.say(`${publications} publications by ${size.stacks} stacks; commits: ${made.ours} and ${made.peer}`);
  const contestants = (["ours", peer] as const).map((who) => publishing(world, who, size));
  const comparison = await bench.compare(contestants, { runs: bench.quick ? 2 : SLOW_RUNS, warm: false });
  const where = size.branches === "each" ? "for one repository" : "for one branch";
  const target = { of: "faster", is: "at least", value: 6 } as const;
  const counts = { ours: made.ours / publications, peer: made.peer / publications, peerName: peer };
  return [
    timeFinding(comparison, {
      metric: `${size.stacks} stacks racing ${where}, ${size.rounds} times each`,
      ours: "ours",
      peer,
      ...(size.branches === "each" ? { target } : {}),
    }),
    exactly(`commits of a changed stack in a race ${where}`, counts, 1),
  ];
}

/** Publishes what is there already. */
async function unchanged(world: PublishWorld, size: Size): Promise<Finding[]> {
  const seed = "again";
  await world.publish("ours", size, seed);
  const before = await world.commits("ours");
  const { results } = await world.publish<{ results: string[] }>("ours", size, seed);
  if (results.some((result) => result !== "unchanged")) throw new Error(`it said ${results.join(", ")}`);
  const ours = (await world.commits("ours")) - before;
  return [exactly("commits when nothing has changed", { ours, peer: 0, peerName: "nothing to do" }, 0)];
}

/** Publishes once into a new repository, and looks whether everything arrived. Returns how many commits that made. */
async function checked(world: PublishWorld, who: Publisher, size: Size): Promise<number> {
  await world.reset(who);
  const before = await world.commits(who);
  const seed = `check of ${who}`;
  await world.publish(who, size, seed);
  const there = await world.files(who);
  const stacks = Array.from({ length: size.stacks }, (_, stack) => stack);
  const wanted = stacks.flatMap((stack) =>
    Object.entries(filesOf({ ...size, seed }, stack, size.rounds - 1)),
  );
  const lost = wanted.filter(([path, text]) => there.get(path) !== objectId(text));
  if (lost.length > 0) throw new Error(`${who} lost ${lost.length} files, ${lost[0]![0]} among them`);
  return (await world.commits(who)) - before;
}

/** The id that Git gives a file by its content. */
function objectId(text: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");
}

const publishing = (world: PublishWorld, who: Publisher, size: Size): Contestant => {
  return { name: who, run: () => world.publish(who, size) };
};

function exactly(
  metric: string,
  figures: Pick<Finding, "ours" | "peer" | "peerName">,
  value: number,
): Finding {
  return { metric, unit: "commits", ...figures, target: { of: "ours", is: "exactly", value } };
}
