import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../environment";
import { DOCKER_HUB } from "../reference";
import { ImageProblem } from "../problem";

/** A stored login: a user's password, or a token that stands for the user. */
export type Login =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "identity"; readonly token: string };

/** What Docker's configuration says about registries, by the registry's host. */
export interface DockerConfig {
  readonly path: string;
  readonly logins: ReadonlyMap<string, Login>;
  /** Name of the credential helper for a host. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Name of the helper for every other host. */
  readonly store: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads Docker's `config.json`; one that is not there says nothing.
 *
 * @throws ImageProblem when it is there and cannot be read.
 */
export async function readDockerConfig({ DOCKER_CONFIG, HOME }: Environment): Promise<DockerConfig> {
  const folder = DOCKER_CONFIG ?? (HOME === undefined ? undefined : join(HOME, ".docker"));
  const path = folder === undefined ? "" : join(folder, "config.json");
  const config = path === "" ? {} : await readJson(path);
  const { auths, credHelpers, credsStore } = config;
  return { path, logins: byHost(auths, login), helpers: byHost(credHelpers, text), store: text(credsStore) };
}

async function readJson(path: string): Promise<Json> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw new ImageProblem(
      `${path} cannot be read (${code ?? "unknown error"}); registries' credentials are looked up in it.`,
    );
  }
  try {
    return record(JSON.parse(content));
  } catch {
    // The parser's message quotes the file, which has passwords in it.
    throw new ImageProblem(
      `${path} is not valid JSON. Mend it, or remove it and log in again with "docker login".`,
    );
  }
}

function record(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function byHost<T>(entries: unknown, read: (value: unknown) => T | undefined): Map<string, T> {
  const found = new Map<string, T>();
  for (const [key, value] of Object.entries(record(entries))) {
    const result = read(value);
    if (result !== undefined) found.set(hostOf(key), result);
  }
  return found;
}

/** Keys are hosts, or addresses as `https://index.docker.io/v1/`. */
function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return host === "index.docker.io" ? DOCKER_HUB : host;
}

function login(value: unknown): Login | undefined {
  const { auth, username, password, identitytoken } = record(value);
  const token = text(identitytoken);
  if (token !== undefined) return { kind: "identity", token };
  const [, name, secret] =
    /^([^:]+):(.*)$/s.exec(Buffer.from(text(auth) ?? "", "base64").toString("utf8")) ?? [];
  const user = text(name) ?? text(username);
  const key = text(secret) ?? text(password);
  return user === undefined || key === undefined
    ? undefined
    : { kind: "password", username: user, password: key };
}
