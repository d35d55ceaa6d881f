import { join } from "node:path";
import type { SandboxInfo } from "../../../sandbox/info.ts";

/** The variables of a kubectl whose cache is in the sandbox: else it leaves one in the current folder. */
export function kubectlEnv(
  { dir, env }: Pick<SandboxInfo, "dir" | "env">,
  kubeconfig: string,
): Readonly<Record<string, string>> {
  return { ...env, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(dir, "kubectl-cache") };
}
