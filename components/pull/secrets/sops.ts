import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { fieldsOf } from "../../manifests/fields";
import type { Manifest } from "../../manifests";

/** What SOPS encrypts of a Secret; names, labels and keys stay readable. */
const ENCRYPTED = ["data", "stringData"] as const;
/** Whose format this is. */
const SOPS_VERSION = "3.9.0";
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
/** Longer than usual for this cipher; it is what SOPS uses. */
const NONCE_BYTES = 32;

/** The part of an encrypted Secret that is not as it was. */
export interface SopsFields {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly sops: Readonly<Record<string, unknown>>;
}

/** What an encryption is done with. */
export interface SopsRuntime {
  /** Encrypts the data key for a recipient, as armoured text of age. */
  readonly wrap: (dataKey: Uint8Array) => Promise<{ readonly recipient: string; readonly enc: string }>;
  readonly now?: () => Date;
}

/**
 * Encrypts the values of a Secret as SOPS does, each bound to its place. The check value at the end is over all values
 * in the order of the file, which is the order that `toYaml` writes.
 *
 * Source: SOPS, "Encryption Protocol" and "Message Authentication Code".
 */
export async function sopsFields(
  manifest: Manifest,
  { wrap, now = () => new Date() }: SopsRuntime,
): Promise<SopsFields> {
  const dataKey = randomBytes(KEY_BYTES);
  const lastmodified = `${now().toISOString().slice(0, "2026-01-01T00:00:00".length)}Z`;
  const mac = encrypt(macOf(manifest), dataKey, lastmodified);
  const parts = ENCRYPTED.filter((part) => manifest[part] !== undefined);
  const sealed = parts.map(
    (part) => [part, encryptEntries(part, fieldsOf(manifest[part]), dataKey)] as const,
  );
  const sops = {
    age: [await wrap(dataKey)],
    encrypted_regex: `^(${ENCRYPTED.join("|")})$`,
    lastmodified,
    mac,
    version: SOPS_VERSION,
  };
  return { ...Object.fromEntries(sealed), sops };
}

function encryptEntries(
  part: string,
  entries: Readonly<Record<string, unknown>>,
  key: Buffer,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, value]) => [name, encrypt(String(value), key, `${part}:${name}:`)]),
  );
}

/** Nothing is hidden of an empty text, as SOPS has it. */
function encrypt(plain: string, key: Buffer, place: string): string {
  if (plain === "") return "";
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  const [text, iv, tag] = [data, nonce, cipher.getAuthTag()].map((bytes) => bytes.toString("base64"));
  return `ENC[AES256_GCM,data:${text},iv:${iv},tag:${tag},type:str]`;
}

function macOf(manifest: Manifest): string {
  const hash = createHash("sha512");
  for (const leaf of leavesOf(manifest)) hash.update(leaf);
  return hash.digest("hex").toUpperCase();
}

/** Every value in the order of the file. What is true is `True`: SOPS has its origin in Python. */
function leavesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (typeof value === "boolean") return [value ? "True" : "False"];
  if (typeof value !== "object" || value === null)
    return value === undefined || value === null ? [] : [String(value)];
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.keys(fields)
    .sort()
    .flatMap((key) => leavesOf(fields[key]));
}
