/**
 * A program of its own, for `renderOlderSync`: standard input is a {@link MainOrder}, standard output a
 * {@link MainAnswer}, and standard error says what goes on.
 */
import { problemsOf } from "../../ledger/failure";
import type { OlderRelease, RenderedList } from "./args";
import { renderOlder } from "./render";
import { answerParent } from "../../source/parent";

/** What the program is told. */
export interface MainOrder {
  readonly order: OlderRelease;
  /** Secrets of the stack's configuration that the ledger's access names. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What it answers: the list of each cluster. */
export type MainAnswer =
  { readonly lists: readonly (readonly [string, RenderedList])[] } | { readonly problems: readonly string[] };

async function answerTo({ order, secrets }: MainOrder): Promise<MainAnswer> {
  const say = (sentence: string): void => {
    process.stderr.write(`Release ${order.release.id} was made by other pipeline sources: ${sentence}.\n`);
  };
  try {
    return { lists: [...(await renderOlder(order, { say, config: (name) => secrets[name] }))] };
  } catch (error) {
    return { problems: problemsOf(error) };
  }
}

answerParent(answerTo);
