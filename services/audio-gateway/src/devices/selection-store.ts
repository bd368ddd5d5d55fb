import { createValidator, kvKeys } from '@understudy/shared/contracts';
import type { Bus } from '@understudy/shared/messaging';
import Type, { type Static } from 'typebox';

const SelectionSchema = Type.Object(
  { input: Type.Optional(Type.String()), output: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
/** Ids of the devices that were last switched to. */
export type Selection = Static<typeof SelectionSchema>;

const validate = createValidator(SelectionSchema);

/** Survives the process in the KV bucket, so that a restart does not bring back the device that was left. */
export const createSelectionStore = (bus: Pick<Bus, 'readKey' | 'writeKey'>) => ({
  async read(): Promise<Selection> {
    const checked = validate(await bus.readKey(kvKeys.devices).catch(() => undefined));
    return checked.ok ? checked.value : {};
  },
  write(selection: Selection): void {
    bus.writeKey(kvKeys.devices, selection);
  },
});
