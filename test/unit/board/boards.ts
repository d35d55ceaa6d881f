import { boardRow } from "../../../components/board";
import type { Board, BoardRow, LiveCluster } from "../../../components/board";
import { forwardOnly, maxAge, maxPending } from "../../../components/guards";
import type { Candidate, CommitChange } from "../../../components/guards";
import { stackFileOf } from "../../../components/history";
import type { Deployment, EnvironmentFacts, Running } from "../../../components/history";
import type { Pending } from "../../../components/pending";

export const NOW = new Date("2026-11-25T12:00:00Z");
const HOUR = 3_600_000;
export const ago = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);
export const id = (number: number): string => `shop-${number.toString(16).padStart(12, "7f3c9a1b20d4")}`;

export function running(release: number, hours: number): Running {
  const commit = release.toString(16).padStart(40, "4f");
  return {
    release: id(release),
    commit,
    contentHash: `hash-${release}`,
    settings: undefined,
    since: ago(hours),
  };
}

export function deployment(release: number, hours: number, fields: Partial<Deployment> = {}): Deployment {
  return {
    ...{ release: id(release), sourceCommit: release.toString(16).padStart(40, "4f"), begun: ago(hours) },
    ...{ verified: ago(hours - 0.1), outcome: "verified", clusters: ["eu-1"], isRollback: false },
    override: undefined,
    ...fields,
  };
}

/** An environment whose clusters all run release 1, verified. */
export function facts(fields: Partial<EnvironmentFacts> = {}): EnvironmentFacts {
  const clusters = fields.clusters ?? ["eu-1", "us-1"];
  return {
    ...{ name: "prod", from: "staging", clusters, file: stackFileOf({}) },
    running: new Map(clusters.map((cluster) => [cluster, running(1, 30)])),
    deployments: [deployment(1, 30)],
    ...{ source: "ledger", problem: undefined },
    ...fields,
  };
}

/** As many changes, one every three hours. */
export function changes(count: number, subject = "change"): CommitChange[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ kind: "commit", commit: index.toString(16).padStart(40, "ab"), subject: `${subject} ${index}` },
    ...{ author: "ada", files: [], time: ago(3 * (index + 1)) },
  }));
}

/** The row of an environment for which so many changes wait. */
export function row(
  environment: EnvironmentFacts = facts(),
  count = 0,
  live?: ReadonlyMap<string, LiveCluster>,
): BoardRow {
  const current = { id: id(1), commit: running(1, 0).commit! };
  const next = count === 0 ? current : { id: id(2), commit: running(2, 0).commit! };
  const relation = count === 0 ? "same" : "ahead";
  const target: Candidate = {
    ...{ ...next, verifiedUpstream: ago(20), verifiedHere: undefined, relation, changes: changes(count) },
  };
  const { name, from } = environment;
  const pending: Pending = {
    ...{ environment: name, from, current, next, relation, changes: changes(count), promoted: undefined },
    releases: count === 0 ? [] : [{ ...next, verified: ago(20) }],
  };
  const fits = { ...target, id: id(9), changes: changes(4) };
  return boardRow({
    ...{ facts: environment, mode: "push", pending, live, now: NOW },
    guards: [maxPending({ warn: 8, block: 20 }), maxAge({ warn: "2d", block: "7d" }), forwardOnly()],
    promotion: { environment: name, from, now: NOW, current, target, candidates: [fits], hold: undefined },
  });
}

export const board = (...rows: readonly BoardRow[]): Board => ({ app: "shop", made: NOW, live: false, rows });

/** Something of everything, with texts that a page has to survive. */
export function richBoard(): Board {
  const hostile = `<script>alert(1)</script> "quoted" & 'more' ${"long".repeat(40)}`;
  const hold = stackFileOf({ "delivery:hold": { reason: `INC-231 ${hostile}`, until: "2026-12-01" } });
  const pinned = stackFileOf({ "delivery:pins": { "us-1": { id: id(3) } } });
  const skewed = new Map([
    ["eu-1", running(2, 1)],
    ["us-1", running(3, 200)],
    ["ap-1", running(1, 30)],
  ]);
  const history = [
    deployment(2, 1, { outcome: "open", verified: undefined, override: hostile }),
    deployment(1, 30, { isRollback: true }),
    deployment(4, 34, { outcome: "failed", verified: undefined }),
    deployment(1, 120),
    deployment(3, 200),
  ];
  const clusters = ["eu-1", "us-1", "ap-1"];
  const live = new Map<string, LiveCluster>([
    [
      "eu-1",
      {
        ...{ state: "read", release: id(1), contentHash: "hash-1" },
        agent: {
          name: "flux",
          state: "failed",
          source: "readable",
          message: `HealthCheckFailed: ${hostile}`,
        },
      },
    ],
    ["us-1", { state: "unreachable", why: "connect ECONNREFUSED 192.0.2.1:6443" }],
  ]);
  return {
    ...board(
      row(facts({ name: "dev", from: "build", clusters: ["dev-1"] }), 2),
      row(
        facts({
          name: "staging",
          from: "dev",
          clusters,
          running: skewed,
          deployments: history,
          file: pinned,
        }),
        30,
      ),
      row(facts({ file: hold }), 10, live),
      row(facts({ name: "edge", running: new Map(), deployments: [], problem: hostile })),
    ),
    live: true,
  };
}

/** Twelve environments of forty clusters each. */
export function largeBoard(): Board {
  const clusters = Array.from({ length: 40 }, (_, index) => `cluster-with-a-long-name-${index}`);
  const rows = Array.from({ length: 12 }, (_, index) => {
    const history = Array.from({ length: 30 }, (_each, at) => deployment(at + 1, 30 + at * 12));
    return row(facts({ name: `environment-${index}`, clusters, deployments: history }), index);
  });
  return board(...rows);
}

export const smallBoard = (): Board => board(row(facts({ clusters: ["eu-1"] })));
