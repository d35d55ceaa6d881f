import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CHECKOUT } from "../../sandbox/paths.ts";
import { run } from "../../sandbox/processes/index.ts";

const FILE = "board.html";

/** What runs where and what waits, as `delivery board` shows it to the user of the project in `root`. */
export async function showBoard(root: string, folder: string): Promise<void> {
  const board = async (...words: string[]): Promise<string> => {
    const main = join(CHECKOUT, "dist", "cli", "main.js");
    return (await run(process.execPath, [main, "board", "--live", "--project", root, ...words])).trimEnd();
  };
  const file = join(folder, FILE);
  await board("--html", file);
  console.log(`\n${await board()}\n`);
  console.log(`The same as a page: ${pathToFileURL(file).href}`);
}
