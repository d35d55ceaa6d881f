import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combinedState, parsePage, renderLinks } from "../../../sandbox/git/api/index.ts";
import { invalid, missing, renderRefusal } from "../../../sandbox/git/refusals.ts";

describe("pages", () => {
  const parse = (query: Record<string, string>) => parsePage((name) => query[name]);

  it("have 30 items unless asked, and 100 at most", () => {
    expect(parse({})).toEqual({ number: 1, size: 30 });
    expect(parse({ page: "3", per_page: "500" })).toEqual({ number: 3, size: 100 });
    expect(parse({ page: "-1", per_page: "x" })).toEqual({ number: 1, size: 30 });
  });

  it("lead from the first to the last by their links, through every item once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 1, max: 20 }), (total, size) => {
        let seen = 0;
        let next: string | undefined = "http://127.0.0.1/x?state=all";
        let pages = 0;
        while (next !== undefined) {
          const page: { number: number; size: number } = {
            number: Number(new URL(next).searchParams.get("page") ?? 1),
            size,
          };
          expect(new URL(next).searchParams.get("state")).toBe("all");
          seen += Math.max(0, Math.min(size, total - (page.number - 1) * size));
          pages += 1;
          next = /<([^>]*)>; rel="next"/.exec(renderLinks(next, page, total) ?? "")?.[1];
        }
        expect(seen).toBe(total);
        expect(pages).toBe(Math.max(1, Math.ceil(total / size)));
      }),
    );
  });

  it("need no links when there is one", () => {
    expect(renderLinks("http://127.0.0.1/x", { number: 1, size: 30 }, 30)).toBeUndefined();
    expect(renderLinks("http://127.0.0.1/x", { number: 2, size: 30 }, 31)).toBe(
      '<http://127.0.0.1/x?page=1>; rel="prev", <http://127.0.0.1/x?page=1>; rel="first"',
    );
  });
});

describe("statuses together", () => {
  it.each([
    [[], "pending"],
    [["success"], "success"],
    [["success", "pending"], "pending"],
    [["success", "pending", "error"], "failure"],
    [["failure"], "failure"],
  ] as const)("of %j are %s", (states, combined) => {
    expect(combinedState(states.map((state) => ({ state })))).toBe(combined);
  });
});

describe("refusals", () => {
  it("have GitHub's shape", () => {
    expect(renderRefusal(missing("sha"))).toEqual({
      message: 'Invalid request.\n\n"sha" wasn\'t supplied.',
      documentation_url: expect.any(String),
      status: "422",
    });
    expect(renderRefusal(invalid("Repository", "name", "taken"))).toMatchObject({
      message: "Validation Failed",
      errors: [{ resource: "Repository", field: "name", code: "custom", message: "taken" }],
    });
  });
});
