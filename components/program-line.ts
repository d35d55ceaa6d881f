import { dirname, sep } from "node:path";

type PrepareStackTrace = NonNullable<typeof Error.prepareStackTrace>;

/** As Node.js writes a stack when nobody has a say in it. Source: Node.js, "Error: error.stack". */
const asNode: PrepareStackTrace = (error, frames) =>
  [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");

/** A file of this library, or the one file that it is published as. */
const isHere = (frame: NodeJS.CallSite): boolean => {
  const file = frame.getFileName() ?? "";
  return file === __filename || file.startsWith(__dirname + sep);
};

/**
 * Makes a resource that the engine is told to come from the line of the program that wanted it. The SDK sends the whole
 * stack with each resource, and the engine keeps it in the state: the dozen places in here that a manifest has come
 * through are as much as the rest of an object, and the state is written anew for every object that is updated.
 *
 * @param create makes one resource, of a class of this library
 */
export function fromProgramLine<T>(create: () => T): T {
  const { prepareStackTrace } = Error;
  const prepare = prepareStackTrace ?? asNode;
  Error.prepareStackTrace = (error, frames) => prepare(error, programFrames(frames));
  try {
    return create();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/**
 * Without the frames of this library, but for the constructor, which the SDK leaves out itself; nor those below the program,
 * of the SDK that runs it and of Node.js.
 */
function programFrames(frames: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  const constructor = frames.findIndex(isHere);
  const sdk = dirname(frames[0]?.getFileName() ?? "");
  const isProgram = (frame: NodeJS.CallSite): boolean => {
    const file = frame.getFileName() ?? "node:";
    return !isHere(frame) && !file.startsWith("node:") && !file.startsWith(sdk + sep);
  };
  return [...frames.slice(0, constructor + 1), ...frames.slice(constructor + 1).filter(isProgram)];
}
