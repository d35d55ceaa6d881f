import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proxyControl } from "../../../sandbox/proxy/index.ts";
import { digestIn, makeImageWorld, newRequests, pushes, writes } from "./world.ts";
import type { ImageProject, ImageWorld, Login, RegistryMode } from "./world.ts";

const WRONG = "not-the-pass/word+at=all";
/** Every form in which a password may show. */
const FORMS = [
  WRONG,
  encodeURIComponent(WRONG),
  Buffer.from(WRONG).toString("base64"),
  Buffer.from(WRONG).toString("hex"),
];

let world: ImageWorld;
beforeAll(async () => {
  world = await makeImageWorld();
});
afterAll(() => world?.remove());

const loginOf = (mode: RegistryMode): Login =>
  world.registries[mode].credentials ?? { username: "", password: "" };
const seen = (mode: RegistryMode): Promise<string[]> => newRequests(world.dir, world.registries[mode]);

/** A project whose image names its login itself. */
async function explicit(name: string, mode: RegistryMode, login: Login): Promise<ImageProject> {
  const registry = `registry: { username: "${login.username}", password: secret("password") }`;
  const args = `builder: buildkit({ builder: "sandbox" }), ${registry}`;
  const project = await world.project(name, { repository: `acme/${name}`, mode, args });
  await project.pulumi("config", "set", "--secret", "password", login.password);
  return project;
}

describe.each(["basic", "token"] as const)("a registry that asks for a login (%s)", (mode) => {
  it("gets the image with the login of the arguments, and gives it back without a build", async () => {
    const project = await explicit(`explicit-${mode}`, mode, loginOf(mode));
    await seen(mode);
    await project.up();
    expect(pushes(await seen(mode))).toHaveLength(1);
    const { tag, digest } = await project.image();
    expect(await digestIn(world.registries[mode], `acme/explicit-${mode}`, tag)).toBe(digest);
    const { output: shown } = await project.pulumi("stack", "output", "--json");
    expect(JSON.parse(shown)).toMatchObject({ tag, digest });
    const { output: built } = await project.pulumi("stack", "export");
    expect(built).not.toContain(loginOf(mode).password);
    await project.up("--expect-no-changes");
    expect(writes(await seen(mode))).toEqual([]);
    const { output: found } = await project.pulumi("stack", "export");
    expect(found).not.toContain('"registries"');
  });

  it("gets the image with the login that docker login has left", async () => {
    world.logIn({ [world.registries[mode].address]: loginOf(mode) });
    const args = 'builder: buildkit({ builder: "sandbox" })';
    const project = await world.project(`found-${mode}`, { repository: `acme/found-${mode}`, mode, args });
    await project.up();
    const { tag, digest } = await project.image();
    expect(await digestIn(world.registries[mode], `acme/found-${mode}`, tag)).toBe(digest);
    world.logIn({});
  });

  it("refuses a wrong password with one error, which does not show it, before anything is changed", async () => {
    const project = await explicit(`wrong-${mode}`, mode, { ...loginOf(mode), password: WRONG });
    await seen(mode);
    for (const command of [
      ["preview"],
      ["up", "--yes", "--skip-preview"],
      ["preview", "--logtostderr", "-v=9"],
    ]) {
      const { code, output } = await project.pulumi(...command);
      expect(code).not.toBe(0);
      expect(output).toMatch(/refused the credentials for acme\/wrong-(basic|token) \(.*answered 401\)/);
      expect(FORMS.filter((form) => output.includes(form))).toEqual([]);
      if (command.includes("-v=9")) continue;
      expect(output.match(/^ *error: .*/gm)).toHaveLength(1);
      expect(output).not.toContain("    at ");
    }
    expect(writes(await seen(mode))).toEqual([]);
    const { output: state } = await project.pulumi("stack", "export");
    expect(FORMS.filter((form) => state.includes(form))).toEqual([]);
  });
});

describe("a registry that is down", () => {
  it.each<[string, (route: string) => Promise<void>, string]>([
    ["refuses connections", (route) => proxyControl(world.dir).refuse(route), "ECONNREFUSED"],
    ["answers 503", (route) => proxyControl(world.dir).answer(route, { status: 503 }), "answered 503"],
  ])("fails the preview with one clear error when it %s", async (what, fault, message) => {
    const name = what.replaceAll(" ", "-");
    const args = 'builder: buildkit({ builder: "sandbox" })';
    const project = await world.project(name, { repository: `acme/${name}`, mode: "none", args });
    const { route } = world.registries.none;
    await fault(route);
    const { code, output } = await project.pulumi("preview");
    await proxyControl(world.dir).pass(route);
    expect(code).not.toBe(0);
    expect(output).toContain(message);
    expect(output.match(/^ *error: .*/gm)).toHaveLength(1);
    expect(output).not.toContain("    at ");
    await project.up();
  });
});
