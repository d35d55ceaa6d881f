import { buildImage } from "./build.ts";
import { DEFAULT_HOST, resolveHost } from "./config.ts";
import type { EngineLog } from "./engine.ts";
import { resolveImage } from "./image.ts";
import { asObject, hasUnknown } from "./properties.ts";
import type { Properties } from "./properties.ts";
import { STAND_IN_VERSION } from "./version.ts";

/** What the user reads when the plugin is configured. */
export const NOTICE =
  `Images are built by the sandbox's stand-in for the docker plugin ${STAND_IN_VERSION}, not by the official ` +
  `plugin. It drives the Docker Engine through the docker command.`;

export interface BuilderParts {
  /** The file of the Docker client. */
  readonly docker: string;
  readonly log: EngineLog;
}

export interface ImageBuilder {
  configure(config: Properties): Promise<void>;
  /** Builds, and outside of a preview pushes. Returns the outputs; in a preview without a build, the inputs. */
  build(urn: string, inputs: Properties, preview: boolean): Promise<Properties>;
  cancel(): void;
}

export function imageBuilder({ docker, log }: BuilderParts): ImageBuilder {
  const aborting = new AbortController();
  let host = DEFAULT_HOST;
  return {
    configure: async (config) => {
      host = resolveHost(config);
      await log.say("INFO", NOTICE, "");
    },
    build: async (urn, inputs, preview) => {
      for (const warning of warningsOf(inputs, preview)) await log.say("WARNING", warning, urn);
      if (preview && !isBuiltInPreview(inputs)) return inputs;
      const onLine = (line: string): void => log.status(line, urn);
      const image = resolveImage(inputs);
      return buildImage(
        { path: docker, host, signal: aborting.signal, onLine },
        image,
        image.push && !preview,
      );
    },
    cancel: () => aborting.abort(),
  };
}

/** A preview builds when it was asked to and knows all that decides what the image is. */
function isBuiltInPreview(inputs: Properties): boolean {
  return inputs["buildOnPreview"] === true && !hasUnknown(needed(inputs));
}

function needed(inputs: Properties): unknown[] {
  const { context, dockerfile, args } = asObject(inputs["build"]);
  return [inputs["imageName"], context, dockerfile, args];
}

function warningsOf(inputs: Properties, preview: boolean): string[] {
  const { username, password } = asObject(inputs["registry"]);
  const half = [username, password].filter((value) => value !== undefined && value !== "").length === 1;
  const login = `The login of the registry needs a username and a password; Docker's own configuration is used.`;
  const late = `The image is not built in this preview: its name, context, Dockerfile or arguments are not known yet.`;
  const isLate = preview && inputs["buildOnPreview"] === true && hasUnknown(needed(inputs));
  return [...(half ? [login] : []), ...(isLate ? [late] : [])];
}
