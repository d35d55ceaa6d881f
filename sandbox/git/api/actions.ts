import { generateKeyPairSync } from "node:crypto";
import { conflict, notFound, unprocessable } from "../refusals.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { PublicKey, Secret, Variable } from "../state/index.ts";
import { readBody, requiredText } from "./body.ts";
import { newApi, pathParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { findEnvironment } from "./environments.ts";
import { pageOf } from "./pages.ts";

/** A sealed box is the ephemeral public key (32 bytes), the tag (16) and the text; see libsodium's documentation. */
const SEALED_BOX_OVERHEAD_BYTES = 48;
/** A raw X25519 key is at the end of its DER form. */
const RAW_KEY_BYTES = 32;
const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/;

/** Variables and secrets of Actions, for the repository (`/actions/…`) and for each environment. */
export function createActionsRoutes(): Api {
  const api = newApi();
  for (const scope of ["/actions", "/environments/:environment"]) {
    addVariables(api, `${scope}/variables`);
    addSecrets(api, `${scope}/secrets`);
  }
  return api;
}

type Scope = { readonly environment?: string };

/** @throws Refusal (404) when the address has an environment that is not there */
function scopeOf(c: ApiContext): Scope {
  requirePermission(c, "admin");
  return c.req.param("environment") === undefined ? {} : { environment: findEnvironment(c).name };
}

/** GitHub keeps names in upper case. */
function nameOf(text: string): string {
  const name = text.toUpperCase();
  if (NAME.test(name)) return name;
  throw unprocessable(
    `${text}: names have letters, digits and underscores, and do not begin with a digit or GITHUB_.`,
  );
}

const isAt = (item: Scope & { readonly name: string }, scope: Scope, name: string): boolean =>
  item.environment === scope.environment && item.name === name;

function addVariables(api: Api, path: string): void {
  api.get(path, (c) => {
    const scope = scopeOf(c);
    const all = readList(c.var.repository.dir, "variables").filter(
      ({ environment }) => environment === scope.environment,
    );
    return c.json({ total_count: all.length, variables: pageOf(c, all).map(renderVariable) });
  });
  api.post(path, createVariable);
  api.get(`${path}/:name`, (c) => c.json(renderVariable(findVariable(c))));
  api.patch(`${path}/:name`, async (c) => {
    const variable = findVariable(c);
    const value = String((await readBody(c))["value"] ?? variable.value);
    keepVariable(c, { ...variable, value, updated_at: timestamp() }, variable);
    return c.body(null, 204);
  });
  api.delete(`${path}/:name`, (c) => {
    keepVariable(c, undefined, findVariable(c));
    return c.body(null, 204);
  });
}

const renderVariable = ({ name, value, created_at, updated_at }: Variable): object => ({
  name,
  value,
  created_at,
  updated_at,
});

async function createVariable(c: ApiContext): Promise<Response> {
  const scope = scopeOf(c);
  const body = await readBody(c);
  const name = nameOf(requiredText(body, "name"));
  if (readList(c.var.repository.dir, "variables").some((known) => isAt(known, scope, name))) {
    throw conflict("Already exists - Variable already exists");
  }
  const now = timestamp();
  const value = String(body["value"] ?? "");
  keepVariable(c, { ...scope, name, value, created_at: now, updated_at: now }, undefined);
  return c.json({}, 201);
}

function findVariable(c: ApiContext): Variable {
  const scope = scopeOf(c);
  const name = pathParam(c, "name").toUpperCase();
  const found = readList(c.var.repository.dir, "variables").find((known) => isAt(known, scope, name));
  if (found === undefined) throw notFound();
  return found;
}

function keepVariable(c: ApiContext, variable: Variable | undefined, before: Variable | undefined): void {
  const { dir } = c.var.repository;
  const others = readList(dir, "variables").filter((known) => !(before && isAt(known, before, before.name)));
  writeList(dir, "variables", variable ? [...others, variable] : others);
}

function addSecrets(api: Api, path: string): void {
  api.get(path, (c) => {
    const scope = scopeOf(c);
    const all = readList(c.var.repository.dir, "secrets").filter(
      ({ environment }) => environment === scope.environment,
    );
    return c.json({ total_count: all.length, secrets: pageOf(c, all).map(renderSecret) });
  });
  api.get(`${path}/public-key`, (c) => {
    scopeOf(c);
    return c.json(publicKeyOf(c));
  });
  api.get(`${path}/:name`, (c) => c.json(renderSecret(findSecret(c))));
  api.put(`${path}/:name`, putSecret);
  api.delete(`${path}/:name`, (c) => {
    const secret = findSecret(c);
    keepSecret(c, undefined, secret);
    return c.body(null, 204);
  });
}

const renderSecret = ({ name, created_at, updated_at }: Secret): object => ({ name, created_at, updated_at });

function findSecret(c: ApiContext): Secret {
  const scope = scopeOf(c);
  const name = pathParam(c, "name").toUpperCase();
  const found = readList(c.var.repository.dir, "secrets").find((known) => isAt(known, scope, name));
  if (found === undefined) throw notFound();
  return found;
}

async function putSecret(c: ApiContext): Promise<Response> {
  const scope = scopeOf(c);
  const name = nameOf(pathParam(c, "name"));
  const body = await readBody(c);
  const encrypted_value = requiredText(body, "encrypted_value");
  const key_id = requiredText(body, "key_id");
  if (key_id !== publicKeyOf(c).key_id)
    throw unprocessable("key_id is not that of this repository's public key");
  if (Buffer.from(encrypted_value, "base64").length < SEALED_BOX_OVERHEAD_BYTES) {
    throw unprocessable("encrypted_value is not a sealed box in Base64");
  }
  const before = readList(c.var.repository.dir, "secrets").find((known) => isAt(known, scope, name));
  const now = timestamp();
  const times = { created_at: before?.created_at ?? now, updated_at: now };
  keepSecret(c, { ...scope, name, encrypted_value, key_id, ...times }, before);
  return before ? c.body(null, 204) : c.json({}, 201);
}

function keepSecret(c: ApiContext, secret: Secret | undefined, before: Secret | undefined): void {
  const { dir } = c.var.repository;
  const others = readList(dir, "secrets").filter((known) => !(before && isAt(known, before, before.name)));
  writeList(dir, "secrets", secret ? [...others, secret] : others);
}

/** Made at the first question. The private half is dropped at once: nobody can read what is kept. */
function publicKeyOf(c: ApiContext): PublicKey {
  const { dir } = c.var.repository;
  const [known] = readList(dir, "public-keys");
  if (known !== undefined) return known;
  const { publicKey } = generateKeyPairSync("x25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-RAW_KEY_BYTES);
  const made = { key_id: String(c.var.world.ids.next()), key: raw.toString("base64") };
  writeList(dir, "public-keys", [made]);
  return made;
}
