import { createHash } from "node:crypto";
import type { Ids } from "./ids.ts";
import { readJson, writeJson } from "./json.ts";
import { makeToken } from "./settings.ts";

export type Permission = "none" | "read" | "write" | "admin";
export type Access = "admin" | Readonly<Record<string, Permission>>;

interface StoredToken {
  readonly sha256: string;
  readonly expiresAt?: string;
  /** Narrower than what its owner may: an installation token can be for some repositories only. */
  readonly access?: Access;
}

/** A person, an organization or an installed app. Tokens are kept as hashes. */
export interface Identity {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Organization" | "Bot";
  /** "admin" for everything, or a permission per "owner/name" ("owner/*" for all of an owner's). */
  readonly access: Access;
  readonly tokens: readonly StoredToken[];
  readonly app?: InstalledApp;
}

/** A GitHub App and its one installation. */
export interface InstalledApp {
  readonly appId: string;
  readonly installationId: number;
  /** PEM. It signs the app's JSON web tokens. */
  readonly publicKey: string;
  readonly organization: string;
  readonly tokenLifetimeSeconds: number;
}

export type NewIdentity = Pick<Identity, "login" | "type" | "access"> & { readonly app?: InstalledApp };

const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
const isValid = (token: StoredToken): boolean =>
  token.expiresAt === undefined || Date.parse(token.expiresAt) > Date.now();

/** Everybody who can be named or can log in; kept in one file. */
export class Identities {
  readonly #path: string;
  readonly #ids: Ids;
  #all: readonly Identity[];

  constructor(path: string, ids: Ids) {
    this.#path = path;
    this.#ids = ids;
    this.#all = readJson<readonly Identity[]>(path, []);
  }

  all(): readonly Identity[] {
    return this.#all;
  }

  find(login: string): Identity | undefined {
    return this.#all.find((identity) => identity.login.toLowerCase() === login.toLowerCase());
  }

  /** Who holds this token; undefined when nobody does or it has expired. */
  findByToken(token: string): Identity | undefined {
    const sha256 = hash(token);
    for (const identity of this.#all) {
      const match = identity.tokens.find((stored) => stored.sha256 === sha256 && isValid(stored));
      if (match) return { ...identity, access: match.access ?? identity.access };
    }
    return undefined;
  }

  /** Adds an identity, or gives a known one new access. */
  add(wanted: NewIdentity): Identity {
    const known = this.find(wanted.login);
    const identity = { id: known?.id ?? this.#ids.next(), tokens: known?.tokens ?? [], ...wanted };
    this.#replace(identity);
    return identity;
  }

  /** Makes this string a token of that identity. */
  keepToken(identity: Identity, token: string, limits: Omit<StoredToken, "sha256"> = {}): void {
    const others = (this.find(identity.login) ?? identity).tokens.filter(
      (stored) => stored.sha256 !== hash(token),
    );
    const current = this.find(identity.login) ?? identity;
    this.#replace({ ...current, tokens: [...others, { sha256: hash(token), ...limits }] });
  }

  makeToken(identity: Identity, limits: Omit<StoredToken, "sha256"> = {}): string {
    const token = makeToken(identity.type === "Bot" ? "installation" : "personal");
    this.keepToken(identity, token, limits);
    return token;
  }

  /** From now on none of the identity's tokens is taken. */
  expire(identity: Identity): void {
    const expiresAt = new Date(0).toISOString();
    this.#replace({ ...identity, tokens: identity.tokens.map((token) => ({ ...token, expiresAt })) });
  }

  #replace(identity: Identity): void {
    const others = this.#all.filter((other) => other.id !== identity.id);
    this.#all = [...others, identity];
    writeJson(this.#path, this.#all);
  }
}
