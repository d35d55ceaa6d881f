import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkManifestSource, readPublished } from "../../../components/pull/published";
import type { ManifestSource } from "../../../components/pull/published";

const TEXT = "apiVersion: v1\nkind: Namespace\nmetadata: { name: flux-system }\n";
const sha256 = createHash("sha256").update(TEXT).digest("hex");
const OTHER = "0".repeat(64);

const dir = mkdtempSync(join(tmpdir(), "published-"));
const path = join(dir, "install.yaml");
writeFileSync(path, TEXT);

/** Answers in a process of its own, since a program waits for its manifests without letting anything else run. */
const SERVER = `
  const [dir] = process.argv.slice(1);
  const read = (name) => require("node:fs").readFileSync(require("node:path").join(dir, name));
  const server = require("node:https").createServer({ key: read("key.pem"), cert: read("cert.pem") }, (request, response) => {
    if (request.url !== "/install.yaml") return response.writeHead(404).end("nothing here");
    response.end(read("install.yaml"));
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
let server: ChildProcess;
let origin = "";

beforeAll(async () => {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", join(dir, "key.pem"), "-out", join(dir, "cert.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, ...files, "-days", "1"], {
    stdio: "ignore",
  });
  server = spawn(process.execPath, ["-e", SERVER, dir], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(server.stdout!, "data")) as [Buffer];
  origin = `https://127.0.0.1:${port.toString().trim()}`;
  vi.stubEnv("NODE_EXTRA_CA_CERTS", join(dir, "cert.pem"));
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.kill();
  rmSync(dir, { recursive: true });
});

const refused = (source: ManifestSource): string => {
  try {
    return JSON.stringify(readPublished(source));
  } catch (error) {
    return (error as Error).message;
  }
};
const url = (name = "install.yaml"): string => `${origin}/${name}`;

describe("the published manifests of an agent", () => {
  it("are read from a file, or from an https address, when they are the pinned ones", () => {
    const sources = [{ path }, { path, sha256 }, { url: url(), sha256 }];
    for (const source of sources) {
      expect(readPublished(source)).toMatchObject([{ kind: "Namespace", metadata: { name: "flux-system" } }]);
    }
  });

  it("are refused when they are any other ones, with what they are and what to do", () => {
    for (const source of [
      { path, sha256: OTHER },
      { url: url(), sha256: OTHER },
    ]) {
      const said = refused(source);
      expect(said).toContain(`has the SHA-256 ${sha256}, not the pinned one`);
      expect(said).toContain("see what has changed before you pin the new one");
    }
  });

  it("that cannot be had are told of with their place and the reason", () => {
    expect(refused({ path: join(dir, "none.yaml") })).toContain(
      'none.yaml" cannot be read (ENOENT); correct',
    );
    expect(refused({ url: url("none"), sha256 })).toMatch(
      /127\.0\.0\.1:\d+\/none cannot be downloaded \(Error: status 404\); download it by hand and give its path/,
    );
    vi.stubEnv("NODE_EXTRA_CA_CERTS", "");
    expect(refused({ url: url(), sha256 })).toMatch(/cannot be downloaded \(.*self-signed certificate/);
    vi.stubEnv("NODE_EXTRA_CA_CERTS", join(dir, "cert.pem"));
  });
});

describe("where the manifests of an agent are", () => {
  it.each<[string, object | undefined, string]>([
    ["nowhere", undefined, "manifests is missing; give { path } or { url, sha256 }"],
    [
      "at an address that is not pinned",
      { url: "https://x.example.com/i.yaml" },
      "manifests.sha256 is undefined",
    ],
    ["at one that is not encrypted", { url: "http://x.example.com/i.yaml", sha256 }, "give an https address"],
    [
      "pinned by what is no SHA-256",
      { path, sha256: "abc" },
      'manifests.sha256 is "abc"; give the 64 hex digits',
    ],
  ])("is refused %s", (_what, source, words) => {
    expect(checkManifestSource(source as ManifestSource).join("\n")).toContain(words);
  });

  it("may be a file of one's own, which needs no pin", () => {
    expect(checkManifestSource({ path })).toEqual([]);
  });
});
