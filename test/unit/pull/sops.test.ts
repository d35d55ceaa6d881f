import { createDecipheriv, createHash } from "node:crypto";
import { armor, Decrypter } from "age-encryption";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import { checkPlainSecrets } from "../../../components/manifests/checks";
import type { Manifest } from "../../../components/manifests";
import { toYaml } from "../../../components/manifests/yaml";
import { generated, sealed } from "../../../components/provider";
import type { SealedOutputs } from "../../../components/pull/secrets/sealed";

const { secret: identity, public: recipient } = (await generated.create({ form: "age-key", comment: "" }))
  .outs;

function secretOf(stringData: Readonly<Record<string, string>>, more: object = {}): Manifest {
  const metadata = { name: "keys", namespace: "shop", labels: { "app.kubernetes.io/name": "shop" } };
  return { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData, ...more };
}

const seal = async (manifest: Manifest): Promise<SealedOutputs> =>
  (await sealed.create({ manifest, recipient })).outs;
const textOf = (manifest: Manifest, { fields }: SealedOutputs): string =>
  toYaml([{ ...manifest, ...fields }]);

/** As Python writes them. */
const BOOLEANS = { true: "True", false: "False" } as const;

/** As `sops --decrypt` reads a file: each value by its place, and the check value over all of them in their order. */
async function decrypted(text: string, key: string): Promise<Record<string, string>> {
  const document = parseDocument(text);
  const sops = document.get("sops") as { toJSON(): Record<string, never> };
  const {
    age,
    mac,
    lastmodified,
    encrypted_regex: regex,
  } = sops.toJSON() as unknown as Record<string, string> & {
    age: [{ enc: string }];
  };
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  const dataKey = Buffer.from(await decrypter.decrypt(armor.decode(age![0].enc)));
  const open = (sealedText: string, place: string): string => {
    const [, data, iv, tag] = /^ENC\[AES256_GCM,data:(.*),iv:(.*),tag:(.*),type:str\]$/.exec(sealedText)!;
    const [bytes, nonce, check] = [data, iv, tag].map((each) => Buffer.from(each!, "base64"));
    const cipher = createDecipheriv("aes-256-gcm", dataKey, nonce!)
      .setAAD(Buffer.from(place))
      .setAuthTag(check!);
    return cipher.update(bytes!, undefined, "utf8") + cipher.final("utf8");
  };
  const hash = createHash("sha512");
  // No object as long as it grows: a key may be "__proto__".
  const found = new Map<string, string>();
  const walk = (node: unknown, path: readonly string[]): void => {
    if (isMap(node)) for (const pair of node.items) walk(pair, path);
    else if (isSeq(node)) for (const item of node.items) walk(item, path);
    else if (isPair(node))
      walk(node.value, [...path, String(isScalar(node.key) ? node.key.value : node.key)]);
    else if (isScalar(node)) {
      const isHidden = path.some((part) => new RegExp(regex!).test(part)) && node.value !== "";
      const value = isHidden ? open(String(node.value), `${path.join(":")}:`) : node.value;
      if (path[0] === "stringData") found.set(path[1]!, String(value));
      hash.update(typeof value === "boolean" ? BOOLEANS[`${value}`] : String(value));
    }
  };
  document.delete("sops");
  walk(document.contents, []);
  expect(open(mac!, lastmodified!)).toBe(hash.digest("hex").toUpperCase());
  return Object.fromEntries(found);
}

describe("a Secret that is encrypted with SOPS", () => {
  it("is read with the stack's key, value by value, in the order in which the file has them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[a-zA-Z0-9._-]{1,20}$/), fc.string({ unit: "grapheme" }), {
          maxKeys: 5,
        }),
        fc.boolean(),
        async (entries, immutable) => {
          const manifest = secretOf(entries, { immutable });
          expect(await decrypted(textOf(manifest, await seal(manifest)), identity)).toEqual(entries);
        },
      ),
      { numRuns: 20, examples: [[{ ["__proto__"]: "one", b: "two" }, true]] },
    );
  });

  it("has no value in plain sight, so it may go to Git", async () => {
    const manifest = secretOf({ password: "canary-5d1c", empty: "" }, { data: { token: "Y2FuYXJ5" } });
    const text = textOf(manifest, await seal(manifest));
    expect(text).not.toMatch(/canary|Y2FuYXJ5/);
    expect(text).toContain(`password: "ENC[AES256_GCM,`);
    const { fields } = await seal(secretOf({ password: "canary-5d1c" }));
    expect(checkPlainSecrets([{ ...secretOf({}), ...fields } as Manifest])).toEqual([]);
  });

  it("cannot be read with another stack's key", async () => {
    const other = (await generated.create({ form: "age-key", comment: "" })).outs;
    const manifest = secretOf({ password: "canary" });
    await expect(decrypted(textOf(manifest, await seal(manifest)), other.secret)).rejects.toThrow();
  });

  it("is bound to its place: a value that is moved to another entry is refused", async () => {
    const manifest = secretOf({ admin: "one", guest: "two" });
    const text = textOf(manifest, await seal(manifest)).replace("admin:", "moved:");
    await expect(decrypted(text, identity)).rejects.toThrow();
  });

  it("is kept as it is while the Secret is the same, and encrypted again for another value or key", async () => {
    const manifest = secretOf({ password: "canary" });
    const outs = await seal(manifest);
    expect(await sealed.diff("id", outs, { manifest: structuredClone(manifest), recipient })).toEqual({
      changes: false,
    });
    const changed = { manifest: secretOf({ password: "another" }), recipient };
    expect(await sealed.diff("id", outs, changed)).toEqual({ changes: true });
    expect(await sealed.diff("id", outs, { manifest, recipient: "age1other" })).toEqual({ changes: true });
    expect((await sealed.update("id", outs, changed)).outs.hash).not.toBe(outs.hash);
  });

  it("leaves nothing in what is kept by which the value could be tried out", async () => {
    const [one, two] = [await seal(secretOf({ pin: "1234" })), await seal(secretOf({ pin: "1234" }))];
    expect(one.hash).not.toBe(two.hash);
    expect(JSON.stringify({ ...one, key: "" })).not.toContain('1234"');
  });
});
