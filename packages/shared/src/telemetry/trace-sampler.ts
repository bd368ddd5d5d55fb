import {
  createAlwaysRecordSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { KEEP_ATTRIBUTE } from './keep-attribute.ts';

/**
 * What begins a trace is kept by `ratio` (0 to 1), what continues one as its beginning was. Marked work (`KEEP_ATTRIBUTE`) is always kept.
 * All else is still recorded: `createFailureKeeper` decides at its end.
 */
export function createTraceSampler(ratio: number): Sampler {
  const picked = createAlwaysRecordSampler(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }));
  return {
    shouldSample(parent, traceId, name, kind, attributes, links) {
      if (attributes[KEEP_ATTRIBUTE] === true) return { decision: SamplingDecision.RECORD_AND_SAMPLED };
      return picked.shouldSample(parent, traceId, name, kind, attributes, links);
    },
    toString: () => `understudy(${ratio})`,
  };
}
