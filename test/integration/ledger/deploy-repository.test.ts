import { describe, expect, it } from "vitest";
import { DeployRepository } from "../../../components/ledger";
import type { DeployRepositoryArgs } from "../../../components/ledger";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";

/** The component, the repository and the rules. */
async function made(args: DeployRepositoryArgs): Promise<Record<string, Registration>> {
  const world = await registrations(() => new DeployRepository("deploy", args));
  return Object.fromEntries(world.map((resource) => [resource.type.split(":").at(-1), resource]));
}

async function refused(args: DeployRepositoryArgs): Promise<string> {
  let message = "";
  const world = await registrations(() => {
    try {
      new DeployRepository("deploy", args);
    } catch (error) {
      message = (error as Error).message;
    }
  });
  expect(world.map(({ type }) => type)).toEqual(["delivery:ledger:DeployRepository"]);
  return message;
}

describe("a deploy repository", () => {
  it("is private, outlives the program, and lets nobody rewrite or delete a deploy branch", async () => {
    const { DeployRepository: component, Repository, RepositoryRuleset } = await made({ name: "deploy" });
    expect(component?.inputs).toEqual({});
    expect(Repository).toMatchObject({ name: "deploy", parent: component?.urn });
    expect(Repository?.inputs).toMatchObject({
      ...{ name: "deploy", visibility: "private", archiveOnDestroy: true },
      ...{ squashMergeCommitMessage: "PR_BODY", allowRebaseMerge: false },
    });
    expect(RepositoryRuleset).toMatchObject({ parent: component?.urn, dependsOn: ["deploy"] });
    expect(RepositoryRuleset?.inputs).toMatchObject({
      ...{ target: "branch", enforcement: "active" },
      conditions: { refName: { includes: ["refs/heads/deploy/**/*"], excludes: [] } },
      rules: { nonFastForward: true, deletion: true },
    });
    expect(RepositoryRuleset?.inputs["rules"]).not.toHaveProperty("pullRequest");
  });

  it("takes changes of the branches that it names by pull request alone, when that is said", async () => {
    const branches = ["deploy/shop/prod"];
    const { RepositoryRuleset } = await made({ name: "deploy", branches, changes: { approvals: 2 } });
    expect(RepositoryRuleset?.inputs).toMatchObject({
      conditions: { refName: { includes: ["refs/heads/deploy/shop/prod"] } },
      rules: { pullRequest: { requiredApprovingReviewCount: 2, dismissStaleReviewsOnPush: true } },
    });
  });

  it("gives each child its transform last", async () => {
    const { Repository, RepositoryRuleset } = await made({
      name: "deploy",
      transform: {
        repository: (args) => ({ ...args, topics: ["ledger"] }),
        ruleset: (args) => ({ ...args, enforcement: "evaluate" }),
      },
    });
    expect(Repository?.inputs["topics"]).toEqual(["ledger"]);
    expect(RepositoryRuleset?.inputs["enforcement"]).toBe("evaluate");
  });

  it("has all problems of its arguments said at once, before it is declared", async () => {
    const message = await refused({
      name: "acme/deploy.git",
      branches: ["refs/heads/main", "a b"],
      changes: { approvals: 11 },
    });
    expect(message).toContain('name is "acme/deploy.git"; give 1 to 100 letters');
    expect(message).toContain('branches has "refs/heads/main"; give a branch or a pattern');
    expect(message).toContain('branches has "a b"');
    expect(message).toContain("changes.approvals is 11; give a whole number from 0 to 10");
    expect(await refused({ name: "deploy", branches: [] })).toContain("branches is empty");
  });
});
