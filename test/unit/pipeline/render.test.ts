import { describe, expect, it } from "vitest";
import { migration } from "../../../components/manifests";
import { definePipeline } from "../../../components/pipeline/define";
import { placementOf, render } from "../../../components/pipeline/render";
import type { RenderContext } from "../../../components/pipeline/args";
import { example, IMAGE, release } from "./example";

const pipeline = definePipeline(example);
const config = { replicas: 2, greeting: "hello", debug: false };
const target = { release, environment: "prod", cluster: "eu", config };

describe("a render", () => {
  it("is the whole list of one cluster, in the environment's namespace, with the release's images", () => {
    const { objects } = render(pipeline, target);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      "ServiceAccount shop-prod/web",
      "Deployment shop-prod/web",
      "Service shop-prod/web",
      "ConfigMap shop-prod/shop-release",
    ]);
    expect(JSON.stringify(objects[1])).toContain(IMAGE);
  });

  it("is a function of environment, cluster, images, settings and release, and of nothing else", () => {
    const seen: RenderContext[] = [];
    const spying = definePipeline({
      ...example,
      manifests: (context) => {
        seen.push(context);
        return example.manifests(context);
      },
    });
    expect(render(spying, target)).toEqual(render(spying, target));
    expect(seen[0]).toEqual({ environment: "prod", cluster: "eu", images: release.images, config, release });
  });

  it("has what runs once in an environment for its first cluster alone", () => {
    const migrating = definePipeline({
      ...example,
      manifests: (context) => [
        ...example.manifests(context),
        ...migration({
          ...{ name: "shared", image: IMAGE, release: context.release.id, oncePer: "environment" },
        }),
        ...migration({ name: "own", image: IMAGE, release: context.release.id }),
      ],
    });
    const jobsIn = (cluster: string): string[] =>
      render(migrating, { ...target, environment: "staging", cluster }).objects.flatMap(
        ({ kind, metadata }) => (kind === "Job" ? [metadata.name.slice(0, -13)] : []),
      );
    expect(jobsIn("eu")).toEqual(["own", "shared"]);
    expect(jobsIn("us")).toEqual(["own"]);
  });

  it("changes with the settings", () => {
    const hash = (replicas: number): string =>
      render(pipeline, { ...target, config: { ...config, replicas } }).contentHash;
    expect(hash(2)).toBe(hash(2));
    expect(hash(2)).not.toBe(hash(3));
  });

  it.each([
    ["an unknown environment", { environment: "qa" }, /environment "qa" .*"dev", "staging", "prod"/],
    ["an environment that every object has", { environment: "constructor" }, /environment "constructor"/],
    ["a cluster of another environment", { cluster: "us" }, /cluster "us" .*environment "prod".*"eu"/],
  ])("is refused for %s", (_what, change, sentence) => {
    expect(() => render(pipeline, { ...target, ...change })).toThrow(sentence);
  });

  it("goes where its environment says", () => {
    expect(placementOf(pipeline, "dev")).toMatchObject({ app: "shop", namespace: "shop", clusterScope: [] });
    expect(placementOf(pipeline, "prod").namespace).toBe("shop-prod");
  });
});
