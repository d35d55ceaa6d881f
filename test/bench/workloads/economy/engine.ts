import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import type * as PulumiModule from "@pulumi/pulumi";
import { report } from "../report.ts";

export const load = createRequire(import.meta.url);
const pulumi = load("@pulumi/pulumi") as typeof PulumiModule;

/** What a program is measured with. */
export interface EconomySettings {
  readonly services: number;
  readonly clusters: readonly string[];
  /** Where to write what was registered, to be compared. @default nowhere */
  readonly dump?: string;
}

/** What the program cost the engine. */
export interface Economy {
  readonly resources: number;
  /** Objects of clusters among them. */
  readonly leaves: number;
  /** Bytes of types, names, inputs and outputs in JSON: what a state has of them. */
  readonly stateBytes: number;
}

/** Runs a program under the fake engine, which remembers what is registered and costs next to nothing itself. */
export async function measureProgram(program: () => void, dump?: string): Promise<void> {
  const registered: PulumiModule.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks({
    newResource(args) {
      registered.push(args);
      return { id: `${args.name}-id`, state: outputsOf(args) };
    },
    call: ({ token }) => {
      throw new Error(`unexpected call to ${token}`);
    },
  });
  const run = async (): Promise<void> => {
    program();
    await pulumi.runtime.disconnect();
  };
  await report(run, () => economyOf(registered));
  if (dump !== undefined) writeFileSync(dump, JSON.stringify(objectsOf(registered)));
}

type Registered = readonly PulumiModule.runtime.MockResourceArgs[];

function economyOf(registered: Registered): Economy {
  // Inputs and outputs of a resource are both in a state.
  const bytes = registered.map(
    (args) => JSON.stringify([args.type, args.name, args.inputs, outputsOf(args)]).length,
  );
  return {
    resources: registered.length,
    leaves: registered.filter(isLeaf).length,
    stateBytes: bytes.reduce((sum, each) => sum + each, 0),
  };
}

/** A commit has the files among its inputs alone. */
function outputsOf({ type, inputs }: Registered[number]): object {
  if (!type.endsWith(":GitCommit")) return inputs as object;
  return { ...(inputs as object), files: undefined, trees: {}, commit: "0".repeat(40), result: "published" };
}

const isLeaf = ({ type }: Registered[number]): boolean => type.startsWith("kubernetes:");

/** The objects of clusters, by type, without what only one of the two adds. */
function objectsOf(registered: Registered): object[] {
  return registered.filter(isLeaf).map(({ type, inputs }) => ({ type, inputs: inputs as object }));
}
