import { describe, expect, it } from "vitest";
import type { Credential, RegistryClient } from "../../../../components/image/registry";
import { httpClient, registryClient } from "../../../../components/image/registry";
import type { FakeAnswer, FakeRequest, FakeServer } from "../../../support/image/fake-registry";
import {
  digestOf,
  found,
  MANIFEST,
  MANIFEST_DIGEST,
  MISSING,
  serve,
} from "../../../support/image/fake-registry";

const CREDENTIAL: Credential = {
  login: { kind: "password", username: "ann", password: "hunter2:secret" },
  origin: "the test",
};
const BASIC = `Basic ${Buffer.from("ann:hunter2:secret").toString("base64")}`;
const RETRIES = { attempts: 3, baseMs: 1, maxRetryAfterMs: 50 };
const OTHER_DIGEST = `sha256:${"0".repeat(64)}`;

function clientWith(credential?: Credential, timeoutMs = 2_000): RegistryClient {
  const send = httpClient({ environment: {}, timeoutMs });
  return registryClient({ send, credentials: async () => credential, retries: RETRIES });
}

async function ask(
  server: FakeServer,
  credential?: Credential,
  reference = "v1",
): Promise<string | undefined> {
  return clientWith(credential).findDigest({ domain: server.domain, path: "acme/web" }, reference);
}

/** What was asked, as `HEAD /v2/acme/web/manifests/v1`. */
function asked({ requests }: FakeServer): string[] {
  return requests.map(({ method, path }) => `${method} ${path.split("?")[0]}`);
}

const HEAD = "HEAD /v2/acme/web/manifests/v1";
const GET = "GET /v2/acme/web/manifests/v1";

describe("the digest of a tag", () => {
  it("comes with one HEAD request that takes every form of a manifest", async () => {
    const server = await serve(() => found());
    expect(await ask(server)).toBe(MANIFEST_DIGEST);
    expect(asked(server)).toEqual([HEAD]);
    const { accept } = server.requests[0]?.headers ?? {};
    for (const type of ["oci.image.index", "oci.image.manifest", "manifest.list.v2", "manifest.v2"]) {
      expect(accept).toContain(type);
    }
  });

  it("is none when the registry does not have it", async () => {
    const server = await serve(() => MISSING);
    expect(await ask(server)).toBeUndefined();
    expect(asked(server)).toEqual([HEAD]);
  });

  it.each<[string, FakeAnswer]>([
    ["names no digest", { status: 200 }],
    ["names a malformed digest", { status: 200, headers: { "docker-content-digest": "sha256:abc" } }],
    ["does not know HEAD", { status: 405 }],
  ])("is computed from the bytes when the registry %s", async (_, head) => {
    const server = await serve(({ method }) => (method === "HEAD" ? head : { status: 200, body: MANIFEST }));
    expect(await ask(server)).toBe(MANIFEST_DIGEST);
    expect(asked(server)).toEqual([HEAD, GET]);
  });

  it("is none when it is gone between the two questions", async () => {
    const server = await serve(({ method }) => (method === "HEAD" ? { status: 200 } : MISSING));
    expect(await ask(server)).toBeUndefined();
  });
});

describe("a registry that cannot be trusted", () => {
  it("names another digest than its bytes have", async () => {
    const lie = { status: 200, headers: { "docker-content-digest": OTHER_DIGEST }, body: MANIFEST };
    const server = await serve(({ method }) => (method === "HEAD" ? { status: 405 } : lie));
    await expect(ask(server)).rejects.toThrow(`it sent ${MANIFEST_DIGEST} where ${OTHER_DIGEST} is due`);
  });

  it.each<[string, FakeAnswer]>([
    ["by HEAD", found()],
    ["by its bytes", { status: 200, body: MANIFEST }],
  ])("answers a digest with another one, %s", async (_, answer) => {
    const server = await serve(() => answer);
    await expect(ask(server, undefined, OTHER_DIGEST)).rejects.toThrow("is not to be trusted with acme/web");
  });

  it("has the digest that was asked for", async () => {
    const server = await serve(() => ({ status: 200, body: MANIFEST }));
    expect(await ask(server, undefined, MANIFEST_DIGEST)).toBe(MANIFEST_DIGEST);
  });

  it.each(["<html>Log in</html>", "null", '{"schemaVersion":1}', ""])(
    "sends %j for a manifest",
    async (body) => {
      const server = await serve(() => ({ status: 200, body }));
      await expect(ask(server)).rejects.toThrow("something that is no image manifest");
    },
  );

  it("sends without end", async () => {
    const server = await serve(() => ({ status: 200, body: "x".repeat(4 * 1024 * 1024 + 1) }));
    await expect(ask(server)).rejects.toThrow("answered with more than 4194304 bytes");
  });
});

describe("trouble that may pass", () => {
  it.each<[string, FakeAnswer | "cut"]>([
    ["503", { status: 503 }],
    ["500", { status: 500 }],
    ["429", { status: 429, headers: { "retry-after": "0" } }],
    ["a cut connection", "cut"],
  ])("is waited out: %s", async (_, trouble) => {
    let calls = 0;
    const server = await serve(() => (++calls < 3 ? trouble : found()));
    expect(await ask(server)).toBe(MANIFEST_DIGEST);
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, FakeAnswer | "cut", RegExp]>([
    ["503", { status: 503 }, /^127\.0\.0\.1:\d+ answered 503 when asked for acme\/web\. Try again later\.$/],
    [
      "a cut connection",
      "cut",
      /cannot be asked for acme\/web: socket hang up\. Check the name and the network/,
    ],
  ])("is reported when it does not pass: %s", async (_, trouble, message) => {
    const server = await serve(() => trouble);
    await expect(ask(server)).rejects.toThrow(message);
    expect(server.requests).toHaveLength(RETRIES.attempts);
  });

  it("is not waited for longer than a user would", async () => {
    const server = await serve(() => ({ status: 429, headers: { "retry-after": "3600" } }));
    await expect(ask(server)).rejects.toThrow("answered 429 when asked for acme/web. Try again after 3600");
    expect(server.requests).toHaveLength(1);
  });

  it("waits until the date that the registry names", async () => {
    let calls = 0;
    const past = { status: 503, headers: { "retry-after": new Date(0).toUTCString() } };
    const server = await serve(() => (++calls < 2 ? past : found()));
    expect(await ask(server)).toBe(MANIFEST_DIGEST);
  });

  it("has an end when the registry says nothing", async () => {
    const { domain, requests } = await serve(() => "silent");
    const answer = clientWith(undefined, 50).findDigest({ domain, path: "acme/web" }, "v1");
    await expect(answer).rejects.toThrow("cannot be asked for acme/web: it did not answer in time");
    expect(requests).toHaveLength(RETRIES.attempts);
  });

  it("is reported when nothing listens", async () => {
    const answer = clientWith().findDigest({ domain: "127.0.0.1:1", path: "acme/web" }, "v1");
    await expect(answer).rejects.toThrow("127.0.0.1:1 cannot be asked for acme/web: connect ECONNREFUSED");
  });
});

describe("rights", () => {
  it.each([401, 403])(
    "are refused at once with %i, naming registry and repository and no secret",
    async (status) => {
      const challenge = { "www-authenticate": 'Basic realm="r"' };
      const server = await serve(() => ({ status, headers: challenge }));
      const error = await ask(server, CREDENTIAL).catch((caught: Error) => caught.message);
      expect(error).toMatch(/^127\.0\.0\.1:\d+ (refused the credentials for|does not let) acme\/web/);
      expect(error).not.toMatch(/hunter2|secret|aHVudGVy/);
      expect(server.requests.length).toBeLessThanOrEqual(2);
    },
  );

  it("are asked for in words when there are none", async () => {
    const server = await serve(() => ({ status: 401, headers: { "www-authenticate": "Basic realm=r" } }));
    await expect(ask(server)).rejects.toThrow(
      /does not let acme\/web be read without credentials \(it answered 401\)\. Log in with "docker login 127/,
    );
    expect(server.requests).toHaveLength(1);
  });

  it("are given by password, and only when they are asked for", async () => {
    const challenge = { "www-authenticate": 'Basic realm="a, b", charset="UTF-8"' };
    const isBasic = ({ headers }: FakeRequest): boolean => headers.authorization === BASIC;
    const server = await serve((request) =>
      isBasic(request) ? found() : { status: 401, headers: challenge },
    );
    expect(await ask(server, CREDENTIAL)).toBe(MANIFEST_DIGEST);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, BASIC]);
  });

  it("are given by a token, anonymous when there is no login", async () => {
    const server = await tokenRegistry(() => ({ status: 200, body: '{"token":"t1"}' }));
    expect(await ask(server)).toBe(MANIFEST_DIGEST);
    const [, token] = server.requests;
    expect(token?.path).toBe("/token?service=reg&scope=repository%3Aacme%2Fweb%3Apull");
    expect(token?.headers.authorization).toBeUndefined();
  });

  it("are given by a token that the password buys", async () => {
    const server = await tokenRegistry(({ headers }) => {
      return headers.authorization === BASIC
        ? { status: 200, body: '{"access_token":"t1"}' }
        : { status: 401 };
    });
    expect(await ask(server, CREDENTIAL)).toBe(MANIFEST_DIGEST);
    expect(asked(server)).toEqual([HEAD, "GET /token", HEAD]);
  });

  it("are given by a token that an identity token buys", async () => {
    const login = { kind: "identity", token: "id-1" } as const;
    const server = await tokenRegistry(({ body }) => {
      const isRight = new URLSearchParams(body).get("refresh_token") === "id-1";
      return isRight ? { status: 200, body: '{"access_token":"t1"}' } : { status: 401 };
    });
    expect(await ask(server, { login, origin: "the test" })).toBe(MANIFEST_DIGEST);
    expect(asked(server)).toEqual([HEAD, "POST /token", HEAD]);
  });

  it("are kept for the next question, and got anew when they run out", async () => {
    let token = 0;
    const server: FakeServer = await serve(({ path, headers }) => {
      if (path.startsWith("/token")) return { status: 200, body: JSON.stringify({ token: `t${++token}` }) };
      return headers.authorization === `Bearer t${token}` && token > 0 ? found() : unauthorized(server);
    });
    const client = clientWith();
    const repository = { domain: server.domain, path: "acme/web" };
    await client.findDigest(repository, "v1");
    await client.findDigest(repository, "v1");
    expect(asked(server)).toEqual([HEAD, "GET /token", HEAD, HEAD]);
    token = 7;
    expect(await client.findDigest(repository, "v1")).toBe(MANIFEST_DIGEST);
    expect(asked(server).slice(4)).toEqual([HEAD, "GET /token", HEAD]);
  });

  it.each([
    ["gives no other ones", false],
    ["gives other ones that are no better", true],
  ])(
    "that run out are got anew once, and when the registry %s it fails without a secret",
    async (_how, gives) => {
      let hasRunOut = false;
      const server: FakeServer = await serve(({ path }) => {
        if (!path.startsWith("/token"))
          return hasRunOut || server.requests.length === 1 ? unauthorized(server) : found();
        return hasRunOut && !gives ? { status: 401 } : { status: 200, body: '{"token":"canary-token"}' };
      });
      const client = clientWith(CREDENTIAL);
      const repository = { domain: server.domain, path: "acme/web" };
      for (const tag of ["v1", "v2", "v3"])
        expect(await client.findDigest(repository, tag)).toBe(MANIFEST_DIGEST);
      const before = server.requests.length;
      hasRunOut = true;
      const error = await client.findDigest(repository, "v1").catch((caught: Error) => caught.message);
      expect(error).toMatch(/refused the credentials for acme\/web .* They came from the test\./);
      expect(error).not.toMatch(/canary|hunter2|aW5u/);
      expect(asked(server).slice(before)).toEqual([HEAD, "GET /token", ...(gives ? [HEAD] : [])]);
    },
  );

  it.each<[string, FakeAnswer, string]>([
    [
      "refuses the password",
      { status: 401 },
      "refused the credentials for acme/web (its token service answered 401)",
    ],
    ["gives none", { status: 200, body: "{}" }, "gave no token for acme/web: it answered 200"],
    ["sends no JSON", { status: 200, body: "token" }, "gave no token"],
    ["is down", { status: 503 }, "gave no token for acme/web: it answered 503"],
  ])("fail when the token service %s", async (_, answer, message) => {
    const server = await tokenRegistry(() => answer);
    const error = await ask(server, CREDENTIAL).catch((caught: Error) => caught.message);
    expect(error).toContain(message);
    expect(error).not.toContain("hunter2");
  });

  it.each(["http://registry.example.com/token", "file:///etc/passwd", "nothing", ""])(
    "are never sent to %j",
    async (realm) => {
      const challenge = { "www-authenticate": `Bearer realm="${realm}",service="s"` };
      const server = await serve(() => ({ status: 401, headers: challenge }));
      await expect(ask(server, CREDENTIAL)).rejects.toThrow(
        "as its token service; it has to be an https address",
      );
    },
  );
});

it("goes through the proxy that the environment names", async () => {
  const proxy = await serve(() => found());
  const send = httpClient({ environment: { HTTP_PROXY: `http://${proxy.domain}` } });
  const client = registryClient({ send, credentials: async () => undefined });
  expect(await client.findDigest({ domain: "127.0.0.1:1", path: "acme/web" }, "v1")).toBe(MANIFEST_DIGEST);
  expect(proxy.requests[0]?.path).toBe("http://127.0.0.1:1/v2/acme/web/manifests/v1");
});

describe("a redirect", () => {
  it("takes no credentials to another host", async () => {
    const other = await serve(() => found());
    const server = await serve(({ headers }) => {
      if (headers.authorization === undefined)
        return { status: 401, headers: { "www-authenticate": "Basic realm=r" } };
      return { status: 307, headers: { location: `http://${other.domain}/elsewhere` } };
    });
    expect(await ask(server, CREDENTIAL)).toBe(MANIFEST_DIGEST);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("keeps them on the same host", async () => {
    const server = await serve(({ path, headers }) => {
      if (headers.authorization === undefined)
        return { status: 401, headers: { "www-authenticate": "Basic realm=r" } };
      return path === "/moved" ? found() : { status: 301, headers: { location: "/moved" } };
    });
    expect(await ask(server, CREDENTIAL)).toBe(MANIFEST_DIGEST);
    expect(server.requests.at(-1)?.headers.authorization).toBe(BASIC);
  });

  it("is not followed to where http is not allowed", async () => {
    const server = await serve(() => ({
      status: 302,
      headers: { location: "http://registry.example.com/x" },
    }));
    await expect(ask(server)).rejects.toThrow("http://registry.example.com is not asked: only https");
  });

  it("is not followed in circles", async () => {
    const server = await serve(() => ({ status: 302, headers: { location: "/again" } }));
    await expect(ask(server)).rejects.toThrow("redirects more than 5 times");
  });
});

/** A registry that wants the token `t1`, with its token service. */
async function tokenRegistry(service: (request: FakeRequest) => FakeAnswer): Promise<FakeServer> {
  const server: FakeServer = await serve((request) => {
    if (request.path.startsWith("/token")) return service(request);
    return request.headers.authorization === "Bearer t1" ? found() : unauthorized(server);
  });
  return server;
}

function unauthorized({ domain }: FakeServer): FakeAnswer {
  const challenge = `Bearer realm="http://${domain}/token",service="reg",scope="repository:acme/web:pull"`;
  return { status: 401, headers: { "www-authenticate": challenge } };
}

it("reads the digest of what it is given", () => {
  expect(digestOf("")).toBe("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});
