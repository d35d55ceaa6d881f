/** A program of its own, for `surveySync`: standard input is a {@link SurveyOrder}, standard output a {@link Survey}. */
import { systemEnvironment } from "../../environment";
import type { SurveyOrder } from "./args";
import { survey } from "./survey";
import { answerParent } from "../../source/parent";

answerParent((order: SurveyOrder) => survey(order, systemEnvironment()));
