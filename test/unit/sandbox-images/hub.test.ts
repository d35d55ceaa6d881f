import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { sign, verify } from "hono/jwt";
import { describe, expect, it } from "vitest";
import { readBearer } from "../../../sandbox/images/hub/bearer.ts";
import { PullCounter } from "../../../sandbox/images/hub/pull-counter.ts";
import { grantedAccess } from "../../../sandbox/images/hub/scopes.ts";
import type { HubSettings } from "../../../sandbox/images/hub/settings.ts";
import { createSigner, keyId } from "../../../sandbox/images/hub/signing.ts";
import { tokenApp } from "../../../sandbox/images/hub/token-app.ts";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

describe("what a token allows", () => {
  const ACTIONS = ["pull", "push", "delete"] as const;
  const actions = fc.subarray([...ACTIONS]);
  const name = fc.stringMatching(/^[a-z0-9]{1,8}(:[0-9]{1,5})?(\/[a-z0-9]{1,8}){0,3}$/);

  it("is exactly what was both asked for and allowed, under the name that was asked for", () => {
    fc.assert(
      fc.property(name, actions, actions, (repository, asked, may) => {
        const granted = may.filter((action) => asked.includes(action));
        const expected =
          granted.length > 0 ? [{ type: "repository", name: repository, actions: granted }] : [];
        expect(grantedAccess([`repository:${repository}:${asked.join(",")}`], may)).toEqual(expected);
      }),
    );
  });

  it("is read from many scopes, in one parameter or several", () => {
    const granted = grantedAccess(
      ["repository:a:pull repository:b:pull,push", "repository:c:pull"],
      ["pull"],
    );
    expect(granted.map((access) => access.name)).toEqual(["a", "b", "c"]);
  });

  it("is nothing for what is no repository, or malformed", () => {
    expect(grantedAccess(["registry:catalog:*", "", "pull", "repository"], [...ACTIONS])).toEqual([]);
  });
});

describe("the signature of a token", () => {
  const claims = {
    issuer: "i",
    service: "s",
    subject: "owner",
    access: [],
    issuedAt: 1,
    expiresAt: 4_000_000_000,
  };

  it("is made with the key, whose name is in the head", async () => {
    const token = await createSigner(pem)(claims);
    const publicJwk = pair.publicKey.export({ format: "jwk" });
    const key = { ...publicJwk, alg: "ES256" } as Parameters<typeof verify>[1];
    expect(await verify(token, key, "ES256")).toMatchObject({ iss: "i", aud: "s", sub: "owner" });
    const head = JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()) as object;
    expect(head).toEqual({ alg: "ES256", typ: "JWT", kid: keyId(createPublicKey(pair.privateKey)) });
  });

  it("names the key by 48 letters in groups of four, which spell the start of its hash", () => {
    const id = keyId(pair.publicKey);
    expect(id).toMatch(/^([A-Z2-7]{4}:){11}[A-Z2-7]{4}$/);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const value = [...id.replaceAll(":", "")].reduce(
      (sum, letter) => sum * 32n + BigInt(alphabet.indexOf(letter)),
      0n,
    );
    const der = pair.publicKey.export({ type: "spki", format: "der" });
    const hash = createHash("sha256").update(der).digest("hex").slice(0, 60);
    expect(value.toString(16).padStart(60, "0")).toBe(hash);
  });
});

describe("the token service", () => {
  const settings: HubSettings = {
    ports: { limiter: 1, token: 2, registry: 3 },
    issuer: "issuer",
    service: "service",
    tokenSeconds: 300,
    pullLimit: { pulls: 1, windowSeconds: 1 },
    accounts: [{ username: "owner", password: "with:colon", may: ["pull", "push"] }],
    key: "",
  };
  const now = 1_700_000_000_000;
  const app = tokenApp(
    settings,
    async (claims) => JSON.stringify(claims),
    () => now,
  );
  const basic = (text: string): { headers: Record<string, string> } => ({
    headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` },
  });
  const claimsFor = async (init?: RequestInit): Promise<unknown> => {
    const reply = await app.request("/token?service=service&scope=repository:a/b:pull,push", init);
    return JSON.parse(((await reply.json()) as { token: string }).token);
  };

  it("knows who asks, also by a password with a colon, and tells when the token ends", async () => {
    expect(await claimsFor(basic("owner:with:colon"))).toEqual({
      issuer: "issuer",
      service: "service",
      subject: "owner",
      access: [{ type: "repository", name: "a/b", actions: ["pull", "push"] }],
      issuedAt: now / 1000,
      expiresAt: now / 1000 + 300,
    });
  });

  it("lets somebody without a name pull only", async () => {
    expect(await claimsFor()).toMatchObject({ subject: "", access: [{ actions: ["pull"] }] });
  });

  it.each([
    ["a wrong password", basic("owner:wrong")],
    ["an unknown name", basic("nobody:with:colon")],
    ["an empty name", basic(":")],
    ["another scheme", { headers: { authorization: "Bearer x" } }],
    ["no password", basic("owner")],
  ])("refuses %s", async (_what, init) => {
    expect((await app.request("/token", init)).status).toBe(401);
  });
});

describe("the count of pulls", () => {
  it("is for each identity, and begins anew when its window has passed", () => {
    const counter = new PullCounter({ pulls: 2, windowSeconds: 10 });
    counter.count("a", 1_000);
    counter.count("a", 2_000);
    expect([counter.remaining("a", 3_000), counter.remaining("b", 3_000)]).toEqual([0, 2]);
    expect(counter.remaining("a", 10_999)).toBe(0);
    expect(counter.remaining("a", 11_000)).toBe(2);
  });

  it("is never said to be below zero", () => {
    const counter = new PullCounter({ pulls: 1, windowSeconds: 10 });
    for (let pull = 0; pull < 3; pull++) counter.count("a", 0);
    expect(counter.headers("a", 0)).toEqual(["ratelimit-limit", "1;w=10", "ratelimit-remaining", "0;w=10"]);
  });
});

describe("the token of a request", () => {
  const key = "0123456789";

  it("is read for its owner and its end", async () => {
    const token = await sign({ sub: "owner", exp: 100 }, key);
    expect(readBearer(`Bearer ${token}`, 99_999)).toEqual({ subject: "owner", isExpired: false });
    expect(readBearer(`bearer ${token}`, 100_000)).toEqual({ subject: "owner", isExpired: true });
  });

  it.each([undefined, "", "Basic abc", "Bearer ", "Bearer a.b.c", "Bearer nonsense"])(
    "is none in %j",
    (header) => {
      expect(readBearer(header, 0)).toBeUndefined();
    },
  );
});
