import { publish } from "pulumi-delivery";
import type { KnownPublication, Publication } from "pulumi-delivery";
import { report, settings } from "../report.ts";
import { branchOf, filesOf, prefixOf, TOKEN_VARIABLE } from "./content.ts";
import type { PublishSettings } from "./content.ts";

const given = settings<PublishSettings>();
const environment = { PATH: process.env["PATH"], [TOKEN_VARIABLE]: given.token };
const results: Publication["result"][] = [];

async function publisher(stack: number): Promise<void> {
  let known: KnownPublication | undefined;
  for (let round = 0; round < given.rounds; round++) {
    const made = await publish(
      {
        repository: given.repository,
        branch: branchOf(given.branches, stack),
        access: { kind: "token", token: { variable: TOKEN_VARIABLE } },
        prefixes: [prefixOf(stack)],
        files: new Map(Object.entries(filesOf(given, stack, round))),
        message: { subject: "deploy shop", stack: `shop/${stack}` },
        ...(known === undefined ? {} : { known }),
      },
      { environment },
    );
    known = { head: made.head, trees: made.trees };
    results.push(made.result);
  }
}

await report(
  () => Promise.all(Array.from({ length: given.stacks }, (_, stack) => publisher(stack))),
  () => ({ results }),
);
