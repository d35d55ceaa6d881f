import type { ProgramInfo, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import type { RunOrder } from "./command.ts";
import { checkProgram } from "./locate.ts";
import { checkRuntimeOptions, resolveRuntimeOptions } from "./options.ts";
import type { Ending } from "./program.ts";

/** The exit code by which the SDK says that it has told the user already what is wrong. */
export const ALREADY_TOLD = 32;

/** Everything that keeps the run from being started, one sentence each. */
export function checkRunRequest(request: RunRequest): string[] {
  const debugger_ = request.getAttachDebugger()
    ? ["This language host cannot attach a debugger. Leave out --attach-debugger, or install Pulumi's own."]
    : [];
  const info = programInfo(request);
  return [
    ...checkProgram(info.getProgramDirectory(), info.getEntryPoint()),
    ...checkRuntimeOptions(optionsOf(info)),
    ...debugger_,
  ];
}

/** The engine's request as plain data. Call {@link checkRunRequest} first. */
export function resolveRunOrder(request: RunRequest): RunOrder {
  const info = programInfo(request);
  return {
    project: request.getProject(),
    stack: request.getStack(),
    organization: request.getOrganization(),
    rootDirectory: info.getRootDirectory(),
    programDirectory: info.getProgramDirectory(),
    entryPoint: info.getEntryPoint(),
    args: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().toObject()),
    configSecretKeys: request.getConfigsecretkeysList(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    monitorAddress: request.getMonitorAddress(),
    options: resolveRuntimeOptions(optionsOf(info)),
  };
}

function programInfo(request: RunRequest): ProgramInfo {
  return request.getInfo() ?? new languagePb.ProgramInfo();
}

function optionsOf(info: ProgramInfo): Record<string, unknown> {
  return info.getOptions()?.toJavaScript() ?? {};
}

/** What the engine is told about a program that has ended. */
export function runResponse(ending: Ending): InstanceType<typeof languagePb.RunResponse> {
  switch (ending.how) {
    case "stopped":
      return new languagePb.RunResponse().setBail(true);
    case "not started":
      return runFailure(`The program could not be started: ${ending.reason}.`);
    case "signal":
      return runFailure(`The program was ended by ${ending.signal}.`);
    case "exit":
      return exitResponse(ending.code);
    default:
      return ending satisfies never;
  }
}

function exitResponse(code: number): InstanceType<typeof languagePb.RunResponse> {
  if (code === 0) return new languagePb.RunResponse();
  if (code === ALREADY_TOLD) return new languagePb.RunResponse().setBail(true);
  return runFailure(`The program ended with exit code ${code}.`);
}

export function runFailure(message: string): InstanceType<typeof languagePb.RunResponse> {
  return new languagePb.RunResponse().setError(message);
}
