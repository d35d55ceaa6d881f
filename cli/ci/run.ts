import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXIT } from "../shell/contract";
import type { Context, Input, Result } from "../shell/contract";
import { UsageError } from "../shell/usage-error";
import { CIRCLECI_FILE, circleciConfig } from "./circleci";
import { GITHUB_FILE, githubWorkflow } from "./github";
import { JENKINS_FILE, jenkinsfile } from "./jenkins";
import { ciModel } from "./model";

const HOSTS = {
  github: { file: GITHUB_FILE, render: githubWorkflow },
  circleci: { file: CIRCLECI_FILE, render: circleciConfig },
  jenkins: { file: JENKINS_FILE, render: jenkinsfile },
} as const;

/** `delivery ci` */
export async function ci(input: Input, context: Context): Promise<Result> {
  if (input.flag("write") && input.flag("check"))
    throw new UsageError("ci", ["--write and --check exclude each other"]);
  const host = input.argument("HOST") as keyof typeof HOSTS;
  const { file, render } = HOSTS[host];
  const { root, pipeline } = await context.project();
  const wanted = render(ciModel(pipeline));
  const path = join(root, file);
  const isCurrent = existsSync(path) && readFileSync(path, "utf8") === wanted;
  const value = { file, current: isCurrent };
  if (input.flag("check")) return check(value, host);
  if (!input.flag("write")) return { value: { ...value, text: wanted }, text: wanted.trimEnd() };
  if (!isCurrent) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
  }
  return {
    value: { ...value, written: !isCurrent },
    text: isCurrent ? `${file} is up to date` : `written: ${file}`,
  };
}

function check(value: { readonly file: string; readonly current: boolean }, host: string): Result {
  if (value.current) return { value, text: `${value.file} is up to date` };
  const text = `${value.file} is not what infra/pipeline.ts says; write it again: delivery ci ${host} --write`;
  return { value, text, exit: EXIT.outdated };
}
