import { describe, expect, it } from "vitest";
import { isDigest, referenceName, tryParseReference } from "../../../components/image/reference";

const SHA256 = `sha256:${"a".repeat(64)}`;
const SHA512 = `sha512:${"0".repeat(128)}`;

/** From github.com/distribution/reference, `reference_test.go` and `normalize_test.go`, and one row for each of our rules. */
const ACCEPTED: readonly (readonly [string, string])[] = [
  ["ubuntu", "docker.io/library/ubuntu"],
  ["ubuntu:24.04", "docker.io/library/ubuntu:24.04"],
  ["docker.io/ubuntu", "docker.io/library/ubuntu"],
  ["index.docker.io/acme/web", "docker.io/acme/web"],
  ["acme/web", "docker.io/acme/web"],
  ["library/ubuntu", "docker.io/library/ubuntu"],
  ["localhost/web", "localhost/web"],
  ["localhost:5000/web:dev", "localhost:5000/web:dev"],
  ["registry.example.com/acme/web", "registry.example.com/acme/web"],
  ["registry.example.com:5000/a/b/c/d:1", "registry.example.com:5000/a/b/c/d:1"],
  ["127.0.0.1:25000/acme/web", "127.0.0.1:25000/acme/web"],
  ["[::1]:5000/web", "[::1]:5000/web"],
  ["[2001:db8::1]/web:tag", "[2001:db8::1]/web:tag"],
  ["UPPER/web", "UPPER/web"],
  ["xn--n3h.com/myimage", "xn--n3h.com/myimage"],
  ["a.b/foo__bar-baz---qux.x", "a.b/foo__bar-baz---qux.x"],
  [`acme/web@${SHA256}`, `docker.io/acme/web@${SHA256}`],
  [`acme/web:1@${SHA512}`, `docker.io/acme/web:1@${SHA512}`],
  [`acme/web:${"t".repeat(128)}`, `docker.io/acme/web:${"t".repeat(128)}`],
  [`a.b/${"p".repeat(255)}`, `a.b/${"p".repeat(255)}`],
  ["acme/web:Tag_with.every-Kind", "docker.io/acme/web:Tag_with.every-Kind"],
  ["foo__bar.x/y", "foo__bar.x/y"],
];

const REFUSED: readonly string[] = [
  "",
  ":1",
  "@",
  "/web",
  "acme/",
  "acme//web",
  "acme/Web",
  "Ubuntu",
  "acme/web:",
  "acme/web:-x",
  `acme/web:${"t".repeat(129)}`,
  `a.b/${"p".repeat(256)}`,
  "acme/web@sha256:abc",
  `acme/web@sha256:${"A".repeat(64)}`,
  `acme/web@sha256:${"a".repeat(65)}`,
  `acme/web@md5:${"a".repeat(32)}`,
  `acme/web@${SHA256}@${SHA256}`,
  `acme/web@${SHA256}:1`,
  "a".repeat(64),
  "acme/web_",
  "acme/_web",
  "acme/we___b",
  "acme/we..b",
  "-acme.com/web",
  "[::1/web",
  "[fe80::1%eth0]:5000/web",
  "https://registry.example.com/web",
  "registry.example.com:port/web",
  "acme/wéb",
  "acme/web\n",
  " acme/web",
  "acme/we b",
  "-test-/foo",
];

describe("an image reference", () => {
  it.each(ACCEPTED)("%s is %s", (text, whole) => {
    const reference = tryParseReference(text);
    expect(reference && referenceName(reference)).toBe(whole);
  });

  it.each(REFUSED)("%j is refused", (text) => {
    expect(tryParseReference(text)).toBeUndefined();
  });

  it("reads its own text back", () => {
    for (const [, whole] of ACCEPTED) {
      const reference = tryParseReference(whole);
      expect(reference && referenceName(reference)).toBe(whole);
    }
  });
});

describe("a digest", () => {
  it.each([SHA256, SHA512, `sha384:${"1".repeat(96)}`])("%s is whole", (text) => {
    expect(isDigest(text)).toBe(true);
  });

  it.each([
    "",
    "sha256",
    "sha256:",
    `sha256:${"g".repeat(64)}`,
    `SHA256:${"a".repeat(64)}`,
    `${SHA256}:`,
    "constructor:",
  ])("%j is none", (text) => {
    expect(isDigest(text)).toBe(false);
  });
});
