import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseYaml, toYaml } from "../../../components/manifests/yaml";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import type { Tools } from "../../../sandbox/toolchain/index.ts";
import { TRICKY_STRINGS } from "../../unit/manifests/tricky-strings";

const GENERATED = 10_000;

let tools: Tools<"kubectl" | "helm">;
let dir: string;
beforeAll(async () => {
  tools = await ensureTools(["kubectl", "helm"]);
  dir = mkdtempSync(join(tmpdir(), "yaml-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** No server and no settings of the user. */
const env = (): Record<string, string> => ({
  HOME: dir,
  PATH: "/usr/bin:/bin",
  KUBECONFIG: join(dir, "none"),
});

/** The object in a file as kubectl reads it, with an annotation that the command has to add. */
async function throughKubectl(text: string): Promise<Record<string, unknown>> {
  const file = join(dir, "object.yaml");
  writeFileSync(file, text);
  const args = ["annotate", "--local", "--output=json", `--filename=${file}`, "read=yes"];
  return JSON.parse(await run(tools.kubectl, args, { env: env() })) as Record<string, unknown>;
}

/** The values in a file as helm reads them. */
async function throughHelm(text: string): Promise<unknown> {
  const chart = join(dir, "chart");
  mkdirSync(join(chart, "templates"), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), toYaml([{ apiVersion: "v2", name: "echo", version: "1.0.0" }]));
  writeFileSync(join(chart, "templates", "echo.yaml"), "value: {{ .Values.value | toJson | quote }}\n");
  writeFileSync(join(dir, "values.yaml"), text);
  const printed = await run(tools.helm, ["template", "x", chart, "--values", join(dir, "values.yaml")], {
    env: env(),
  });
  return JSON.parse((parseYaml(printed, { origin: "helm" })[0] as { value: string }).value) as unknown;
}

const object = (value: unknown): Record<string, unknown> => ({
  apiVersion: "example.com/v1",
  kind: "Echo",
  metadata: { name: "echo" },
  value,
});

const tricky = TRICKY_STRINGS.map(([, text]) => text);
const generated = (): string[] => {
  const pieces = fc.constantFrom(
    ..." \t\n\r:#-?,[]{}&*!|>'\"%@`yn0189.eE+~=<_/\\\u0085\u00a0\u2028\ufeff\u{1f680}",
    "\n  ",
    ": ",
    " #",
    "---",
    "{{",
    "}}",
    "null",
    "0x",
  );
  const text = fc.oneof(
    fc.string({ unit: pieces, maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.string({ maxLength: 12 }),
  );
  return fc.sample(text, GENERATED);
};
const asKeys = (texts: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(texts.map((text) => [text, [text, { [text]: text }]]));

describe("YAML of ours, read by others", () => {
  it("comes back unchanged through kubectl: the tricky texts, as values, in lists and as keys", async () => {
    const { value } = await throughKubectl(toYaml([object({ texts: tricky, keys: asKeys(tricky) })]));
    expect(value).toEqual({ texts: tricky, keys: asKeys(tricky) });
  });

  it("comes back unchanged through helm: the tricky texts, as values, in lists and as keys", async () => {
    const value = { texts: tricky, keys: asKeys(tricky) };
    expect(await throughHelm(toYaml([{ value }]))).toEqual(value);
  });

  it(`comes back unchanged through kubectl and helm: ${GENERATED} generated texts`, async () => {
    const texts = generated();
    const value = { texts, keys: asKeys(texts) };
    expect((await throughKubectl(toYaml([object(value)]))).value).toEqual(value);
    expect(await throughHelm(toYaml([{ value }]))).toEqual(value);
  });

  it("comes back unchanged through kubectl: numbers and nesting", async () => {
    const value = {
      numbers: [0, -1, 1.5, 1e21, 1e-7, 2 ** 53, 5e-324, 1.7976931348623157e308],
      nested: [[[], {}], [[1]]],
    };
    expect((await throughKubectl(toYaml([object(value)]))).value).toEqual(value);
  });
});

describe("YAML of others, read by us", () => {
  const words = fc.oneof(
    fc.stringMatching(/^[-+]?[0-9._eExXoObBaAfF]{1,6}$/),
    fc.constantFrom(
      "yes",
      "No",
      "y",
      "N",
      "on",
      "OFF",
      "~",
      "null",
      "NULL",
      "True",
      "1:30",
      "2020-01-01",
      "+1",
      "-0x1f",
      "0o17",
      "0b101",
      "09",
      "1__0",
      "._1",
      ".5",
      "+.5",
      "<",
      "0777",
      "-0777",
      "1e+3",
      "0X1F",
      "-0b1",
      "0_7",
    ),
  );

  it("means what it means to kubectl: plain words", async () => {
    const texts = fc.sample(words, 3000);
    const source = `apiVersion: v1\nkind: Echo\nmetadata: {name: a}\nvalue:\n${texts.map((text) => `- ${text}\n`).join("")}`;
    const [ours] = parseYaml(source, { origin: "test" }) as { value: unknown[] }[];
    const { value } = (await throughKubectl(source)) as { value: unknown[] };
    const differences = texts.flatMap((text, i) =>
      Object.is(value[i], ours?.value[i]) ? [] : [[text, value[i], ours?.value[i]]],
    );
    expect(differences).toEqual([]);
  });

  it("means what it means to kubectl: keys, anchors, merges, blocks and quotes", async () => {
    const source = [
      "apiVersion: v1",
      "kind: Echo",
      "metadata: {name: a}",
      "x: &x {p: 1, q: 1}",
      "y: &y {q: 2, r: 2}",
      "a: {<<: *x, q: 9}",
      "b: {<<: [*x, *y]}",
      "c: {yes: 1, 010: 2, 1.5: 3, 'no': 4}",
      "d: |+\n  a\n\n",
      "e: >-\n  a\n  b\n\n  c",
      'f: "a\\\n  b\\x41\\u00e9"',
      "g: 'it''s'",
      "h: a\n  b",
      "i: [a, *x]",
      "",
    ].join("\n");
    const ours = parseYaml(source, { origin: "test" })[0] as object;
    expect({ ...ours, metadata: {} }).toEqual({ ...(await throughKubectl(source)), metadata: {} });
  });

  it("is refused where kubectl refuses it, too", async () => {
    for (const bad of ["a: .inf", "a: &a [*a]", "a: b: c"]) {
      const source = `apiVersion: v1\nkind: Echo\nmetadata: {name: a}\n${bad}\n`;
      expect(() => parseYaml(source, { origin: "test" })).toThrow("Reading test");
      const file = join(dir, "bad.yaml");
      writeFileSync(file, source);
      const { code } = await tryRun(tools.kubectl, ["annotate", "--local", "-o", "json", "-f", file, "a=b"], {
        env: env(),
      });
      expect(code).not.toBe(0);
    }
  });
});
