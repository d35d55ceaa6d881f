import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { sign } from "hono/jwt";
import type { Access } from "./scopes.ts";

/** How a registry of version 2 names a key: https://pkg.go.dev/github.com/docker/libtrust */
const ID_BYTES = 30;
const GROUP = 4;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export interface Claims {
  readonly issuer: string;
  readonly service: string;
  /** Empty for somebody without a name. */
  readonly subject: string;
  readonly access: readonly Access[];
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** A function that signs tokens with this PEM key of the curve P-256. */
export function createSigner(pem: string): (claims: Claims) => Promise<string> {
  const key = createPrivateKey(pem);
  const jwk = { ...key.export({ format: "jwk" }), alg: "ES256", kid: keyId(createPublicKey(key)) };
  return ({ issuer, service, subject, access, issuedAt, expiresAt }) => {
    const payload = {
      iss: issuer,
      aud: service,
      sub: subject,
      access,
      iat: issuedAt,
      nbf: issuedAt,
      exp: expiresAt,
    };
    return sign(payload as Parameters<typeof sign>[0], jwk as Parameters<typeof sign>[1]);
  };
}

/** The first 240 bits of the key's SHA-256 in base 32, in groups of four. */
export function keyId(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  const bits = [...createHash("sha256").update(der).digest().subarray(0, ID_BYTES)]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  const letters = bits.match(/.{5}/g)?.map((five) => BASE32[parseInt(five, 2)]) ?? [];
  return (letters.join("").match(new RegExp(`.{${GROUP}}`, "g")) ?? []).join(":");
}
