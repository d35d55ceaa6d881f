import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Build, Builder } from "../../../components/image";
import { buildkit, docker, isDigest, prebuilt, tryParseReference } from "../../../components/image";
import type { World } from "../../support/observe";
import { observe } from "../../support/observe";
import type { Registration } from "../../support/registrations";
import { registrations, SECRET } from "../../support/registrations";

const DIGEST = `sha256:${"d".repeat(64)}`;
const TAG = `src-${"a".repeat(64)}`;
const REPOSITORY = "registry.example.com/acme/web";
const BUILD: Build = {
  repository: REPOSITORY,
  registry: "registry.example.com",
  tag: TAG,
  context: "/src/app",
  dockerfile: "/src/app/Dockerfile",
  args: { VERSION: "1" },
  labels: {},
  target: "",
  platforms: ["linux/amd64"],
  secrets: {},
  login: undefined,
  present: undefined,
};
const LOGIN = { username: "ann", password: pulumi.secret("s3cret") };

/** What the plugins answer for an image that they have pushed. */
const outputs = (): Record<string, unknown> => ({ digest: DIGEST, repoDigest: `${REPOSITORY}@${DIGEST}` });

interface Created {
  readonly world: World;
  readonly digest: string | undefined;
}

/** Has a builder create its resource below a component, as an image does. */
async function create(builder: Builder, build: Partial<Build>, preview = false): Promise<Created> {
  let digest: string | undefined;
  const world = await observe(
    () => {
      const parent = new pulumi.ComponentResource("test:index:Owner", "web");
      const made = builder.create("web", { ...BUILD, ...build }, { parent });
      made.apply((value) => (digest = value));
    },
    { preview, ...(preview ? {} : { outputs }) },
  );
  await setImmediate(); // The engine does not wait for what is only applied.
  return { world: world.filter(({ type }) => type !== "test:index:Owner"), digest };
}

async function register(builder: Builder, build: Partial<Build>): Promise<Registration[]> {
  const all = await registrations(
    () => {
      const parent = new pulumi.ComponentResource("test:index:Owner", "web");
      builder.create("web", { ...BUILD, ...build }, { parent });
    },
    { outputs },
  );
  return all.filter(({ type }) => type !== "test:index:Owner");
}

const BUILDERS = [docker(), buildkit(), prebuilt({ digest: DIGEST })];

describe.each(BUILDERS)("$name honours the builder contract", (builder) => {
  it("is named as a program writes it", () => {
    expect(builder.name).toMatch(/^[a-z]+\(\)$/);
  });

  it("finds nothing wrong with one platform and nothing more", () => {
    expect(builder.check(BUILD)).toEqual([]);
  });

  it("wants a tag or a digest", () => {
    const wanted = builder.wanted(TAG);
    expect(isDigest(wanted) || tryParseReference(`${REPOSITORY}:${wanted}`)?.tag === wanted).toBe(true);
  });

  it("takes the digest of an image that is present, and declares nothing that could build", async () => {
    const { world, digest } = await create(builder, { present: DIGEST });
    expect(digest).toBe(DIGEST);
    expect(world.filter(({ id }) => id === undefined || id === "")).toEqual([]);
    expect(await register(builder, { present: DIGEST, login: LOGIN })).toEqual([]);
  });

  it("declares nothing for a present image that holds a login", async () => {
    const { world } = await create(builder, { present: DIGEST, login: LOGIN, secrets: { npm: "s3cret" } });
    expect(JSON.stringify(world)).not.toContain("s3cret");
  });

  it("says the same in a preview of a present image", async () => {
    expect((await create(builder, { present: DIGEST }, true)).digest).toBe(DIGEST);
  });
});

describe.each([docker(), buildkit()])("$name builds what is missing", (builder) => {
  it("with one resource below the image, which outlives its place in the program", async () => {
    const [resource, ...others] = await register(builder, {});
    expect(others).toEqual([]);
    expect(resource).toMatchObject({ name: "web", retained: true });
    expect(resource?.parent).toContain("test:index:Owner::web");
    expect(JSON.stringify(resource?.inputs)).toContain(`${REPOSITORY}:${TAG}`);
  });

  it("and knows the digest after that, not before", async () => {
    expect((await create(builder, {})).digest).toBe(DIGEST);
    expect((await create(builder, {}, true)).digest).toBeUndefined();
  });

  it("with its settings", async () => {
    const [resource] = await register(builder, { target: "release", args: { VERSION: "2" } });
    expect(JSON.stringify(resource?.inputs)).toContain('"VERSION":"2"');
    expect(JSON.stringify(resource?.inputs)).toContain('"target":"release"');
    expect(JSON.stringify(resource?.inputs)).toContain("/src/app/Dockerfile");
  });

  it("keeping the login's password a secret", async () => {
    const [resource] = await register(builder, { login: LOGIN });
    expect(JSON.stringify(resource?.inputs)).toContain(`"password":"${SECRET}"`);
    expect(JSON.stringify(resource?.inputs)).toContain('"registry.example.com"');
  });

  it("never in a preview", async () => {
    const [resource] = await register(builder, {});
    expect(resource?.inputs.buildOnPreview).toBe(false);
  });
});

describe("docker()", () => {
  it("says what it cannot do, all at once", () => {
    const request = { platforms: ["linux/amd64", "linux/arm64"], secrets: { npm: "x" }, labels: { a: "b" } };
    expect(docker().check(request)).toEqual([
      expect.stringMatching(
        /^platforms names 2, and builder docker\(\) cannot do that; choose builder: buildkit\(\)/,
      ),
      expect.stringMatching(/^secrets are given/),
      expect.stringMatching(/^labels are given/),
    ]);
  });

  it("gives its resource what transform makes of it", async () => {
    const addHosts = ["db:127.0.0.1"];
    const builder = docker({ transform: (inputs) => ({ ...inputs, build: { ...inputs.build, addHosts } }) });
    const [resource] = await register(builder, {});
    expect(resource?.inputs.build).toMatchObject({ addHosts });
  });
});

describe("buildkit()", () => {
  it("builds several platforms, with labels and secrets, on the builder that is named", async () => {
    const build = {
      platforms: ["linux/amd64", "linux/arm64"],
      labels: { a: "b" },
      secrets: { npm: "s3cret" },
    };
    const builder = buildkit({ builder: "sandbox" });
    expect(builder.check(build)).toEqual([]);
    const [resource] = await register(builder, build);
    expect(resource?.inputs).toMatchObject({
      platforms: build.platforms,
      labels: build.labels,
      builder: { name: "sandbox" },
      push: true,
    });
    expect(JSON.stringify(resource?.inputs)).not.toContain("s3cret");
  });

  it("gives its resource what transform makes of it", async () => {
    const cacheFrom = [{ registry: { ref: `${REPOSITORY}:cache` } }];
    const [resource] = await register(buildkit({ transform: (inputs) => ({ ...inputs, cacheFrom }) }), {});
    expect(resource?.inputs.cacheFrom).toEqual(cacheFrom);
  });
});

describe("prebuilt()", () => {
  it("says what to do about an image that is not there", async () => {
    await expect(create(prebuilt({ digest: DIGEST }), {})).rejects.toThrow(
      `${REPOSITORY} does not have ${DIGEST}; push the image first`,
    );
  });

  it.each(["", "latest", "sha256:abc"])("refuses the digest %j", (digest) => {
    expect(prebuilt({ digest }).check(BUILD)).toEqual([
      expect.stringContaining("is malformed; give sha256:"),
    ]);
  });
});
