import { describe, expect, it } from "vitest";
import { gitEnvironment } from "../../../components/ledger/git/environment";

const advice = "give another one";
const token = { kind: "token", username: "x-access-token", token: "a-token", advice } as const;
const of = (system: NodeJS.ProcessEnv, credential: Parameters<typeof gitEnvironment>[2] = token) =>
  gitEnvironment("/work/space", "https://git.example.com/acme/deploy.git", credential, system);

describe("the environment of Git's processes", () => {
  it("has what leads to the outside: the proxy, its exceptions and the authorities that are trusted", () => {
    const outside = {
      HTTPS_PROXY: "http://proxy.example.com:3128",
      NO_PROXY: "localhost",
      SSL_CERT_FILE: "/etc/ssl/own.pem",
    };
    expect(of(outside)).toMatchObject({ ...outside, GIT_SSL_CAINFO: "/etc/ssl/own.pem" });
  });

  it("has nothing else of the user's: no settings, no helpers, no folder that Git would read", () => {
    const system = {
      HOME: "/home/ann",
      GIT_CONFIG_GLOBAL: "/home/ann/.gitconfig",
      GIT_SSH_COMMAND: "ssh -o StrictHostKeyChecking=no",
      GIT_EXEC_PATH: "/tmp/evil",
      LD_PRELOAD: "/tmp/evil.so",
      SSH_AUTH_SOCK: "/tmp/agent.sock",
      AWS_SECRET_ACCESS_KEY: "canary",
    };
    const env = of(system);
    expect(env).toMatchObject({ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" });
    expect(Object.values(env).join("\n")).not.toMatch(/ann|evil|canary|agent\.sock|StrictHostKeyChecking=no/);
  });

  it("has the SSH agent when no key is given, and not with a key or a token", () => {
    const system = { SSH_AUTH_SOCK: "/tmp/agent.sock" };
    const ssh = { kind: "ssh", knownHosts: "git.example.com ssh-ed25519 AAAA", advice } as const;
    expect(of(system, { ...ssh, privateKey: undefined })["SSH_AUTH_SOCK"]).toBe("/tmp/agent.sock");
    expect(of(system, { ...ssh, privateKey: "a key" })["SSH_AUTH_SOCK"]).toBeUndefined();
    expect(of(system)["SSH_AUTH_SOCK"]).toBeUndefined();
  });

  it("has a token for its own server only, and not in the clear", () => {
    const env = of({});
    expect(env["GIT_CONFIG_KEY_0"]).toBe("http.https://git.example.com/.extraHeader");
    expect(Object.values(env).join("\n")).not.toContain("a-token");
  });
});
