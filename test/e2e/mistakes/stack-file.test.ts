import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Project } from "../../support/project";
import { CANARY, DIGEST, makeMistakeWorld } from "./world";
import type { MistakeWorld } from "./world";

let world: MistakeWorld;
beforeAll(async () => {
  world = await makeMistakeWorld("stack-file", begin);
});
afterAll(() => world?.remove());

/** The reference pipeline, of which nothing is promoted yet. */
async function begin(project: Project): Promise<void> {
  for (const part of ["Pulumi.yaml", "tsconfig.base.json", "infra", "stacks"]) project.copy(part);
  for (const stack of ["dev", "qa"]) await project.pulumi("stack", "init", stack);
}

describe("the file of a stack", () => {
  it("of no environment is refused, with the stacks that there are", async () => {
    const error = await world.refused(undefined, "qa");
    expect(error).toContain(
      'stack "qa" is no environment of the pipeline; select one of "build", "dev", "staging", "prod"',
    );
  });

  it("without a release says how to promote one", async () => {
    const error = await world.refused();
    expect(error).toContain(
      'Pulumi.dev.yaml has no delivery:release; promote one from "build" with: delivery promote dev',
    );
  });

  it("with mistakes is refused with all of them at once: a digest, a commit, settings", async () => {
    world.project.write(
      "stacks/Pulumi.dev.yaml",
      `config:
  delivery:release:
    id: shop-0123456789ab
    commit: 4f2a91c
    sources: "${"0".repeat(64)}"
    images: { shop: "registry.example.com/acme/shop@${DIGEST.slice(0, -1)}" }
  delivery:config: { replicas: "${CANARY}", colour: red }
`,
    );
    const error = await world.refused();
    const field = "Pulumi.dev.yaml: delivery";
    expect(error).toContain(`${field}:release.commit is "4f2a91c"; give 40 hex digits, quoted`);
    expect(error).toMatch(
      /Pulumi\.dev\.yaml: delivery:release\.images\.shop is ".*; give repository@sha256: and 64 hex digits/,
    );
    expect(error).toContain(
      `${field}:config.replicas has to be a number, as in the pipeline's config; its value is not`,
    );
    expect(error).toContain(
      `${field}:config.colour is no setting of the pipeline, whose config has "replicas"`,
    );
  });
});
