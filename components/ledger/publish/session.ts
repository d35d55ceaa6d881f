import { systemEnvironment } from "../../environment";
import { readSecret, resolveAccess } from "../access";
import type { Credential, SecretPlaces } from "../access";
import { LedgerError, failedAt } from "../failure";
import { closeGit, openGit } from "../git";
import type { Git } from "../git";
import type { LedgerLocation, LedgerRuntime, Signing } from "./args";

/** Where the secrets of a publication are looked up. */
export function placesOf({ environment, config }: LedgerRuntime): SecretPlaces {
  return { environment: environment ?? systemEnvironment(), ...(config === undefined ? {} : { config }) };
}

/**
 * Opens a temporary repository with the location's credentials and begins to work on it. When that succeeds it stays
 * open. A token that has run out is looked up again, once: it may have been renewed since.
 *
 * @throws LedgerError that says what was tried.
 */
export async function openLedger<T>(
  location: LedgerLocation,
  runtime: LedgerRuntime,
  what: string,
  work: (git: Git) => Promise<T>,
): Promise<T> {
  try {
    return await withRenewal(
      () => credentialOf(location, runtime),
      (credential) => beginWith(location, credential, runtime, work),
    );
  } catch (error) {
    throw failedAt(`${what} ${location.branch} of ${location.repository}`, error);
  }
}

async function withRenewal<T>(
  find: () => Promise<Credential>,
  work: (credential: Credential) => Promise<T>,
): Promise<T> {
  const credential = await find();
  try {
    return await work(credential);
  } catch (error) {
    if (!(error instanceof LedgerError) || error.failure !== "authentication") throw error;
    const renewed = await find();
    if (JSON.stringify(renewed) === JSON.stringify(credential)) throw error;
    return work(renewed);
  }
}

/** {@link openLedger}, and removes the temporary repository at the end of the work. */
export async function withLedger<T>(
  location: LedgerLocation,
  runtime: LedgerRuntime,
  what: string,
  work: (git: Git) => Promise<T>,
): Promise<T> {
  return openLedger(location, runtime, what, async (git) => {
    const result = await work(git);
    closeGit(git);
    return result;
  });
}

/** The location's credential, looked up now. */
function credentialOf({ access, repository }: LedgerLocation, runtime: LedgerRuntime): Promise<Credential> {
  return resolveAccess(access, repository, placesOf(runtime));
}

async function beginWith<T>(
  { repository }: LedgerLocation,
  credential: Credential,
  runtime: LedgerRuntime,
  work: (git: Git) => Promise<T>,
): Promise<T> {
  const git = openGit(repository, credential, placesOf(runtime).environment);
  try {
    return await work(git);
  } catch (error) {
    closeGit(git);
    throw error;
  }
}

/** The key that commits are signed with, as a file in the workspace or by its name in a keyring. */
export function signingSecret(signing: Signing | undefined, runtime: LedgerRuntime): string | undefined {
  return signing?.kind === "ssh" ? readSecret(signing.privateKey, placesOf(runtime)) : undefined;
}
