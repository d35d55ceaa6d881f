import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Deployment } from "../../../components/history";
import { readFactsSync } from "../../../components/history/sync";
import { migration } from "../../../components/manifests";
import { definePipeline, Pipeline } from "../../../components/pipeline";
import type { PipelineDefinition } from "../../../components/pipeline";
import type { Release } from "../../../components/release";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { example, IMAGE } from "../../unit/pipeline/example";
import { createProject } from "./project";
import type { Project } from "./project";

// Its process is compiled, and asks a server: test/e2e has both.
vi.mock("../../../components/history/sync", () => ({ readFactsSync: vi.fn() }));

const ledger = {
  repository: "https://git.example.com/acme/deploy.git",
  access: { kind: "token", token: { config: "delivery:gitToken" } },
} as const;
const manifests: typeof example.manifests = (context) => [
  ...example.manifests(context),
  ...migration({ name: "migrate", image: IMAGE, release: context.release.id }),
];
const pipeline = definePipeline({ ...example, ledger, manifests });
let project: Project;
let release: Release;
beforeEach(() => {
  project = createProject();
  release = project.release();
  vi.stubEnv("KUBECONFIG", project.kubeconfig);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.mocked(readFactsSync).mockReset();
  project.remove();
});

function deployment(id: string): Deployment {
  const about = { release: id, sourceCommit: undefined, clusters: ["dev"], override: undefined };
  return { ...about, begun: new Date(), verified: new Date(), outcome: "verified", isRollback: false };
}
const says = (...newestFirst: readonly string[]): void => {
  vi.mocked(readFactsSync).mockReturnValue({ files: {}, deployments: newestFirst.map(deployment) });
};
const run = (of: PipelineDefinition = pipeline): Promise<Registration[]> =>
  registrations(
    () =>
      new Pipeline("shop", {
        pipeline: of,
        root: project.root,
        stack: "dev",
        release,
        secret: () => "token",
      }),
  );
const migrationsIn = (world: readonly Registration[]): number =>
  world.filter(({ type }) => type === "kubernetes:batch/v1:Job").length;

describe("the migration of a release that an environment is to run", () => {
  it("runs when it is new there, and is left out when the environment goes back to it, by its branch of the ledger", async () => {
    says("another");
    expect(migrationsIn(await run())).toBe(1);
    says("another", release.id);
    expect(migrationsIn(await run())).toBe(0);
    const location = { ...ledger, branch: "deploy/shop/dev" };
    expect(readFactsSync).toHaveBeenLastCalledWith({
      location,
      secrets: { "delivery:gitToken": "token" },
    });
  });

  it("is not guessed: a ledger that cannot be asked stops the preview", async () => {
    vi.mocked(readFactsSync).mockReturnValue({ problems: ["the server refused"] });
    const said = await run().then(String, String);
    expect(said).toContain(`whether ${release.id} has succeeded in dev before cannot be told`);
    expect(said).toContain("the server refused");
  });

  it("asks no ledger where there is none", async () => {
    expect(migrationsIn(await run(definePipeline({ ...example, manifests })))).toBe(1);
    expect(readFactsSync).not.toHaveBeenCalled();
  });
});
