import { describe, expect, it } from "vitest";
import { checkAccess, checkSecretSource, readSecret, resolveAccess } from "../../../components/ledger/access";
import type { GitAccess, SecretSource } from "../../../components/ledger/access";

const HTTPS = "https://github.com/acme/deploy.git";
const SSH = "ssh://git@github.com/acme/deploy.git";
const KNOWN_HOSTS =
  "github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const token: SecretSource = { variable: "TOKEN" };

describe("access to a repository", () => {
  it.each<[GitAccess | undefined, string]>([
    [undefined, HTTPS],
    [{ kind: "token", token }, HTTPS],
    [{ kind: "token", token: { config: "delivery:gitToken" }, username: "oauth2" }, HTTPS],
    [{ kind: "github-app", app: "Iv23abc", privateKey: { file: "/run/key.pem" } }, HTTPS],
    [{ kind: "ssh-key", privateKey: token, knownHosts: `# from the docs\n${KNOWN_HOSTS}\n` }, SSH],
    [{ kind: "ssh-agent", knownHosts: KNOWN_HOSTS }, SSH],
  ])("is fine: %j for %s", (access, repository) => {
    expect(checkAccess(access, repository)).toEqual([]);
  });

  it.each<[unknown, string, string]>([
    [undefined, SSH, "access is missing"],
    [{ kind: "token", token }, SSH, "does not go with an address that begins with ssh"],
    [
      { kind: "ssh-agent", knownHosts: KNOWN_HOSTS },
      HTTPS,
      "does not go with an address that begins with http",
    ],
    [{ kind: "ssh-key", privateKey: token, knownHosts: "" }, SSH, "knownHosts is empty"],
    [{ kind: "ssh-key", privateKey: token }, SSH, "knownHosts is empty"],
    [{ kind: "ssh-key", privateKey: token, knownHosts: "yes" }, SSH, "HOST TYPE KEY"],
    [{ kind: "token" }, HTTPS, "access.token must be one of"],
    [{ kind: "token", token: { variable: "A", file: "/b" } }, HTTPS, "access.token must be one of"],
    [
      { kind: "github-app", app: "7", privateKey: token, api: "http://example.com" },
      HTTPS,
      "access.api is no https address",
    ],
    [
      { kind: "github-app", app: "7", privateKey: token, api: "https://u:p@example.com" },
      HTTPS,
      "access.api is no https address",
    ],
    [{ kind: "github-app", app: "../7", privateKey: token }, HTTPS, "access.app"],
    [
      { kind: "github-app", app: "7", privateKey: token, installation: "1/../2" },
      HTTPS,
      "access.installation",
    ],
    [{ kind: "password" }, HTTPS, "access.kind must be"],
  ])("is refused: %j for %s, %s", (access, repository, words) => {
    expect(checkAccess(access as GitAccess, repository).join("\n")).toContain(words);
  });

  it("never repeats a secret that was put where its place belongs", () => {
    for (const source of [{ variable: "ghp_canary-1" }, { file: "canary" }, { config: "canary" }]) {
      const problems = checkSecretSource("access.token", source as SecretSource);
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain("canary");
    }
  });
});

describe("a secret", () => {
  it("is looked up where it is said to be, without white space around it", () => {
    const places = {
      environment: { TOKEN: " s3cret\n" },
      config: (name: string) => (name === "a:b" ? "other" : undefined),
    };
    expect(readSecret({ variable: "TOKEN" }, places)).toBe("s3cret");
    expect(readSecret({ config: "a:b" }, places)).toBe("other");
  });

  it.each<[SecretSource, string]>([
    [{ variable: "MISSING" }, "the environment variable MISSING"],
    [{ config: "a:b" }, "the stack has no secret a:b; set it with: pulumi config set --secret a:b"],
    [{ file: "/nonexistent/key" }, "/nonexistent/key"],
  ])("that is not there is missed by its place: %j", (source, words) => {
    expect(() => readSecret(source, { environment: {} })).toThrow(words);
  });

  it("of the default variable is sent to https, and nothing is sent without it", async () => {
    const sent = await resolveAccess(undefined, HTTPS, { environment: { DELIVERY_GIT_TOKEN: "t" } });
    expect(sent).toMatchObject({ kind: "token", username: "x-access-token", token: "t" });
    expect((await resolveAccess(undefined, HTTPS, { environment: {} })).kind).toBe("none");
  });
});
