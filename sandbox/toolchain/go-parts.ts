import { ask, between, exactly, goPart, PLUGIN } from "./entries.ts";
import { FLUX_PARTS } from "./flux-parts.ts";
import type { GoPart } from "./types.ts";

const KUBERNETES = "1.36.3";
const COMPONENT = "k8s.io/component-base/version";
const kubernetesTool = <const N extends string>(name: N, coldSeconds: number) => ({
  name,
  package: `k8s.io/kubernetes/cmd/${name}`,
  coldSeconds,
  fits: between("1.36.0", "1.37.0"),
  ask: ask("--version"),
});

/**
 * What is built from Go modules, in the order of building: what comes first fills the caches for the ones
 * below it (the plugins share most of their packages with the Pulumi engine).
 */
export const GO_PARTS = [
  goPart("pulumi", "3.259.0", {
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    tags: ["osusergo", "grpcnotrace"],
    variables: ["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0"],
    coldSeconds: 230,
    fits: between("3.259.0", "3.260.0"),
    ask: ask("version"),
  }),
  goPart("pulumi-resource-kubernetes", "4.25.0", {
    package: ".",
    variables: ["github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=4.25.0"],
    coldSeconds: 470,
    fits: exactly("4.25.0"),
    ask: PLUGIN,
  }),
  {
    kind: "go",
    name: "kubernetes",
    version: KUBERNETES,
    module: "kubernetes",
    tags: ["selinux", "notest", "grpcnotrace"],
    variables: [
      `${COMPONENT}.gitVersion=v${KUBERNETES}`,
      `${COMPONENT}.gitMajor=1`,
      `${COMPONENT}.gitMinor=36`,
      `${COMPONENT}.gitTreeState=clean`,
    ],
    tools: [
      kubernetesTool("kube-apiserver", 300),
      kubernetesTool("kube-controller-manager", 66),
      kubernetesTool("kube-scheduler", 5),
    ],
  },
  goPart("etcd", "3.6.14", {
    package: "go.etcd.io/etcd/server/v3",
    coldSeconds: 25,
    fits: between("3.6.0", "4.0.0"),
    ask: ask("--version"),
  }),
  goPart("kwok", "0.8.0", {
    package: "sigs.k8s.io/kwok/cmd/kwok",
    coldSeconds: 70,
    fits: between("0.8.0", "0.9.0"),
    ask: ask("--version"),
    files: [
      {
        module: "sigs.k8s.io/kwok",
        paths: [
          "kustomize/stage/node/fast/node-initialize.yaml",
          "kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
          "kustomize/stage/pod/fast/pod-ready.yaml",
          "kustomize/stage/pod/fast/pod-complete.yaml",
          "kustomize/stage/pod/fast/pod-delete.yaml",
        ],
      },
    ],
  }),
  goPart("buildkitd", "0.31.0", {
    package: "github.com/moby/buildkit/cmd/buildkitd",
    variables: ["github.com/moby/buildkit/version.Version=v0.31.0"],
    coldSeconds: 70,
    fits: between("0.20.0", "1.0.0"),
    ask: ask("--version"),
    unstamped: "0.0.0",
  }),
  goPart("pulumi-resource-docker-build", "0.0.22", {
    package: "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
    variables: ["github.com/pulumi/pulumi-docker-build/provider.Version=0.0.22"],
    coldSeconds: 60,
    fits: exactly("0.0.22"),
    ask: PLUGIN,
    unstamped: "0.0.1",
  }),
  goPart("pulumi-resource-github", "6.15.0", {
    package: ".",
    coldSeconds: 120,
    fits: exactly("6.15.0"),
    ask: PLUGIN,
  }),
  goPart("actionlint", "1.7.12", {
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    variables: ["github.com/rhysd/actionlint.version=1.7.12"],
    coldSeconds: 15,
    fits: between("1.7.0", "2.0.0"),
    ask: ask("-version"),
  }),
  goPart("act", "0.2.89", {
    package: "github.com/nektos/act",
    variables: ["main.version=0.2.89"],
    coldSeconds: 40,
    fits: between("0.2.80", "0.3.0"),
    ask: ask("--version"),
  }),
  ...FLUX_PARTS,
] as const satisfies readonly GoPart[];
