/** A program of its own, for `readFactsSync`: standard input is an {@link Order}, standard output an {@link Answer}. */
import { readLedger } from "../ledger";
import type { LedgerLocation } from "../ledger";
import { problemsOf } from "../ledger/failure";
import { deploymentsOf } from "./deployments";
import type { LedgerFacts } from "./sync";
import { answerParent } from "../source/parent";

/** How long a server that does not answer is tried again, in seconds: a preview waits for it. */
const MAX_WAIT_SECONDS = 5;

/** What the program is told. */
export interface Order {
  readonly location: LedgerLocation;
  /** Secrets of the stack's configuration that the ledger's access names. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What it answers. */
export type Answer = LedgerFacts | { readonly problems: readonly string[] };

async function answerTo({ location, secrets }: Order): Promise<Answer> {
  try {
    const runtime = { config: (name: string) => secrets[name], maxWaitSeconds: MAX_WAIT_SECONDS };
    const ledger = await readLedger(location, runtime);
    ledger.close();
    const files = [...ledger.clusters].map(
      ([cluster, texts]) => [cluster, Object.fromEntries(texts)] as const,
    );
    return { files: Object.fromEntries(files), deployments: deploymentsOf(ledger.history) };
  } catch (error) {
    return { problems: problemsOf(error) };
  }
}

answerParent(answerTo);
