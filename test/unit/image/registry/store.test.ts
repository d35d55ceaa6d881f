import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { httpClient, registryStore } from "../../../../components/image/registry";
import type { RegistryStore } from "../../../../components/image/registry";
import { digestOf, serve } from "../../../support/image/fake-registry";

const LOGIN = { kind: "password", username: "ann", password: "hunter2:secret" } as const;
const CHALLENGE = { status: 401, headers: { "www-authenticate": "Basic realm=r" } };

const store = (): RegistryStore =>
  registryStore({
    send: httpClient({ environment: {} }),
    credentials: async () => ({ login: LOGIN, origin: "the test" }),
    retries: { attempts: 1, baseMs: 1, maxRetryAfterMs: 1 },
  });

it("uploads a layer to where the registry says, with credentials only where that is the registry itself", async () => {
  const folder = mkdtempSync(join(tmpdir(), "delivery-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [path, text] = [join(folder, "layer"), "the layer"];
  writeFileSync(path, text);
  const storage = await serve(() => ({ status: 201 }));
  for (const place of ["/v2/acme/web/blobs/uploads/1", `http://${storage.domain}/put?signed=1`]) {
    const registry = await serve(({ method, headers }) => {
      if (headers.authorization === undefined) return CHALLENGE;
      return method === "PUT" ? { status: 201 } : { status: 202, headers: { location: place } };
    });
    const repository = { domain: registry.domain, path: "acme/web" };
    await store().writeBlob(repository, digestOf(text), path);
    const put = [...registry.requests, ...storage.requests].at(-1);
    expect(put).toMatchObject({ method: "PUT", body: text });
    expect(put?.path).toContain(`digest=${encodeURIComponent(digestOf(text))}`);
    expect(put?.headers.authorization === undefined).toBe(place.startsWith("http"));
  }
  expect(storage.requests.map(({ path: asked }) => asked.split("&")[0])).toEqual(["/put?signed=1"]);
});
