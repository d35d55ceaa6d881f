import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerCredentials } from "../../../../components/image/registry";
import { askHelper } from "../../../../components/image/registry/helper";
import { folderOf } from "../../../support/image/folder";

const encoded = (text: string): string => Buffer.from(text).toString("base64");

/** A helper that knows one server, and keeps in `asked` what it was called with. */
function helper(answer: string, code = 0): string {
  return `#!/bin/sh\n/bin/cat >> "\${0%/*}/asked"\necho " $1" >> "\${0%/*}/asked"\nprintf '%s' '${answer}'\nexit ${code}\n`;
}

interface World {
  readonly config: unknown;
  readonly helpers?: Readonly<Record<string, string>>;
}

function source({ config, helpers = {} }: World): {
  find: ReturnType<typeof dockerCredentials>;
  root: string;
} {
  const programs = Object.entries(helpers).map(([name, text]) => [`bin/docker-credential-${name}*`, text]);
  const text = typeof config === "string" ? config : JSON.stringify(config);
  const root = folderOf({ ...Object.fromEntries(programs), "docker/config.json": text });
  return { root, find: dockerCredentials({ DOCKER_CONFIG: join(root, "docker"), PATH: join(root, "bin") }) };
}

describe("the credentials that docker login has left", () => {
  it.each<[string, object]>([
    ["encoded", { auth: encoded("ann:p:w") }],
    ["in plain", { username: "ann", password: "p:w" }],
  ])("are a password that is %s", async (_, entry) => {
    const { find, root } = source({ config: { auths: { "registry.example.com": entry } } });
    const origin = join(root, "docker/config.json");
    const login = { kind: "password", username: "ann", password: "p:w" };
    expect(await find("registry.example.com")).toEqual({ login, origin });
  });

  it("are an identity token where there is one", async () => {
    const entry = { auth: encoded("ann:"), identitytoken: "id-1" };
    const { find } = source({ config: { auths: { "r.example.com": entry } } });
    expect((await find("r.example.com"))?.login).toEqual({ kind: "identity", token: "id-1" });
  });

  it.each(["https://index.docker.io/v1/", "docker.io", "index.docker.io"])(
    "are Docker Hub's under %s",
    async (key) => {
      const { find } = source({ config: { auths: { [key]: { auth: encoded("ann:pw") } } } });
      expect((await find("docker.io"))?.login).toMatchObject({ username: "ann" });
    },
  );

  it("are found by the host of an address", async () => {
    const { find } = source({
      config: { auths: { "https://r.example.com:5000/v1/": { auth: encoded("ann:pw") } } },
    });
    expect((await find("r.example.com:5000"))?.login).toMatchObject({ username: "ann" });
    expect(await find("r.example.com")).toBeUndefined();
  });

  it("are looked for in the home folder when no other is named", async () => {
    const auths = { "r.example.com": { auth: encoded("ann:pw") } };
    const HOME = folderOf({ ".docker/config.json": JSON.stringify({ auths }) });
    expect((await dockerCredentials({ HOME })("r.example.com"))?.login).toMatchObject({ username: "ann" });
  });

  it.each<[string, Record<string, string>]>([
    ["no file", { HOME: "/nonexistent" }],
    ["no home", {}],
  ])("are none with %s", async (_, environment) => {
    expect(await dockerCredentials(environment)("r.example.com")).toBeUndefined();
  });

  it.each([
    {},
    { auths: null },
    { auths: { "r.example.com": {} } },
    { auths: { "r.example.com": "x" } },
    null,
    [],
  ])("are none in %j", async (config) => {
    expect(await source({ config }).find("r.example.com")).toBeUndefined();
  });

  it("are not read from a file that is no JSON, and nothing of it is shown", async () => {
    const { find } = source({ config: '{"auths": {"r": {"auth": "c2VjcmV0"' });
    const error = await find("r").catch((caught: Error) => caught.message);
    expect(error).toMatch(/docker\/config\.json is not valid JSON/);
    expect(error).not.toContain("c2VjcmV0");
  });
});

describe("a credential helper", () => {
  const ANSWER = JSON.stringify({ ServerURL: "x", Username: "ann", Secret: "s3cret" });

  it("is asked for its own host, by name and on standard input", async () => {
    const config = { credHelpers: { "r.example.com": "mine" }, credsStore: "other" };
    const { find, root } = source({ config, helpers: { mine: helper(ANSWER), other: helper("", 1) } });
    const credential = await find("r.example.com");
    expect(credential).toEqual({
      login: { kind: "password", username: "ann", password: "s3cret" },
      origin: "the credential helper docker-credential-mine",
    });
    expect(readFileSync(join(root, "bin/asked"), "utf8")).toBe("r.example.com get\n");
  });

  it("is asked for every host when it is the store, for Docker Hub by its old address", async () => {
    const { find, root } = source({ config: { credsStore: "mine" }, helpers: { mine: helper(ANSWER) } });
    await find("docker.io");
    expect(readFileSync(join(root, "bin/asked"), "utf8")).toBe("https://index.docker.io/v1/ get\n");
  });

  it("may have an identity token", async () => {
    const answer = JSON.stringify({ Username: "<token>", Secret: "id-1" });
    const { find } = source({ config: { credsStore: "mine" }, helpers: { mine: helper(answer) } });
    expect((await find("r.example.com"))?.login).toEqual({ kind: "identity", token: "id-1" });
  });

  it("that knows nothing leaves it to the file", async () => {
    const auths = { "r.example.com": { auth: encoded("bob:pw") } };
    const nothing = helper("credentials not found in native keychain", 1);
    const { find } = source({ config: { credsStore: "mine", auths }, helpers: { mine: nothing } });
    expect((await find("r.example.com"))?.login).toMatchObject({ username: "bob" });
    expect(await find("other.example.com")).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string, string]>([
    ["is missing", {}, "mine", "docker-credential-mine was asked for r.example.com and is not on PATH"],
    [
      "fails",
      { mine: helper("s3cret", 2) },
      "mine",
      "docker-credential-mine was asked for r.example.com and failed",
    ],
    ["answers nonsense", { mine: helper("s3cret") }, "mine", "answered with something that is no credential"],
    [
      "has a path for a name",
      {},
      "../../bin/evil",
      "is not run: its name in Docker's configuration is no plain word",
    ],
  ])("that %s is named, and nothing that it printed", async (_, helpers, credsStore, message) => {
    const { find } = source({ config: { credsStore }, helpers });
    const error = await find("r.example.com").catch((caught: Error) => caught.message);
    expect(error).toContain(message);
    expect(error).not.toContain("s3cret");
  });

  it("that hangs is ended", async () => {
    const root = folderOf({ "docker-credential-slow*": "#!/bin/sh\nexec /bin/sleep 60\n" });
    const request = { helper: "slow", server: "r.example.com", environment: { PATH: root }, timeoutMs: 100 };
    await expect(askHelper(request)).rejects.toThrow(
      "docker-credential-slow was asked for r.example.com and did not answer",
    );
  });
});
