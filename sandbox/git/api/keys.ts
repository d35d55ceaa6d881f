import { invalid, notFound } from "../refusals.ts";
import { renderKey } from "../render/index.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { DeployKey } from "../state/index.ts";
import { flag, optionalText, readBody, requiredText } from "./body.ts";
import { newApi, numberParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

/** OpenSSH's public key: type and base64, then an optional comment. */
const PUBLIC_KEY =
  /^((?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d+|sk-[\w@.-]+) [A-Za-z0-9+/]{40,}={0,3})(?:\s.*)?$/s;

/** Deploy keys. They open nothing by HTTP; what serves SSH reads them with `readDeployKeys`. */
export function createKeyRoutes(): Api {
  const api = newApi();
  api.get("/keys", (c) => {
    requirePermission(c, "admin");
    const keys = readList(c.var.repository.dir, "keys");
    return c.json(pageOf(c, keys).map((key) => renderKey(c.var.world, c.var.repository, key)));
  });
  api.post("/keys", createKey);
  api.get("/keys/:id", (c) => c.json(renderKey(c.var.world, c.var.repository, findKey(c))));
  api.delete("/keys/:id", (c) => {
    const { id } = findKey(c);
    const { dir } = c.var.repository;
    writeList(
      dir,
      "keys",
      readList(dir, "keys").filter((key) => key.id !== id),
    );
    return c.body(null, 204);
  });
  return api;
}

function findKey(c: ApiContext): DeployKey {
  requirePermission(c, "admin");
  const id = numberParam(c, "id");
  const key = readList(c.var.repository.dir, "keys").find((candidate) => candidate.id === id);
  if (key === undefined) throw notFound();
  return key;
}

async function createKey(c: ApiContext): Promise<Response> {
  requirePermission(c, "admin");
  const { world, repository } = c.var;
  const body = await readBody(c);
  const [, text] = PUBLIC_KEY.exec(requiredText(body, "key").trim()) ?? [];
  if (text === undefined) {
    throw invalid("PublicKey", "key", "key is invalid. You must supply a key in OpenSSH public key format");
  }
  const taken = world.repositories
    .all()
    .some(({ dir }) => readList(dir, "keys").some(({ key }) => key === text));
  if (taken) throw invalid("PublicKey", "key", "key is already in use");
  const key: DeployKey = {
    id: world.ids.next(),
    title: optionalText(body, "title") ?? "",
    key: text,
    read_only: flag(body, "read_only", false),
    created_at: timestamp(),
  };
  writeList(repository.dir, "keys", [...readList(repository.dir, "keys"), key]);
  return c.json(renderKey(world, repository, key), 201);
}
