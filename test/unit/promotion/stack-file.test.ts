import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { editStackFile, editStackText, readStackConfig } from "../../../components/promotion";
import { replaceFile } from "../../../components/replace-file";

const folder = mkdtempSync(join(tmpdir(), "stack-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = `# who to ask: the shop's team
encryptionsalt: v1:abc
config:
  # three of them since the sale
  delivery:config: { replicas: 3 }
  delivery:release:
    # by promotion
    id: shop-000000000000
  aws:region: eu-west-1 # the only one
`;

describe("editing a stack's file", () => {
  it("keeps comments, order and every other key", () => {
    const after = editStackText(TEXT, { "delivery:release": { id: "shop-111111111111" } });
    expect(after).toBe(TEXT.replace("id: shop-000000000000", 'id: "shop-111111111111"'));
  });

  it("leaves the text alone, byte for byte, when nothing changes", () => {
    const text = "config:   { 'delivery:config': {replicas: 3} }\n";
    expect(editStackText(text, { "delivery:config": { replicas: 3 }, "delivery:hold": undefined })).toBe(
      text,
    );
  });

  it("removes a key, and quotes what YAML readers take for something else than a text", () => {
    const held = editStackText(TEXT, { "delivery:hold": { reason: "yes", until: "2026-12-01" } });
    expect(held).toContain('reason: "yes"\n    until: "2026-12-01"');
    expect(editStackText(held, { "delivery:hold": undefined })).toBe(TEXT);
  });

  it("gives back every text that was put in", () => {
    const texts = fc.string({ unit: "grapheme", maxLength: 40 });
    fc.assert(
      fc.property(texts, (reason) => {
        const after = editStackText(TEXT, { "delivery:hold": { reason } });
        expect(parse(after).config["delivery:hold"]).toEqual({ reason });
      }),
    );
  });

  it("makes the config of a file that has none, or an empty one", () => {
    for (const text of ["", "config: {}\n", "config:\n"])
      expect(parse(editStackText(text, { "delivery:config": { a: 1 } }))).toEqual({
        config: { "delivery:config": { a: 1 } },
      });
  });

  it("says whether the file changed, and leaves no other file", () => {
    const path = join(folder, "Pulumi.dev.yaml");
    writeFileSync(path, TEXT);
    expect(editStackFile(path, { "delivery:config": { replicas: 4 } })).toBe(true);
    expect(editStackFile(path, { "delivery:config": { replicas: 4 } })).toBe(false);
    expect(readStackConfig(path)["delivery:config"]).toEqual({ replicas: 4 });
  });

  it("goes on where a killed run or another editor has left a file", () => {
    const path = join(folder, "Pulumi.staging.yaml");
    writeFileSync(path, TEXT);
    mkdirSync(`${path}.new`);
    expect(editStackFile(path, { "delivery:config": { replicas: 5 } })).toBe(true);
    expect(readStackConfig(path)["delivery:config"]).toEqual({ replicas: 5 });
  });

  it("keeps the rights of the file, and what leads to it", () => {
    const [real, path] = [join(folder, "real.yaml"), join(folder, "Pulumi.linked.yaml")];
    writeFileSync(real, TEXT);
    chmodSync(real, 0o600);
    symlinkSync(real, path);
    expect(editStackFile(path, { "delivery:config": { replicas: 6 } })).toBe(true);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o600);
    expect(readStackConfig(real)["delivery:config"]).toEqual({ replicas: 6 });
  });

  it("leaves nothing beside a file that it cannot replace", () => {
    const path = join(folder, "taken");
    mkdirSync(path);
    writeFileSync(join(path, "kept"), "");
    const before = readdirSync(folder);
    expect(() => replaceFile(path, TEXT)).toThrow();
    expect(readdirSync(folder)).toEqual(before);
  });

  it("refuses what is no YAML and leaves it as it is; says how a missing file is made", () => {
    const path = join(folder, "Pulumi.broken.yaml");
    writeFileSync(path, "config: {\n");
    expect(() => editStackFile(path, { a: 1 })).toThrow(/Pulumi\.broken\.yaml.*\n.*is not YAML/);
    expect(readFileSync(path, "utf8")).toBe("config: {\n");
    expect(() => readStackConfig(join(folder, "Pulumi.prod.yaml"))).toThrow(/pulumi stack init prod/);
  });
});
