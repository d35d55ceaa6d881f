/** A program of its own, for `surveySync`: standard input is a {@link SurveyOrder}, standard output a {@link Survey}. */
import { readFileSync } from "node:fs";
import { systemEnvironment } from "../../environment";
import type { SurveyOrder } from "./args";
import { survey } from "./survey";
import { endWithParent } from "../../source/parent";

endWithParent();
void survey(JSON.parse(readFileSync(0, "utf8")) as SurveyOrder, systemEnvironment()).then((answer) => {
  // What is still open to a cluster or a server would keep the process.
  process.stdout.write(JSON.stringify(answer), () => process.exit());
});
