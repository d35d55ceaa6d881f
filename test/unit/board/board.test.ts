import { describe, expect, it } from "vitest";
import { boardHtml, boardMarkdown, boardText } from "../../../components/board";
import type { LiveAgent, LiveCluster } from "../../../components/board";
import { stackFileOf } from "../../../components/history";
import { ago, board, deployment, facts, id, largeBoard, NOW, richBoard, row, running } from "./boards";

const states = (made: ReturnType<typeof row>): (string | undefined)[] =>
  made.cells.map(({ state, note }) => (note === undefined ? state : `${state}: ${note}`));

describe("a row of the board", () => {
  it("says of every cluster what it runs, since when, and that it is verified", () => {
    const { cells, releases, pending } = row();
    expect(cells[0]).toEqual({
      ...{ cluster: "eu-1", release: id(1), commit: running(1, 0).commit, since: ago(30) },
      ...{ state: "verified", note: undefined, agent: undefined, pin: undefined, isBehind: false },
    });
    expect([releases, pending.changes, pending.outcome]).toEqual([1, 0, undefined]);
  });

  it("tells what is under way from what has failed", () => {
    const mixed = new Map([
      ["eu-1", running(3, 1)],
      ["us-1", running(2, 5)],
    ]);
    const open = { outcome: "open", verified: undefined } as const;
    const failed = { outcome: "failed", verified: undefined } as const;
    const history = [deployment(3, 1, open), deployment(2, 5, failed), deployment(1, 30)];
    const made = row(facts({ running: mixed, deployments: history }));
    expect(states(made)).toEqual(["open", "failed"]);
    expect(made.releases).toBe(2);
  });

  it("shows skew, but not of a cluster that is pinned", () => {
    const clusters = ["a", "b", "c"];
    const mixed = new Map([
      ["a", running(1, 1)],
      ["b", running(1, 1)],
      ["c", running(2, 90)],
    ]);
    const behind = (made: ReturnType<typeof row>): boolean[] => made.cells.map(({ isBehind }) => isBehind);
    expect(behind(row(facts({ clusters, running: mixed })))).toEqual([false, false, true]);
    const file = stackFileOf({ "delivery:pins": { c: { id: id(2) } } });
    const made = row(facts({ clusters, running: mixed, file }));
    expect(behind(made)).toEqual([false, false, false]);
    expect([made.releases, made.cells[2]!.pin]).toEqual([1, id(2)]);
  });

  it.each<[string, LiveCluster, string]>([
    [
      "another release",
      { state: "read", release: id(5), contentHash: "x" },
      `differs: the cluster says ${id(5)}`,
    ],
    [
      "other content",
      { state: "read", release: id(1), contentHash: "x" },
      "differs: the cluster has it with other content",
    ],
    ["nothing", { state: "empty" }, "differs: the cluster has no record of it"],
    ["the same", { state: "read", release: id(1), contentHash: "hash-1" }, "verified"],
    ["no answer", { state: "unreachable", why: "refused" }, "unreachable: refused"],
  ])("shows that a cluster itself says %s", (_what, live, expected) => {
    expect(states(row(facts({ clusters: ["eu-1"] }), 0, new Map([["eu-1", live]])))).toEqual([expected]);
  });

  it.each<[string, Partial<LiveAgent>, string]>([
    ["is healthy", {}, "✓ verified, flux healthy"],
    [
      "is suspended",
      { state: "suspended", message: "it is suspended" },
      "✓ verified, flux suspended: it is suspended",
    ],
    [
      "has given up",
      { state: "failed", message: "HealthCheckFailed: web\n  is not ready" },
      "✗ failed, flux failed: HealthCheckFailed: web is not ready",
    ],
    [
      "cannot read",
      { state: "working", source: "unreadable", message: "denied" },
      "✓ verified, flux cannot read the ledger: denied",
    ],
    [
      "says a lot",
      { state: "working", message: "x".repeat(500) },
      `✓ verified, flux working: ${"x".repeat(159)}…`,
    ],
  ])("says of an agent in the cluster that it %s", (_what, said, expected) => {
    const agent: LiveAgent = { name: "flux", state: "healthy", message: "", source: "readable", ...said };
    const live = { state: "read", release: id(1), contentHash: "hash-1", agent } as const;
    const made = row(facts({ clusters: ["eu-1"] }), 0, new Map([["eu-1", live]]));
    expect(boardText({ ...board(made), live: true })).toContain(expected);
    expect(made.cells[0]!.agent).toEqual(agent);
  });

  it("judges the next release by the guards, with what fits", () => {
    const { pending } = row(facts(), 30);
    expect(pending).toMatchObject({
      changes: 30,
      outcome: "block",
      proposal: id(9),
      oldestMs: 90 * 3_600_000,
    });
    expect(pending.verdicts.map(({ guard, outcome }) => `${guard} ${outcome}`)).toEqual([
      "maxPending block",
      "maxAge warn",
    ]);
  });

  it("takes a hold that is over for none", () => {
    const held = (until: string): unknown =>
      row(facts({ file: stackFileOf({ "delivery:hold": { reason: "x", until } }) })).hold;
    expect(held("2026-12-01")).toBeDefined();
    expect(held("2026-11-25")).toBeUndefined();
  });
});

describe("the board as text", () => {
  it("says that what waits may go", () => {
    expect(boardText(board(row(facts(), 2)))).toMatch(/ 2 changes, oldest 6 h, pass$/);
  });

  it("has a line for each group of clusters that stand alike, however many there are", () => {
    const text = boardText(largeBoard());
    expect(text.split("\n").filter((line) => line.includes("environment-"))).toHaveLength(12);
    expect(text).toContain("cluster-with-a-long-name-0 and 39 more");
  });

  it("shows what waits, what blocks it and what fits below the environment", () => {
    expect(boardText(board(row(facts(), 30)))).toBe(
      [
        "shop at 2026-11-25T12:00Z",
        "",
        "ENVIRONMENT  CLUSTERS    RELEASE            AGE      STATE       PENDING",
        `prod         eu-1, us-1  ${id(1)}  1 d 6 h  ✓ verified  30 changes, oldest 3 d 18 h`,
        "  block: 30 changes at once, above 20 (block); promote less, or override it with a reason [maxPending]",
        "  warn: the oldest change has waited 3 d 18 h, above 2d (warn); promote sooner [maxAge]",
        `  fits: ${id(9)}`,
      ].join("\n"),
    );
  });
});

describe("the board as Markdown", () => {
  it("makes no mark-up of what was written elsewhere", () => {
    const text = boardMarkdown(richBoard());
    expect(text).not.toContain("<script>");
    for (const line of text.split("\n").filter((each) => each.startsWith("|"))) {
      expect(line.replaceAll("\\|", "").split("|")).toHaveLength(8);
    }
  });
});

describe("the board as a page", () => {
  it("has no script, no address of anything to load, and a policy that forbids both", () => {
    const html = boardHtml(richBoard());
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link(?! rel="icon" href="data:,")|<img|@import|url\(|https?:/);
  });

  it("says the same as the text", () => {
    const html = boardHtml(board(row(facts(), 30)));
    for (const said of [
      "prod",
      "eu-1",
      id(1),
      "30 changes, oldest 3 d 18 h",
      "1 deployment",
      `fits: ${id(9)}`,
    ]) {
      expect(html).toContain(said);
    }
    expect(html).toContain(`datetime="${NOW.toISOString()}"`);
  });
});
