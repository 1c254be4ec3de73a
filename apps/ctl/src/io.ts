// What a run touches of the world: handed in, so that tests run the tool inside their own process.

export interface Io {
  /** What is on stdin; asked for only by commands that read it. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
  /** Asks the user for something that is not to be seen; undefined where nobody sits at a terminal. */
  readonly askSecret?: (prompt: string) => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user interrupts: what runs for ever ends cleanly. */
  readonly interrupted: AbortSignal;
}

/** Everything on stdin. */
export async function readAll(io: Io): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** The first line on stdin, without its end. */
export async function readLine(io: Io): Promise<string> {
  return ((await readAll(io)).toString('utf8').split('\n')[0] ?? '').replace(/\r$/, '');
}

const NEWLINE = Buffer.from('\n');

/** Writes lines to one of the outputs, bytes as they are. */
export function lineWriter(write: (bytes: Uint8Array) => void): (line: string | Uint8Array) => void {
  return (line) => write(Buffer.concat([typeof line === 'string' ? Buffer.from(line, 'utf8') : line, NEWLINE]));
}
