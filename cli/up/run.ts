import { AGENTS_STACK, BUILD_STACK } from "../../components/pipeline/args";
import type { Context, Input, Result } from "../shell/contract";
import { environmentFile } from "../shell/environment";
import { upAgents, upBuild, upEnvironment } from "./up";
import type { OnFailure } from "./up";

/** `delivery up` */
export async function up(input: Input, context: Context): Promise<Result> {
  const onFailure = (input.text("on-failure") ?? "stop") as OnFailure;
  if (input.argument("ENV") === BUILD_STACK) return upBuild(await context.project(), context);
  if (input.argument("ENV") === AGENTS_STACK) return upAgents(await context.project(), context);
  return upEnvironment(await environmentFile(input, context), { onFailure }, context);
}
