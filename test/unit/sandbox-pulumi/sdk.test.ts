import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSdk } from "../../../sandbox/pulumi/sdk.ts";

/** A package that is laid out as the SDK is. */
const FILES = {
  "typescript-shim.js": `globalThis.loaded.push("typescript"); module.exports = { version: "5", SyntaxKind: { Block: 1 } };`,
  "node_modules/@npmcli/arborist/index.js": `globalThis.loaded.push("arborist");
    class Arborist { constructor({ path }) { this.path = path; } }
    module.exports = Arborist; module.exports.Arborist = Arborist;`,
  // As the TypeScript compiler writes an import of everything.
  "cmd/run/index.js": `
    const importStar = (found) => found.__esModule ? found : Object.assign({}, found);
    const ts = require("../../typescript-shim"), npm = importStar(require("@npmcli/arborist"));
    exports.version = () => ts.version + ts.SyntaxKind.Block;
    exports.tree = () => new npm.Arborist({ path: "here" }).path;
    exports.again = () => require("../../typescript-shim").version;`,
};

const loaded: string[] = [];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sdk-"));
  Object.assign(globalThis, { loaded });
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a program of the SDK", () => {
  it("begins without the compiler and npm's reader, and has them, once each, as soon as it uses them", () => {
    const path = join(folder, "cmd/run/index.js");
    runSdk(path);
    expect(loaded).toEqual([]);
    const program = createRequire(path)(path) as Record<string, () => string>;
    expect(program.version!()).toBe("51");
    expect(loaded).toEqual(["typescript"]);
    expect([program.tree!(), program.version!(), program.again!()]).toEqual(["here", "51", "5"]);
    expect(loaded).toEqual(["typescript", "arborist"]);
  });

  it("runs also in a version that has neither", () => {
    const path = join(folder, "other", "index.js");
    mkdirSync(dirname(path));
    writeFileSync(path, `globalThis.loaded.push("other");`);
    runSdk(path);
    expect(loaded.at(-1)).toBe("other");
  });
});
