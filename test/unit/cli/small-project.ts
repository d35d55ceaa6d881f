import { Repository } from "../pending/repository";
import { delivery } from "./run";
import type { Said } from "./run";

/** A project with one environment and without a ledger, whose engine cannot be asked: the files tell all. */
export interface SmallProject {
  readonly repository: Repository;
  /** What the file of `dev` names; one commit waits after it. */
  readonly release: { readonly id: string; readonly commit: string };
  readonly env: Readonly<Record<string, string>>;
  run(...words: string[]): Promise<Said>;
}

const PIPELINE = `export const pipeline = {
  app: "shop", source: { paths: ["app/**"], pipeline: ["infra/**"] }, images: {}, clusters: {}, config: {},
  environments: { dev: { from: "build", delivery: { mode: "push" }, namespace: "shop", guards: [], waves: [{ name: "all", clusters: ["dev-1"] }] } },
  manifests: () => [],
};
`;

export function smallProject(): SmallProject {
  const repository = new Repository();
  const commit = repository.commit("app/main.go", "1");
  const release = { id: "shop-7f3c9a1b20d4", commit, images: {} };
  repository.write("Pulumi.yaml", "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
  repository.write("stacks/Pulumi.dev.yaml", JSON.stringify({ config: { "delivery:release": release } }));
  repository.write("infra/pipeline.ts", PIPELINE);
  repository.commit("app/main.go", "2", "two");
  // Where Git is, and no Pulumi.
  const env = { PATH: "/usr/bin:/bin" };
  return { repository, release, env, run: (...words) => delivery(words, { cwd: repository.root, env }) };
}
