import { generateKeyPairSync, randomBytes } from "node:crypto";

/** A key for ssh: `privateKey` in OpenSSH's own format, `publicKey` as a line of authorized_keys. */
export interface SshKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

const TYPE = "ssh-ed25519";
const LINE_LENGTH = 70;
/** The private part is a multiple of this long, since the format is made for ciphers. */
const BLOCK = 8;

/**
 * Makes an ed25519 key pair without a passphrase. The format is written here, since ssh takes a key of this kind in no
 * other one. Source: OpenSSH, `PROTOCOL.key`.
 */
export function makeSshKeyPair(comment: string): SshKeyPair {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { d = "", x = "" } = privateKey.export({ format: "jwk" });
  const [seed, point] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
  const shared = Buffer.concat([field(TYPE), field(point)]);
  const text = armoured(sealedNowhere(shared, privatePart({ seed, point, shared, comment })));
  return { privateKey: text, publicKey: `${TYPE} ${shared.toString("base64")} ${comment}` };
}

interface Halves {
  readonly seed: Buffer;
  readonly point: Buffer;
  readonly shared: Buffer;
  readonly comment: string;
}

/** Begins with a number twice, by which a wrong passphrase would be noticed. */
function privatePart({ seed, point, shared, comment }: Halves): Buffer {
  const check = randomBytes(4);
  const part = Buffer.concat([check, check, shared, field(Buffer.concat([seed, point])), field(comment)]);
  const missing = (BLOCK - (part.length % BLOCK)) % BLOCK;
  return Buffer.concat([part, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}

/** Cipher and key derivation are both "none". */
function sealedNowhere(shared: Buffer, part: Buffer): Buffer {
  const one = Buffer.from([0, 0, 0, 1]);
  const header = [Buffer.from("openssh-key-v1\0"), field("none"), field("none"), field("")];
  return Buffer.concat([...header, one, field(shared), field(part)]);
}

/** Bytes behind their length. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function armoured(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}
