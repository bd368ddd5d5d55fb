import {
  FAULT_NAMES,
  FAULTS,
  type FaultName,
  PROCESS_FAULTS,
  SERVICE_NAMES,
  type ServiceName,
} from '@understudy/shared/contracts';

export type FaultOwner = ServiceName | 'starter';
export type FoundOwner = { ok: true; fault: FaultName; owner: FaultOwner } | { ok: false; problem: string };

const isFault = (name: string): name is FaultName => FAULT_NAMES.some((fault) => fault === name);
const isService = (name: string): name is ServiceName => SERVICE_NAMES.some((service) => service === name);
const isOwned = (fault: FaultName): fault is keyof typeof FAULTS => Object.hasOwn(FAULTS, fault);

/** Who suffers the fault: its owner by the fault table, or, for what can happen to every process, the service that was named. */
export function faultOwner(fault: string, service: string | undefined): FoundOwner {
  if (!isFault(fault))
    return { ok: false, problem: `There is no fault "${fault}". These are: ${FAULT_NAMES.join(', ')}` };
  if (service !== undefined && !isService(service))
    return { ok: false, problem: `There is no service "${service}". These are: ${SERVICE_NAMES.join(', ')}` };
  if (isOwned(fault)) {
    const { owner } = FAULTS[fault];
    if (service === undefined || service === owner) return { ok: true, fault, owner };
    return { ok: false, problem: `${fault} is a fault of ${owner}; leave --service out` };
  }
  if (service !== undefined) return { ok: true, fault, owner: service };
  const all = PROCESS_FAULTS.join(', ');
  return { ok: false, problem: `Every service can suffer ${all}: say which by --service ${SERVICE_NAMES.join('|')}` };
}
