/** The version of the official plugin whose inputs, outputs and behaviour the stand-in has. */
export const STAND_IN_VERSION = "5.2.0";
