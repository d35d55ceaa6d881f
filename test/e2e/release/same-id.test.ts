import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../sandbox/processes/index.ts";
import { installLibrary } from "../ledger/library";

/** How many releases are made on each of the machines. */
const RELEASES = 150;

interface Content {
  /** Bytes by path. */
  readonly files: readonly (readonly [string, Uint8Array])[];
  readonly images: readonly (readonly [string, string])[];
  readonly schema: { readonly revision: number; readonly minCompatible: number } | undefined;
}

/** Names that locales order and fold in different ways, and some that a pattern could mistake for its own. */
const WORDS = [
  "a",
  "B",
  "Z",
  "ä",
  "z",
  "I",
  "ı",
  "ß",
  "10",
  "9",
  "_",
  "a b",
  "é",
  "ø",
  "文",
  "😀",
  ".hidden",
  "[x]",
  "{y}",
  "!",
];
const path = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
  .map(
    (parts) => `infra/${parts.map((part, index) => (index === 0 ? part : `${part}${index}`)).join("/")}.ts`,
  );
const content: fc.Arbitrary<Content> = fc.record({
  files: fc.uniqueArray(fc.tuple(path, fc.uint8Array({ maxLength: 40 })), {
    minLength: 1,
    maxLength: 8,
    selector: ([name]) => name,
  }),
  images: fc.uniqueArray(
    fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), fc.stringMatching(/^[0-9a-f]{64}$/)),
    { minLength: 1, maxLength: 4, selector: ([name]) => name },
  ),
  schema: fc.option(fc.record({ revision: fc.nat(99), minCompatible: fc.nat(99) }), { nil: undefined }),
});

/** A machine: where its checkout is, in which order things are written down, what it is set to. */
interface Machine {
  readonly folder: string;
  readonly turned: boolean;
  readonly registry: string;
  readonly time: number;
  readonly mode: number;
  readonly env: Readonly<Record<string, string>>;
}

const MACHINES: readonly Machine[] = [
  {
    folder: "one",
    turned: false,
    registry: "registry.example.com/acme",
    time: 0,
    mode: 0o644,
    env: { LC_ALL: "C", TZ: "UTC" },
  },
  {
    folder: "another place/with spaces/ünd mehr",
    turned: true,
    registry: "127.0.0.1:5000",
    time: 2_000_000_000,
    mode: 0o600,
    env: { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Pacific/Chatham" },
  },
  {
    folder: "third",
    turned: true,
    registry: "[::1]:5000/a",
    time: 1,
    mode: 0o755,
    env: { LC_ALL: "sv_SE.UTF-8", LANG: "sv_SE.UTF-8", TZ: "America/St_Johns" },
  },
];

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "delivery-ids-"));
  installLibrary(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function ordered<T>(list: readonly T[], { turned }: Machine): T[] {
  return turned ? [...list].reverse() : [...list];
}

/** Writes a release's sources down as that machine has them; returns what its id is made from there. */
function layOut({ files, images, schema }: Content, index: number, machine: Machine): object {
  const root = join(dir, machine.folder, String(index));
  for (const [name, bytes] of ordered(files, machine)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), bytes);
    chmodSync(join(root, name), machine.mode);
    utimesSync(join(root, name), machine.time, machine.time);
  }
  const refs = ordered(images, machine).map(([name, digest]) => [
    name,
    `${machine.registry}/${name}@sha256:${digest}`,
  ]);
  const range = schema && Object.fromEntries(ordered(Object.entries(schema), machine));
  return { root, patterns: ["infra/**"], images: Object.fromEntries(refs), schema: range };
}

async function idsOn(
  machine: Machine,
  contents: readonly Content[],
): Promise<{ ids: string[]; place: string }> {
  const releases = contents.map((one, index) => layOut(one, index, machine));
  const order = join(import.meta.dirname, "ids.mjs");
  const env = { PATH: process.env["PATH"], HOME: dir, ...machine.env };
  const cwd = join(dir, machine.folder);
  return JSON.parse(
    await run(process.execPath, [order, JSON.stringify({ library: dir, releases })], { cwd, env }),
  ) as { ids: string[]; place: string };
}

describe("the id of a release", () => {
  it("is the same from another checkout and on another machine, whatever their paths, times and languages", async () => {
    const contents = fc.sample(content, RELEASES);
    const answers = [];
    for (const machine of MACHINES) answers.push(await idsOn(machine, contents));
    expect(new Set(answers.map(({ place }) => place)).size).toBe(MACHINES.length);
    for (const { ids } of answers.slice(1)) expect(ids).toEqual(answers[0]?.ids);
  });

  it("is another one for every other content", async () => {
    const key = (one: Content): string =>
      JSON.stringify([
        one.files.map(([name, bytes]) => [name, [...bytes]]).sort(),
        [...one.images].sort(),
        one.schema,
      ]);
    const contents = [...new Map(fc.sample(content, RELEASES).map((one) => [key(one), one])).values()];
    const { ids } = await idsOn({ ...MACHINES[0]!, folder: "distinct" }, contents);
    expect(new Set(ids).size).toBe(contents.length);
  });
});
