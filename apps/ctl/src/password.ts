// Passwords that are typed: not shown, and asked for twice where a slip could not be undone.
import { badArgs } from './exit-code.js';
import { type Io, readLine } from './io.js';

/** @param prompt what is shown before it */
export async function askPassword(io: Io, prompt: string): Promise<string> {
  if (io.askSecret !== undefined) return io.askSecret(prompt);
  io.stdout(Buffer.from(prompt));
  return readLine(io);
}

/** For a new one: at a terminal it is typed twice; elsewhere it is what stdin has. */
export async function askNewPassword(io: Io, user: string, interactive: boolean): Promise<string> {
  if (!interactive || io.askSecret === undefined) return readLine(io);
  const first = await io.askSecret(`Password of ${user}: `);
  const again = await io.askSecret(`Type password of ${user} again for confirmation: `);
  if (first !== again) throw badArgs('given passwords are different');
  return first;
}
