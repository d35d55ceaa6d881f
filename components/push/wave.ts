import { checkDuration } from "../checks/duration";
import type { Duration } from "../checks/duration";
import { checkDnsLabel, shown } from "../manifests";
import {
  DEFAULT_BAKE,
  DEFAULT_GATE_TIMEOUT,
  DEFAULT_MAX_FAILURES,
  DEFAULT_MAX_PARALLEL,
  MAX_BAKE,
  MAX_GATE_TIMEOUT,
} from "./defaults";

/** How the clusters of a wave are changed, and when the next wave may begin. */
export interface WaveRules {
  /**
   * How many clusters are changed at once, 1 or more: the next so many begin when these have passed their checks.
   * @default {@link DEFAULT_MAX_PARALLEL}
   */
  readonly maxParallel?: number;
  /**
   * How many clusters of the wave may fail their checks before the delivery stops. A cluster that cannot be applied to
   * stops it in any case.
   * @default {@link DEFAULT_MAX_FAILURES}
   */
  readonly maxFailures?: number;
  /**
   * How long the clusters have to stay as wanted before the next ones begin, up to {@link MAX_BAKE}.
   * @default {@link DEFAULT_BAKE}
   */
  readonly bake?: Duration;
  /**
   * How long the checks may take to pass, up to {@link MAX_GATE_TIMEOUT}.
   * @default {@link DEFAULT_GATE_TIMEOUT}
   */
  readonly timeout?: Duration;
}

/** The rules of a wave with every default filled in. */
export function resolveRules(rules: WaveRules): Required<WaveRules> {
  return {
    maxParallel: rules.maxParallel ?? DEFAULT_MAX_PARALLEL,
    maxFailures: rules.maxFailures ?? DEFAULT_MAX_FAILURES,
    bake: rules.bake ?? DEFAULT_BAKE,
    timeout: rules.timeout ?? DEFAULT_GATE_TIMEOUT,
  };
}

/** A wave as far as its rules go. */
interface CheckedWave extends Required<WaveRules> {
  readonly name: string;
  readonly clusters: readonly unknown[];
  /** Whether its checks are known to be none. */
  readonly isUnchecked: boolean;
}

/** Problems of one wave. */
export function checkWaveRules(wave: CheckedWave): string[] {
  const title = `wave ${shown(wave.name)}`;
  const { maxParallel, maxFailures, bake, timeout, clusters } = wave;
  const isCount = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;
  return [
    ...checkDnsLabel("a wave's name", wave.name),
    ...(clusters.length > 0 ? [] : [`${title} has no clusters; name at least one`]),
    ...(isCount(maxParallel, 1)
      ? []
      : [`${title} has maxParallel ${shown(maxParallel)}; give a whole number, 1 or more`]),
    ...(isCount(maxFailures, 0)
      ? []
      : [`${title} has maxFailures ${shown(maxFailures)}; give a whole number, 0 or more`]),
    ...(maxFailures > 0 && wave.isUnchecked
      ? [`${title} has maxFailures, and no checks that could fail; leave one of them out`]
      : []),
    ...checkDuration(`${title}: bake`, bake, "0s", MAX_BAKE),
    ...checkDuration(`${title}: timeout`, timeout, "1s", MAX_GATE_TIMEOUT),
  ];
}
