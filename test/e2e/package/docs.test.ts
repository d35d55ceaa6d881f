import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import { installPackage, STRICT } from "./installed";
import type { Installed } from "./installed";

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed?.remove());

/** A block of TypeScript in a document. */
interface Block {
  /** `README.md:54` */
  readonly at: string;
  readonly text: string;
}

function blocksOf(document: string): Block[] {
  const text = readFileSync(join(CHECKOUT, document), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ index, 1: block }) => {
    const line = text.slice(0, index).split("\n").length + 1;
    return { at: `${document}:${line}`, text: block! };
  });
}

/** What a block without imports may use beside what the package exports. */
const AROUND = `import * as pulumi from "@pulumi/pulumi";
declare const yaml: string;
declare const config: pulumi.Config;
`;

/** A block with imports is a program as it stands; one without is a fragment, which gets what it names. */
function programOf({ text }: Block, exported: readonly string[]): string {
  if (/^import /m.test(text)) return `${text}\nexport {};\n`;
  const named = exported.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  return `${AROUND}import { ${named.join(", ")} } from "pulumi-delivery";\n${text}\nexport {};\n`;
}

async function exportsOf({ folder }: Installed): Promise<string[]> {
  const source = `console.log(Object.keys(require("pulumi-delivery")).join())`;
  return (await run(process.execPath, ["-e", source], { cwd: folder })).trim().split(",");
}

/** The README's pipeline, which other documents import as a program does. */
const isPipeline = ({ text }: Block): boolean => text.includes("export const pipeline = definePipeline(");

it("every example of the README, the guides and the library's folders compiles, in strict mode, against the package", async () => {
  const folders = globSync(["docs/*.md", "components/**/README.md"], { cwd: CHECKOUT });
  const blocks = ["README.md", ...folders].flatMap(blocksOf);
  const documents = blocks.map(({ at }) => at.split(":")[0]);
  expect(documents).toEqual(expect.arrayContaining(["README.md", "docs/pull.md"]));
  installed.write("docs/pipeline.ts", blocks.find(isPipeline)!.text);
  const exported = await exportsOf(installed);
  for (const [index, block] of blocks.entries())
    installed.write(`docs/block-${index}.ts`, programOf(block, exported));
  installed.write(
    "docs/tsconfig.json",
    JSON.stringify({ compilerOptions: { ...STRICT, skipLibCheck: true } }),
  );
  const tsc = [join(CHECKOUT, "node_modules", "typescript", "bin", "tsc"), "-p", "docs"];
  const { stdout } = await tryRun(process.execPath, tsc, { cwd: installed.folder });
  const said = stdout.replace(/docs\/block-(\d+)\.ts/g, (_, index) => blocks[Number(index)]!.at);
  expect(said).toBe("");
});
