import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { makeRelease } from "../../../components/release";
import type { Release } from "../../../components/release";
import { hashFiles } from "../../../components/source";
import { IMAGE } from "../../unit/pipeline/example";

/** A checkout with a pipeline's sources, an application and a kubeconfig of three contexts. */
export interface Project {
  readonly root: string;
  readonly kubeconfig: string;
  write(path: string, content: string): void;
  /** Commits everything; returns the commit. */
  commit(): string;
  /** Commits everything; returns the release of `shop` that it makes. */
  release(): Release;
  remove(): void;
}

const GIT_ENVIRONMENT = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

export function createProject(): Project {
  const root = mkdtempSync(join(tmpdir(), "delivery-project-"));
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, env: GIT_ENVIRONMENT, encoding: "utf8" }).trim();
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  git("init", "--quiet", "--initial-branch=main");
  write("infra/pipeline.ts", "export const pipeline = 1;\n");
  write("app/Dockerfile", "FROM scratch\nCOPY main /\n");
  write("app/main", "1\n");
  write(".gitignore", "kubeconfig\n");
  write("kubeconfig", kubeconfigOf(["dev-context", "eu-context", "us-context"]));
  const commit = (): string => {
    git("add", "--all");
    git("commit", "--quiet", "--message", "change");
    return git("rev-parse", "HEAD");
  };
  const release = (): Release => {
    const made = { commit: commit(), sources: hashFiles(root, ["infra/**"]), images: { shop: IMAGE } };
    return makeRelease("shop", made);
  };
  const remove = (): void => rmSync(root, { recursive: true });
  return { root, kubeconfig: join(root, "kubeconfig"), write, commit, release, remove };
}

function kubeconfigOf(contexts: readonly string[]): string {
  return stringify({
    contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: contexts.map((name) => ({ name, cluster: { server: `https://${name}.example.com` } })),
    users: contexts.map((name) => ({ name, user: { token: "t" } })),
  });
}

/** A registry that has one image, whatever it is asked for. */
export interface OneImage {
  readonly host: string;
  readonly digest: string;
  close(): Promise<void>;
}

export async function serveOneImage(): Promise<OneImage> {
  const type = "application/vnd.oci.image.manifest.v1+json";
  const body = JSON.stringify({ schemaVersion: 2, mediaType: type, config: {}, layers: [] });
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": type, "docker-content-digest": digest });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, digest, close };
}
