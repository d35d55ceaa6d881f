import { describe, expect, it } from "vitest";
import { findPresence } from "../../../components/promotion";
import { found, MANIFEST_DIGEST, MISSING, serve } from "../../support/image/fake-registry";

/** No logins of whoever runs the test. */
const environment = { DOCKER_CONFIG: "/nowhere" };

describe("the images of a release that is gone back to", () => {
  it("are there, missing, or unknown where a registry cannot be asked: all are asked, and nothing is downloaded", async () => {
    const registry = await serve(({ path }) => {
      if (path.startsWith("/v2/shop/")) return found();
      return path.startsWith("/v2/cut/") ? "cut" : MISSING;
    });
    const image = (name: string): string => `${registry.domain}/${name}@${MANIFEST_DIGEST}`;
    const images = {
      shop: image("shop"),
      worker: image("worker"),
      cut: image("cut"),
      odd: "not a reference",
    };
    expect(await findPresence(images, environment)).toEqual({
      ...{ shop: "there", worker: "missing", cut: "unknown", odd: "unknown" },
    });
    expect(registry.requests.filter(({ path }) => path.includes("/blobs/"))).toEqual([]);
  });
});
