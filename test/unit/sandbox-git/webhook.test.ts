import { describe, expect, it } from "vitest";
import type { Hook } from "../../../sandbox/git/state/index.ts";
import {
  checkAddress,
  renderRequest,
  signature1,
  signature256,
  wants,
} from "../../../sandbox/git/webhooks/index.ts";

const hook: Hook = {
  id: 5,
  active: true,
  events: ["push"],
  url: "http://127.0.0.1/hook",
  content_type: "json",
  insecure_ssl: "0",
  secret: "It's a Secret to Everybody",
  created_at: "",
  updated_at: "",
};
const push = { name: "push", payload: { ref: "refs/heads/main", text: "ä & =" } } as const;

describe("the signature of a webhook", () => {
  it("is the one in GitHub's own documentation", () => {
    // docs.github.com, "Validating webhook deliveries", testing the implementation
    expect(signature256("It's a Secret to Everybody", "Hello, World!")).toBe(
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    );
  });

  it("is over exactly the bytes that are sent, in both encodings", () => {
    for (const content_type of ["json", "form"] as const) {
      const { headers, body } = renderRequest({ ...hook, content_type }, push, "guid");
      expect(headers["X-Hub-Signature-256"]).toBe(signature256(hook.secret ?? "", body));
      expect(headers["X-Hub-Signature"]).toBe(signature1(hook.secret ?? "", body));
      const json = content_type === "json" ? body : new URLSearchParams(body).get("payload");
      expect(JSON.parse(json ?? "")).toEqual(push.payload);
    }
  });

  it("is left out without a secret", () => {
    const { headers } = renderRequest({ ...hook, secret: null }, push, "guid");
    expect(Object.keys(headers).filter((name) => name.includes("Signature"))).toEqual([]);
    expect(headers).toMatchObject({ "X-GitHub-Event": "push", "X-GitHub-Delivery": "guid" });
  });
});

describe("a hook", () => {
  it("wants only its events, or all by *, and none while it is off", () => {
    expect(wants(hook, push)).toBe(true);
    expect(wants({ ...hook, events: ["*"] }, push)).toBe(true);
    expect(wants({ ...hook, events: ["pull_request"] }, push)).toBe(false);
    expect(wants({ ...hook, active: false }, push)).toBe(false);
  });

  it.each(["http://127.0.0.1:9/x", "https://localhost/", "http://127.8.9.1/", "http://[::1]:80/"])(
    "is called at %s",
    (url) => expect(checkAddress(url)).toBeUndefined(),
  );

  it.each([
    "http://192.0.2.1/",
    "http://example.com/",
    "http://127.0.0.1.example.com/",
    "http://localhost.example.com/",
    "http://127.0.0.1@example.com/",
    "http://0.0.0.0/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "nonsense",
  ])("is not called at %s", (url) => {
    expect(checkAddress(url)).toBeDefined();
  });
});
