import { describe, expect, it } from "vitest";
import { Answers } from "../../../sandbox/proxy/answers.ts";
import { checkAnswer, checkFault, checkRoute } from "../../../sandbox/proxy/check.ts";
import { RequestLog } from "../../../sandbox/proxy/request-log.ts";

const statuses = (answers: Answers, times: number, method = "GET", path = "/v2/"): (number | undefined)[] =>
  Array.from({ length: times }, () => answers.take(method, path)?.status);

describe("answers in the target's place", () => {
  it("are given to fitting methods and paths only", () => {
    const answers = new Answers();
    answers.add({ status: 429, method: "PATCH", pathPattern: "^/api/v1/.*dryRun=All" });
    expect(answers.take("PATCH", "/api/v1/namespaces/a?dryRun=All")?.status).toBe(429);
    expect(answers.take("GET", "/api/v1/namespaces/a?dryRun=All")).toBeUndefined();
    expect(answers.take("PATCH", "/apis/apps/v1?dryRun=All")).toBeUndefined();
  });

  it("begin after the given number of requests, and end when they are used up", () => {
    const answers = new Answers();
    answers.add({ status: 401, after: 2, count: 3 });
    expect(statuses(answers, 7)).toEqual([undefined, undefined, 401, 401, 401, undefined, undefined]);
  });

  it("do not count requests for others among the ones that pass first", () => {
    const answers = new Answers();
    answers.add({ status: 401, method: "PUT", after: 1 });
    answers.take("GET", "/");
    answers.take("GET", "/");
    expect(statuses(answers, 2, "PUT")).toEqual([undefined, 401]);
  });

  it("are drawn for the given share", () => {
    const draws = [0.1, 0.29, 0.3, 0.9];
    const answers = new Answers(() => draws.shift() ?? 1);
    answers.add({ status: 503, share: 0.3 });
    expect(statuses(answers, 4)).toEqual([503, 503, undefined, undefined]);
  });

  it("let a later one have what an earlier one does not take", () => {
    const answers = new Answers();
    answers.add({ status: 429, count: 1 });
    answers.add({ status: 500, count: 1 });
    expect(statuses(answers, 3)).toEqual([429, 500, undefined]);
  });

  it("are gone after a clear", () => {
    const answers = new Answers();
    answers.add({ status: 429 });
    answers.clear();
    expect(answers.take("GET", "/")).toBeUndefined();
  });
});

describe("the log of requests", () => {
  it("refuses to be read once requests were lost, until it is reset", () => {
    const log = new RequestLog(2);
    for (let made = 0; made < 3; made++) log.open("GET", "/");
    expect(() => log.all()).toThrow(/More than 2 requests/);
    log.reset();
    expect(log.all()).toEqual([]);
  });
});

describe("orders with mistakes", () => {
  it("are answered with every problem at once", () => {
    expect(checkRoute({ name: "Eu 1", listenPort: 0, targetPort: 70_000 })).toHaveLength(3);
    expect(checkRoute({ name: "eu-1.x", listenPort: 20_000, targetPort: 20_000 })).toHaveLength(1);
    expect(checkAnswer({ status: 99, share: 2, after: -1, count: 0.5, pathPattern: "(" })).toHaveLength(5);
    expect(checkFault({ kind: "slow", latencyMs: -1, bytesPerSecond: 0 })).toHaveLength(2);
    expect(checkFault({ kind: "cut", bytes: 1.5 })).toHaveLength(1);
  });

  it("are not found in orders that are well", () => {
    expect(checkRoute({ name: "eu-1.x", listenPort: 20_000, targetPort: 20_001 })).toEqual([]);
    expect(checkAnswer({ status: 429, share: 0.3, after: 1, count: 2, pathPattern: "^/v2/" })).toEqual([]);
    expect(checkFault({ kind: "cut", bytes: 0 })).toEqual([]);
    expect(checkFault({ kind: "slow" })).toEqual([]);
  });
});
