import { docker } from './docker.ts';
import type { ComposeStack } from './stack.ts';

export const CONTAINER_FAULTS = ['kill', 'pause', 'cut'] as const;
/** Its first process is killed; it is frozen; it has no network. */
export type ContainerFault = (typeof CONTAINER_FAULTS)[number];

/** Ends the fault. What was killed is started again by its restart policy alone. */
export type Mend = () => Promise<unknown>;

type Break = (stack: ComposeStack, service: string) => Promise<Mend>;

const BREAKS: Readonly<Record<ContainerFault, Break>> = {
  /** From beside it: after `docker kill` no restart policy would act, and from inside nobody can kill process 1. */
  async kill(stack, service) {
    const pid = await stack.inspect<number>(service, '.State.Pid');
    const kill = ['--entrypoint', 'node', 'understudy/setup', '--eval', `process.kill(${pid}, 'SIGKILL')`];
    await docker(['run', '--rm', '--pid', 'host', '--user', '0:0', ...kill]);
    return async () => {};
  },
  async pause(stack, service) {
    const container = stack.containerOf(service);
    await docker(['pause', container]);
    return () => docker(['unpause', container]);
  },
  async cut(stack, service) {
    const container = stack.containerOf(service);
    const networks = Object.keys(await stack.inspect<Record<string, unknown>>(service, '.NetworkSettings.Networks'));
    for (const network of networks) await docker(['network', 'disconnect', network, container]);
    return async () => {
      for (const network of networks) await docker(['network', 'connect', '--alias', service, network, container]);
    };
  },
};

export const breakContainer = (stack: ComposeStack, service: string, fault: ContainerFault): Promise<Mend> =>
  BREAKS[fault](stack, service);
