import { relative } from "node:path";
import { Mistake } from "../../components/mistake";
import { nearest } from "./nearest";
import type { Context, Input, Project } from "./contract";

/** Path of its file as messages name it: from the project's folder. */
export const fileText = ({ project, file }: Pick<EnvironmentOf, "project" | "file">): string =>
  relative(project.root, file);

/** An environment of the project, as the argument `ENV` names it. */
export interface EnvironmentOf {
  readonly project: Project;
  readonly environment: string;
  /** Path of its stack's file. */
  readonly file: string;
}

/**
 * The environment that `ENV` names.
 *
 * @throws Mistake when the pipeline has none of that name.
 */
export async function environmentFile(input: Input, context: Context): Promise<EnvironmentOf> {
  const project = await context.project();
  const environment = input.argument("ENV");
  const names = Object.keys(project.pipeline.environments);
  if (names.includes(environment)) return { project, environment, file: project.stackFile(environment) };
  const near = nearest(environment, names);
  const fix = near === undefined ? `name one of ${names.join(", ")}` : `did you mean ${near}?`;
  throw new Mistake("Looking for the environment", [
    `${JSON.stringify(environment)} is no environment of the pipeline; ${fix}`,
  ]);
}
