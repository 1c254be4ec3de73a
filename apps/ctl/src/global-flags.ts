// The flags every command takes, and the client and printer they ask for. A flag that is not given is looked for in the
// environment: UNDERSTUDYCTL_<FLAG>, then ETCDCTL_<FLAG>, so that a shell set up for etcdctl works unchanged.
import { readFileSync } from 'node:fs';
import { Client } from '@understudy/client';
import { type Command, Option } from 'commander';
import { badArgs, CtlError, ExitCode } from './exit-code.js';
import { parseDuration } from './go-duration.js';
import { type Io, lineWriter } from './io.js';
import { createPrinter, FORMATS } from './output/formats.js';
import type { Printer } from './output/printer.js';

interface RawFlags {
  endpoints?: string[];
  writeOut?: string;
  hex?: boolean;
  dialTimeout?: string;
  commandTimeout?: string;
  keepaliveTime?: string;
  cacert?: string;
  cert?: string;
  key?: string;
  insecureSkipTlsVerify?: boolean;
  user?: string;
  password?: string;
}

export interface GlobalFlags {
  readonly endpoints: readonly string[];
  readonly writeOut: string;
  readonly hex: boolean;
  readonly dialTimeoutMs: number;
  readonly commandTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly tls: { readonly cacert: string; readonly cert: string; readonly key: string; readonly insecure: boolean };
  readonly user: string;
  readonly password: string;
}

const DEFAULT_ENDPOINT = '127.0.0.1:2379';

export function addGlobalFlags(program: Command): void {
  program
    .addOption(
      new Option('--endpoints <list>', `client endpoints, comma separated (default: ${DEFAULT_ENDPOINT})`).argParser(
        endpointList,
      ),
    )
    .option('-w, --write-out <format>', `output format: ${FORMATS.join(', ')} (default: simple)`)
    .option('--hex', 'print keys and values as hex escapes')
    .option('--dial-timeout <duration>', 'how long one connection attempt may take (default: 2s)')
    .option('--command-timeout <duration>', 'how long a command may take, except watch and keep-alive (default: 5s)')
    .option('--keepalive-time <duration>', 'silence after which a connection is pinged (default: 2s)')
    .option('--cacert <file>', 'trust servers whose certificate this CA bundle signed')
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'key of the client certificate')
    .option('--insecure-skip-tls-verify', 'do not verify the server certificate (for tests only)')
    .option('--user <name[:password]>', 'who to authenticate as')
    .option('--password <password>', 'the password, when --user has none');
}

function endpointList(text: string, previous: string[] | undefined): string[] {
  const list = text.split(',').map((endpoint) => endpoint.trim());
  return [...(previous ?? []), ...list.filter((endpoint) => endpoint !== '')];
}

/** The flags of this run, with environment and defaults filled in. */
export function resolveGlobalFlags(command: Command, env: Io['env']): GlobalFlags {
  const flags: RawFlags = command.optsWithGlobals();
  const text = (flag: string, given: string | undefined, fallback: string): string => {
    return given ?? fromEnvironment(env, flag) ?? fallback;
  };
  const flag = (name: string, given: boolean | undefined): boolean => {
    return given ?? fromEnvironment(env, name)?.toLowerCase() === 'true';
  };
  const duration = (name: string, given: string | undefined, fallback: string): number => {
    return durationFlag(name, text(name, given, fallback));
  };
  const endpoints = flags.endpoints ?? endpointList(text('endpoints', undefined, DEFAULT_ENDPOINT), undefined);
  const [user = '', ...rest] = text('user', flags.user, '').split(':');
  return {
    endpoints,
    writeOut: text('write-out', flags.writeOut, 'simple'),
    hex: flag('hex', flags.hex),
    dialTimeoutMs: duration('dial-timeout', flags.dialTimeout, '2s'),
    commandTimeoutMs: duration('command-timeout', flags.commandTimeout, '5s'),
    keepAliveMs: duration('keepalive-time', flags.keepaliveTime, '2s'),
    tls: {
      cacert: text('cacert', flags.cacert, ''),
      cert: text('cert', flags.cert, ''),
      key: text('key', flags.key, ''),
      insecure: flag('insecure-skip-tls-verify', flags.insecureSkipTlsVerify),
    },
    user,
    password: rest.length > 0 ? rest.join(':') : text('password', flags.password, ''),
  };
}

function fromEnvironment(env: Io['env'], flag: string): string | undefined {
  const name = flag.toUpperCase().replaceAll('-', '_');
  return env[`UNDERSTUDYCTL_${name}`] ?? env[`ETCDCTL_${name}`];
}

function durationFlag(flag: string, text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) {
    throw new CtlError(
      ExitCode.error,
      `invalid argument ${JSON.stringify(text)} for "--${flag}" flag: ${parsed.reason}`,
    );
  }
  const ms = Math.ceil(parsed.ms);
  if (ms < 1) throw badArgs(`--${flag} is ${text}; it must be longer than 0`);
  return ms;
}

export function printerFor(flags: GlobalFlags, io: Io, valueOnly = false): Printer {
  const options = { hex: flags.hex, valueOnly };
  return createPrinter(flags.writeOut, lineWriter(io.stdout), lineWriter(io.stderr), options);
}

/** A client for these endpoints; one command needs neither the leader nor the other members. */
export function clientFor(flags: GlobalFlags, endpoints: readonly string[] = flags.endpoints): Client {
  const { cacert, cert, key, insecure } = flags.tls;
  const tls = {
    ...(cacert === '' ? {} : { ca: readPem(cacert) }),
    ...(cert === '' ? {} : { cert: readPem(cert) }),
    ...(key === '' ? {} : { key: readPem(key) }),
    rejectUnauthorized: !insecure,
  };
  const auth = flags.user === '' ? {} : { auth: { user: flags.user, password: flags.password } };
  return new Client(
    { endpoints, tls, ...auth },
    {
      timeoutMs: flags.commandTimeoutMs,
      dialTimeoutMs: flags.dialTimeoutMs,
      keepAliveMs: Math.max(10, flags.keepAliveMs),
      followLeader: false,
      // With one endpoint its user means that member, whatever it is.
      excludeLearners: endpoints.length > 1,
    },
  );
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CtlError(ExitCode.badArgs, `cannot read ${path}: ${reason}`, { cause });
  }
}
