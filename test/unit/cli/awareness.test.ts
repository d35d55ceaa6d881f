import { afterAll, describe, expect, it } from "vitest";
import type { Pending } from "../../../components/pending";
import { smallProject } from "./small-project";

const { repository, release, run } = smallProject();
afterAll(() => repository.remove());

describe("delivery pending", () => {
  it("has a line for each environment, and all of one that is named", async () => {
    expect(await run("pending")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^dev +1 change, oldest .*pass$/m),
    });
    const { stdout } = await run("pending", "dev");
    expect(stdout).toContain(`runs      ${release.id}  (${release.commit.slice(0, 12)})`);
    expect(stdout).toMatch(/^Changes\n {2}[0-9a-f]{12} {2}two {2}\(ada, .*ago\)$/m);
  });

  it("is JSON for a program, with how old the oldest is and the verdict", async () => {
    const found = JSON.parse((await run("pending", "dev", "--json")).stdout) as Pending &
      Record<string, unknown>;
    expect(found).toMatchObject({
      environment: "dev",
      relation: "ahead",
      outcome: "pass",
      changes: [{ subject: "two" }],
    });
    expect(found["oldestSeconds"]).toBeGreaterThan(0);
    expect(JSON.parse((await run("pending", "--json")).stdout)).toHaveLength(1);
  });

  it("says which environments there are when it is asked for another one", async () => {
    expect(await run("pending", "prod")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name one of "dev"'),
    });
  });
});

describe("delivery metrics", () => {
  it("is refused without a ledger, which has the history, in words and in JSON", async () => {
    const { code, stderr } = await run("metrics");
    expect([code, stderr]).toEqual([2, expect.stringContaining("the pipeline has no ledger")]);
    const asked = await run("metrics", "--json");
    expect([asked.code, JSON.parse(asked.stdout)]).toMatchObject([2, { error: { exit: 2 } }]);
  });

  it("refuses a window that is none, and two forms at once", async () => {
    for (const days of ["0", "-1", "soon"]) expect((await run("metrics", "--days", days)).code).toBe(2);
    expect((await run("metrics", "--openmetrics", "--json")).stdout).toContain("give one of them");
  });
});

describe("delivery images prune", () => {
  it("says so when the pipeline builds no image, and refuses to keep none", async () => {
    expect((await run("images", "prune", "--keep", "0")).code).toBe(2);
    const { stdout } = await run("images", "prune", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ removed: false, repositories: [] });
  });
});
