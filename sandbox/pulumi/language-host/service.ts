import { join } from "node:path";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { LanguageHandshakeRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import { unary } from "../plugin-server/index.ts";
import { nodeArguments, programEnvironment } from "./command.ts";
import { informationMethods } from "./information.ts";
import { locateRunModule } from "./locate.ts";
import { checkRunRequest, resolveRunOrder, runFailure, runResponse } from "./orders.ts";
import { startProgram } from "./program.ts";
import type { RunningProgram } from "./program.ts";

const RUNNER = join(import.meta.dirname, "run-program.ts");

export interface LanguageHost {
  readonly methods: UntypedServiceImplementation;
  /** Ends every program that this host runs. */
  stop(): Promise<void>;
}

/** The service that the engine calls to run Node.js programs. */
export function languageHost(initialEngineAddress: string): LanguageHost {
  let engineAddress = initialEngineAddress;
  const running = new Set<RunningProgram>();
  const stop = async (): Promise<void> => {
    await Promise.all([...running].map((program) => program.stop()));
  };
  const methods = {
    ...informationMethods,
    handshake: unary((request: LanguageHandshakeRequest) => {
      engineAddress = request.getEngineAddress();
      return new languagePb.LanguageHandshakeResponse();
    }),
    run: unary(async (request: RunRequest, call) => {
      const problems = checkRunRequest(request);
      if (problems.length > 0) return runFailure(problems.join("\n"));
      const program = startRun(request, engineAddress);
      running.add(program);
      call.on("cancelled", () => void program.stop());
      const ending = await program.ended;
      running.delete(program);
      return runResponse(ending);
    }),
    cancel: unary(async () => {
      await stop();
      return new emptyPb.Empty();
    }),
  };
  return { methods, stop };
}

function startRun(request: RunRequest, engineAddress: string): RunningProgram {
  const order = resolveRunOrder(request);
  const runModule = locateRunModule(order.programDirectory) ?? "";
  return startProgram(
    nodeArguments(order, { engineAddress, runner: RUNNER, runModule }),
    programEnvironment(order, process.env),
  );
}
