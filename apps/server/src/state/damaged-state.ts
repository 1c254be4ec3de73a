/** The state at a start, and what becomes of a damaged one: told first, thrown away only then, never repaired. */
import type { MvccOptions } from '@understudy/mvcc';
import { openStateDatabase, StateDamageError, type StateDatabase, type StateEvents } from './state-database.js';
import type { StateDirectory } from './state-directory.js';

interface StatePlace {
  readonly directory: StateDirectory;
  readonly mvccOptions: MvccOptions;
  readonly onDamage?: (damage: string) => void;
}

export async function openOrStartOver(place: StatePlace, events: StateEvents): Promise<StateDatabase> {
  const { directory, mvccOptions, onDamage } = place;
  try {
    if (directory.damage !== null) throw new StateDamageError(directory.damage);
    return await openStateDatabase(directory.current, mvccOptions, events);
  } catch (error) {
    if (!(error instanceof StateDamageError) || onDamage === undefined) throw error;
    onDamage(error.message);
  }
  await directory.startOver();
  return openStateDatabase(directory.current, mvccOptions, events);
}
