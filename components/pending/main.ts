/** A program of its own, for `askPromotionSync`: standard input is an {@link Order}, standard output an {@link Answer}. */
import type { Promotion, ReleaseFact } from "../guards";
import { problemsOf } from "../ledger/failure";
import { promotionTo } from "./promotion";
import { askPlaces } from "./read";
import type { PlacesOfQuestion } from "./read";
import { answerParent } from "../source/parent";

/** What the program is told. */
export interface Order extends PlacesOfQuestion {
  readonly target: ReleaseFact;
  readonly now: string;
  /** Secrets of the stack's configuration that the ledger's access names. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What it answers. */
export type Answer =
  | {
      readonly promotion: Promotion;
      /** Some cluster has been told to run the target already. */
      readonly isBegun: boolean;
    }
  | { readonly problems: readonly string[] };

async function answerTo(order: Order): Promise<Answer> {
  const { target, secrets, now } = order;
  try {
    const question = await askPlaces(order, new Date(now), { config: (name) => secrets[name] });
    const { running, source } = question.environment;
    const isBegun = source === "ledger" && [...running.values()].some(({ release }) => release === target.id);
    return { promotion: await promotionTo(question, target), isBegun };
  } catch (error) {
    return { problems: problemsOf(error) };
  }
}

answerParent(answerTo);
