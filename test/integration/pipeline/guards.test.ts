import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forwardOnly, maxPending } from "../../../components/guards";
import type { Promotion } from "../../../components/guards";
import { askPromotionSync } from "../../../components/pending/sync";
import { definePipeline, Pipeline } from "../../../components/pipeline";
import type { Release } from "../../../components/release";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { candidate, commits, promotion } from "../../unit/guards/facts";
import { example } from "../../unit/pipeline/example";
import { createProject } from "./project";
import type { Project } from "./project";

// Its process is compiled, and asks a server: test/e2e has both.
vi.mock("../../../components/pending/sync", () => ({ askPromotionSync: vi.fn() }));

const guards = [maxPending({ warn: 2, block: 4 }), forwardOnly()];
const ledger = { repository: "https://git.example.com/acme/deploy.git" };
const environments = { ...example.environments, prod: { ...example.environments.prod!, guards } };
const pipeline = definePipeline({ ...example, ledger, environments });
let project: Project;
let release: Release;

beforeEach(() => {
  project = createProject();
  release = project.release();
  vi.stubEnv("KUBECONFIG", project.kubeconfig);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.mocked(askPromotionSync).mockReset();
  project.remove();
});

const answer = (fields: Partial<Promotion>, isBegun = false): void => {
  vi.mocked(askPromotionSync).mockReturnValue({ promotion: promotion(fields), isBegun });
};

async function run(
  stack = "prod",
  counted = pipeline,
  override?: object,
): Promise<{ world: Registration[]; message: string }> {
  let message = "";
  const world = await registrations(() => {
    try {
      return new Pipeline("shop", { pipeline: counted, root: project.root, stack, release, override });
    } catch (error) {
      expect(pulumi.ResourceError.isInstance(error)).toBe(true);
      message = (error as Error).message;
    }
  });
  return { world, message };
}

const messagesOf = (world: readonly Registration[]): unknown[] =>
  world.filter(({ type }) => type.endsWith(":GitCommit")).map(({ inputs }) => inputs["message"]);

describe("the guards of an environment in a preview", () => {
  it("stop the program before anything is declared, and say what fits", async () => {
    const target = candidate({ id: "large", changes: commits(5) });
    answer({ target, candidates: [candidate({ id: "small", changes: commits(3) })] });
    const { world, message } = await run();
    expect(world.map(({ type }) => type)).toEqual(["delivery:pipeline:Pipeline"]);
    expect(message).toContain("maxPending blocks this release: 5 changes at once, above 4 (block)");
    expect(message).toContain("small fits; see: delivery pending prod");
  });

  it("let an override go on, whose reason is in every commit of the ledger", async () => {
    const target = candidate({ id: "large", changes: commits(5) });
    answer({ target, override: { release: "large", reason: "INC-9, agreed" } });
    const override = { release: release.id, reason: "INC-9, agreed" };
    const { world, message } = await run("prod", pipeline, override);
    expect(message).toBe("");
    expect(messagesOf(world)[0]).toMatchObject({ override: "INC-9, agreed" });
    answer({ target }, true);
    const again = await run("prod", pipeline, override);
    expect(messagesOf(again.world)).toEqual(messagesOf(world));
  });

  it("let a release finish that was begun, and a way back go", async () => {
    const target = candidate({ changes: commits(50) });
    answer({ target }, true);
    expect((await run()).message).toBe("");
    answer({ target: { ...target, relation: "behind", verifiedHere: new Date() } });
    expect((await run()).message).toBe("");
  });

  it("count only the changes that the pipeline's own function takes", async () => {
    const counts = ({ subject }: { readonly subject: string }): boolean => subject !== "change 1";
    const own = definePipeline({ ...example, ledger, environments, source: { ...example.source, counts } });
    answer({ target: candidate({ changes: commits(5) }) });
    expect((await run("prod", own)).message).toBe("");
  });

  it("stop it when they cannot be asked, and are not asked where there are none", async () => {
    vi.mocked(askPromotionSync).mockReturnValue({ problems: ["the server refused"] });
    expect((await run()).message).toContain("the guards of prod could not be asked: the server refused");
    vi.mocked(askPromotionSync).mockReset();
    expect((await run("dev")).message).toBe("");
    expect(askPromotionSync).not.toHaveBeenCalled();
  });
});
