import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCgiHead } from "../../../sandbox/git/smart-http/index.ts";

describe("the head that a CGI program writes", () => {
  it("has a status, headers, and leaves the body as it is", () => {
    const body = Buffer.from([0, 10, 10, 13, 10, 255]);
    const bytes = Buffer.concat([Buffer.from("Status: 403 Forbidden\r\nContent-Type: a: b\r\n\r\n"), body]);
    expect(parseCgiHead(bytes)).toEqual({ status: 403, headers: { "Content-Type": "a: b" }, rest: body });
  });

  it("means 200 without a status, and may end its lines either way", () => {
    const head = parseCgiHead(Buffer.from("Expires: never\n\nx\r\n\r\ny"));
    expect(head).toEqual({ status: 200, headers: { Expires: "never" }, rest: Buffer.from("x\r\n\r\ny") });
  });

  it("is the same however it was cut into pieces", () => {
    const whole = Buffer.from("Status: 404 Not Found\r\nA: 1\r\nB: 2\r\n\r\nbody");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (at) => {
        const early = parseCgiHead(whole.subarray(0, at));
        const end = whole.indexOf("\r\n\r\n") + 4;
        if (at < end) expect(early).toBeUndefined();
        else expect(early?.headers).toEqual(parseCgiHead(whole)?.headers);
      }),
    );
  });

  it("is an error when it does not end", () => {
    expect(() => parseCgiHead(Buffer.alloc(70_000, "a"))).toThrow(/head without an end/);
  });
});
