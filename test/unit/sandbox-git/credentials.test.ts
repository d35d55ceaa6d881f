import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { allows, findApp, parseToken } from "../../../sandbox/git/access/index.ts";
import type { Identity } from "../../../sandbox/git/state/index.ts";

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

describe("the token of an Authorization header", () => {
  it.each([
    ["Bearer abc", "abc"],
    ["token abc", "abc"],
    ["bearer   abc", "abc"],
    [basic("x-access-token:abc"), "abc"],
    [basic("me:a:b"), "a:b"],
    [basic("abc:"), "abc"],
    [basic("abc"), "abc"],
    [basic(":"), undefined],
    ["Digest abc", undefined],
    ["Bearer", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("in %j is %j", (header, token) => {
    expect(parseToken(header)).toBe(token);
  });
});

describe("permissions", () => {
  it("include all below them and none above", () => {
    const order = ["none", "read", "write", "admin"] as const;
    order.forEach((held, a) => order.forEach((wanted, b) => expect(allows(held, wanted)).toBe(a >= b)));
  });
});

describe("a JSON web token of an app", () => {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  const app: Identity = {
    id: 1,
    login: "app",
    type: "Bot",
    access: {},
    tokens: [],
    app: { appId: "7", installationId: 8, publicKey, organization: "acme", tokenLifetimeSeconds: 60 },
  };
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (header: object, claims: object): string => {
    const text = `${encode(header)}.${encode(claims)}`;
    return `${text}.${sign("RSA-SHA256", Buffer.from(text), keys.privateKey).toString("base64url")}`;
  };

  it("belongs to the app that signed it", () => {
    expect(findApp([app], token({ alg: "RS256" }, { iss: "7", exp: now + 300 }))).toBe(app);
    expect(findApp([app], token({ alg: "RS256" }, { iss: 7, exp: now + 300 }))).toBe(app);
  });

  it.each([
    ["of another app", { alg: "RS256" }, { iss: "9", exp: now + 300 }],
    ["that has expired", { alg: "RS256" }, { iss: "7", exp: now - 300 }],
    ["that is valid for an hour", { alg: "RS256" }, { iss: "7", exp: now + 3600 }],
    ["without an end", { alg: "RS256" }, { iss: "7" }],
    ["that says it needs no signature", { alg: "none" }, { iss: "7", exp: now + 300 }],
  ])("is nobody's: one %s", (_, header, claims) => {
    expect(findApp([app], token(header, claims))).toBeUndefined();
  });

  it("is nobody's when its claims were changed, or it is no token at all", () => {
    const [header, , signature] = token({ alg: "RS256" }, { iss: "7", exp: now + 300 }).split(".");
    expect(findApp([app], `${header}.${encode({ iss: "7", exp: now + 301 })}.${signature}`)).toBeUndefined();
    for (const junk of ["", "a.b.c", "..", "null.null.null"]) expect(findApp([app], junk)).toBeUndefined();
  });
});
